"""Settings of every test: one thread, one instruction set, the same examples each time."""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tiny_project import RUN, tiny_project
from workflow_project import QUICK, Project

from spikeloc.io.environment import pin_numerics
from spikeloc.io.instruction_sets import X86_INSTRUCTIONS

# What the shell that starts the tests may have set for git, make, Python, Snakemake or a terminal,
# and what decides the last bits: no test depends on it, and none writes where GIT_DIR says.
SET_BY_SHELL = re.compile(
    "GIT_|SNAKEMAKE_|(GNU)?MAKE|MFLAGS|PYTHON(?!PATH)|LC_|LANG|(FORCE|NO)_COLOR|CLICOLOR"
)
for variable in list(os.environ):
    if SET_BY_SHELL.match(variable) or variable in X86_INSTRUCTIONS:
        del os.environ[variable]
os.environ["LC_ALL"] = "C.UTF-8"

pin_numerics()  # before any test imports torch

ordinary = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.register_profile("spikeloc", ordinary)
settings.register_profile("thorough", ordinary, max_examples=2500)  # `make test-configs`
settings.load_profile("spikeloc")


FINISHED = ["quick", "once"]  # workflows that tests look at
WORKFLOWS = Path(__file__).parent / "workflow"


@cache
def group(path: Path) -> str:
    """What one of several workers does as a whole: a file, or all files that look at one finished
    workflow, so that it is run once."""
    text = path.read_text(encoding="utf-8")
    return next((name for name in FINISHED if f"{name}: Project" in text), str(path))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Share by these groups. (The marker xdist_group has no effect with pytest 9.2, and the process
    that shares does not know the tests' fixtures, only their names.)"""
    from xdist.scheduler import LoadScopeScheduling

    class Sharing(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return group(config.rootpath / nodeid.split("::")[0])

    return Sharing(config, log)


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs Snakemake; what takes the longest comes first.

    Raises:
        UsageError: a test looks at a workflow that is not its group's, so that it would run twice.
    """
    for item in items:
        looked_at = [name for name in FINISHED if name in getattr(item, "fixturenames", [])]
        if looked_at and group(item.path) != looked_at[0]:
            raise pytest.UsageError(f"{item.path}: annotate the fixture: `{looked_at[0]}: Project`")
        if looked_at or WORKFLOWS in item.path.parents:
            item.add_marker("workflow")
    items.sort(key=lambda item: [*FINISHED, group(item.path)].index(group(item.path)))


@pytest.fixture(scope="session")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project's own copy in which the quick config has been run to the end."""
    project = Project.copy_to(tmp_path_factory.mktemp("quick"))
    run = project.snakemake("--cores", "all", *QUICK)
    assert run.returncode == 0, run.stdout[-5000:]
    (project.folder / "run.log").write_text(run.stdout)
    return project


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project's own copy in which the tiny config has been run to the end."""
    project = tiny_project(tmp_path_factory.mktemp("once"))
    run = project.snakemake(*RUN)
    assert run.returncode == 0, run.stdout[-5000:]
    return project


@pytest.fixture
def torch_as_it_was() -> Iterator[None]:
    """A training job changes settings of its process."""
    import torch  # here, because many tests need none

    yield
    torch.set_deterministic_debug_mode("default")
    torch.utils.deterministic.fill_uninitialized_memory = True  # type: ignore[attr-defined]
