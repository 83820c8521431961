"""Textbook neurons: leaky integrators with two currents, ensemble statistics beside exact values,
spikes with a reset, refractory period, firing rates, and an adaptive threshold."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from spikeloc.plots import style
from spikeloc.primer.spike_times import spike_times_ms

DRAWN_FROM = {"arrays": "arrays/primer.npz"}
SIZE_MM = (style.DOUBLE_MM, 142.0)
SPIKE_TOP_MV = -40.0
Arrays = Mapping[str, NDArray[Any]]
Moment = Mapping[str, NDArray[np.float64]]

SIMULATED, HELD = "#56B4E9", "#E69F00"
LETTER_PT, LETTER_AT_PT = 10.0, (-27.0, 3.5)
CLOSED: dict[str, Any] = {"color": style.INK, "linewidth": 0.8, "zorder": 3}
LIMIT: dict[str, Any] = {"color": style.GREY, "linewidth": 0.8, "linestyle": ":", "zorder": 3}
SAMPLE: dict[str, Any] = {"color": SIMULATED, "linewidth": 1.4, "zorder": 2}
THRESHOLD: dict[str, Any] = {"color": style.GREY, "linestyle": (0, (4, 2)), "linewidth": 0.8}
ERROR_BAND: dict[str, Any] = {"color": style.PALE, "linewidth": 0, "zorder": 1}
EVENTS: dict[str, Any] = {"linelengths": 0.8, "linewidths": 0.8}
POTENTIAL_LABEL = "Potential (mV)"
TIME_LABEL = "Time (ms)"


def head(axes: Axes, letter: str, title: str) -> None:
    """Put a bold letter into the margin above an axes, and a title beside it."""
    axes.set_title(title, loc="left")
    axes.annotate(
        letter,
        (0, 1),
        LETTER_AT_PT,
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=LETTER_PT,
        fontweight="bold",
        ha="left",
        va="bottom",
    )


def time_axis(axes: Axes, time_ms: NDArray[np.float64], label: str = TIME_LABEL) -> None:
    """Make the x axis an axis of all times, with ticks every 50 ms."""
    axes.set(xlim=(0, time_ms[-1]), xticks=np.arange(0, time_ms[-1] + 1, 50), xlabel=label)


def draw_integrator(pair: tuple[Axes, Axes], arrays: Arrays, name: str) -> None:
    """Draw a current above the potential that it causes in a neuron without spikes."""
    above, below = pair
    time_ms = arrays["time_ms"]
    above.stairs(arrays[f"{name}_na"], time_ms, baseline=None, color=style.INK, linewidth=0.7)
    above.set(ylim=(-0.1, 0.6), yticks=(0, 0.5), ylabel="Current\n(nA)")
    above.tick_params(labelbottom=False)
    below.plot(time_ms, arrays[f"{name}_mv"], **SAMPLE, label=f"steps of {time_ms[1]:g} ms")
    below.set(ylim=(-62, -28), yticks=(-60, -50, -40, -30), ylabel=POTENTIAL_LABEL)
    for axes, label in ((above, ""), (below, TIME_LABEL)):
        time_axis(axes, time_ms, label)


def draw_mean(axes: Axes, arrays: Arrays) -> None:
    """Draw the mean and standard deviation of the ensemble with their exact values."""
    time_ms = arrays["time_ms"]
    for name, look in (("sample", SAMPLE), ("exact", CLOSED)):
        mean, sd = arrays[f"{name}_mean_mv"], np.sqrt(arrays[f"{name}_variance_mv2"])
        label = {"sample": f"{int(arrays['realisations'])} realisations", "exact": "exact"}[name]
        axes.plot(time_ms, mean, **look, label=label)
        axes.plot(time_ms, np.stack([mean - sd, mean + sd], 1), **look | {"linestyle": (0, (3, 1))})
    time_axis(axes, time_ms)
    axes.set(ylim=(-62, -28), yticks=(-60, -50, -40, -30), ylabel=POTENTIAL_LABEL)
    axes.legend(loc="lower right")


def draw_moment(axes: Axes, time_ms: NDArray[np.float64], moment: Moment) -> Artist:
    """Draw a variance or autocovariance of the sample with its exact value, and return the band of
    two standard errors about it."""
    low, high = moment["exact"] - 2 * moment["error"], moment["exact"] + 2 * moment["error"]
    band = axes.fill_between(time_ms, low, high, **ERROR_BAND)
    axes.plot(time_ms, moment["sample"], **SAMPLE)
    axes.plot(time_ms, moment["exact"], **CLOSED)
    time_axis(axes, time_ms)
    return band


def draw_variance(axes: Axes, arrays: Arrays) -> None:
    """Draw the variance, and its limit for small time steps."""
    time_ms = arrays["time_ms"]
    moment = {name: arrays[f"{name}_variance_mv2"] for name in ("sample", "exact", "error")}
    band = draw_moment(axes, time_ms, moment)
    (limit,) = axes.plot(time_ms, arrays["limit_variance_mv2"], **LIMIT)
    axes.legend([limit, band], ["continuous time", "exact ± 2 standard errors"], loc="lower right")
    axes.set(ylim=(0, 12), ylabel="Variance (mV²)")


def draw_covariance(axes: Axes, arrays: Arrays) -> None:
    """Draw the autocovariance with the potential at each reference time, labelled at its peak."""
    for row, reference_ms in enumerate(arrays["reference_ms"]):
        names = ("sample", "exact", "error")
        moment = {name: arrays[f"{name}_covariance_mv2"][row] for name in names}
        draw_moment(axes, arrays["time_ms"], moment)
        text = ("s = " if row == 0 else "") + f"{reference_ms} ms"
        axes.text(reference_ms, 10.4, text, ha="center", fontsize=style.SMALL_PT)
    axes.set(ylim=(-3, 12), yticks=(0, 5, 10), ylabel="Autocovariance (mV²)")


def draw_spiking(
    pair: tuple[Axes, Axes], arrays: Arrays, name: str, colour: str, *, as_times: bool
) -> None:
    """Draw the potential of one neuron above the spikes of all neurons, which come from spike times
    or from a binary raster. The neuron is the lowest row."""
    above, below = pair
    time_ms, potential_mv = arrays["time_ms"], arrays[f"{name}_mv"]
    spikes = arrays[f"{name}_spikes"]
    steps, neurons = spikes.shape
    times_ms = spike_times_ms(spikes, time_ms[1])
    above.plot(time_ms, potential_mv, color=colour, linewidth=1.0)
    above.vlines(times_ms[0], potential_mv.min(), SPIKE_TOP_MV, color=colour, linewidth=1.0)
    above.axhline(float(arrays["threshold_mv"]), **THRESHOLD)
    above.set(ylim=(-73, SPIKE_TOP_MV), yticks=(-70, -60, -50), ylabel="Potential\n(mV)")
    above.tick_params(labelbottom=False)
    if as_times:
        rows = [neuron + 1.0 for neuron in times_ms]
        below.eventplot(list(times_ms.values()), lineoffsets=rows, **EVENTS, colors=style.INK)
    else:
        edges_ms = (np.arange(steps + 1) - 0.5) * time_ms[1]
        edges = np.arange(neurons + 1) + 0.5
        below.pcolormesh(edges_ms, edges, spikes.T, cmap="binary", rasterized=True)
    below.set(ylim=(0, neurons + 1), yticks=(1, neurons), ylabel="Neuron")
    for axes, label in ((above, ""), (below, TIME_LABEL)):
        time_axis(axes, time_ms, label)


def draw_rates(axes: Axes, arrays: Arrays) -> None:
    """Draw counted firing rates with their closed form."""
    held = f"refractory period {float(arrays['refractory_ms']):g} ms"
    looks = (("free", SIMULATED, "o", "no refractory period"), ("refractory", HELD, "^", held))
    for name, colour, marker, label in looks:
        axes.plot(arrays["smooth_na"], arrays[f"{name}_closed_hz"], **CLOSED)
        axes.plot(
            arrays["current_na"],
            arrays[f"{name}_counted_hz"],
            linestyle="none",
            marker=marker,
            color=colour,
            label=label,
            zorder=4,
        )
    axes.set(xlim=(0, 0.51), ylim=(0, 130), xlabel="Current (nA)", ylabel="Firing rate (sp/s)")
    axes.legend(loc="upper left")


def draw_adaptive(pair: tuple[Axes, Axes], arrays: Arrays) -> None:
    """Draw incoming and outgoing spikes above the potential and the threshold."""
    above, below = pair
    time_ms = arrays["adaptive_ms"]
    trains = [time_ms[arrays["adaptive_spikes"]], time_ms[arrays["incoming"]]]
    above.eventplot(trains, lineoffsets=(0, 1), **EVENTS, colors=[HELD, style.INK])
    above.set(ylim=(-0.5, 1.5), yticks=(0, 1), yticklabels=("out", "in"))
    above.tick_params(labelbottom=False)
    below.plot(time_ms, arrays["potential"], color=SIMULATED, label="potential")
    below.plot(time_ms, arrays["threshold"], color=HELD, label="threshold")
    below.set(ylim=(0, 4.6), yticks=range(5), ylabel="Potential")
    below.legend(loc="upper right")
    for axes, label in ((above, ""), (below, TIME_LABEL)):
        time_axis(axes, time_ms, label)


def draw(figure: Figure, *, arrays: Arrays) -> None:
    """Draw nine lettered panels. arrays: see :func:`spikeloc.primer.arrays.primer_arrays`."""
    grid = figure.add_gridspec(3, 3)

    def stacked(row: int, column: int, heights: tuple[int, int]) -> tuple[Axes, Axes]:
        inner = grid[row, column].subgridspec(2, 1, height_ratios=heights, hspace=0.05)
        return figure.add_subplot(inner[0]), figure.add_subplot(inner[1])

    sine, noise = stacked(0, 0, (1, 2)), stacked(0, 1, (1, 2))
    mean, variance, covariance, rates = (
        figure.add_subplot(grid[cell]) for cell in ((0, 2), (1, 0), (1, 1), (2, 1))
    )
    free, refractory, adaptive = stacked(1, 2, (1, 1)), stacked(2, 0, (1, 1)), stacked(2, 2, (1, 3))
    draw_integrator(sine, arrays, "sine")
    sine[1].plot(arrays["fine_ms"], arrays["sine_continuous_mv"], **CLOSED, label="continuous time")
    sine[1].legend(loc="lower right")
    draw_integrator(noise, arrays, "noise")
    draw_mean(mean, arrays)
    draw_variance(variance, arrays)
    draw_covariance(covariance, arrays)
    draw_spiking(free, arrays, "free", SIMULATED, as_times=True)
    draw_spiking(refractory, arrays, "refractory", HELD, as_times=False)
    draw_rates(rates, arrays)
    draw_adaptive(adaptive, arrays)
    held = f"Refractory period {float(arrays['refractory_ms']):g} ms"
    for letter, axes, title in (
        ("A", sine[0], "Sinusoidal current"),
        ("B", noise[0], "Noisy current"),
        ("C", mean, "Ensemble: mean ± sd"),
        ("D", variance, "Ensemble: variance"),
        ("E", covariance, "Ensemble: autocovariance"),
        ("F", free[0], "Spikes and reset"),
        ("G", refractory[0], held),
        ("H", rates, "Firing rate"),
        ("I", adaptive[0], "Adaptive threshold"),
    ):
        head(axes, letter, title)
