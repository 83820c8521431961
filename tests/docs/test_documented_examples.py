"""The examples in the documents work as they are shown."""

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from configs import ROOT, blocks, with_signs

import spikeloc
from spikeloc.config.experiments import Experiment
from spikeloc.config.loading import check_config, load_config
from spikeloc.config.models import Config
from spikeloc.config.parameters import RunParameters
from spikeloc.config.plan import Plan
from spikeloc.io.weight_files import write_weights
from spikeloc.paper.printed import Repeated, printed_table
from spikeloc.plots import declarations
from spikeloc.plots.catalogue import panels

SWEEP = {"recipe": "dale", "vary": "network.tau_ms", "values": [2, 5]}


EXAMPLES = [
    pytest.param(yaml.safe_load(block), id=f"{document}, {place}")
    for document in ("README.md", "config/README.md", "docs/tour.md")
    for place, block in enumerate(blocks(document, "yaml"), 1)
]


def with_example(example: dict[str, Any]) -> Config:
    """An example that is a complete config, or the paper's config with the example where it
    belongs: at the top, in an experiment, or as experiments."""
    if {"name", "experiments"} <= {*example}:
        with tempfile.TemporaryDirectory() as folder:
            configs = shutil.copytree(ROOT / "config", Path(folder, "config"))
            (configs / "mine.yaml").write_text(yaml.safe_dump(example))
            return load_config(configs / "mine.yaml")
    content = with_signs()
    for key, value in example.items():
        if key in Config.model_fields:
            both = isinstance(content.get(key), dict) and key == "variants"
            content[key] = content[key] | value if both else value
        elif key in Experiment.model_fields:
            content["experiments"].setdefault("extra", dict(SWEEP))[key] = value
        else:
            content["experiments"][key] = value
    return check_config(content)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_accepted(
    example: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(with_example(example))
    if "my_notebook" in plan.config.experiments:
        printed = str(plan.config.experiments["my_notebook"].printed)
        (tmp_path / "paper").symlink_to(ROOT / "paper")
        shutil.copytree(ROOT / "resources", tmp_path / "resources")
        monkeypatch.chdir(tmp_path)
        Path(printed).write_text(*blocks("config/README.md", "csv"))
        read = printed_table(
            {"my_notebook": printed}, {"my_notebook": Repeated(**plan.repeated("my_notebook"))}
        )
        assert len(read) == 5
    plan.check_files()
    made = panels(plan)
    for name in {*example} & {*plan.config.experiments}:
        assert plan.runs_of(name) and name in made


def test_the_example_of_a_new_panel_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(declarations.FOLDER, tmp_path / "panels")
    (folder / "hidden_rates.py").write_text(blocks("CONTRIBUTING.md", "python")[0])
    monkeypatch.setattr(declarations, "FOLDER", folder)
    (example,) = blocks("CONTRIBUTING.md", "yaml")
    made = panels(Plan(with_example(yaml.safe_load(example))))["rates"]
    assert made.caption.endswith("Mean firing rate of the hidden units in each condition.")
    assert made.inputs == {"summary": "results/runs/extra/summary.csv"}


def test_the_readmes_torch_code_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = RunParameters()
    network = spikeloc.SpikingNetwork(run.network, run.stimulus, [1, 2])
    folder = tmp_path / "results/runs/inhibition_placement/both/corrected"
    folder.mkdir(parents=True)
    metadata = {"parameters": run.model_dump(), "seeds": [1, 2], "networks": [1, 1]}
    weights = {name: each.numpy() for name, each in network.signed_weights().items()}
    write_weights(folder / "weights.safetensors", weights, metadata)
    monkeypatch.chdir(tmp_path)
    made: dict[str, Any] = {}
    for block in blocks("README.md", "python"):
        exec(re.sub(r"samples=\d+", "samples=128", block), made)  # noqa: S102
    assert made["output"].logits.shape == (2, 128, 12) and isinstance(
        made["network"], torch.nn.Module
    )
    assert len(made["tuning"]) == 12 and made["loss"] < 2.6
    counts = made["damaged"](made["test"].spikes).hidden_counts
    assert (counts[:, [0, 7, 12]] == 0).all() and counts.sum() > 0
    sign = made["layer"].weight.sign()
    assert sorted(sign[0].tolist()) == [-1.0] * 40 + [1.0] * 160 and (sign == sign[0]).all()
