"""Tuning curves: the trials that all networks are asked with, and means over them."""

import math

import numpy as np
import pytest
from helpers import small_run

from spikeloc.analysis.tuning import ipd_grid_rad, tuning_curves, tuning_trials, unit_table
from spikeloc.stimulus.generator import make_data_set


def test_ipds_are_in_the_middle_of_equal_parts() -> None:
    assert np.degrees(ipd_grid_rad(4)) == pytest.approx([-67.5, -22.5, 22.5, 67.5])


@pytest.mark.parametrize("phase", ["per_sample", "per_dataset"])
def test_every_trial_of_an_ipd_has_its_own_phase_and_spikes(phase: str) -> None:
    data = tuning_trials(small_run({"phase": phase}).stimulus, 5, 3, 4)
    assert np.degrees(data.trials.ipd_rad) == pytest.approx(np.repeat([-60, 0, 60], 4))
    assert len(set(data.trials.phase_cycles)) == 12
    assert len({data.spikes.bits[sample].tobytes() for sample in range(12)}) == 12


def test_trials_are_new_and_depend_on_the_seed() -> None:
    stimulus = small_run().stimulus
    phases = set(tuning_trials(stimulus, 5, 3, 4).trials.phase_cycles)
    assert not phases & set(tuning_trials(stimulus, 6, 3, 4).trials.phase_cycles)
    for purpose in ("training", "validation", "test"):
        assert not phases & set(make_data_set(stimulus, 5, purpose, 50).trials.phase_cycles)


def test_curves_are_means_over_the_trials_of_an_ipd() -> None:
    # one network, two IPDs of three trials, two units
    responses = np.array([[[1, 0], [2, 0], [3, 0], [10, 5], [20, 5], [30, 8]]])
    assert tuning_curves(responses, 2).tolist() == [[[2, 20], [0, 6]]]


def test_units_of_a_made_up_network() -> None:
    ipd = np.degrees(ipd_grid_rad(36))
    bump = np.exp(-((ipd / 20) ** 2) / 2)
    hidden = np.stack([[bump, 9 - bump], [0 * bump, 1 + 2 * bump]])  # two networks of two units
    output = np.stack([[-bump], [ipd]])
    silent = np.array([[False, False], [True, False]])
    table = unit_table({"hidden": hidden, "output": output}, silent)
    assert table["network_index"].tolist() == [0, 0, 1, 1, 0, 1]
    assert table["unit"].tolist() == [0, 1, 0, 1, 0, 0]
    assert table["layer"].tolist() == ["hidden"] * 4 + ["output"] * 2
    assert table["kind"].tolist() == ["peak", "dip", "silent", "peak", "dip", "flank"]
    assert table["height"][3] == pytest.approx(2, rel=0.01)
    assert math.isnan(table["height"][2])
    assert table["mean_response"][5] == pytest.approx(0)
