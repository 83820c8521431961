"""The package without the workflow, and each make target after what it installs itself:
`make test-install`. It installs two environments, and needs a C++ compiler and the package index.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from tiny_project import TINY
from workflow_project import ROOT

pytestmark = pytest.mark.slow

EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
# What nothing but the workflow's own parts may need.
WORKFLOW_PARTS = ("spikeloc.plots", "spikeloc.paper", "spikeloc.release")
# What the package is for: stimuli, training and a trained ensemble.
USE = """
import sys
from pathlib import Path

import torch
import yaml

import spikeloc
from spikeloc.config.expansion import expand
from spikeloc.config.loading import check_config
from spikeloc.release.verify import train_again
from spikeloc.stimulus.generator import make_data_set

config = check_config(yaml.safe_load(sys.argv[1]))
run = expand(config)[0]
train_again(config, run, Path("results"))
loaded = spikeloc.load_run(Path("results/runs", run.path))
data = make_data_set(run.parameters.stimulus, seed=99, purpose="test", samples=3, backend="native")
assert torch.isfinite(loaded(data.spikes).logits).all()
print(spikeloc.__file__)
"""
IMPORT_ALL = """
import importlib, json, pkgutil

import spikeloc

missing = {}
for module in pkgutil.walk_packages(spikeloc.__path__, "spikeloc.", onerror=lambda name: None):
    try:
        importlib.import_module(module.name)
    except ModuleNotFoundError as error:
        missing[module.name] = error.name
print(json.dumps(missing))
"""
# Commands that stand for a target, because it takes too long or waits for a cluster.
DRY = {
    "paper": ".venv/bin/snakemake -n --cores all",
    "papers": ".venv/bin/snakemake -n --cores all --configfile config/signs.yaml",
    "quick": ".venv/bin/snakemake -n --cores all --configfile config/quick.yaml",
    "bench": ".venv/bin/python benchmarks/bench.py --worker naive_ms",
    "bench-scale": ".venv/bin/python benchmarks/scale.py results/benchmarks/scale.json 20",
    "kept": ".venv/bin/python -m spikeloc.release.precomputed --help",
    "cluster": ".venv/bin/snakemake -n --workflow-profile profiles/slurm --forceall",
}
TINY_RUN = ["release", "redraw", "report"]
AFTER_ENV = [
    "paper",
    "papers",
    "kept",
    "quick",
    *TINY_RUN,
    "bench",
    "bench-scale",
    "docs",
    "sanitize",
    "schema",
    "verify",
]
AFTER_DEV = ["format", "lint", "test", "test-bytes", "test-configs", "test-install", "test-kills"]
AFTER_DEV += ["test-slurm", "test-unit"]
# They say nothing about our environment: a list, six that install their own, one without Python,
# one whose tests need two browsers, one that opens a browser, and one that `docs` calls.
NOT_CALLED = ["help", "env", "audit", "pins", "test-nir", "bench-others", "lint-page", "test-arm"]
NOT_CALLED += ["test-browser", "notebook", "tour"]


def call(*command: str | Path, folder: Path, **variables: str) -> str:
    """What a command says in a folder, without the paths of this environment."""
    own = {"PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "VIRTUAL_ENV"}
    environment = {name: value for name, value in os.environ.items() if name not in own}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    return done.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files under version control, and new ones, in a folder of their own."""
    folder = tmp_path_factory.mktemp("clone")
    listed = call("git", "ls-files", "-coz", "--exclude-standard", folder=ROOT)
    for name in filter(None, listed.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def wheel(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = shutil.copytree(clone, folder / "source")  # setuptools leaves files beside it
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", ".")
    call(*pip, source, folder=folder)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def library(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python in an environment that has the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("library")
    venv.create(folder, with_pip=True)
    python = folder / "bin/python"
    pip = (python, "-m", "pip", "install", "--quiet", "--constraint", ROOT / "requirements.txt")
    call(*pip, wheel, folder=folder)
    return python


def test_the_wheel_has_modules_types_and_core_and_no_sources(clone: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = {name for name in opened.namelist() if not name.startswith("spikeloc-")}
    modules = {path.relative_to(clone / "src").as_posix() for path in clone.glob("src/**/*.py")}
    (core,) = (name for name in names if name.startswith("spikeloc/native/_core.cpython"))
    page = {  # the interactive page, without its types for development
        path.relative_to(clone / "src").as_posix()
        for path in clone.glob("src/spikeloc/plots/explorer/**/*")
        if path.is_file() and path.suffix != ".py" and not path.name.endswith(".d.ts")
    }
    assert names == modules | page | {core, "spikeloc/native/_core.pyi", "spikeloc/py.typed"}


def test_the_package_needs_nothing_of_the_workflow(library: Path, tmp_path: Path) -> None:
    listed = call(library, "-m", "pip", "list", "--format=freeze", folder=tmp_path)
    installed = {line.partition("==")[0].lower() for line in listed.splitlines()}
    assert {"spikeloc", "torch"} <= installed
    wanted = {re.split(r"[\[>]", each)[0].lower() for group in EXTRAS.values() for each in group}
    assert {"snakemake", "matplotlib", "typst"} <= wanted
    assert not installed & wanted


def test_only_parts_of_the_workflow_lack_anything(library: Path, tmp_path: Path) -> None:
    lacking: dict[str, str] = json.loads(call(library, "-c", IMPORT_ALL, folder=tmp_path))
    assert set(lacking.values()) == {"matplotlib", "rocrate", "seaborn", "typst"}
    assert all(module.startswith(WORKFLOW_PARTS) for module in lacking), lacking


def test_the_package_makes_stimuli_trains_and_loads(library: Path, tmp_path: Path) -> None:
    config = f"{TINY}backend: native\n"  # an error without the core
    said = call(library, "-W", "error", "-c", USE, config, folder=tmp_path)
    assert said.splitlines()[-1].startswith(str(library.parents[1] / "lib"))


def test_users_code_is_checked_against_the_packages_types(library: Path, tmp_path: Path) -> None:
    (tmp_path / "use.py").write_text(
        'import spikeloc.native\n\nreveal_type(spikeloc.native.use_native("auto"))\n'
    )
    mypy = (sys.executable, "-m", "mypy", "--python-executable", library)
    assert 'Revealed type is "bool"' in call(*mypy, "use.py", folder=tmp_path)


@pytest.fixture(scope="module")
def after_env(clone: Path) -> Path:
    """The clone after `make env`, with the files that targets ask for."""
    said = call("make", "env", f"PYTHON={sys.executable}", folder=clone)
    assert said.index(" GB") < said.index("Collecting ")
    (clone / "tiny.yaml").write_text(TINY)
    call(".venv/bin/snakemake", "--cores=2", "--configfile=tiny.yaml", folder=clone)
    for name in re.findall(r"^SHOWN := (.*)$", (clone / "Makefile").read_text(), re.M)[0].split():
        Image.new("RGB", (8, 8)).save(clone / "figures" / f"{name}.png")  # a full run draws them
    return clone


def call_target(name: str, clone: Path) -> None:
    command = DRY.get(name, f"make {name}").split()
    if name in TINY_RUN:
        command.append("CONFIG=tiny.yaml")
    if name == "redraw":
        command.append("ARCHIVE=results/tiny/spikeloc-tiny.zip")
        shutil.rmtree(clone / "figures/tiny")
    if name == "docs" and shutil.which("dot") is None:
        pytest.skip("no graphviz here")
    call(*command, folder=clone, PYTEST_ADDOPTS="--collect-only --quiet")


@pytest.mark.parametrize("name", AFTER_ENV)
def test_after_make_env(name: str, after_env: Path) -> None:
    call_target(name, after_env)


def test_what_they_made(after_env: Path) -> None:
    assert "fraction.svg" in (after_env / "results/report.html").read_text(encoding="utf-8")
    assert (after_env / "figures/tiny/fraction.svg").is_file()


def test_after_make_cluster(after_env: Path) -> None:
    call("make", "cluster", folder=after_env)
    call_target("cluster", after_env)


@pytest.mark.parametrize("name", AFTER_DEV)
def test_after_tools_for_tests_and_checks(name: str, after_env: Path) -> None:
    call_target(name, after_env)


@pytest.mark.parametrize("name", ["docs/tables.md", "workflow/schemas/config.schema.json"])
def test_what_is_under_version_control_stays(name: str, after_env: Path) -> None:
    assert (after_env / name).read_bytes() == (ROOT / name).read_bytes()


def test_every_target_is_called_here() -> None:
    targets = re.findall(r"^([a-z-]+):.* ## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert sorted(targets) == sorted([*NOT_CALLED, *AFTER_ENV, "cluster", *AFTER_DEV])
