"""Accuracy on test data with inhibition in both layers, or in one layer only."""

from functools import partial

from spikeloc.plots.conditions import draw_accuracy_by_condition
from spikeloc.plots.style import SINGLE_MM

SIZE_MM = (SINGLE_MM, 68.0)
draw = partial(
    draw_accuracy_by_condition, xlabel="Signs of the weights (+: all of that layer positive)"
)
