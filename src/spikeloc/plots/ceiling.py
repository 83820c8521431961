"""Shared drawing of the ideal observer's score: one line with its interval for each variant."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from spikeloc.plots import style

# Columns of the observer's score and the ends of its interval, by metric of the networks.
COLUMNS = {
    "test_accuracy": ("accuracy", "accuracy_low", "accuracy_high"),
    "test_abs_error_deg": ("abs_error_deg", "abs_error_low_deg", "abs_error_high_deg"),
}


def ceiling_of(metric: str, ceiling: pd.DataFrame) -> pd.DataFrame | None:
    """The ideal observer of a metric of test data, if it has this score."""
    return ceiling if metric in COLUMNS else None


def draw_ceiling(
    axes: Axes, ceiling: pd.DataFrame, metric: str, stretches: Mapping[str, Sequence[float]]
) -> None:
    """Draw the score of the ideal observer for the stimulus of each condition.

    ceiling: one row for each condition and variant, as in `ceiling.csv`; stretches: for each
    condition, the x positions between which its line is drawn, or a single one.
    """
    score, low, high = COLUMNS[metric]
    for variant in style.variants_in(ceiling):
        own = ceiling[ceiling["variant"] == variant]
        own = own.assign(x=own["condition"].map(stretches)).explode("x").sort_values("x")
        x, colour = own["x"].astype(float), style.VARIANTS[variant].colour
        axes.fill_between(
            x, own[low], own[high], color=colour, alpha=style.BAND_ALPHA, linewidth=0, zorder=1.4
        )
        axes.plot(x, own[score], color=colour, zorder=1.5, **style.CEILING_STYLE)


def is_level(ceiling: pd.DataFrame) -> bool:
    """Whether, within each variant, the observer has the same accuracy in all conditions."""
    return bool((ceiling.groupby("variant")["accuracy"].nunique() == 1).all())


def ceiling_handles(ceiling: pd.DataFrame) -> list[Line2D]:
    """Legend entries of the ideal observers, one for each variant: named after what the observer
    knows, or after the variant if others have the same."""
    known = ceiling.drop_duplicates("variant").set_index("variant")["phase_known"]
    alike = known.duplicated(keep=False)
    return [
        Line2D(
            [],
            [],
            color=style.VARIANTS[variant].colour,
            label="ideal observer, "
            + (variant if alike[variant] else f"phase {'' if known[variant] else 'un'}known"),
            **style.CEILING_STYLE,
        )
        for variant in style.variants_in(ceiling)
    ]
