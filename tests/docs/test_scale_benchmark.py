"""Configs of `make bench-scale`, and the networks that it puts where the workflow finds them."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from configs import ROOT

import spikeloc
from spikeloc.config.loading import load_config
from spikeloc.config.plan import Plan
from spikeloc.io.checksums import checked_files
from spikeloc.io.files import RUN_FILES

SCALE: dict[str, Any] = runpy.run_path(str(ROOT / "benchmarks/scale.py"))


@pytest.mark.parametrize("networks", [100, 1000])
def test_a_config_has_as_many_networks_as_asked(
    networks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plan = Plan(load_config(SCALE["write_config"](networks)))
    assert sum(block.networks for block in plan.blocks.values()) == networks
    assert {len(block.seeds) for block in plan.blocks.values()} == {10}
    assert len(plan.runs) == SCALE["CONDITIONS"]


@pytest.mark.long
def test_its_networks_lie_where_jobs_would_have_put_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(SCALE["CONFIG"]["experiments"]["time_constant"], "values", [5, 10])
    plan = Plan(load_config(SCALE["write_config"](10)))
    SCALE["train"](plan)
    assert len(plan.blocks) == 2
    for name, block in plan.blocks.items():
        files = [plan.networks / name / RUN_FILES[key] for key in ("weights", "metrics", "history")]
        with checked_files([*files, plan.manifest(block)], []):  # checksums lie beside them
            run = spikeloc.load_run(plan.networks / name)
        assert run.parameters == block.parameters and list(run.seeds) == list(block.seeds)
