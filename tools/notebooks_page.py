"""Write the tables of docs/notebooks.md from a finished run of config/notebooks.yaml.

`make docs` calls this script. The text of the page stays as it is.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import ttest_ind

from spikeloc.config.loading import load_config
from spikeloc.config.run_names import RUN_KEY
from spikeloc.metrics import declared
from spikeloc.paper.reproduction import Floats, Interval, interval_of, prediction_interval
from spikeloc.statistics.comparisons import holm
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_table

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "results" / "notebooks" / "tables"
PAGE = ROOT / "docs" / "notebooks.md"
SHORT = {"epoch_loss": "loss, epochs between", "first_epoch_loss": "loss, first epoch"}
SHORT |= {"last_epoch_loss": "loss, last epoch"}
FEWEST = 3  # sessions whose mean is compared
Row = list[str]


def metric_name(name: str) -> str:
    """A metric in words, with its unit."""
    return SHORT.get(name) or declared.label(name).lower()


def on_scale(metric: str, values: pd.Series) -> pd.Series:
    """Values on the scale on which they are nearly normal: logarithms of errors in degrees."""
    known = declared.metric(metric)
    return np.log(values) if known is not None and known.unit == "degrees" else values


def verdicts(summary: pd.DataFrame, titles: dict[str, str]) -> Iterator[Row]:
    """How many printed values lie in their intervals, by experiment and metric, and of all."""
    yield ["protocol", "metric", "printed", "inside", "median width"]
    for row in summary[summary["metric"] != "all"].itertuples():
        if row.experiment != "all":
            width = f"{row.median_width:.3g}"
            counts = [str(row.intervals), str(row.inside_count), width]
            yield [titles[row.experiment], metric_name(row.metric), *counts]
    whole = summary.iloc[0]
    yield ["all", "", str(whole["intervals"]), str(whole["inside_count"]), ""]


def means(printed: pd.DataFrame, runs: pd.DataFrame, titles: dict[str, str]) -> Iterator[Row]:
    """Printed and own means, where three or more sessions that share no data were printed."""
    yield ["protocol", "metric", "printed", "ours", "p", "p, Holm"]
    alone = printed[(printed["shared"] == "") & printed["metric"].isin(list(runs))]
    rows, tests = [], []
    for key, theirs in alone.groupby([*RUN_KEY, "metric"], sort=False):
        own = runs[(runs[RUN_KEY] == list(key[:3])).all(axis=1) & ~runs["diverged"]]
        metric = str(key[3])
        pair = [theirs["printed"].astype(float), own[metric].astype(float)]
        if min(map(len, pair)) >= FEWEST:
            label = "" if own["parameter"].iloc[0] == "" else f", {own['label'].iloc[0]}"
            said = [f"{v.mean():.2f} ± {v.std():.2f} ({len(v)})" for v in pair]
            rows.append([titles[str(key[0])] + label, metric_name(metric), *said])
            scaled = [on_scale(metric, values) for values in pair]
            tests.append(ttest_ind(*scaled, equal_var=False).pvalue)
    for row, p, adjusted in zip(rows, tests, holm(np.array(tests)), strict=True):
        yield [*row, f"{p:.2g}", f"{adjusted:.2g}"]


def misfit(printed: pd.DataFrame, runs: pd.DataFrame) -> Iterator[Row]:
    """Printed test accuracies at 2 ms against those of the first seeds, of new ones, and of all:
    mean ± sd (networks), difference of the means with Welch's interval, and p."""
    yield ["seeds", "ours (%)", "printed less ours (points), 95 % interval", "p"]
    theirs = printed.query("experiment == 'tau_2' and metric == 'test_accuracy'")["printed"]
    theirs = theirs.astype(float)
    first, new = (
        runs[runs["experiment"] == name]["test_accuracy"] for name in ("tau_2", "tau_2_new_seeds")
    )
    for name, own in {"first": first, "new": new, "all": pd.concat([first, new])}.items():
        test = ttest_ind(theirs, own, equal_var=False)
        low, high = test.confidence_interval()
        change = f"{theirs.mean() - own.mean():.2f} [{low:.2f}, {high:.2f}]"
        yield [
            name,
            f"{own.mean():.2f} ± {own.std():.2f} ({len(own)})",
            change,
            f"{test.pvalue:.2g}",
        ]


def protocols(comparisons: pd.DataFrame, labels: dict[str, str]) -> Iterator[Row]:
    """What other protocols change in the test accuracy at 2 ms, within seeds."""
    yield ["what differs", "seeds", "change (points), 95 % interval", "p", "p, Holm"]
    chosen = comparisons.query("experiment == 'tau_2_protocol' and metric == 'test_accuracy'")
    for row in chosen.itertuples():
        change = f"{row.mean:+.2f} [{row.ci95_low:.2f}, {row.ci95_high:.2f}]"
        yield [labels[row.condition], str(row.n), change, f"{row.p:.2g}", f"{row.p_holm:.2g}"]


def coverage(runs: pd.DataFrame) -> Iterator[Row]:
    """How many values of runs lie in the intervals of the others of their condition, below and
    above: for the intervals in use, and for Student's interval of the values themselves."""
    yield ["metric", "values", "inside", "below", "above", "Student's: inside", "below", "above"]
    for metric in ("train_accuracy", "test_accuracy", "train_abs_error_deg", "test_abs_error_deg"):
        row: Row = []
        for interval in (interval_of(metric), prediction_interval):
            assert interval is not None
            place = np.concatenate(
                [
                    places(own.groupby("seed")[metric].mean().to_numpy(float), interval)
                    for _, own in runs[~runs["diverged"]].groupby(RUN_KEY)
                ]
            )
            row += [f"{100 * np.mean(place == 0):.1f} %", f"{sum(place < 0)}", f"{sum(place > 0)}"]
        yield [metric_name(metric), str(len(place)), *row]


def places(values: Floats, interval: Interval) -> npt.NDArray[np.int_]:
    """Whether each value is below (-1), inside (0) or above (1) the interval of the others."""
    ends = [interval(np.delete(values, index)) for index in range(len(values))]
    low, high = np.array(ends).T
    return (values > high).astype(int) - (values < low)


def written(rows: Iterator[Row]) -> str:
    """Rows as a table in Markdown; the first one is the head."""
    head, *others = rows
    lines = [head, ["---"] * len(head), *others]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(text: str, folder: Path) -> str:
    """The page with the tables of the results in a folder in place of its own."""
    config = load_config(ROOT / "config" / "notebooks.yaml")
    titles = {name: config.title_of(name) for name in config.experiments}
    names = ("reproduction_summary", "printed", "runs", "comparisons")
    summary, printed, runs, comparisons = (
        read_table(folder / f"{name}.csv", table(name)) for name in names
    )
    varied = config.experiments["tau_2_protocol"].conditions
    made = {
        "verdicts": verdicts(summary, titles),
        "means": means(printed, runs, titles),
        "coverage": coverage(runs.merge(printed[RUN_KEY].drop_duplicates())),
        "misfit": misfit(printed, runs),
        "protocols": protocols(comparisons, {each.name: each.label for each in varied or []}),
    }
    for name, rows in made.items():
        before, start, rest = text.partition(f"<!-- {name} -->\n")
        text = before + start + written(rows) + "\n" + rest[rest.index("<!-- end -->") :]
    return text


if __name__ == "__main__" and (TABLES / "reproduction.csv").is_file():
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), TABLES), encoding="utf-8")
