"""The native generator draws the very bits of the reference."""

import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikeloc.config.parameters import StimulusParameters
from spikeloc.stimulus.generator import make_data_set

_core = pytest.importorskip("spikeloc.native._core")


@st.composite
def stimuli(draw: st.DrawFn) -> StimulusParameters:
    time_step_ms = draw(st.sampled_from([0.1, 0.5, 1.0, 2.0]))
    power = draw(st.sampled_from([0, 1, 2, 3, 4, 5, 7, 10, 50, 100, 1000]))
    return StimulusParameters(
        frequency_hz=draw(st.floats(0.1, 500)) / time_step_ms,
        time_step_ms=time_step_ms,
        duration_ms=time_step_ms * draw(st.integers(4, 60)),
        fibres_per_ear=draw(st.integers(1, 70)),
        rate_max_hz=draw(st.floats(0, 1)) * 1000 / time_step_ms,
        envelope_power=float(power),
        spike_jitter_ms=draw(st.sampled_from([0.0, 2.0])) if power <= 10 else 0.0,
        phase=draw(st.sampled_from(["per_sample", "per_dataset"])),
        delay_jitter_deg=draw(st.sampled_from([0.0, 30.0])),
    )


@settings(max_examples=150, deadline=None)
@given(stimuli(), st.integers(0, 2**63 - 1), st.integers(0, 100), st.integers(1, 9))
def test_same_bits(stimulus: StimulusParameters, seed: int, first: int, samples: int) -> None:
    ours = make_data_set(stimulus, seed, "test", samples, first, "native")
    theirs = make_data_set(stimulus, seed, "test", samples, first, "reference")
    assert np.array_equal(ours.spikes.bits, theirs.spikes.bits)
    assert ours.spikes.checksum() == theirs.spikes.checksum()


def test_any_sample_alone() -> None:
    stimulus = StimulusParameters(fibres_per_ear=13)
    whole = make_data_set(stimulus, 3, "training", 20, backend="native").spikes.bits
    for i in (0, 7, 19):
        alone = make_data_set(stimulus, 3, "training", 1, first=i, backend="native").spikes.bits
        assert np.array_equal(alone[0], whole[i])


def test_any_number_of_threads() -> None:
    stimulus = StimulusParameters()
    made: dict[int, Any] = {}

    def make(i: int) -> None:
        made[i] = make_data_set(stimulus, 3, "training", 10, 10 * i, "native").spikes.bits

    threads = [threading.Thread(target=make, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = make_data_set(stimulus, 3, "training", 40, backend="native").spikes.bits
    assert np.array_equal(np.concatenate([made[i] for i in range(4)]), whole)


def test_other_powers_are_left_to_the_reference() -> None:
    stimulus = StimulusParameters(envelope_power=2.5)
    ours = make_data_set(stimulus, 3, "training", 3, backend="native")
    theirs = make_data_set(stimulus, 3, "training", 3, backend="reference")
    assert np.array_equal(ours.spikes.bits, theirs.spikes.bits)


def arguments() -> dict[str, Any]:
    """Of a call that works."""
    return {
        "start": np.zeros((2, 3, 2)),
        "time": np.zeros((2, 5)),
        "delay": np.zeros((2, 8)),
        "power": 2,
        "coefficients": np.empty(0),
        "spikes_per_bin": 0.5,
        "seed": 1,
        "purpose": 2,
        "first": 0,
        "bits": np.zeros((3, 5, 1), np.uint8),
    }


@pytest.mark.parametrize("fibres", [0, 1, 4, 30, 61, 100, 2500])
@pytest.mark.parametrize("register_bytes", [16, 32])
def test_bits_do_not_depend_on_the_instruction_set(register_bytes: int, fibres: int) -> None:
    rng = np.random.default_rng(1)
    shapes = {"start": (2, 3, 2), "time": (2, 90), "delay": (2, 2 * fibres)}
    drawn = {name: rng.uniform(-1, 1, shape) for name, shape in shapes.items()}
    bits = np.zeros((3, 90, (2 * fibres + 7) // 8), np.uint8)
    wide = arguments() | drawn | {"bits": bits}
    narrow = wide | {"bits": bits.copy()}
    _core.draw_spikes(**wide)
    try:
        _core.draw_spikes(**narrow, register_bytes=register_bytes)
    except ValueError:
        pytest.skip(f"no registers of {register_bytes} bytes here")
    assert np.array_equal(wide["bits"], narrow["bits"])
    assert wide["bits"].any() == (fibres > 0)


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("start", np.zeros((2, 3, 3)), ValueError),
        ("start", np.zeros((2, 3, 2), np.float32), TypeError),
        ("time", np.zeros((1, 5)), ValueError),
        ("delay", np.zeros((2, 16))[:, ::2], TypeError),
        ("delay", np.zeros((2, 7)), ValueError),
        ("power", -1, TypeError),
        ("coefficients", np.ones((1, 2)), TypeError),
        ("seed", 2**64, TypeError),
        ("bits", np.zeros((3, 5, 2), np.uint8), ValueError),
        ("bits", np.zeros((3, 5, 1), np.int8), TypeError),
        ("register_bytes", 24, ValueError),
    ],
)
def test_damaged_arguments_raise(name: str, value: Any, error: type[Exception]) -> None:
    _core.draw_spikes(**arguments())
    with pytest.raises(error):
        _core.draw_spikes(**{**arguments(), name: value})
