"""Small networks asked what they have learned, and the tables over seeds."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers import small_run, start_network

from spikeloc.analysis.evidence import PHASE_BINS
from spikeloc.analysis.summary_tables import (
    in_order,
    ipd_error_table,
    timing_table,
    trough_table,
    tuning_table,
)
from spikeloc.analysis.tuning_and_evidence import analyse, make_trials
from spikeloc.networks.loaded_run import LoadedRun
from spikeloc.paper.numbers import TREES, tree
from spikeloc.statistics.tables import with_run_and_network

ABOUT: dict[str, Any] = {
    "experiment": "e", "condition": "c", "label": "0.10", "parameter": "", "value": np.nan,
    "recipe": "dale", "variant": "corrected",
}  # fmt: skip
IPDS, TRIALS = 4, 20


def loaded(seeds: list[int], phase: str = "per_sample") -> LoadedRun:
    run = small_run({"phase": phase})
    return LoadedRun(run, start_network(run, seeds, 4.0))


@pytest.mark.parametrize("phase", ["per_sample", "per_dataset"])
def test_every_network_answers_its_own_seeds_trials(phase: str) -> None:
    run = loaded([3, 8], phase)
    data = make_trials(run.parameters.stimulus, [8, 3], IPDS, TRIALS, "auto")
    found = analyse(run, data, IPDS)
    for place, seed in enumerate(run.seeds):
        activity = run(data[seed].spikes)
        assert activity.hidden_spikes is not None
        counts = activity.hidden_spikes[place].sum(1).numpy().reshape(IPDS, TRIALS, -1)
        assert found.curves["hidden"][place] == pytest.approx(counts.mean(axis=1).T)
        sums = 100 * activity.logits[place].numpy().reshape(IPDS, TRIALS, -1)
        assert found.curves["output"][place] == pytest.approx(sums.mean(axis=1).T, rel=1e-4)
        rate = found.statistics["hidden_rate_hz"][place]
        assert rate == pytest.approx(counts.mean() / 0.024)
    assert len(found.units) == 2 * (6 + 4)
    assert len(found.evidence) == 2 * PHASE_BINS
    assert found.evidence.groupby("network_index")["information"].mean().tolist() == pytest.approx(
        [1, 1]
    )


def test_other_networks_change_nothing() -> None:
    alone, beside = loaded([3]), loaded([8, 3])
    data = make_trials(alone.parameters.stimulus, [3, 8], IPDS, TRIALS, "auto")
    one, two = analyse(alone, data, IPDS), analyse(beside, data, IPDS)
    assert np.array_equal(one.curves["hidden"][0], two.curves["hidden"][1])
    own = two.evidence[two.evidence["network_index"] == 1].reset_index(drop=True)
    pd.testing.assert_frame_equal(one.evidence.assign(network_index=1), own)


def test_rows_are_named_and_diverged_networks_left_out() -> None:
    networks = pd.DataFrame({"seed": [4, 5], "network": [1, 1], "diverged": [True, False]})
    table = with_run_and_network(
        pd.DataFrame({"network_index": [0, 0, 1], "x": [1, 2, 3]}), networks, ABOUT
    )
    assert table["seed"].tolist() == [5] and table["x"].tolist() == [3]
    assert list(table.columns) == [*ABOUT, "seed", "network", "x"]


def rows(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({**ABOUT, "network": 1, **columns})


def test_kinds_are_counted_over_all_networks() -> None:
    units = rows(
        seed=[1, 1, 2, 2], layer="hidden", unit=[0, 1, 0, 1], kind=["peak", "dip", "dip", "silent"],
        width_deg=[20, 30, 50, np.nan], height=[4, -2, -6, np.nan],
    )  # fmt: skip
    table = tuning_table(units).set_index("kind")
    assert table["units"].to_dict() == {"peak": 1, "dip": 2, "flank": 0, "other": 0, "silent": 1}
    assert set(table["of"]) == {4}
    dip = table.loc["dip"]
    assert (dip["median_width_deg"], dip["median_height"], dip["percent"]) == (40, -4, 50)
    assert table.loc["peak", "n"] == 2 and table.loc["peak", "percent"] == 25
    assert np.isnan(table.loc["flank", "median_width_deg"])


def test_the_text_looks_up_how_many_of_how_many_units() -> None:
    units = rows(
        seed=1, layer="hidden", unit=[0, 1, 2], kind=["dip", "dip", "peak"], width_deg=[20, 25, 9],
        height=[-4.0, -4.5, 1.0],
    )  # fmt: skip
    _, keys, leaf = TREES["tuning"]
    made = tree(tuning_table(units), keys, leaf)["e"]["c"]["corrected"]["hidden"]
    assert (made["dip"]["units"], made["dip"]["of"], made["dip"]["percent"]) == ("2", "3", "66.7")
    assert made["dip"]["median_width_deg"] == "22.5"
    assert (made["silent"]["units"], made["silent"]["median_width_deg"]) == ("0", "–")


def test_share_in_the_trough() -> None:
    phases = [-135.0, -45.0, 45.0, 135.0]
    density = [2.0, 1.0, 1.0, 0.0]
    evidence = rows(seed=1, phase_deg=phases, evidence=density, silent=np.nan)
    table = trough_table(evidence).set_index("metric")
    assert table.loc["evidence", "mean"] == 50
    assert np.isnan(table.loc["silent", "mean"]) and table.loc["silent", "n"] == 0


def test_timing_is_summarised_by_control() -> None:
    controls = ["spikes"] * 2 + ["hidden_counts"] * 2
    table = timing_table(rows(seed=[1, 2, 1, 2], control=controls, accuracy=[70, 80, 8, 10]))
    assert table["control"].tolist() == ["spikes", "hidden_counts"]
    assert table["mean"].tolist() == [75, 9]


def test_errors_by_true_class() -> None:
    # four classes at -67.5, -22.5, 22.5, 67.5; counts of one network [estimated, true]
    counts = np.array([[6, 1, 0, 0], [4, 7, 0, 0], [0, 2, 0, 5], [0, 0, 0, 5]])
    estimated, true = np.indices(counts.shape)
    confusion = rows(seed=1, estimated=estimated.ravel(), true=true.ravel(), count=counts.ravel())
    table = ipd_error_table(confusion).pivot_table("mean", "true_ipd_deg", "metric", dropna=False)
    assert table.loc[-67.5].to_dict() == {
        "accuracy": 60, "neighbour": 40, "farther": 0, "outward": 0, "inward": 40, "bias_deg": 18,
    }  # fmt: skip
    # one outward by 45 degrees, two inward across the middle
    expected = {"accuracy": 70, "outward": 10, "inward": 20, "bias_deg": 4.5}
    assert table.loc[-22.5, list(expected)].to_dict() == pytest.approx(expected)
    assert table.loc[67.5, "bias_deg"] == pytest.approx(-22.5)
    assert table.loc[22.5].isna().all()  # it never came


def test_tables_are_in_the_configs_order() -> None:
    table = pd.concat([rows(seed=[1], condition=name) for name in ("b", "x", "a")])
    ordered = in_order(table.reset_index(drop=True), ["e/a/corrected", "e/b/corrected"])
    assert ordered["condition"].tolist() == ["a", "b"]
