"""The network: tones at two ears with an IPD, input fibres with phase delays, spiking hidden units,
and leaky output units whose largest sum is the decision. Units have signs (Dale's principle)."""

from collections.abc import Mapping
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from spikeloc.plots import schematic, style
from spikeloc.stimulus.classes import class_midpoints_deg

DRAWN_FROM: dict[str, str] = {}
OPTIONS = {"run": ""}  # experiment/condition/variant whose parameters are shown
NEEDS_HIDDEN_UNITS = True
FACTS = ("parameters",)
SIZE_MM = (style.DOUBLE_MM, 82.0)
# Everything below is in mm from the lower left corner.
TOP, BOTTOM = 70.0, 14.0
EAR_X, RATE_X, FIBRE_X, HIDDEN_X, OUTPUT_X, DECISION_X = 13.0, 42.0, 56.0, 100.0, 138.0, 168.0
EAR_MM, EAR_PERIODS = (20.0, 9.0), 1.5
RATE_MM, RATE_PERIODS = (14.0, 3.6), 2.0
SHOWN_FIBRES, SHOWN_HIDDEN = 4, 8
EXAMPLE_IPD = np.radians(75)


def draw_ear(axes: Axes, ear: str, middle: float, config: Mapping[str, Any]) -> NDArray[np.float64]:
    """Draw the tone and the fibres of one ear; return the positions (fibres, 2) of the fibres."""
    colour = style.EARS[ear]
    phase = EXAMPLE_IPD if ear == "right" else 0.0
    stimulus = config["stimulus"]
    schematic.draw_wave(
        axes, EAR_X, middle, phase, colour, power=1, periods=EAR_PERIODS, size=EAR_MM
    )
    axes.text(EAR_X + 10, middle + 7, f"{ear} ear", color=colour, ha="right", va="bottom")
    y = schematic.heights(middle - 11, middle + 11, SHOWN_FIBRES, stimulus["fibres_per_ear"])
    first, last = stimulus.get("fibre_delay_min_deg", 0), stimulus.get("fibre_delay_max_deg", 90)
    delays = np.linspace(first, last, len(y))[::-1]
    for height, delay in zip(y, delays, strict=True):
        schematic.draw_wave(
            axes,
            RATE_X,
            height,
            phase + np.radians(delay),
            colour,
            power=stimulus["envelope_power"],
            periods=RATE_PERIODS,
            size=RATE_MM,
        )
    points = np.column_stack([np.full(len(y), FIBRE_X), y])
    for row in sorted({0, len(y) - 1}):
        text = f"ψ = {style.degrees(delays[row])}"
        axes.text(
            RATE_X - 8, y[row], text, ha="right", va="center_baseline", fontsize=style.SMALL_PT
        )
    if len(y) < stimulus["fibres_per_ear"]:
        schematic.draw_ellipsis(axes, RATE_X, points)
        schematic.draw_ellipsis(axes, FIBRE_X, points)
    return points


def draw_ipd(axes: Axes, right_y: float, left_y: float) -> None:
    """Mark by how much the tone at the right ear (above) leads the tone at the left ear."""
    level = (right_y + left_y) / 2
    crests = [
        EAR_X + EAR_MM[0] * ((0.25 - lead / (2 * np.pi)) / EAR_PERIODS - 0.5)
        for lead in (EXAMPLE_IPD, 0.0)
    ]
    for x, y, beyond in zip(crests, (right_y, left_y), (-1, 1), strict=True):
        axes.plot(
            [x, x],
            [y + EAR_MM[1] / 2, level + beyond],
            color=style.GREY,
            linewidth=0.6,
            linestyle=":",
        )
    axes.plot(crests, [level, level], color=style.INK, linewidth=1.2)
    axes.text(crests[1] + 1, level, "IPD", ha="left", va="center_baseline")


def draw_outputs(axes: Axes, classes: int) -> NDArray[np.float64]:
    """Draw the output units in the colours of their classes; return their positions."""
    y = np.linspace(BOTTOM, TOP - 4, classes)
    points = np.column_stack([np.full(classes, OUTPUT_X), y])
    colours = matplotlib.colormaps[style.CLASS_COLOURS](np.linspace(0, 1, classes))
    every = -(-classes // 16)
    for index, middle in enumerate(class_midpoints_deg(classes)):
        axes.plot(
            *points[index],
            "o",
            color=colours[index],
            markersize=schematic.NODE_PT,
            markeredgewidth=0,
        )
        if index % every == 0:
            axes.text(
                OUTPUT_X + 11.5,
                y[index],
                style.degrees(middle),
                ha="right",
                va="center_baseline",
                fontsize=style.SMALL_PT,
            )
    return points


def draw_key(axes: Axes) -> None:
    """Explain the signs of the units below W1."""
    x = FIBRE_X + 9
    axes.text(
        x - 1.5,
        BOTTOM - 3,
        "presynaptic sign (Dale)",
        va="center_baseline",
        fontsize=style.SMALL_PT,
    )
    negative = np.array([False, True])
    points = np.array([[x, BOTTOM - 7], [x, BOTTOM - 11]])
    schematic.draw_nodes(axes, points, negative)
    for (_, y), word in zip(points, style.SIGNS, strict=True):
        axes.text(x + 2.5, y, word, va="center_baseline", fontsize=style.SMALL_PT)


def unit_words(network: Mapping[str, Any]) -> tuple[tuple[str, str], tuple[str, str], str]:
    """What hidden units and readout units are and do, and what the decision is made of."""
    reset, over_time = network.get("reset", "late"), network.get("readout_over_time", "sum")
    spikes = f"spike above 1, {'less 1' if reset == 'subtract' else 'reset to 0'},\nboth "
    spikes += "at once" if reset == "immediate" else "one step late"
    adaptive = "adaptive " if "threshold_jump" in network else ""
    rest = f",\nrefractory {network['refractory_ms']:g} ms" if "refractory_ms" in network else ""
    hidden = (f"{network['hidden_units']} {adaptive}LIF units", spikes + rest)
    classes = network["classes"]
    if over_time == "spike_count":
        return hidden, (f"{classes} LIF units", spikes), "most spikes"
    largest = {"sum": "sum\nover time", "last": "last\npotential", "maximum": "potential"}
    readout = (f"{classes} leaky integrators", "no spikes,\nno reset")
    return hidden, readout, f"largest {largest[over_time]}"


def draw_words(axes: Axes, config: Mapping[str, Any]) -> None:
    """Write the name of each column above it and its function below it."""
    stimulus, network = config["stimulus"], config["network"]
    fibres, step_ms = stimulus["fibres_per_ear"], stimulus["time_step_ms"]
    hidden, classes = network["hidden_units"], network["classes"]
    hidden_units, readout_units, decision = unit_words(network)
    columns = [
        (EAR_X, "Tone", f"{stimulus['frequency_hz']:g} Hz, right ear\nahead by the IPD"),
        (
            (RATE_X + FIBRE_X) / 2,
            f"2 × {fibres} fibres",
            f"spikes of rate up to\n{stimulus['rate_max_hz']:g}/s, in {step_ms:g} ms bins",
        ),
        (HIDDEN_X, *hidden_units),
        (OUTPUT_X, *readout_units),
        (DECISION_X, "Decision", ""),
    ]
    for x, name, note in columns:
        axes.text(x, TOP + 6.5, name, ha="center", va="bottom", fontweight="bold")
        axes.text(x, BOTTOM - 7, note, ha="center", va="top", fontsize=style.SMALL_PT)
    for x, name, shape in (
        ((FIBRE_X + HIDDEN_X) / 2, "W1", f"{2 * fibres} × {hidden}"),
        ((HIDDEN_X + OUTPUT_X) / 2, "W2", f"{hidden} × {classes}"),
    ):
        axes.text(x, TOP + 1.5, f"{name}  {shape}", ha="center", va="center")
    axes.text(DECISION_X, (TOP + BOTTOM) / 2, decision, ha="center", va="center")


def draw(figure: Figure, *, parameters: Mapping[str, Any]) -> None:
    """Draw the network of a run with signs as under Dale's principle.

    parameters: `stimulus` and `network` of the run, nested as in the config files.
    """
    network = parameters["network"]
    axes = figure.add_subplot()
    axes.set(xlim=(0, SIZE_MM[0]), ylim=(0, SIZE_MM[1]), aspect="equal")
    axes.set_axis_off()
    middle = (TOP + BOTTOM) / 2
    right_y, left_y = middle + 15.5, middle - 15.5
    right, left = (
        draw_ear(axes, "right", right_y, parameters),
        draw_ear(axes, "left", left_y, parameters),
    )
    draw_ipd(axes, right_y, left_y)
    fibres = np.concatenate([right, left])
    y = schematic.heights(BOTTOM, TOP - 4, SHOWN_HIDDEN, network["hidden_units"])
    hidden = np.column_stack([np.full(len(y), HIDDEN_X), y])
    outputs = draw_outputs(axes, network["classes"])
    layers = ((fibres, hidden, network["w1"]), (hidden, outputs, network["w2"]))
    for units, targets, layer in layers:
        negative = schematic.inhibitory(len(units), layer["inhibitory_fraction"])
        schematic.connect(axes, units, targets, negative)
        schematic.draw_nodes(axes, units, negative)
    if len(hidden) < network["hidden_units"]:
        schematic.draw_ellipsis(axes, HIDDEN_X, hidden)
    axes.annotate(
        "",
        (DECISION_X - 9, middle),
        (OUTPUT_X + 13, middle),
        arrowprops={"arrowstyle": "->", "linewidth": 0.8, "color": style.INK},
    )
    draw_key(axes)
    draw_words(axes, parameters)
