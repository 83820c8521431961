"""The words of the schematic are true of the run's own units."""

from typing import Any

import pytest

from spikeloc.config.parameters import NetworkParameters
from spikeloc.plots.panels.architecture import unit_words

LATE = "spike above 1, reset to 0,\nboth one step late"
INTEGRATORS = ("12 leaky integrators", "no spikes,\nno reset")


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ({}, (("30 LIF units", LATE), INTEGRATORS, "largest sum\nover time")),
        (
            {"reset": "immediate", "refractory_ms": 2.0, "readout_over_time": "last"},
            (
                ("30 LIF units", "spike above 1, reset to 0,\nboth at once,\nrefractory 2 ms"),
                INTEGRATORS,
                "largest last\npotential",
            ),
        ),
        (
            {"reset": "subtract", "threshold_jump": 0.5, "readout_over_time": "spike_count"},
            (
                ("30 adaptive LIF units", "spike above 1, less 1,\nboth one step late"),
                ("12 LIF units", "spike above 1, less 1,\nboth one step late"),
                "most spikes",
            ),
        ),
    ],
)
def test_words_say_what_units_do(network: dict[str, Any], expected: Any) -> None:
    assert unit_words(NetworkParameters.model_validate(network).model_dump()) == expected
