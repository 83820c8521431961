"""Accuracy on test data with inhibition in both layers, or in one layer only."""

from functools import partial

from spikeloc.plots.named import draw_named_accuracy
from spikeloc.plots.style import SINGLE_MM

SIZE_MM = (SINGLE_MM, 68.0)
draw = partial(draw_named_accuracy, xlabel="Signs of the weights (+: all of that layer positive)")
