"""Evidence by phase: two accounts with one sum, phases counted from the input's peak."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from helpers import float_spikes, small_run, start_network

from spikeloc.analysis.evidence import (
    PHASE_BINS,
    CycleSums,
    bin_centres_deg,
    evidence_by_step,
    phase_bins,
)
from spikeloc.config.parameters import StimulusParameters
from spikeloc.decoders.fisher import fisher_information, information_over_cycle
from spikeloc.networks.neuron import decay
from spikeloc.networks.spiking_network import SpikingNetwork
from spikeloc.stimulus.generator import Trials, auditory_fibres, make_data_set, spike_probability

RUN = small_run()


def some_network() -> SpikingNetwork:
    network = start_network(RUN, [1, 2], 4.0)
    assert isinstance(network, SpikingNetwork)
    return network


def test_both_accounts_sum_to_the_margin_of_the_decision() -> None:
    network = some_network()
    data = [make_data_set(RUN.stimulus, seed, "training", 20) for seed in (1, 2)]
    output = network(float_spikes(data), record=True)
    first, second = output.logits.topk(2, dim=2).values.unbind(2)
    by_step = evidence_by_step(network, output)
    for name in ("evidence", "evidence_spikes"):
        torch.testing.assert_close(by_step[name].sum(2), first - second, rtol=1e-4, atol=1e-4)
    assert (first > second).any()
    assert output.hidden_spikes is not None
    assert torch.equal(by_step["hidden_spikes"], output.hidden_spikes.sum(3))


def test_evidence_of_one_hidden_unit_by_hand() -> None:
    # one spike brings the unit over its threshold; it votes 3 for class 1 and 1 for class 2
    run = small_run({"fibres_per_ear": 1, "duration_ms": 6.0}, {"hidden_units": 1, "classes": 3})
    weights = {"w1": torch.tensor([[[1.1], [0.0]]]), "w2": torch.tensor([[[0.0, 3.0, 1.0]]])}
    network = SpikingNetwork(run.network, run.stimulus, [1], weights=weights)
    spikes = torch.zeros(1, 1, 6, 2)
    spikes[0, 0, 0, 0] = 1  # v[1] = 1.1, so s[2] = 1; v[2] = 1.1 a < 1
    made = evidence_by_step(network, network(spikes, record=True))
    a = decay(5.0, 1.0)
    # o[3] = (3, 1), then decaying: the margin of 2 comes at steps 3, 4 and 5
    assert made["evidence"].ravel().tolist() == pytest.approx(
        [0, 0, 0, 0.02, 0.02 * a, 0.02 * a**2]
    )
    whole = 0.02 * (1 + a + a**2)
    assert made["evidence_spikes"].ravel().tolist() == pytest.approx([0, 0, whole, 0, 0, 0])


def test_hidden_spikes_that_were_not_recorded_are_refused() -> None:
    network, data = some_network(), make_data_set(RUN.stimulus, 1, "test", 2)
    output = replace(network(data.spikes, record=True), hidden_spikes=None)
    with pytest.raises(ValueError, match="hidden spikes were not recorded"):
        evidence_by_step(network, output)


def test_phases_are_counted_from_the_peak_of_the_summed_input() -> None:
    stimulus = StimulusParameters(frequency_hz=20, duration_ms=50)  # one cycle
    made = np.random.default_rng(1).random((2, 40))
    trials = Trials((made[0] - 0.5) * math.pi, made[1])
    bins = phase_bins(stimulus, trials)
    rate = spike_probability(stimulus, trials, auditory_fibres(stimulus, 1)).sum(axis=2)
    at_peak = bin_centres_deg()[bins[np.arange(40), rate.argmax(axis=1)]]
    at_trough = bin_centres_deg()[bins[np.arange(40), rate.argmin(axis=1)]]
    assert np.abs(at_peak).max() <= 15  # a step is 7.2 degrees, a bin 15
    assert np.abs(at_trough).min() >= 165
    assert bins.min() == 0 and bins.max() == PHASE_BINS - 1


def test_sums_by_phase_are_densities() -> None:
    sums = CycleSums.empty(2)
    bins = np.tile(np.arange(PHASE_BINS), (2, 3, 1))
    even, first = torch.ones(1, 3, PHASE_BINS), torch.zeros(1, 3, PHASE_BINS)
    first[..., 0] = 5
    for _ in range(2):  # a second batch changes no density
        sums.add(bins, {"evidence": torch.cat([even, first])})
    density = sums.density("evidence")
    assert density[0].tolist() == [1] * PHASE_BINS
    assert density[1].tolist() == [PHASE_BINS] + [0] * (PHASE_BINS - 1)
    assert np.isnan(sums.density("hidden_spikes")).all()  # there were none


def test_information_over_the_cycle_is_that_of_both_ears() -> None:
    # over all phases: each bin adds (J_L + J_R) / 4, so a cycle of T bins half of one ear's J
    stimulus = StimulusParameters(duration_ms=50, fibres_per_ear=20)
    phases = np.arange(0.5, 50) * (2 * math.pi / 50)
    total = information_over_cycle(stimulus, phases, [0.0, 0.4]).sum()
    assert total == pytest.approx(fisher_information(stimulus, 0.3)[0] / 2, rel=1e-3)


def test_information_of_a_single_fibre_by_hand() -> None:
    # with a delay of 0, 45 degrees less than the mean: u = 0, 1 and 1/2 at these phases. There,
    # with R dt = 0.6 and k = 2, each of two ears has 4 0.6 u (1 - u) / (1 - 0.6 u^2)
    stimulus = StimulusParameters(fibres_per_ear=1)
    made = information_over_cycle(stimulus, np.radians([-135.0, 45.0, 135.0]), [0.0])
    assert made == pytest.approx([0, 0, 2 * 0.6 / 0.85 / 4])


def test_many_fibres_tell_least_in_the_trough_and_most_on_the_flanks() -> None:
    many = StimulusParameters()
    peak, flank, trough = information_over_cycle(many, np.radians([0.0, 90.0, 180.0]), [0.0])
    assert trough < peak < flank
