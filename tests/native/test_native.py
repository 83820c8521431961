"""The native core against the reference: same spikes, same gradients, nothing that crashes."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from helpers import Trained, train_ensemble
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from random_networks import (
    assert_close,
    distance_from_threshold,
    gradients,
    random_network,
    random_spikes,
    shapes,
)

from spikeloc import native
from spikeloc.config.parameters import (
    Backend,
    NetworkParameters,
    RunParameters,
    StimulusParameters,
)
from spikeloc.io.errors import InputError
from spikeloc.networks.ensemble_data import PackedSpikes
from spikeloc.networks.spiking_network import SpikingNetwork

_core = pytest.importorskip("spikeloc.native._core")
from spikeloc.native.hidden import spike_trains  # noqa: E402

BACKENDS: list[Backend] = ["native", "reference"]


@settings(max_examples=60, deadline=None)
@given(shapes, st.floats(0, 1), st.integers(0, 2**32))
def test_dyadic_weights_give_the_very_same_spikes(
    shape: tuple[int, ...], density: float, seed: int
) -> None:
    # with a decay of 1/2 every potential is a short dyadic number: exact in any order
    networks, samples, steps, fibres, hidden = shape
    rng = np.random.default_rng(seed)
    spikes = random_spikes(rng, (networks, samples, min(steps, 16), fibres), density)
    network = random_network(rng, networks, fibres, hidden, dyadic=True, tau_ms=1 / math.log(2))
    ours, theirs = (gradients(network, spikes, backend) for backend in ("native", "reference"))
    assert torch.equal(ours[1], theirs[1])
    for a, b in zip(ours, theirs, strict=True):
        assert_close(a, b)


@pytest.mark.parametrize("hidden", [7, 40])
@pytest.mark.parametrize("silent", [range(40), range(40, 80), range(30, 90), range(85), range(100)])
def test_fibres_without_weights_are_no_input(silent: range, hidden: int) -> None:
    # the core leaves out blocks of 40 fibres whose weights are zero
    rng = np.random.default_rng(3)
    spikes = random_spikes(rng, (2, 3, 16, 100), 0.4)
    network = random_network(rng, 2, 100, hidden, dyadic=True, tau_ms=1 / math.log(2))
    network.w1.data[:, list(silent)] = 0
    ours, theirs = (gradients(network, spikes, backend) for backend in ("native", "reference"))
    assert torch.equal(ours[1], theirs[1]) and ours[1].any() == (len(silent) < 100)
    for a, b in zip(ours, theirs, strict=True):
        assert_close(a, b)


@pytest.mark.parametrize("noisy", [False, True])
@pytest.mark.parametrize("silent", [slice(40), slice(40, 80), slice(80)])
def test_blocks_without_weights_leave_the_noise(silent: slice, noisy: bool) -> None:
    rng = np.random.default_rng(4)
    spikes = random_spikes(rng, (1, 3, 30, 100), 0.4)
    weight = rng.normal(0, 0.2, (1, 100, 32)).astype(np.float32)
    noise = rng.normal(0, 0.5, (1, 3, 1, 28, 32)).astype(np.float32)
    results = []
    for value in (0, 1e-30):  # which is nothing beside noise or other weights, but no zero
        weight[:, silent] = value
        summed, counts = np.empty((1, 3, 32), np.float32), np.empty((1, 3, 32), np.int32)
        bits, row, scale = spikes.bits.numpy(), spikes.row.numpy(), np.ones(30, np.float32)
        _core.forward(bits, row, weight, scale, 0.8, summed, counts, noise.copy(), noisy)
        results.append([counts.tolist(), summed.tolist()])
    assert results[0] == results[1] and counts.any()


@settings(max_examples=60, deadline=None)
@given(shapes, st.floats(0, 1), st.floats(0.3, 200), st.floats(0.5, 20), st.integers(0, 2**32))
def test_any_weights_give_the_same_but_for_rounding(
    shape: tuple[int, ...], density: float, tau_ms: float, slope: float, seed: int
) -> None:
    networks, samples, steps, fibres, hidden = shape
    rng = np.random.default_rng(seed)
    spikes = random_spikes(rng, (networks, samples, steps, fibres), density)
    network = random_network(rng, networks, fibres, hidden, tau_ms=tau_ms, surrogate_slope=slope)
    ours, theirs = (gradients(network, spikes, backend) for backend in ("native", "reference"))
    sure = distance_from_threshold(network, spikes) > 1e-5
    assert torch.equal(ours[1][sure], theirs[1][sure])
    if sure.all():  # another spike is another gradient
        for a, b in zip(ours, theirs, strict=True):
            assert_close(a, b)


@pytest.mark.parametrize("surrogate", ["sigmoid", "fast_sigmoid", "superspike", "triangular"])
@pytest.mark.parametrize("shape", [(2, 5, 30, 45, 37), (1, 9, 8, 7, 3)])
def test_counts_have_the_gradient_of_the_reference(surrogate: str, shape: tuple[int, ...]) -> None:
    networks, samples, steps, fibres, hidden = shape
    rng = np.random.default_rng(3)
    spikes = random_spikes(rng, (networks, samples, steps, fibres), 0.4)
    network = random_network(rng, networks, fibres, hidden, surrogate=surrogate)
    ours, theirs = (gradients(network, spikes, backend, True) for backend in BACKENDS)
    assert torch.equal(ours[1], theirs[1])
    for a, b in zip(ours, theirs, strict=True):
        assert_close(a, b)
    without = gradients(network, spikes, "native")
    assert (without[2] - ours[2]).abs().max() > 0.1 * ours[2].abs().max()


@pytest.mark.parametrize("backend", BACKENDS)
def test_golden_trace(backend: Backend) -> None:
    # one of two fibres always fires, weight 0.75, no leak worth the name: v = 0, .75, 1.5, then the
    # spike seen at v[2] comes at t = 3, together with v[3] = 2.25; the reset follows at t = 4
    bits, row = torch.ones(1, 10, 1, dtype=torch.uint8), torch.zeros(1, 1, dtype=torch.int64)
    weights = {"w1": torch.tensor([[[0.75], [9.0]]]), "w2": torch.ones(1, 1, 2)}
    parameters, stimulus = NetworkParameters(tau_ms=1e6), StimulusParameters(fibres_per_ear=1)
    network = SpikingNetwork(parameters, stimulus, [0], backend, weights)
    output = network(PackedSpikes(bits, row, 2))
    spikes = [0, 0, 0, 1, 1, 0, 0, 0, 1, 1]
    alpha = math.exp(-1e-6)
    readout = [(1 - alpha ** (9 - t)) / (1 - alpha) for t in range(10)]
    expected = 0.01 * sum(g * s for g, s in zip(readout, spikes, strict=True))
    assert output.hidden_counts.item() == sum(spikes)
    assert output.logits[0, 0].tolist() == pytest.approx([expected, expected], rel=1e-6)


@pytest.mark.parametrize("register_bytes", [16, 32])
def test_results_do_not_depend_on_the_instruction_set(register_bytes: int) -> None:
    rng = np.random.default_rng(5)
    spikes = random_spikes(rng, (2, 7, 30, 45), 0.3)
    w1 = random_network(rng, 2, 45, 37).w1.detach().numpy()
    scale = rng.random(30).astype(np.float32)
    pull = rng.normal(size=(2, 7, 37)).astype(np.float32)
    results = []
    for width in (0, register_bytes):
        summed = np.empty((2, 7, 37), np.float32)
        counts = np.empty((2, 7, 37), np.int32)
        charge = np.empty((2, 7, 2, 28, 32), np.float32)
        dw1 = np.empty_like(w1)
        bits, row = spikes.bits.numpy(), spikes.row.numpy()
        try:
            _core.forward(bits, row, w1, scale, 0.8, summed, counts, charge, False, width)
        except ValueError:
            pytest.skip(f"no registers of {width} bytes here")
        trains = spike_trains(spikes.bits, 45).numpy()
        _core.backward(trains, row, scale, 0.8, "sigmoid", 5.0, charge, pull, dw1, -pull, width)
        results.append([summed, counts, charge, dw1])
    for wide, narrow in zip(*results, strict=True):
        assert wide.tobytes() == narrow.tobytes()


def arguments() -> dict[str, Any]:
    """Of a forward call that works."""
    return {
        "bits": np.zeros((5, 9, 2), np.uint8),
        "index": np.zeros((2, 3), np.int64),
        "w1": np.zeros((2, 11, 4), np.float32),
        "scale": np.zeros(9, np.float32),
        "alpha": 0.5,
        "summed": np.zeros((2, 3, 4), np.float32),
        "counts": np.zeros((2, 3, 4), np.int32),
        "charge": np.zeros((2, 3, 1, 7, 32), np.float32),
    }


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("bits", np.zeros((5, 9, 2), np.int8), TypeError),
        ("bits", np.zeros((5, 9, 4), np.uint8)[:, :, ::2], TypeError),
        ("bits", np.zeros((5, 9), np.uint8), TypeError),
        ("bits", np.zeros((5, 9, 3), np.uint8), ValueError),
        ("bits", np.zeros((5, 8, 2), np.uint8), ValueError),
        ("bits", np.zeros((0, 9, 2), np.uint8), ValueError),
        ("bits", None, TypeError),
        ("index", np.full((2, 3), 5), ValueError),
        ("index", np.full((2, 3), -1), ValueError),
        ("index", np.zeros((2, 3), np.int32), TypeError),
        ("index", np.zeros((3, 3), np.int64), ValueError),
        ("w1", np.zeros((2, 11, 4)), TypeError),
        ("w1", np.zeros((2, 4, 11), np.float32).transpose(0, 2, 1), TypeError),
        ("w1", np.zeros((2, 11, 5), np.float32), ValueError),
        ("scale", np.zeros(8, np.float32), ValueError),
        ("alpha", "0.5", TypeError),
        ("summed", np.zeros((2, 3, 5), np.float32), ValueError),
        ("counts", np.zeros((2, 3, 4), np.float32), TypeError),
        ("charge", np.zeros((2, 3, 1, 6, 32), np.float32), ValueError),
    ],
)
def test_damaged_arguments_raise(name: str, value: Any, error: type[Exception]) -> None:
    _core.forward(**arguments())
    with pytest.raises(error):
        _core.forward(**{**arguments(), name: value})


def test_read_only_output_is_refused() -> None:
    damaged = arguments()
    damaged["summed"].flags.writeable = False
    with pytest.raises(TypeError):
        _core.forward(**damaged)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_few_steps(steps: int) -> None:
    summed, counts = np.ones((1, 2, 3), np.float32), np.ones((1, 2, 3), np.int32)
    charge = np.zeros((1, 2, 1, max(steps - 2, 0), 32), np.float32)
    bits, index = np.full((2, steps, 1), 255, np.uint8), np.array([[0, 1]])
    w1, scale = np.full((1, 8, 3), 9, np.float32), np.ones(steps, np.float32)
    _core.forward(bits, index, w1, scale, 0.5, summed, counts, charge)
    assert (counts == (steps == 3)).all()  # h[0] is above threshold at v[1], a spike at t = 2
    assert np.array_equal(summed, counts)
    dw1 = np.ones((1, 8, 3), np.float32)
    trains = np.full((2, 8, 1), 2**steps - 1, np.uint8)
    _core.backward(trains, index, scale, 0.5, "sigmoid", 5.0, charge, np.zeros_like(summed), dw1)
    assert not dw1.any()


@given(
    st.integers(0, 3).flatmap(
        lambda rows: arrays(bool, st.tuples(st.just(rows), st.integers(1, 150), st.integers(1, 30)))
    )
)
def test_spike_trains_are_the_same_spikes(spikes: npt.NDArray[np.bool_]) -> None:
    bits = torch.from_numpy(np.packbits(spikes, axis=2, bitorder="little"))
    trains = spike_trains(bits, spikes.shape[2]).numpy()
    assert np.array_equal(trains, np.packbits(spikes.swapaxes(1, 2), axis=2, bitorder="little"))


@pytest.mark.parametrize("shape", [(5, 17, 2), (5, 11, 1), (4, 11, 2)])
def test_trains_that_do_not_fit_the_bits_raise(shape: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="trains"):
        _core.transpose(np.zeros((5, 9, 2), np.uint8), np.zeros(shape, np.uint8))
    backward = {name: arguments()[name] for name in ("index", "scale", "alpha", "charge")}
    backward |= {"shape": "sigmoid", "slope": 5.0, "dsummed": np.zeros((2, 3, 4), np.float32)}
    backward |= {"dw1": np.zeros((2, 11, 4), np.float32)}
    _core.backward(trains=np.zeros((5, 11, 2), np.uint8), **backward)
    counted = {"trains": np.zeros((5, 11, 2), np.uint8), "dcounts": np.zeros((2, 3, 5), np.float32)}
    with pytest.raises(ValueError, match="dcounts"):
        _core.backward(**backward, **counted)
    if shape[0] == 5:  # rows are what there are
        with pytest.raises(ValueError, match="trains"):
            _core.backward(trains=np.zeros(shape, np.uint8), **backward)


def trained(backend: Backend, seeds: list[int]) -> Trained:
    signs = {"signs": "dale"}
    samples = {"training_samples": 70, "validation_samples": 70}
    run = RunParameters.model_validate(
        {
            "network": {"hidden_units": 16, "w1": signs, "w2": signs},
            "stimulus": {"fibres_per_ear": 20},
            "training": {"epochs": 3, "batch_size": 32} | samples,
        }
    )
    return train_ensemble(run, seeds, backend)


def test_training_is_the_same_on_both() -> None:
    ours, theirs = trained("native", [1, 2]), trained("reference", [1, 2])
    for a, b in zip(ours.progress, theirs.progress, strict=True):
        assert a.train_loss == pytest.approx(b.train_loss, rel=1e-5)
        assert a.val_loss == pytest.approx(b.val_loss, rel=1e-5)
    torch.testing.assert_close(ours.weights["w1"], theirs.weights["w1"], rtol=0, atol=1e-4)


@pytest.mark.parametrize("backend", ["native", "reference"])
def test_a_network_does_not_depend_on_its_ensemble(backend: Backend) -> None:
    ensemble, alone = trained(backend, [1, 2, 3]), trained(backend, [2])
    assert ensemble.progress[1] == alone.progress[0]
    for name, layer in ensemble.weights.items():
        assert torch.equal(layer[1], alone.weights[name][0])


def test_a_missing_core_is_worth_one_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "_core", None)
    native._warn_once.cache_clear()
    with pytest.warns(UserWarning, match="without its native core"):
        assert not native.use_native("auto")
    assert not native.use_native("auto")
    assert not native.use_native("reference")
    with pytest.raises(InputError, match="without its native core"):
        native.use_native("native")


def test_the_core_is_for_the_cpu() -> None:
    assert native.use_native("auto", "cpu")
    assert not native.use_native("auto", "cuda")
    with pytest.raises(InputError, match="cuda"):
        native.use_native("native", "cuda")


def test_core_of_other_sources_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native._core, "sources", "0" * 64)
    native._check_sources.cache_clear()
    with pytest.raises(InputError, match="make env"):
        native.use_native("native")
    monkeypatch.undo()
    native._check_sources.cache_clear()
    assert native.use_native("native")
