"""Accuracy on test data by named condition, for an experiment added to the config."""

from functools import partial

from spikeloc.plots.conditions import draw_accuracy_by_condition
from spikeloc.plots.style import SINGLE_MM

SIZE_MM = (SINGLE_MM, 68.0)
draw = partial(draw_accuracy_by_condition, close=True)
