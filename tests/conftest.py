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


FINISHED = ["quick", "once"]  # workflows that tests look at


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What two workers share: all that look at one finished workflow go to one of them, those of
    the longest first; of the rest a file does."""

    def workflow(item: pytest.Item) -> str:
        return next((name for name in FINISHED if name in getattr(item, "fixturenames", ())), "")

    for item in items:
        item.add_marker(pytest.mark.xdist_group(workflow(item) or item.path.stem))
    items.sort(key=lambda item: [*FINISHED, ""].index(workflow(item)))


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
