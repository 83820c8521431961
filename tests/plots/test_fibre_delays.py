"""Panels of fibres show the delays of their run's own fibres."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from configs import named, put, runs_of
from matplotlib.text import Text

from spikeloc.config.loading import check_config
from spikeloc.config.plan import Plan
from spikeloc.plots.catalogue import panels
from spikeloc.plots.render import make_figure

pytestmark = pytest.mark.long

PANELS = "spikeloc.plots.panels"
RUN = "e/c/v"
FIBRES, UNITS = 5, 3


def drawn(panel: str, ends: Sequence[float], **inputs: Any) -> tuple[list[str], Any]:
    """All texts of a panel, and its first axes."""
    figure = make_figure(f"{PANELS}.{panel}", {"fibre_delays_deg": {RUN: ends}, **inputs})
    return [each.get_text() for each in figure.findobj(Text)], figure.axes[0]


def weights() -> dict[str, Any]:
    rng = np.random.default_rng(1)
    shapes = {"w1": (2 * FIBRES, UNITS), "w2": (UNITS, 4)}
    return {RUN: {name: rng.normal(size=shape) for name, shape in shapes.items()}}


@pytest.mark.parametrize(
    ("ends", "text"), [((0.0, 90.0), "0 to 90°"), ((-30.0, 60.0), "\N{MINUS SIGN}30 to 60°")]
)
def test_labels_show_the_range(ends: Sequence[float], text: str) -> None:
    stimuli = {
        "spikes": np.ones((8, 4, 2 * FIBRES), np.uint8), "ipd_rad": np.linspace(-1, 1, 8),
        "phase_cycles": np.zeros(8), "time_step_ms": np.ones(()),
    }  # fmt: skip
    texts, _ = drawn("example_stimuli", ends, arrays=stimuli)
    assert f"Fibres, phase delay {text} upwards in each ear" in texts
    texts, _ = drawn("sorted_weights", ends, weights=weights(), run_labels={RUN: "a"})
    assert texts.count(f"Input fibre (delay {text})") == 2
    _, axes = drawn("w1_columns", ends, weights=weights())
    assert axes.get_xlim() == tuple(ends) and axes.get_xticks()[1] == sum(ends) / 2
    assert axes.lines[1].get_xdata() == pytest.approx(np.linspace(ends[0], ends[1], FIBRES))


def test_fibres_without_delays_are_told_apart_by_number() -> None:
    texts, axes = drawn("w1_columns", (0.0, 0.0), weights=weights())
    assert "Fibre (phase delay 0°)" in texts
    assert axes.lines[1].get_xdata().tolist() == [1, 2, 3, 4, 5]


def test_a_panel_is_told_the_delays_of_its_run() -> None:
    stimulus = {"fibre_delay_min_deg": 10, "fibre_delay_max_deg": 20}
    content = named({"name": "near", "label": "near", "stimulus": stimulus})
    runs = ["extra/near/corrected", "baseline/free/corrected"]
    content = put(content, "panels.sorted_weights.runs", runs)
    content = put(content, "panels.w1_columns", {"run": runs[0]})
    assert len(runs_of(content)) > 1
    made = panels(Plan(check_config(content)))
    several = made["sorted_weights"].settings["fibre_delays_deg"]
    assert several == {runs[0]: [10, 20], runs[1]: [0, 90]}
    assert made["w1_columns"].settings["fibre_delays_deg"] == {runs[0]: [10, 20]}
