"""The examples of configs in the documents are experiments that work as they are shown."""

import re
from typing import Any

import pytest
import yaml
from configs import paper

from spikeloc.config.loading import check_config
from spikeloc.config.models import Config, Experiment
from spikeloc.config.plan import Plan
from spikeloc.plots.catalogue import panels

EXAMPLES = [
    pytest.param(yaml.safe_load(block), id=f"{name} {place}")
    for name in ("README.md", "config/README.md", "CONTRIBUTING.md")
    for place, block in enumerate(
        re.findall(r"^```yaml\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.S | re.M)
    )
]
SWEEP = {"recipe": "dale", "vary": "network.tau_ms", "values": [2, 5]}


def place(example: dict[str, Any]) -> dict[str, Any]:
    """The paper's config with an example where it belongs: at the top, in an experiment, or as
    experiments."""
    content = paper()
    for key, value in example.items():
        if key in Config.model_fields:
            content[key] = value
        elif key in Experiment.model_fields:
            content["experiments"].setdefault("extra", dict(SWEEP))[key] = value
        else:
            content["experiments"][key] = value
    return content


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_works_as_it_is_shown(example: dict[str, Any]) -> None:
    made = check_config(place(example))
    plan = Plan(made)
    plan.check_files()
    assert panels(plan)
    for name in {*example} & {*made.experiments}:
        assert plan.runs_of(name)
