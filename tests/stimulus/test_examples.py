"""Single stimuli and the single trial that the figures show."""

import math

import numpy as np
import pytest
from helpers import small_run, start_network, start_weights
from plain import plain_alpha, plain_hidden, plain_readout

from spikeloc.analysis.example_trial import example_trial
from spikeloc.config.parameters import StimulusParameters
from spikeloc.networks.loaded_run import LoadedRun
from spikeloc.stimulus.examples import example_stimuli
from spikeloc.stimulus.generator import Trials, draw_spikes

STIMULUS = StimulusParameters(fibres_per_ear=11, duration_ms=50.0)


def test_examples_span_the_ipds_from_two_starting_phases() -> None:
    made = example_stimuli(STIMULUS, seed=3)
    spikes, ipd = np.asarray(made["spikes"]), np.asarray(made["ipd_rad"])
    assert spikes.shape == (8, 50, 22) and set(np.unique(spikes)) == {0, 1}
    assert np.degrees(ipd) == pytest.approx([-90, -30, 30, 90] * 2)
    phases = np.asarray(made["phase_cycles"])
    assert phases.tolist() == [0] * 4 + [0.5] * 4 and made["time_step_ms"] == 1.0
    again = draw_spikes(STIMULUS, 3, "examples", Trials(ipd, phases))
    assert np.array_equal(spikes, again.unpack())


def test_examples_differ_by_seed() -> None:
    spikes = [np.asarray(example_stimuli(STIMULUS, seed)["spikes"]) for seed in (1, 1, 2)]
    assert np.array_equal(spikes[0], spikes[1]) and not np.array_equal(spikes[0], spikes[2])


def test_the_trial_is_what_the_first_network_does() -> None:
    run, weights = small_run(), start_weights(small_run(), [4, 5], 2.0)
    loaded = LoadedRun(run, start_network(run, [4, 5], 2.0))
    made = example_trial(loaded, math.radians(30))
    x = np.asarray(made["input_spikes"]).astype(float)
    assert x.shape == (24, 14)
    _, hidden = plain_hidden(x @ weights["w1"][0].double().numpy(), plain_alpha(run))
    potentials = plain_readout(hidden @ weights["w2"][0].double().numpy(), plain_alpha(run))
    assert hidden.any() and np.array_equal(np.asarray(made["hidden_spikes"]), hidden)
    np.testing.assert_allclose(np.asarray(made["potentials"]), potentials, atol=1e-5)
    sums = np.asarray(made["running_sums"])
    np.testing.assert_allclose(sums, np.cumsum(potentials, axis=0), atol=1e-4)
    # 4 classes of 45 degrees: 30 degrees are in the third
    assert made["true_class"] == 2 and made["estimated_class"] == potentials.sum(0).argmax()
