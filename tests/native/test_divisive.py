"""Divisive inhibition in the native core against the reference: same spikes, same gradients."""

import math
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import assert_close, distance_from_threshold, gradients, random_spikes, shapes

from spikeloc.config.parameters import Backend, NetworkParameters, StimulusParameters, Surrogate
from spikeloc.networks.spiking_network import SpikingNetwork

_core = pytest.importorskip("spikeloc.native._core")
from spikeloc.native.hidden import spike_trains  # noqa: E402

BACKENDS: list[Backend] = ["native", "reference"]
DANN = {"signs": "dale", "method": "dann", "inhibitory_fraction": 0.5}


def divisive_network(
    rng: np.random.Generator, networks: int, fibres: int, hidden: int, **parameters: Any
) -> SpikingNetwork:
    """Random parameters that make spikes; with as many interneurons as hidden units."""
    chosen = {"hidden_units": hidden, "classes": 3, "w1": DANN} | parameters
    network = SpikingNetwork(
        NetworkParameters.model_validate(chosen), StimulusParameters(), list(range(networks))
    )
    network.inputs = fibres  # an odd number of them, too
    between = {
        "ex": (0.1, 1.0, fibres),
        "ix": (0.1, 1.0, fibres),
        "ei": (0.5 / hidden, 1.5 / hidden, hidden),
        "alpha": (-1.0, 1.0, 1),
        "gain": (0.0, 2.0, 1),
        "bias": (-0.5, 0.5, 1),
    }
    for raw, (low, high, rows) in zip(network.raw_parameters("w1"), between.values(), strict=True):
        drawn = rng.uniform(low, high, (networks, rows, hidden))
        raw.data = torch.tensor(drawn, dtype=torch.float32)
    w2 = rng.normal(size=(networks, hidden, 3))
    network.get_parameter("w2").data = torch.tensor(w2, dtype=torch.float32)
    return network


@settings(max_examples=40, deadline=None)
@given(
    shapes,
    st.floats(0, 1),
    st.floats(0.3, 200),
    st.sampled_from(get_args(Surrogate)),
    st.booleans(),
    st.integers(0, 2**32),
)
def test_spikes_and_gradients_are_those_of_the_reference(
    shape: tuple[int, ...],
    density: float,
    tau_ms: float,
    surrogate: Surrogate,
    counted: bool,
    seed: int,
) -> None:
    networks, samples, steps, fibres, hidden = shape
    rng = np.random.default_rng(seed)
    spikes = random_spikes(rng, (networks, samples, steps, fibres), density)
    network = divisive_network(rng, networks, fibres, hidden, tau_ms=tau_ms, surrogate=surrogate)
    ours, theirs = (gradients(network, spikes, backend, counted) for backend in BACKENDS)
    sure = distance_from_threshold(network, spikes) > 1e-5
    assert torch.equal(ours[1][sure], theirs[1][sure])
    if sure.all():  # another spike is another gradient
        assert_close(ours[0], theirs[0])
        # one of them may be a sum that cancels, or all may nearly vanish
        largest = max(1e-6, *[each.abs().max().item() for each in theirs[2:]])
        for a, b in zip(ours[2:], theirs[2:], strict=True):
            torch.testing.assert_close(a, b, rtol=0, atol=1e-4 * largest)
    with torch.no_grad():  # what a gradient needs is not kept then
        assert torch.equal(network(spikes).logits.double(), ours[0])


@pytest.mark.parametrize("backend", ["native", "reference"])
def test_golden_trace(backend: Backend) -> None:
    # the drive is 0.25 (1.5 - 0.5) / 0.5 + 0.25 = 0.75, but 0.25 in steps 5 and 6, which have no
    # spike: v = 0, .75, 1.5, 2.25, 0 (reset), 0 (still reset), .25, .5, 1.25, 2
    network = SpikingNetwork(
        NetworkParameters.model_validate(
            {"tau_ms": 1e6, "hidden_units": 1, "w1": DANN, "logit_scale": 1.0}
        ),
        StimulusParameters(fibres_per_ear=1),
        0,
        backend,
    )
    values = [1.5, 0.5, 1.0, 0.0, 0.25, 0.25]  # of ex, ix, ei, alpha, gain, bias
    for raw, value in zip(network.raw_parameters("w1"), values, strict=True):
        raw.data.fill_(value)
    network.w2.data.fill_(1.0)
    spikes = torch.zeros(1, 10, 2)
    spikes[:, [0, 1, 2, 3, 4, 7, 8, 9], 1] = 1
    output = network(spikes)
    alpha = math.exp(-1e-6)
    readout = [(1 - alpha ** (9 - t)) / (1 - alpha) for t in range(10)]
    assert output.hidden_counts.item() == 3
    assert output.logits[0].tolist() == pytest.approx([readout[3] + readout[4]] * 12, rel=1e-6)


@pytest.mark.parametrize("register_bytes", [16, 32])
def test_results_do_not_depend_on_the_instruction_set(register_bytes: int) -> None:
    rng = np.random.default_rng(5)
    spikes = random_spikes(rng, (2, 7, 30, 45), 0.3)
    weight, divisor = (rng.random((2, 45, 37), np.float32) for _ in range(2))
    gain, bias = (rng.random((2, 1, 37), np.float32) for _ in range(2))
    scale = rng.random(30).astype(np.float32)
    pull = rng.normal(size=(2, 7, 37)).astype(np.float32)
    results = []
    for width in (0, register_bytes):
        summed, counts = np.empty_like(pull), np.empty((2, 7, 37), np.int32)
        kept = np.empty((3, 2, 7, 2, 28, 32), np.float32)
        made = [np.empty_like(each) for each in (weight, divisor, gain, bias)]
        bits, row = spikes.bits.numpy(), spikes.row.numpy()
        given_ones = (weight, divisor, gain, bias, 1e-8, scale, 0.8)
        try:
            _core.forward_divisive(bits, row, *given_ones, summed, counts, kept, False, width)
        except ValueError:
            pytest.skip(f"no registers of {width} bytes here")
        trains = spike_trains(spikes.bits, 45).numpy()
        surrogate = ("sigmoid", 5.0)
        arguments = (trains, row, gain, scale, 0.8, *surrogate, kept, pull, *made, -pull, width)
        _core.backward_divisive(*arguments)
        assert counts.any() and all(each.any() for each in made)
        results.append([summed, counts, kept, *made])
    for wide, narrow in zip(*results, strict=True):
        assert wide.tobytes() == narrow.tobytes()


@pytest.mark.parametrize("noisy", [False, True])
@pytest.mark.parametrize("silent", [slice(40), slice(40, 80), slice(80)])
def test_blocks_without_weights_or_divisors_are_no_others(silent: slice, noisy: bool) -> None:
    rng = np.random.default_rng(5)
    spikes = random_spikes(rng, (1, 7, 30, 100), 0.3)
    weight, divisor = (rng.random((1, 100, 32), np.float32) for _ in range(2))
    gain, bias = (rng.random((1, 1, 32), np.float32) for _ in range(2))
    noise = rng.normal(0, 0.5, (3, 1, 7, 1, 28, 32)).astype(np.float32)
    results = []
    for value in (0, 1e-30):  # which is nothing beside other weights and epsilon, but no zero
        weight[:, silent] = divisor[:, 20:][:, silent] = value
        summed, counts = np.empty((1, 7, 32), np.float32), np.empty((1, 7, 32), np.int32)
        given_ones = (weight, divisor, gain, bias, 1e-8, np.ones(30, np.float32), 0.8)
        bits, row = spikes.bits.numpy(), spikes.row.numpy()
        _core.forward_divisive(bits, row, *given_ones, summed, counts, noise.copy(), noisy)
        results.append([counts.tolist(), summed.tolist()])
    assert results[0] == results[1] and counts.any()


def zeros(*shape: int) -> npt.NDArray[np.float32]:
    return np.zeros(shape, np.float32)


def forward(**changes: Any) -> None:
    right = {
        "bits": np.zeros((5, 9, 2), np.uint8),
        "index": np.zeros((2, 3), np.int64),
        "weight": zeros(2, 11, 4),
        "divisor": zeros(2, 11, 4),
        "gain": zeros(2, 1, 4),
        "bias": zeros(2, 1, 4),
        "epsilon": 1e-8,
        "scale": zeros(9),
        "alpha": 0.5,
        "summed": zeros(2, 3, 4),
        "counts": np.zeros((2, 3, 4), np.int32),
        "kept": zeros(3, 2, 3, 1, 7, 32),
    }
    _core.forward_divisive(**right | changes)


def backward(**changes: Any) -> None:
    right = {
        "trains": np.zeros((5, 11, 2), np.uint8),
        "index": np.zeros((2, 3), np.int64),
        "gain": zeros(2, 1, 4),
        "scale": zeros(9),
        "alpha": 0.5,
        "shape": "sigmoid",
        "slope": 5.0,
        "kept": zeros(3, 2, 3, 1, 7, 32),
        "dsummed": zeros(2, 3, 4),
        "dweight": zeros(2, 11, 4),
        "ddivisor": zeros(2, 11, 4),
        "dgain": zeros(2, 1, 4),
        "dbias": zeros(2, 1, 4),
    }
    _core.backward_divisive(**right | changes)


@pytest.mark.parametrize(
    ("call", "name", "value", "message"),
    [
        (forward, "divisor", zeros(2, 11, 5), "divisor is not"),
        (forward, "gain", zeros(2, 2, 4), "gain is not"),
        (forward, "bias", zeros(1, 1, 4), "bias is not"),
        (forward, "summed", zeros(2, 3, 5), "summed is not"),
        (forward, "counts", np.zeros((2, 2, 4), np.int32), "counts is not"),
        (forward, "kept", zeros(2, 2, 3, 1, 7, 32), "kept is not"),
        (forward, "bits", np.zeros((5, 8, 2), np.uint8), "scale and bits"),
        (backward, "gain", zeros(2, 1, 5), "gain is not"),
        (backward, "kept", zeros(3, 2, 3, 1, 6, 32), "kept is not"),
        (backward, "dsummed", zeros(2, 3, 5), "dsummed is not"),
        (backward, "ddivisor", zeros(2, 10, 4), "divisor is not"),
        (backward, "dgain", zeros(2, 1, 5), "gain is not"),
        (backward, "dbias", zeros(3, 1, 4), "bias is not"),
        (backward, "trains", np.zeros((5, 11, 1), np.uint8), "trains and scale"),
        (backward, "shape", "round", "unknown shape"),
    ],
)
def test_damaged_arguments_raise(
    call: Callable[..., None], name: str, value: Any, message: str
) -> None:
    call()
    with pytest.raises(ValueError, match=message):
        call(**{name: value})


def test_noise_needs_memory_that_holds_it() -> None:
    forward(noisy=True)
    with pytest.raises(ValueError, match="noisy"):
        forward(kept=None, noisy=True)
