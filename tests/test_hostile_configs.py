"""Whatever stands in a config, it is a plan inside its folders or one line that says what is wrong.

`make test-configs` tries fifty times as many.
"""

import json
import re
from pathlib import PurePosixPath
from typing import Any

import yaml
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from hostile import hostile
from spikeloc.config import Config
from spikeloc.errors import InputError
from spikeloc.expansion import MOST_RUNS, expand
from spikeloc.loading import check_config
from spikeloc.schema import config_schema

SCHEMA = Draft202012Validator(json.loads(config_schema()))
SAFE = re.compile(r"[a-z0-9][A-Za-z0-9_.-]*")


def check_plan(config: Config) -> None:
    """What the workflow derives from a valid config: folders, and the config written out."""
    runs = expand(config)
    assert len(runs) == len({run.path for run in runs}) <= MOST_RUNS
    names = {config.name}
    for run in runs:
        parameters = run.parameters
        names |= {run.experiment, run.condition, run.variant, parameters.stimulus_name()}
        names |= {parameters.observer_name(), parameters.network_name(config.seeds)}
        assert run.path == PurePosixPath(run.path).as_posix()
    for name in names:
        assert SAFE.fullmatch(name), name
    content = config.model_dump(exclude_none=True)
    assert yaml.safe_load(yaml.safe_dump(content)) == content
    assert check_config(content) == config


@settings(max_examples=6 * settings.default.max_examples)  # type: ignore[union-attr]
@given(content=hostile())
def test_a_hostile_config_is_a_plan_or_one_line(content: dict[str, Any]) -> None:
    try:
        config = check_config(content, "my.yaml")
    except InputError as error:
        message = str(error)
        assert message.startswith("my.yaml: ") and len(message.splitlines()) == 1
        assert len(message) < 1000 and message.isprintable(), message
    else:
        assert SCHEMA.is_valid(content)
        check_plan(config)
