"""Spikes moved in time: what stays, how far they go, and what networks make of it."""

import math

import numpy as np
import pytest
import torch
from helpers import BACKENDS, small_run, start_network
from hypothesis import given
from hypothesis import strategies as st

from spikeloc.analysis.timing import PURPOSE, bin_noise, displace, displaced_data, timing_tables
from spikeloc.config.parameters import Backend, StimulusParameters
from spikeloc.networks.loaded_run import LoadedRun
from spikeloc.stimulus.generator import make_data_set


@given(seed=st.integers(0, 1000), sd=st.one_of(st.floats(0, 200), st.just(math.inf)))
def test_every_fibre_keeps_its_count(seed: int, sd: float) -> None:
    made = np.random.default_rng(seed)
    spikes = made.random((3, 5, 40)) < made.random()
    moved, _ = displace(spikes, made.standard_normal(spikes.shape), sd)
    assert (moved.sum(axis=2) == spikes.sum(axis=2)).all()


def test_no_jitter_changes_nothing() -> None:
    stimulus = small_run().stimulus
    data = make_data_set(stimulus, 3, PURPOSE, 40)
    ((same, distance),) = displaced_data(stimulus, data, 3, [0.0])
    assert np.array_equal(same.spikes.bits, data.spikes.bits) and distance == 0


def test_bins_swap_where_noise_makes_them() -> None:
    # places 0, 1, 2, 3 and noise 1.5, 0, 0, -1.2: the order of 1.5, 1, 2, 1.8 is bins 1, 0, 3, 2
    spikes = np.array([[[True, False, False, True]]])
    noise = np.array([[[1.5, 0.0, 0.0, -1.2]]])
    moved, square = displace(spikes, noise, 1.0)
    assert moved.tolist() == [[[False, True, True, False]]] and square == 1
    # half the noise: 0.75, 1, 2, 2.4
    assert displace(spikes, noise, 0.5)[0].tolist() == spikes.tolist()


@pytest.mark.parametrize("sd", [2.0, 5.0])
def test_spikes_move_by_the_jitter(sd: float) -> None:
    stimulus = StimulusParameters(duration_ms=2000.0, fibres_per_ear=4, rate_max_hz=300.0)
    noise = bin_noise(stimulus, 1, range(8))
    assert noise.mean() == pytest.approx(0, abs=0.02) and noise.std() == pytest.approx(1, abs=0.02)
    _, square = displace(np.ones(noise.shape, dtype=bool), noise, sd)
    assert math.sqrt(square) == pytest.approx(math.sqrt(sd**2 - 1 / 12), rel=0.02)


def test_shuffling_is_uniform() -> None:
    # rms distance of two random places among T: sqrt((T^2 - 1) / 6)
    stimulus = StimulusParameters()
    noise = bin_noise(stimulus, 1, range(4))
    spikes = np.zeros(noise.shape, dtype=bool)
    spikes[:, :, :10] = True
    moved, _ = displace(spikes, noise, math.inf)
    assert moved.mean(axis=(0, 1)) == pytest.approx(0.1, abs=0.06)  # 800 fibres: sd 0.011
    _, square = displace(np.ones(noise.shape, dtype=bool), noise, math.inf)
    assert math.sqrt(square) == pytest.approx(math.sqrt(9999 / 6), rel=0.02)


def test_noise_depends_on_seed_and_sample_only() -> None:
    stimulus = small_run().stimulus
    all_four = bin_noise(stimulus, 2, range(4))
    assert np.array_equal(bin_noise(stimulus, 2, range(2, 4)), all_four[2:])
    assert not np.isin(bin_noise(stimulus, 3, range(4)), all_four).any()


def loaded(backend: Backend = "auto", phase: str = "per_sample") -> LoadedRun:
    run = small_run({"phase": phase})
    return LoadedRun(run, start_network(run, [3, 8], 4.0, backend))


def test_a_rate_code_survives_exactly_and_a_code_of_times_does_not() -> None:
    stimulus = small_run().stimulus
    data = make_data_set(stimulus, 3, PURPOSE, 30)
    spikes = data.spikes.unpack()
    readout = np.random.default_rng(1).standard_normal((stimulus.inputs, 4))
    early = slice(0, stimulus.steps // 4)
    for moved, _ in displaced_data(stimulus, data, 3, [3.0, math.inf]):
        after = moved.spikes.unpack()
        by_rate = [(each.sum(axis=1) @ readout).argmax(axis=1) for each in (spikes, after)]
        by_time = [
            (each[:, early].sum(axis=1) @ readout).argmax(axis=1) for each in (spikes, after)
        ]
        assert np.array_equal(*by_rate) and not np.array_equal(*by_time)


@pytest.mark.parametrize("phase", ["per_sample", "per_dataset"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_scores_are_those_of_the_moved_spikes(backend: Backend, phase: str) -> None:
    run = loaded(backend, phase)
    (table,) = timing_tables([run], 40, backend)
    assert table["control"].tolist() == ["jitter"] * 12 + ["shuffle"] * 2 + ["hidden_counts"] * 2
    assert table["jitter_ms"].tolist()[:12] == np.repeat([0, 1, 2, 3, 5, 10], 2).tolist()
    for place, seed in enumerate(run.seeds):
        data = make_data_set(run.parameters.stimulus, seed, PURPOSE, 40)
        true = ((data.trials.ipd_rad / math.pi + 0.5) * 4).astype(int)
        ((moved, distance),) = displaced_data(run.parameters.stimulus, data, seed, [5.0])
        own = table[(table["network_index"] == place) & (table["jitter_ms"] == 5)].iloc[0]
        estimated = run(moved.spikes).logits[place].argmax(1).numpy()
        assert own["accuracy"] == pytest.approx(100 * np.mean(estimated == true))
        assert own["displacement_ms"] == distance
        hidden = run(data.spikes).hidden_spikes
        assert hidden is not None
        w2 = run.network.signed_weights()["w2"][place]
        decided = (hidden[place].sum(1) @ w2).argmax(1).numpy()
        counted = table[(table["network_index"] == place) & (table["control"] == "hidden_counts")]
        assert counted["accuracy"].item() == pytest.approx(100 * np.mean(decided == true))


def test_silent_networks_do_not_care() -> None:
    run = loaded()
    torch.nn.init.zeros_(run.network.w1)
    (table,) = timing_tables([run], 40)
    assert (table.groupby("network_index")["accuracy"].nunique() == 1).all()


def test_runs_of_several_stimuli_are_refused() -> None:
    run = small_run({"rate_max_hz": 300.0})
    other = LoadedRun(run, start_network(run, [3]))
    with pytest.raises(ValueError, match="several stimuli"):
        timing_tables([loaded(), other], 10)
