"""Scores of the ideal observer: the table's rows, their intervals, and chance."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from spikeloc.config.parameters import StimulusParameters
from spikeloc.config.run_names import RUN_NAMES
from spikeloc.decoders import observer_scores
from spikeloc.decoders.efficiency import ceiling_table
from spikeloc.decoders.ideal_observer import Estimates, observed_data
from spikeloc.decoders.observer_scores import observer_table
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_table, write_table
from spikeloc.stimulus.generator import DataSet, Trials

pytestmark = pytest.mark.long

SMALL: dict[str, Any] = {"fibres_per_ear": 9, "duration_ms": 30.0}
COLUMNS = "envelope_power, rate_max_hz, phase_known, accuracy, accuracy_low, accuracy_high, "
COLUMNS += "abs_error_deg, class_error_deg, rmse_deg, crb_deg, samples"


@pytest.mark.long
def test_power_zero_is_chance() -> None:
    table = observer_table(StimulusParameters(envelope_power=0.0), 12, 2000, seed=1)
    # Binomial(2000, 1/12), 1e-6 at each end
    low, high = binom.ppf(1e-6, 2000, 1 / 12), binom.isf(1e-6, 2000, 1 / 12)
    assert table["accuracy"].between(low / 20, high / 20).all()
    assert table["crb_deg"].isna().all()
    assert table["expected_accuracy"].tolist() == pytest.approx([100 / 12] * 2)
    # a guess among 12 midpoints is off by 60 - 15/144 on average (sd 43, of the mean 1.0), the
    # middle of all IPDs by 45 (sd 26, of the mean 0.6)
    assert table["abs_error_deg"].tolist() == pytest.approx([59.9] * 2, abs=5)
    assert table["angle_error_deg"].tolist() == pytest.approx([45] * 2, abs=3)
    assert table["information_bits"].tolist() == pytest.approx([0, 0], abs=0.05)


@pytest.mark.parametrize(
    "change",
    [
        {"rate_max_hz": 0.0},
        {"rate_max_hz": 1000.0, "envelope_power": 0.0},
        {"rate_max_hz": 1000.0, "frequency_hz": 250.0},
        {"fibres_per_ear": 1, "rate_max_hz": 5.0},
        {"envelope_power": 100_000.0},
        {"envelope_power": 0.3, "time_step_ms": 2.0, "rate_max_hz": 500.0},
    ],
)
@pytest.mark.parametrize("classes", [2, 5])
def test_any_stimulus_is_observed(change: dict[str, float], classes: int) -> None:
    stimulus = StimulusParameters.model_validate(SMALL | change)
    table = observer_table(stimulus, classes, 100, seed=1)
    scores = table.drop(columns="crb_deg")
    assert np.isfinite(scores.to_numpy(dtype=float)).all()
    assert (table["accuracy"] >= table["accuracy_low"]).all()
    assert (table["accuracy"] <= table["accuracy_high"]).all()


def test_more_fibres_and_higher_rates_tell_more() -> None:
    def accuracy(**change: Any) -> list[float]:
        stimulus = StimulusParameters.model_validate(SMALL | change)
        return observer_table(stimulus, 12, 400, seed=1)["accuracy"].tolist()

    least = accuracy(rate_max_hz=50.0)
    more = accuracy()
    most = accuracy(fibres_per_ear=60)
    assert all(a + 5 < b and b + 5 < c for a, b, c in zip(least, more, most, strict=True))
    assert all(known > unknown for known, unknown in (least, more, most))


def test_table_has_the_columns_that_others_rely_on() -> None:
    table = observer_table(StimulusParameters(**SMALL), 4, 150, seed=1)
    assert list(table.columns)[:11] == COLUMNS.split(", ")
    assert table["phase_known"].tolist() == [True, False]
    assert table["samples"].tolist() == [150, 150]
    assert table["classes"].tolist() == [4, 4] and table["fibres_per_ear"].tolist() == [9, 9]


def test_intervals_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    # 100 samples, IPDs at 10 degrees, 3 of them put 30 degrees off into the next of six classes
    ipd = np.full(100, math.radians(10.0))
    estimated = np.where(np.arange(100) < 3, 4, 3)  # 0 to 30 degrees is class 3
    answer = Estimates(estimated, np.full(100, 0.9), ipd + math.radians(2.0))
    data = observed_data(StimulusParameters(**SMALL), 1, 100)
    fake = DataSet(Trials(ipd, data.trials.phase_cycles), data.spikes)
    monkeypatch.setattr(observer_scores, "observed_data", lambda *_: fake)
    monkeypatch.setattr(observer_scores, "estimate", lambda *_: {True: answer})
    (row,) = observer_table(StimulusParameters(**SMALL), 6, 100, 1).to_dict("records")
    assert row["accuracy"] == pytest.approx(97)
    # Wilson: (0.97 + z^2/200 -+ z sqrt(0.97 0.03 / 100 + z^2/40000)) / (1 + z^2/100), z = 1.96
    assert (row["accuracy_low"], row["accuracy_high"]) == pytest.approx((91.55, 98.97), abs=0.01)
    # 5 degrees off the midpoint of 15, 3 times 35: mean 5.9, sd sqrt(30^2 0.03 0.97 100/99) = 5.143
    assert row["abs_error_deg"] == pytest.approx(5.9)
    assert row["abs_error_high_deg"] - 5.9 == pytest.approx(1.95996 * 0.5143, abs=1e-3)
    assert row["class_error_deg"] == pytest.approx(0.9)
    assert row["expected_accuracy"] == pytest.approx(90)
    assert row["rmse_deg"] == row["angle_error_deg"] == pytest.approx(2)


@pytest.mark.parametrize("phase", ["per_sample", "per_dataset"])
def test_same_bytes_again_whatever_the_phase_mode(phase: Any) -> None:
    first = observer_table(StimulusParameters(**SMALL), 12, 120, seed=5)
    again = observer_table(StimulusParameters(phase=phase, **SMALL), 12, 120, seed=5)
    assert first.to_csv() == again.to_csv()
    other = observer_table(StimulusParameters(**SMALL), 12, 120, seed=6)
    assert not other["rmse_deg"].equals(first["rmse_deg"])


def test_rows_are_plain_numbers() -> None:
    table = observer_table(StimulusParameters(**SMALL), 12, 100, seed=1)
    kinds = {str(kind) for kind in table.dtypes}
    assert kinds == {"float64", "int64", "bool"}


def test_runs_with_other_fibres_have_a_ceiling(tmp_path: Path) -> None:
    stimuli = (StimulusParameters(**SMALL), StimulusParameters(**SMALL, delay_jitter_deg=9.0))
    observed = [observer_table(each, 12, 100, seed=1) for each in stimuli]
    text = dict.fromkeys(RUN_NAMES, "e") | {"value": np.nan}
    made = ceiling_table(observed, [text | {"condition": name} for name in "ab"], [True, True])
    write_table(tmp_path / "ceiling.csv", made, table("ceiling"))
    read = read_table(tmp_path / "ceiling.csv", table("ceiling"))
    assert read["delay_jitter_deg"].isna().tolist() == [True, False]
    assert read["delay_jitter_deg"].tolist()[1] == 9
