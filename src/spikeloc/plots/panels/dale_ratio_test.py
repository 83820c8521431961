"""Accuracy on test data against the inhibitory fraction of both layers."""

from functools import partial

from spikeloc.plots.style import SINGLE_MM
from spikeloc.plots.sweep import draw_accuracy_sweep

SIZE_MM = (SINGLE_MM, 68.0)
draw = partial(
    draw_accuracy_sweep,
    metric="test_accuracy",
    xlabel="Inhibitory fraction of inputs and of hidden units",
)
