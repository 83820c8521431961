"""Accuracy on test data against a swept parameter, for an experiment added to the config."""

from functools import partial

from spikeloc.plots.style import SINGLE_MM
from spikeloc.plots.sweep import draw_accuracy_sweep

SIZE_MM = (SINGLE_MM, 68.0)
draw = partial(draw_accuracy_sweep, metric="test_accuracy", close=True)
