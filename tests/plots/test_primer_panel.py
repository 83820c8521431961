"""What the primer's figure is drawn from, and what its lines and marks show."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import EventCollection, QuadMesh
from matplotlib.figure import Figure

from spikeloc.plots.panels.primer import draw
from spikeloc.primer.arrays import primer_arrays

ARRAYS = primer_arrays(1)
NOISY = {"noise", "sample", "free", "refractory"}


def spikes_of(name: str) -> list[list[int]]:
    """Times in ms of each neuron, the steps being of 1 ms."""
    return [np.flatnonzero(train).tolist() for train in ARRAYS[f"{name}_spikes"].T]


@pytest.mark.long
def test_arrays_are_of_the_seed() -> None:
    again, other = primer_arrays(1), primer_arrays(2)
    changed = {name for name in ARRAYS if not np.array_equal(ARRAYS[name], other[name])}
    assert all(np.array_equal(ARRAYS[name], again[name]) for name in ARRAYS)
    assert {name.split("_")[0] for name in changed} == NOISY
    assert not any(name.endswith("_hz") for name in changed)


def test_neurons_differ_by_their_refractory_period_only() -> None:
    # alike up to the first spike; afterwards 10 steps of 1 ms at reset
    for free, held in zip(spikes_of("free"), spikes_of("refractory"), strict=True):
        assert free[0] == held[0] and len(free) > len(held)
        assert (np.diff(held) > 10).all()
    first = spikes_of("free")[0][0]
    free_mv, held_mv = ARRAYS["free_mv"], ARRAYS["refractory_mv"]
    assert np.array_equal(free_mv[: first + 1], held_mv[: first + 1])
    assert (held_mv[first : first + 11] == -70).all()
    assert (free_mv[first + 1 : first + 11] > -70).any()


def test_continuous_solution_is_that_of_the_simulated_current() -> None:
    # ten times as fine; the current's swing of 25 mV moves the potential by 25 x dt / tau in a step
    continuous = ARRAYS["sine_continuous_mv"][::10]
    assert ARRAYS["fine_ms"][::10] == pytest.approx(ARRAYS["time_ms"])
    assert np.abs(ARRAYS["sine_mv"] - continuous).max() < 25 / 20


@pytest.mark.parametrize("name", ["free", "refractory"])
def test_counted_rates_are_those_of_the_closed_form(name: str) -> None:
    # every tenth smooth current is a counted one; an interval is at most 0.1 ms too long
    closed = ARRAYS[f"{name}_closed_hz"][9::10]
    counted = ARRAYS[f"{name}_counted_hz"]
    assert ARRAYS["current_na"] == pytest.approx(ARRAYS["smooth_na"][9::10])
    assert (counted <= closed + 1e-9).all()
    assert (counted >= closed / (1 + closed * 1e-4) - 1e-9).all()
    assert (counted > 0).sum() == 16


def test_threshold_adapts() -> None:
    times = np.flatnonzero(ARRAYS["adaptive_spikes"])
    intervals = np.diff(times)
    assert (np.diff(intervals) >= 0).all() and intervals[-1] > 2 * intervals[0]


@pytest.fixture(scope="module")
def panels() -> dict[str, Axes]:
    """The axes that carry a letter."""
    figure = Figure(figsize=(7, 6))
    draw(figure, arrays=ARRAYS)
    return {
        text.get_text(): axes
        for axes in figure.axes
        for text in axes.texts
        if text.get_text() in "ABCDEFGHI"
    }


def line_heights(axes: Axes) -> list[list[float]]:
    return [np.asarray(line.get_ydata()).tolist() for line in axes.lines]


def below(axes: Axes) -> Axes:
    """The lower one of two axes that share a panel."""
    assert axes.figure is not None
    everything = axes.figure.axes
    return everything[everything.index(axes) + 1]


def values(name: str) -> list[float]:
    return ARRAYS[name].tolist()


def test_every_panel_has_its_letter(panels: dict[str, Axes]) -> None:
    assert sorted(panels) == list("ABCDEFGHI")


def test_lines_are_the_simulated_and_the_true_values(panels: dict[str, Axes]) -> None:
    assert line_heights(below(panels["A"])) == [values("sine_mv"), values("sine_continuous_mv")]
    assert line_heights(below(panels["B"])) == [values("noise_mv")]
    sample_mean, *_, exact_mean, _, _ = line_heights(panels["C"])
    assert sample_mean == values("sample_mean_mv") and exact_mean == values("exact_mean_mv")
    names = [f"{name}_variance_mv2" for name in ("sample", "exact", "limit")]
    assert line_heights(panels["D"]) == [values(name) for name in names]
    rows = zip(ARRAYS["sample_covariance_mv2"], ARRAYS["exact_covariance_mv2"], strict=True)
    assert line_heights(panels["E"]) == [each.tolist() for row in rows for each in row]
    names = [f"{name}_hz" for name in ("free_closed", "free_counted")]
    assert line_heights(panels["H"])[:2] == [values(name) for name in names]
    assert line_heights(below(panels["I"])) == [values("potential"), values("threshold")]


def test_rasters_are_spike_times_and_binary(panels: dict[str, Axes]) -> None:
    rows = [each for each in below(panels["F"]).collections if isinstance(each, EventCollection)]
    assert [np.asarray(row.get_positions()).tolist() for row in rows] == spikes_of("free")
    (mesh,) = below(panels["G"]).collections
    assert isinstance(mesh, QuadMesh)
    assert np.array_equal(np.asarray(mesh.get_array()), ARRAYS["refractory_spikes"].T)
