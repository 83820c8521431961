"""Settings of every test: one thread, one instruction set, the same examples each time."""

import pytest
from hypothesis import HealthCheck, settings

from spikeloc.environment import pin_numerics
from tiny_project import RUN, tiny_project
from workflow_project import QUICK, Project

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


RUNS_A_WORKFLOW = {"quick", "once"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What two workers share: a file goes to one of them, and all that look at a finished workflow
    go to one, first, since they take the longest."""
    names = {item: set(getattr(item, "fixturenames", ())) & RUNS_A_WORKFLOW for item in items}
    for item in items:
        group = "workflow" if names[item] else item.path.stem
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: not names[item])


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
