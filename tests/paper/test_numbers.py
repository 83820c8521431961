"""The paper's numbers: rounded once, gaps as a dash, found where the text looks for them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pytest
from seeds import run_row

from spikeloc.io.errors import InputError
from spikeloc.metrics import declared
from spikeloc.paper.numbers import (
    STATISTICS,
    TREES,
    _comparison_leaf,
    _usual,
    p_text,
    paper_numbers,
    text,
    tree,
)
from spikeloc.statistics.comparisons import comparison_table
from spikeloc.statistics.convergence import convergence_table
from spikeloc.statistics.declared_tables import table as declared_table
from spikeloc.statistics.summaries import summary_table

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (71.0, 1, "71.0"),
        (71.25, 1, "71.2"),  # a tie goes to the even digit
        (71.35, 1, "71.3"),  # in doubles 71.349999...
        (71.26, 1, "71.3"),
        (0.0, 1, "0.0"),
        (100, 1, "100.0"),
        (2.48491, 3, "2.485"),
        (1e9, 0, "1000000000"),
        (-3.14, 1, "-3.1"),
        (math.nan, 1, "–"),
        (math.inf, 3, "–"),
    ],
)
def test_numbers_as_text(value: float, decimals: int, shown: str) -> None:
    assert text(value, decimals) == shown


@pytest.mark.parametrize(
    ("p", "shown"),
    [
        (1.0, "1.00"),
        (0.344, "0.34"),
        (0.1, "0.10"),
        (10 * 2 / 1024, "0.020"),
        (2 / 32, "0.063"),  # a tie of decimals, rounded up
        (2 / 1024, "0.002"),
        (0.001, "0.001"),
        (0.00099, "< 0.001"),
        (math.nan, "–"),
    ],
)
def test_p_values_as_text(p: float, shown: str) -> None:
    assert p_text(p) == shown


def runs() -> pd.DataFrame:
    rows = []
    for condition, label, start in (("w1_positive", "W1+", 40.0), ("both", "+/-", 70.0)):
        for seed in (1, 2, 3):
            about: dict[str, Any] = {"experiment": "placement", "condition": condition}
            about |= {"label": label, "parameter": "", "value": math.nan, "seed": seed}
            about |= {"network": 1, "variant": "published", "diverged": label == "+/-" and seed > 1}
            rows.append(about | dict.fromkeys(declared.metric_names(), start + seed / 16))
    return pd.DataFrame(rows)


def printed() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "experiment": "placement",
            "condition": "both",
            "metric": ["test_accuracy", "test_accuracy", "last_epoch_loss"],
            "printed": [65.283203125, 73.681640625, 0.47362],
            "sessions": 1,
        }
    )


COUNTED = {"paper": ["placement"]}
STIMULUS = {"frequency_hz": 20.0, "rate_max_hz": 600.0, "envelope_power": 2.0, "classes": 12}
ALONE = {"placement/both/published": ["a"], "placement/w1_positive/published": ["b"]}


@pytest.fixture
def numbers() -> dict[str, Any]:
    return made_from(runs())


def made_from(
    table: pd.DataFrame,
    trained_from: Mapping[str, Sequence[str]] = ALONE,
    counted: Mapping[str, Sequence[str]] = COUNTED,
    **more: pd.DataFrame,
) -> dict[str, Any]:
    tables = {"runs": table, "summary": summary_table(table), "printed": printed(), **more}
    first = str(table["experiment"].iloc[0])
    tables |= {"comparisons": comparison_table(table[table["experiment"] == first], "both")}
    return paper_numbers(tables, trained_from, counted, STIMULUS)


def test_results_are_found_by_experiment_condition_variant_and_metric(
    numbers: dict[str, Any],
) -> None:
    placement = numbers["results"]["placement"]
    assert set(placement) == {"w1_positive", "both"}
    # 40.0625, 40.125, 40.1875: mean 40.125 -> 40.1; sd 1/16
    assert placement["w1_positive"]["published"]["test_accuracy"] == {
        "mean": "40.1",
        "sd": "0.1",
        "ci95_low": "40.0",
        "ci95_high": "40.3",
        "median": "40.1",
        "min": "40.1",
        "max": "40.2",
        "n": "3",
    }
    assert placement["w1_positive"]["published"]["train_loss"]["mean"] == "40.125"


def test_what_cannot_be_said_is_a_dash(numbers: dict[str, Any]) -> None:
    leaf = numbers["results"]["placement"]["both"]["published"]["test_accuracy"]
    assert (leaf["mean"], leaf["n"], leaf["sd"], leaf["ci95_low"]) == ("70.1", "1", "–", "–")


def test_counts_labels_and_chance(numbers: dict[str, Any]) -> None:
    assert numbers["labels"] == {"placement": {"w1_positive": "W1+", "both": "+/-"}}
    assert numbers["documents"] == {"paper": {"networks": "6", "diverged": "2", "seeds": "3"}}
    assert numbers["chance"] == "8.3"
    # 12 classes of 15 degrees, a quarter of which is 3.75
    assert (numbers["class_width_deg"], numbers["error_floor_deg"]) == ("15", "3.75")
    assert numbers["references"] == {"placement": "both"}


def test_shared_networks_count_once() -> None:
    # the networks of both conditions come from the same, seed by seed; all are still averaged
    numbers = made_from(runs(), {path: ["a"] for path in ALONE})
    assert numbers["documents"]["paper"]["networks"] == "3"
    assert len(numbers["results"]["placement"]) == 2


def test_each_document_counts_the_networks_that_it_is_about() -> None:
    other = runs().assign(experiment="ratio", diverged=False)
    both = pd.concat([runs(), other[other["seed"] < 3]])
    paths = ALONE | {path.replace("placement", "ratio"): ["c"] for path in ALONE}
    counted = {"paper": ["placement"], "other": ["ratio"], "all": ["placement", "ratio"]}
    assert made_from(both, paths, counted)["documents"] == {
        "paper": {"networks": "6", "diverged": "2", "seeds": "3"},
        "other": {"networks": "2", "diverged": "0", "seeds": "2"},  # one name for both conditions
        "all": {"networks": "8", "diverged": "2", "seeds": "3"},
    }


def test_comparisons_are_within_seeds(numbers: dict[str, Any]) -> None:
    # seed 1 alone has not diverged in both: 40.0625 - 70.0625
    leaf = numbers["comparisons"]["placement"]["w1_positive"]["published"]["test_accuracy"]
    assert (leaf["mean"], leaf["n"], leaf["ci95_low"]) == ("-30.0", "1", "–")
    assert (leaf["p"], leaf["p_holm"], leaf["effect_size"]) == ("1.00", "1.00", "–")


def test_comparisons_have_p_and_effect_size() -> None:
    table = runs().assign(diverged=False)
    table.loc[table["condition"] == "w1_positive", "test_accuracy"] = [72.0, 71.0, 79.0]
    leaf = made_from(table)["comparisons"]["placement"]["w1_positive"]["published"]
    # less 70.0625, 70.125, 70.1875: 1.9375, 0.875, 8.8125, all of one sign: p = 2/8;
    # mean 3.875, sd 4.3099, d_z 0.8991, times 1 / sqrt(pi)
    accuracy = leaf["test_accuracy"]
    assert (accuracy["mean"], accuracy["p"], accuracy["p_holm"]) == ("3.9", "0.25", "0.25")
    assert accuracy["effect_size"] == "0.51"
    assert "p" not in made_from(table)["results"]["placement"]["both"]["published"]["epochs"]


def test_printed_values_are_listed_and_summarised(numbers: dict[str, Any]) -> None:
    both = numbers["printed"]["placement"]["both"]
    # (65.283 + 73.682) / 2 = 69.482
    assert both["test_accuracy"] == {
        "mean": "69.5",
        "min": "65.3",
        "max": "73.7",
        "values": "65.3, 73.7",
        "sessions": "2",
    }
    assert both["last_epoch_loss"]["values"] == "0.474"


def test_sessions_with_an_interval_each_have_no_place_in_a_text() -> None:
    alone = {"experiment": "e", "condition": "c", "label": "C", "n": 10, "printed_sessions": 1}
    ends = dict.fromkeys(("printed", "mean", "sd", "interval_low", "interval_high", "width"), 1.0)
    rows = [alone | ends | {"inside": True, "metric": name} for name in ("epochs", "epochs", "w")]
    found = made_from(runs(), reproduction=pd.DataFrame(rows))["reproduction"]
    assert list(found["e"]["c"]) == ["w"]


def one_row(name: str, **row: Any) -> dict[str, Any]:
    """What the paper finds under a name, if its table has this row only."""
    _, keys, leaf = TREES[name]
    return tree(pd.DataFrame([row]), keys, leaf)


RUN = {"experiment": "e", "condition": "c", "variant": "corrected"}


def test_observer_is_found_by_rate_power_and_knowledge() -> None:
    names = ["accuracy", "accuracy_low", "accuracy_high", "abs_error_deg", "class_error_deg"]
    names += ["abs_error_low_deg", "abs_error_high_deg", "angle_error_deg", "rmse_deg"]
    row = dict.fromkeys(names, 93.64)
    row |= {"crb_deg": math.nan, "information_bits": 3.1416, "samples": 10000}
    row |= {"information_low_bits": 3.1, "information_high_bits": 3.2}
    made = one_row("observer", rate_max_hz=600.0, envelope_power=2.0, phase_known=False, **row)
    leaf = made["600"]["2"]["unknown"]
    assert (leaf["accuracy"], leaf["crb_deg"], leaf["samples"]) == ("93.6", "–", "10000")
    assert leaf["information_bits"] == "3.14"


def observer(**stimulus: float) -> dict[str, Any]:
    names = [column.name for column in declared_table("ideal_observer").columns]
    return dict.fromkeys(names, 50.0) | STIMULUS | {"phase_known": True} | stimulus


def test_observers_of_other_frequencies_do_not_replace_the_usual_one() -> None:
    rows = [observer(accuracy=71.0), observer(frequency_hz=40.0, accuracy=12.0)]
    made = made_from(runs(), ideal_observer=pd.DataFrame(rows))["observer"]
    assert made["600"]["2"]["known"]["accuracy"] == "71.0"


def test_observers_of_other_fibres_do_not_replace_the_usual_one() -> None:
    usual = pd.DataFrame({"frequency_hz": [20.0, 20.0], "delay_jitter_deg": [None, 5.0]})
    assert _usual(usual, {"frequency_hz": 20.0}).index.tolist() == [0]


def test_two_rows_in_one_place_are_an_error() -> None:
    rows = pd.DataFrame([observer(), observer(accuracy=12.0)])
    with pytest.raises(InputError, match="two rows of one table have rate_max_hz 600, envelope"):
        made_from(runs(), ideal_observer=rows)


@pytest.mark.parametrize(("p", "told"), [(0.049, "yes"), (0.05, "no"), (math.nan, "no")])
def test_told_apart_below_the_level(p: float, told: str) -> None:
    row = dict.fromkeys([*STATISTICS, "effect_size", "n", "p"], 1.0)
    row |= {"p_holm": p, "can_reject": told == "yes"}
    table = pd.DataFrame([RUN | {"metric": "test_accuracy"} | row])
    made = tree(table, [*RUN, "metric"], _comparison_leaf)
    leaf = made["e"]["c"]["corrected"]["test_accuracy"]
    assert (leaf["told_apart"], leaf["can_reject"]) == (told, told)


def test_share_of_the_phase_is_in_percent() -> None:
    points = dict.fromkeys(["mean", "min", "max", "sd_network", "sd_phase", "sd_session"], 14.5)
    shares = {"phase_share": 0.79, "phase_share_low": 0.36, "phase_share_high": math.nan}
    leaf = one_row("phase_variance", **RUN, **points, **shares)["e"]["c"]["corrected"]
    assert (leaf["sd_phase"], leaf["phase_share"]) == ("14.5", "79.0")
    assert (leaf["phase_share_low"], leaf["phase_share_high"]) == ("36.0", "–")


@pytest.mark.parametrize(
    ("inside", "place"), [(True, "inside"), (False, "outside"), (pd.NA, "no interval")]
)
def test_printed_value_lies_inside_or_outside_or_nowhere(inside: Any, place: str) -> None:
    names = ["printed", "mean", "sd", "interval_low", "interval_high", "width"]
    row = dict.fromkeys(names, 0.56) | {"n": 10, "printed_sessions": 3, "label": "W1+"}
    about = {"experiment": "e", "condition": "c", "metric": "last_epoch_loss"}
    leaf = one_row("reproduction", **about, **row, inside=inside)["e"]["c"]["last_epoch_loss"]
    assert (leaf["printed"], leaf["place"], leaf["sessions"]) == ("0.560", place, "3")


def test_convergence_is_found_by_run() -> None:
    rows = [run_row("a", seed, 40.0 + seed, variant="short") for seed in (1, 2)]
    rows += [run_row("a", seed, 43.25, variant="long") for seed in (1, 2)]
    table = convergence_table(pd.DataFrame(rows), {"short": 30, "long": 300})
    _, keys, leaf = TREES["convergence"]
    found = tree(table, keys, leaf)["e"]["a"]
    assert found["short"]["gain"] == "–" and found["short"]["accuracy"] == "41.5"
    long = found["long"]
    assert (long["epochs"], long["n"], long["gain"]) == ("300", "2", "1.8")
    assert (long["converged"], long["cap_reached"]) == ("no", "yes")
