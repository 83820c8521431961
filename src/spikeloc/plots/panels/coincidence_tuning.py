"""Tuning curves of the hand-built localiser: mean spikes per pair of fibres in the bank of each
class against the IPD, at up to three envelope powers."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from spikeloc.plots import style
from spikeloc.stimulus.classes import class_midpoints_deg

DRAWN_IF = "coincidence"
DRAWN_FROM = {"arrays": "arrays/coincidence_tuning.npz"}
FACTS = ("envelope_power", "variant_of_localiser")
SIZE_MM = (style.DOUBLE_MM, 56.0)
MOST_POWERS = 3


def powers_shown(powers: NDArray[np.float64], from_power: float) -> list[float]:
    """The smallest, a middle and the largest of the powers that are at least ``from_power``, or of
    all powers if none is that large."""
    wanted = np.sort(powers[powers >= from_power])
    if not len(wanted):
        wanted = np.sort(powers)
    chosen = np.linspace(0, len(wanted) - 1, min(MOST_POWERS, len(wanted)))
    return wanted[chosen.astype(int)].tolist()


def draw_banks(axes: Axes, edges_deg: NDArray[np.float64], banks: NDArray[np.float64]) -> None:
    """Draw the mean spikes per pair of each bank (classes, bins) in the colour of its class."""
    middle = (edges_deg[:-1] + edges_deg[1:]) / 2
    colours = style.class_colours(len(banks))
    for centre, curve in zip(class_midpoints_deg(len(banks)), banks, strict=True):
        axes.plot(middle, curve, color=colours.to_rgba(centre), linewidth=0.9)
    style.ipd_axis(axes, "x", "IPD (°)")
    axes.set_ylim(bottom=0)


def draw(
    figure: Figure,
    *,
    arrays: dict[str, NDArray[Any]],
    envelope_power: float,
    variant_of_localiser: str,
) -> None:
    """Draw one axes for each of a few envelope powers, from ``envelope_power`` on.

    arrays: as in `results/arrays/coincidence_tuning.npz`; variant_of_localiser: the one to show.
    """
    powers = powers_shown(arrays["envelope_power"], envelope_power)
    variant = int(np.argmax(arrays["variant"] == variant_of_localiser))
    row = figure.subplots(1, len(powers), squeeze=False)[0]
    for axes, power in zip(row, powers, strict=True):
        (index,) = np.flatnonzero(arrays["envelope_power"] == power)
        draw_banks(axes, arrays["edges_deg"], arrays["spikes_per_pair"][index, variant])
        axes.set_title(f"Envelope power k = {power:g}")
    row[0].set_ylabel("Spikes per pair in a sample")
    classes = arrays["spikes_per_pair"].shape[2]
    colours = style.class_colours(classes)
    bar = figure.colorbar(colours, ax=row, aspect=25, ticks=np.arange(-90, 91, 45))
    bar.set_label("Class of the bank (°)")
    bar.minorticks_off()
