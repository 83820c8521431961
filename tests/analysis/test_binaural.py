"""Coincidence and cancellation: units made by hand, and what is counted of them."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from spikeloc.analysis.binaural import binaural_units, in_phase_ipd_deg, mean_potential
from spikeloc.analysis.summary_tables import binaural_table
from spikeloc.analysis.tuning import tuning_curves, tuning_trials, unit_table
from spikeloc.config.parameters import NetworkParameters, StimulusParameters
from spikeloc.networks.spiking_network import SpikingNetwork

STIMULUS = StimulusParameters(fibres_per_ear=20)
DELAYS = np.tile(np.linspace(0, math.pi / 2, 20), (2, 1))
ALPHA = math.exp(-1 / 2)
IPDS, TRIALS = 12, 12
ABOUT: dict[str, Any] = {
    "experiment": "e", "condition": "c", "label": "", "parameter": "", "value": np.nan,
    "variant": "corrected",
}  # fmt: skip


@pytest.fixture(scope="module")
def units() -> pd.DataFrame:
    """Three units: both ears excite the first. The left ear excites and the right one inhibits the
    second, equally, so that nothing is left at an IPD of 0. The third does so as well, but the left
    ear is stronger and drives it far above the threshold."""
    w1 = torch.zeros(1, 40, 3)
    w1[0, :, 0] = 0.02
    w1[0, :20, 1], w1[0, 20:, 1] = 0.3, -0.3
    w1[0, :20, 2], w1[0, 20:, 2] = 1.5, -0.8
    parameters = NetworkParameters(tau_ms=2.0, hidden_units=3)
    weights = {"w1": w1, "w2": torch.zeros(1, 3, 12)}
    network = SpikingNetwork(parameters, STIMULUS, [1], weights=weights)
    with torch.no_grad():
        counts = network(tuning_trials(STIMULUS, 1, IPDS, TRIALS).spikes).hidden_counts
    assert counts is not None
    curves = tuning_curves(counts.numpy(), IPDS)
    made = unit_table({"hidden": curves}, silent=np.zeros((1, 3), dtype=bool))
    return binaural_units(network, STIMULUS, made)


def test_a_pure_coincidence_unit(units: pd.DataFrame) -> None:
    unit = units.loc[0]
    assert unit["in_phase_ipd_deg"] == pytest.approx(0, abs=1e-4)
    assert unit["height"] > 0 and abs(unit["centre_deg"]) < 45  # most where they coincide
    # 40 fibres of 0.6 3/8 spikes: 0.18 in a bin, below the threshold
    assert unit["mean_potential"] == pytest.approx(40 * 0.02 * 0.225 / (1 - ALPHA))


def test_a_pure_cancellation_unit(units: pd.DataFrame) -> None:
    unit = units.loc[1]
    assert abs(unit["in_phase_ipd_deg"]) == pytest.approx(180)
    assert unit["kind"] == "dip" and abs(unit["centre_deg"]) < 45
    assert unit["mean_potential"] == pytest.approx(0, abs=1e-6)


def test_cancellation_above_the_threshold_makes_a_peak(units: pd.DataFrame) -> None:
    unit = units.loc[2]
    assert abs(unit["in_phase_ipd_deg"]) == pytest.approx(180)
    assert unit["mean_potential"] > 1
    assert unit["height"] > 0 and abs(unit["centre_deg"]) < 45


def test_what_the_three_units_do_is_as_predicted(units: pd.DataFrame) -> None:
    table = binaural_table(units.assign(**ABOUT, seed=1)).set_index("metric")
    assert table.loc["as_predicted", "mean"] == 100
    assert table.loc["mean_driven", "mean"] == pytest.approx(100 / 3)


def test_phase_of_delayed_weights() -> None:
    # one fibre of each ear: the left one is delayed by 90 degrees, as is an IPD of 90 in the right
    w1 = np.zeros((40, 2))
    w1[19, 0] = w1[20, 0] = 2.0
    w1[19, 1], w1[20, 1] = 2.0, -1.0
    assert in_phase_ipd_deg(w1, DELAYS) == pytest.approx([90, -90])


def test_mean_potential_is_that_of_a_plain_sum_over_time() -> None:
    stimulus = StimulusParameters(fibres_per_ear=2, envelope_power=1.0, fibres_dropped=0.25)
    w1 = np.array([[1.0], [2.0], [4.0], [8.0]])
    (made,) = mean_potential(w1, stimulus, 1, 0.5)
    from_all_but_one = {0.3 * (15 - own) / 0.5 for own in (1, 2, 4, 8)}  # 0.6 * 1/2 in a bin
    assert min(abs(made - each) for each in from_all_but_one) < 1e-9


def test_shares_of_units_by_hand() -> None:
    units = pd.DataFrame(
        {**ABOUT, "seed": 1, "network": 1, "unit": [0, 1, 2, 3, 4],
         "mean_potential": [0.5, -2.0, 3.0, 3.0, 0.0],
         "in_phase_ipd_deg": [10.0, 170.0, -100.0, 80.0, 0.0],
         "centre_deg": [-20.0, 0.0, 60.0, 5.0, 0.0], "height": [1.0, -1.0, 1.0, 2.0, np.nan],
         "kind": ["peak", "dip", "peak", "flank", "silent"]}
    )  # fmt: skip
    table = binaural_table(units).set_index("metric")
    assert table["mean"].to_dict() == {
        "mean_driven": 40, "peaks_in_phase": 20, "peaks_in_antiphase": 20, "dips_in_phase": 0,
        "dips_in_antiphase": 20, "as_predicted": 75,  # all but the flank, which rises in phase
    }  # fmt: skip
    assert set(table["n"]) == {1}
