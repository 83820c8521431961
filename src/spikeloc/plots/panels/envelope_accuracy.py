"""Accuracy on test data against the envelope power of the stimulus."""

from functools import partial

from spikeloc.plots.style import SINGLE_MM
from spikeloc.plots.sweep import draw_accuracy_sweep

SIZE_MM = (SINGLE_MM, 68.0)
draw = partial(draw_accuracy_sweep, metric="test_accuracy", xlabel="Envelope power k")
