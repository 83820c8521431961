"""The share of units whose tuning curve is a peak or a dip against the swept parameter, and the
number of units of each kind in other conditions. Small marks are single networks; lines with bands
are means with 95 % intervals over seeds."""

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from spikeloc.config.run_names import NETWORK_KEY
from spikeloc.plots import style, unit_kinds
from spikeloc.plots.by_run import condition_axis, of_run, runs_in
from spikeloc.plots.parameter_labels import readable
from spikeloc.plots.strips import draw_networks

DRAWN_IF = "analysis"
DRAWN_FROM = {"units": "tables/units.csv", "tuning": "tables/tuning.csv"}
SIZE_MM = (style.DOUBLE_MM, 56.0)
LAYERS = {"hidden": "Hidden units", "output": "Outputs"}
MARKERS = {"peak": "^", "dip": "v"}
SPREAD = 0.12  # of single networks, as a share of the distance between values


def shares(units: pd.DataFrame) -> pd.DataFrame:
    """Percent of each network's units of each kind: columns value and those of ``MARKERS``."""
    kinds = units.groupby([*NETWORK_KEY, "value"])["kind"]
    table = 100 * kinds.value_counts(normalize=True).unstack(fill_value=0.0)
    return table.reindex(columns=list(MARKERS), fill_value=0.0).reset_index()


def draw_sweep(axes: Axes, units: pd.DataFrame, tuning: pd.DataFrame) -> None:
    """Draw the share of peaks and of dips in one layer of the runs of a sweep."""
    networks = shares(units)
    for kind, marker in MARKERS.items():
        mark = style.Mark(unit_kinds.COLOURS[kind], marker)
        draw_networks(axes, networks["value"], networks[kind], mark, SPREAD)
        own = tuning[tuning["kind"] == kind].sort_values("value")
        axes.fill_between(
            own["value"], own["ci95_low"], own["ci95_high"], color=mark.colour,
            alpha=style.BAND_ALPHA, linewidth=0, zorder=2.5,
        )  # fmt: skip
        axes.plot(own["value"], own["percent"], color=mark.colour, marker=marker, zorder=3)
    axes.set(xlabel=readable(tuning["parameter"].iloc[0].split(".")[-1]), ylabel="")
    axes.set_ylim(-3, 103)


def draw_kinds(axes: Axes, tuning: pd.DataFrame) -> None:
    """Draw the number of units of one layer by kind, one bar for each run."""
    runs = runs_in(tuning)
    colours = unit_kinds.COLOURS
    for row, run in runs.iterrows():
        own = of_run(tuning, run).set_index("kind").loc[list(colours)]
        ends = own["units"].cumsum()
        axes.barh(
            row, own["units"], left=ends - own["units"], color=list(colours.values()), height=0.8
        )
    condition_axis(axes, runs)
    axes.set_xlim(0, tuning["of"].max())


def draw(figure: Figure, *, units: pd.DataFrame, tuning: pd.DataFrame) -> None:
    """Draw hidden units and outputs of the first sweep, and the hidden units of all other runs.

    units: `results/tables/units.csv`; tuning: `tuning.csv`.
    """
    swept = tuning[tuning["value"].notna()]
    first = swept[["experiment", "variant"]].drop_duplicates()[:1]
    others = tuning[~tuning["experiment"].isin(first["experiment"])]
    others = others[others["layer"] == "hidden"]
    layers = list(LAYERS) if len(first) else []
    widths = [1.0] * len(layers) + [0.8] * bool(len(others))
    row = figure.subplots(1, len(widths), squeeze=False, width_ratios=widths)[0]
    for axes, layer in zip(row, layers, strict=False):
        own = (table[table["layer"] == layer].merge(first) for table in (units, tuning))
        draw_sweep(axes, *own)
        axes.set_title(LAYERS[layer])
    if layers:
        row[0].set_ylabel("Share of units (%)")
    if len(others):
        draw_kinds(row[-1], others)
        row[-1].set_xlabel(f"{LAYERS['hidden']} of all networks")
        row[-1].set_title("Other conditions" if layers else "")
    style.legend_above(figure, legend(bool(layers), bool(len(others))), columns=8)


def legend(with_sweep: bool, with_kinds: bool) -> list[Artist]:
    """The legend entries of the kinds, and of marks and bands where there are some."""
    handles: list[Artist] = [
        Line2D([], [], color=unit_kinds.COLOURS[kind], marker=marker, label=kind)
        for kind, marker in MARKERS.items()
    ]
    if with_kinds:
        handles += [
            Patch(color=colour, label=unit_kinds.NAMES[kind])
            for kind, colour in unit_kinds.COLOURS.items()
            if kind not in MARKERS
        ]
    marks = [style.network_handle("one network"), style.band_handle()] if with_sweep else []
    return [*handles, *marks]
