"""Whatever stands in a config, it is a plan inside its folders or one line that says what is wrong.

`make test-configs` tries fifty times as many.
"""

import functools
import itertools
import json
import re
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from configs import a_sweep, paper, put
from hostile import hostile
from hypothesis import given, settings
from json_schema import validator
from tiny_project import RUN, TINY, tiny_project

from spikeloc.config.expansion import MOST_RUNS, expand
from spikeloc.config.json_schema import config_schema
from spikeloc.config.limits import job_bytes
from spikeloc.config.loading import check_config, load_config
from spikeloc.config.models import Config
from spikeloc.config.parameters import Nesting, RunParameters
from spikeloc.config.yaml_files import dump_yaml, parsed
from spikeloc.io.errors import InputError

pytestmark = pytest.mark.long


@functools.cache
def schema() -> Any:
    return validator(json.loads(config_schema()))


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
    written = dump_yaml(config.model_dump(exclude_none=True))
    assert check_config(parsed(written, "config.yaml")) == config


@pytest.mark.long
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
        assert schema().is_valid(content)
        check_plan(config)


def aliases(levels: int) -> list[Any]:
    """A hundred times a hundred times ... the same, which takes no memory."""
    tree: list[Any] = [1]
    for _ in range(levels):
        tree = [tree] * 100
    return tree


def nested(levels: int) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for _ in range(levels):
        tree = {"network": tree}
    return tree


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("seeds", list(range(1001)), "seeds: List should have at most 1000 items"),
        ("experiments.dale_ratio.values", [1] * 1001, "at most 1000 items"),
        ("experiments.envelope_power.values", list(range(1000)), "more than 1000 runs"),
        ("seeds", aliases(4), "has more than 100000 entries"),
        ("network", nested(100_000), "nested too deeply"),
        ("training.training_samples", 10**6, "take "),
        ("network.hidden_units", 10**5000, "not an integer of 16610 bits"),
        ("network.model", "x" * 10**6, f"not '{'x' * 79}..."),
        ("experiments.baseline.title", "$\\frac$", "experiments.baseline.title: it is drawn"),
        ("experiments.baseline.conditions.0.label", "a\tb", "conditions.0.label: it is drawn"),
        ("experiments.baseline.conditions.0.name", "runs.csv", "must not end like a file"),
        ("name", "trial.svg", "name: it becomes the name of a folder"),
    ],
    ids=itertools.count(),  # pytest cannot print them all
)
def test_what_is_too_large_or_cannot_be_drawn_is_refused(path: str, value: Any, said: str) -> None:
    content = put(paper(), path, value)
    if path == "training.training_samples":  # 2.5 kB a sample, 10 seeds, a million samples
        content = put(content, "stimulus.fibres_per_ear", 1000)
    with pytest.raises(InputError) as caught:
        check_config(content)
    assert said in str(caught.value) and len(str(caught.value)) < 1000


def test_blocks_of_seeds_are_limited() -> None:
    many = {"values": list(range(1, 301)), "variants": ["corrected"], "seeds": list(range(700))}
    more = len(expand(check_config(paper()))) + 300
    with pytest.raises(
        InputError, match=rf"seeds: {more} runs have 21\d\d\d blocks of at most 10 "
    ):
        check_config(a_sweep(**many))


def test_memory_is_that_of_spikes_and_weights() -> None:
    run = RunParameters()  # 100 steps of 25 bytes; 200 * 30 + 30 * 12 weights four times in float32
    samples = 4096 + 4096 + 2048
    assert job_bytes(run, 10) == 10 * (samples * 100 * 25 + 6360 * 16)
    nested = run.model_copy(update={"nesting": Nesting(networks=2, shared=["training"])})
    samples += 4096 + 2048
    assert job_bytes(nested, 1) == samples * 100 * 25 + 2 * 6360 * 16


def test_a_file_nested_too_deeply_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "my.yaml").write_text("x: " + "[" * 5000 + "]" * 5000)
    with pytest.raises(InputError, match=r"my\.yaml: nested too deeply$"):
        load_config(tmp_path / "my.yaml")


ODD = """
  all:
    title: "<b> & \\u2603 {seed}"
    recipe: dale
    conditions:
      - {name: x..y, label: "%s"}
      - {name: runs, label: NA, network: {tau_ms: 7}}
  all-ceiling:
    recipe: dale
    vary: network.tau_ms
    values: [1.0e-300, 1000000]
"""


def test_an_odd_plan_stays_inside_its_folders(tmp_path: Path) -> None:
    project = tiny_project(tmp_path / "copy")
    (project.folder / "tiny.yaml").write_text(TINY + ODD)
    before = set(project.folder.rglob("*"))
    run = project.snakemake("--detailed-summary", *RUN)
    assert run.returncode == 0, run.stdout
    lines = run.stdout.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("output_file"))
    rows = [line.split("\t") for line in lines[start + 1 :]]
    outputs = [row[0] for row in rows]
    logs = [row[3] for row in rows if row[3] not in {"", "-"}]
    assert len(outputs) > 50 and len(set(outputs)) == len(outputs)
    shared = [f"results/{top}{kind}/" for top in ("", "logs/") for kind in ("networks", "stimuli")]
    folders = ("results/tiny/", "figures/tiny/", *shared)
    for path in [*outputs, *logs]:
        assert path.startswith(folders) and ".." not in Path(path).parts
    made = {path for path in project.folder.rglob("*") if ".snakemake" not in path.parts}
    assert {path for path in made - before if "__pycache__" not in path.parts} == set()
