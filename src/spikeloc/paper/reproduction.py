"""Values that were printed elsewhere, compared with our runs of the same protocol
(docs/model.md, "Statistics").

If the networks of a seed are nested like the printed sessions (the same number of them, with the
same data sets in common), the mean over the networks of a seed and the printed mean are draws from
the same distribution, provided that the protocols agree. Sessions that share no data set are
single draws, each compared with our single networks. The mean of sessions that share data sets
scatters at most as much as one network. With one network a seed it is compared with the interval of
single networks, which is too wide for it and never too narrow. The 95 % prediction interval for
the mean of k more draws is ``mean +- t(n - 1) s sqrt(1 / k + 1 / n)`` over our n draws (Student's
t). It is exact for normal values, however few. Percentiles and the bootstrap are not: the whole
range of 10 values contains only 9/11 of new ones. Errors in degrees have a long tail of large
values, which is shorter on a logarithmic scale, so their interval is that of the logarithms.
Limits of the interval outside the possible range (0 to 100 % for accuracy, 0 to 180 degrees for
errors, at least 0 for losses) are moved to the end of this range, which excludes no possible
value.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtrit

from spikeloc.config.parameters import Nesting
from spikeloc.config.run_names import NETWORK_KEY, RUN_KEY
from spikeloc.metrics import declared
from spikeloc.statistics.declared_tables import table

Floats = npt.NDArray[np.float64]
Interval = Callable[[Floats], tuple[float, float]]


def student_interval(values: Floats, draws: int = 1) -> tuple[float, float]:
    """The 95 % prediction interval for the mean of so many more ``draws`` of normal values; NaN for
    fewer than two values."""
    n = len(values)
    if n < 2:
        return math.nan, math.nan
    half = stdtrit(n - 1, 0.975) * values.std(ddof=1) * math.sqrt(1 / draws + 1 / n)
    return values.mean() - half, values.mean() + half


def prediction_interval(
    values: Floats, highest: float = math.inf, draws: int = 1
) -> tuple[float, float]:
    """The same for values between 0 and ``highest``."""
    low, high = student_interval(values, draws)
    return max(low, 0.0), min(high, highest)


def error_interval(values: Floats, highest: float = math.inf) -> tuple[float, float]:
    """The 95 % prediction interval for one more error up to ``highest``: that of the logarithms,
    or, if an error is 0, that of the errors themselves; NaN for fewer than two values."""
    if not values.all():
        return prediction_interval(values, highest)
    low, high = student_interval(np.log(values))
    return math.exp(low), min(math.exp(high), highest)


def interval_of(metric: str, draws: int = 1) -> Interval | None:
    """The interval that suits a metric, for the mean of so many more ``draws``. There is none for
    the mean of several errors in degrees, of which only the logarithms are nearly normal."""
    known = declared.metric(metric)
    highest = known.highest if known is not None else math.inf
    if known is None or known.unit != "degrees":
        return lambda values: prediction_interval(values, highest, draws)
    return (lambda values: error_interval(values, highest)) if draws == 1 else None


def own_share_inside(values: Floats, interval: Interval = prediction_interval) -> float:
    """Percent of the values that lie in the interval predicted from the others; NaN for fewer than
    three values. If it is far from 95, the interval does not suit these values."""
    if len(values) < 3:
        return math.nan
    ends = [interval(np.delete(values, i)) for i in range(len(values))]
    low, high = np.array(ends).T
    return np.mean(100.0 * ((low <= values) & (values <= high)))


def reproduction_table(
    printed: pd.DataFrame,
    runs: pd.DataFrame,
    history: pd.DataFrame,
    nesting: Mapping[tuple[str, str], Nesting],
) -> pd.DataFrame:
    """One row for each printed value. Sessions that share data sets count as their mean.

    Args:
        printed: as :func:`spikeloc.paper.printed.printed_table` makes it.
        runs, history: tables of our experiments.
        nesting: nesting of the runs, by experiment and variant.

    Returns:
        ``mean``, ``sd`` and ``n`` describe the means of the seeds over their networks. A seed with
        a diverged network is left out, since all printed sessions are there; ``diverged`` counts
        these networks. The interval is empty if several networks of a seed are not nested like the
        sessions, if it is of a mean of errors in degrees, or if fewer than two seeds are left.
        ``network_sd``: sd within seeds (root mean square), to be compared with ``printed_sd`` over
        the sessions; ``borderline``: the ``digitising_error`` could move the value across a limit
        of its interval; ``own_inside``: percent of our own seeds that lie in the interval predicted
        from the others.
    """
    by_seed = _seed_values(runs, history)
    labels = runs.drop_duplicates(RUN_KEY).set_index(RUN_KEY)["label"]
    diverged = runs.groupby(RUN_KEY)["diverged"].sum()
    value = [*RUN_KEY, "metric"]
    # one number for all sessions that share data sets, which are compared together
    alone = printed["session"].where(printed["shared"] == "", -1)
    rows = []
    for keys, sessions in printed.groupby([*(printed[name] for name in value), alone], sort=False):
        row = dict(zip(value, keys, strict=False))
        seeds = by_seed[(by_seed[value] == list(row.values())).all(axis=1)]
        row["label"] = labels.get(keys[:3], row["condition"])
        row["diverged"] = diverged.get(keys[:3], 0)
        nested = nesting.get((row["experiment"], row["variant"]), Nesting())
        rows.append(row | _printed_part(sessions) | _our_part(sessions, seeds, nested))
    made = pd.DataFrame(rows, columns=table("reproduction").names)
    return made.astype({"inside": "boolean", "borderline": "boolean"})


def _seed_values(runs: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Mean and sd over the networks of each seed without diverged networks: columns experiment,
    condition, variant, metric, seed, mean, std."""
    lost = runs.groupby([*RUN_KEY, "seed"])["diverged"].transform("any")
    measured = [metric.name for metric in declared.METRICS if metric.name in runs]
    whole = runs[~lost].astype(dict.fromkeys(measured, float))
    epochs = history.merge(whole[NETWORK_KEY])
    losses = epochs.assign(metric=[f"epoch_{epoch}_loss" for epoch in epochs["epoch"]])
    first = epochs[epochs["epoch"] == 0].assign(metric="first_epoch_loss")
    last = epochs.sort_values("epoch").groupby(NETWORK_KEY).tail(1)
    values = pd.concat(
        [
            whole.melt(NETWORK_KEY, measured, "metric", "measured"),
            *(
                part.rename(columns={"train_loss": "measured"})
                for part in (losses, first, last.assign(metric="last_epoch_loss"))
            ),
        ]
    )
    grouped = values.dropna(subset="measured").groupby([*RUN_KEY, "metric", "seed"])["measured"]
    return grouped.agg(["mean", "std"]).reset_index()


def _printed_part(sessions: pd.DataFrame) -> dict[str, Any]:
    printed = sessions["printed"]
    return {
        "printed": printed.mean(),
        "printed_sessions": sessions["sessions"].sum(),
        "session": sessions["session"].iloc[0],
        "value": sessions["value"].iloc[0],
        "printed_values": " ".join(f"{each:.15g}" for each in printed),
        "printed_sd": printed.std() if len(printed) > 1 else sessions["printed_sd"].iloc[0],
        "digitising_error": sessions["digitising_error"].iloc[0],
    }


def _our_part(sessions: pd.DataFrame, seeds: pd.DataFrame, nesting: Nesting) -> dict[str, Any]:
    means = seeds["mean"].to_numpy()
    part = {
        "n": len(means),
        "mean": means.mean() if len(means) else math.nan,
        "sd": means.std(ddof=1) if len(means) > 1 else math.nan,
        "network_sd": np.sqrt(np.mean(seeds["std"] ** 2)) if len(means) else math.nan,
    }
    shared, count = {*sessions["shared"].iloc[0].split()}, sessions["sessions"].sum()
    nested = nesting.networks == count and {*nesting.shared} == shared
    metric = sessions["metric"].iloc[0]
    interval = interval_of(metric, draws=1 if nested else count)
    if not (nested or nesting.networks == 1) or interval is None or len(means) < 2:
        return part
    single = interval_of(metric) or interval
    interval = single if shared else interval
    low, high = interval(means)
    printed = sessions["printed"].mean()
    error = np.nan_to_num(sessions["digitising_error"].iloc[0])
    inside = low <= printed <= high
    return part | {
        "interval_low": low,
        "interval_high": high,
        "width": high - low,
        "inside": inside,
        "borderline": any((low <= printed + off <= high) != inside for off in (-error, error)),
        "own_inside": own_share_inside(means, single),
    }


def reproduction_summary(table: pd.DataFrame) -> pd.DataFrame:
    """How many printed values lie in their intervals: over all, by experiment, by metric, by both.

    One row for each group, where "all" means no distinction. Losses between the first and the last
    epoch count as one metric, ``epoch_loss``. ``values``: number of printed values; ``intervals``:
    how many of them have an interval; ``inside_count``, ``inside_percent``: how many of these are
    inside; ``median_width``: in the unit of the metric, empty for several metrics; ``own_inside``:
    mean over values. Values of one session are not independent, so the share is not tested.
    """
    table = table.assign(metric=table["metric"].str.replace(r"^epoch_\d+", "epoch", regex=True))
    rows = []
    for by in ([], ["experiment"], ["metric"], ["experiment", "metric"]):
        groups = table.groupby(by, sort=False) if by else [((), table)]
        for keys, group in groups:
            row = {"experiment": "all", "metric": "all"} | dict(zip(by, keys, strict=True))
            rows.append(row | _share(group, one_metric="metric" in by))
    return pd.DataFrame(rows)


def _share(group: pd.DataFrame, one_metric: bool) -> dict[str, Any]:
    with_interval = group[group["inside"].notna()]
    count, inside = len(with_interval), int(with_interval["inside"].sum())
    return {
        "values": len(group),
        "intervals": count,
        "inside_count": inside,
        "inside_percent": 100 * inside / count if count else math.nan,
        "borderline_count": int(with_interval["borderline"].sum()),
        "median_width": with_interval["width"].median() if one_metric else math.nan,
        "own_inside": with_interval["own_inside"].mean(),
    }
