"""Shared drawing of single networks, spread out beside their mean."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from spikeloc.plots import style


def draw_networks(
    axes: Axes,
    x: ArrayLike,
    y: ArrayLike,
    mark: style.Mark,
    spread: float,
    orient: Literal["x", "y"] = "x",
) -> None:
    """Draw one small mark for each network. On the axis ``orient``, it is up to ``spread`` off its
    place, as a share of the smallest distance between two places, or of 1 if there is one only."""
    import seaborn  # here, because it takes a second

    if not np.size(y):
        return
    with _same_jitter():
        seaborn.stripplot(
            x=np.asarray(x, dtype=float), y=np.asarray(y, dtype=float), orient=orient,
            native_scale=True, jitter=spread, color=mark.colour, marker=mark.marker,
            size=style.NETWORK_PT, alpha=style.NETWORK_ALPHA, linewidth=0, zorder=2, ax=axes,
        )  # fmt: skip


@contextmanager
def _same_jitter() -> Iterator[None]:
    """Let seaborn, which draws jitter from numpy's global generator, draw the same each time."""
    before = np.random.get_state()  # noqa: NPY002
    np.random.seed(1)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
