"""A rule's code hash: changed by an edit of what its script needs, and by nothing else."""

import ast
import os
import re
import shutil
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from configs import ROOT

from spikeloc.io import sources
from spikeloc.io.errors import InputError

SCRIPTS = sorted((ROOT / "workflow" / "scripts").glob("*.py"))
PANELS = sorted(
    path.stem
    for path in (ROOT / "src/spikeloc/plots/panels").glob("*.py")
    if path.stem != "__init__"
)
DRAWN = {f"panel {name}" for name in PANELS}


@cache
def needed() -> dict[str, set[Path]]:
    """What each script's hash is made of, and the panel script's for every panel."""
    panel = ROOT / "workflow" / "scripts" / "panel.py"
    files = {path.stem: sources.needed_files(path) for path in SCRIPTS if path != panel}
    return files | {
        f"panel {name}": sources.needed_files(panel, [f"spikeloc.plots.panels.{name}"])
        for name in PANELS
    }


def affected(module: str) -> set[str]:
    """What an edit of a module changes the hash of."""
    path = sources.PACKAGE / f"{module}.py"
    assert path.is_file()
    return {name for name, files in needed().items() if path in files}


def in_room(room: str, *but: str) -> list[str]:
    """The modules of a folder of the package, without those named."""
    files = (sources.PACKAGE / room).rglob("*.py")
    modules = [path.relative_to(sources.PACKAGE).with_suffix("").as_posix() for path in files]
    names = {f"{room}/{name}" for name in ("__init__", *but)}
    assert names <= {*modules}
    return [module for module in modules if module not in names]


# The rows of CONTRIBUTING.md, "Which edits train networks again".
TRAINING = [
    *in_room("networks", "loaded_run", "nir_export"),
    *in_room("native"),
    *in_room("stimulus", "examples"),
    *in_room("training", "duration", "successive_halving", "blocks"),
    *in_room("metrics"),
    *in_room("io", "fork_server"),
    *in_room("config/parameters"),
    *(f"config/{name}" for name in ("base", "network_ids")),
]
ANALYSES = {"phase_scores", "example_trial", "unit_analysis", "timing", "tests"}
SLOW = ANALYSES | {"networks", "rate_search", "search", "ideal_observer", "coincidence_scores"}
OTHERS: dict[str, set[str]] = {
    "networks/loaded_run": ANALYSES,
    "networks/nir_export": set(),
    "io/fork_server": set(),
    "stimulus/examples": set(),
    "training/duration": set(),
    "training/successive_halving": {"search"},
    "training/blocks": set(),
    "config/search/settings": {"search"},
    "config/coincidence": {"coincidence_scores"},
    "config/experiments": set(),
    "config/models": set(),
    "config/network_tests": {"tests"},
    "config/run_names": {"unit_analysis", "timing", "tests"},
    "statistics/tables": {"unit_analysis", "timing", "tests"},
    "decoders/fisher": {"ideal_observer", "unit_analysis"},
    **{
        module: set()
        for module in (*in_room("statistics", "tables"), *in_room("plots"), *in_room("paper"))
    },
}


@pytest.mark.parametrize("module", TRAINING)
def test_edits_that_train_networks_again(module: str) -> None:
    assert "networks" in affected(module)


@pytest.mark.parametrize("module", OTHERS)
def test_edits_that_train_no_network(module: str) -> None:
    assert affected(module) & SLOW == OTHERS[module]


@pytest.mark.parametrize("room", ["decoders", "analysis"])
def test_edits_of_decoders_and_analyses_train_no_network(room: str) -> None:
    for module in in_room(room):
        assert not affected(module) & {"networks", "rate_search", "search"}


@pytest.mark.parametrize(
    "module",
    [
        "networks/neuron",
        "networks/spiking_network",
        "networks/initial_weights",
        "metrics/evaluation",
        "networks/signs/__init__",
        "networks/signs/dann",
        "training/train",
    ],
)
def test_edits_of_networks_reach_what_runs_them(module: str) -> None:
    runners = {
        "networks",
        "example_trial",
        "phase_scores",
        "coincidence_scores",
        "unit_analysis",
        "timing",
        "tests",
    }
    runners |= {"search", "rate_search"}
    assert runners >= affected(module) >= {"networks", "rate_search"}


def test_edits_of_the_stimulus_reach_what_makes_spikes() -> None:
    makers = {"networks", "manifest", "spikes", "example_stimuli", "example_trial"}
    makers |= {"phase_scores", "coincidence_scores", "ideal_observer", "unit_analysis", "timing"}
    makers |= {"search", "rate_search", "tests"}
    assert affected("stimulus/generator") == makers


def test_edits_of_the_observer_reach_no_training() -> None:
    for module in ("decoders/ideal_observer", "decoders/likelihood", "decoders/observer_scores"):
        assert affected(module) == {"ideal_observer"}
    assert affected("decoders/fisher") == {"ideal_observer", "unit_analysis"}
    assert affected("decoders/efficiency") == {"ceiling"}
    assert "ideal_observer" not in affected("training/train") | affected("metrics/evaluation")


def test_edits_of_tables_reach_no_training() -> None:
    assert affected("statistics/summaries") >= {"experiment_tables"}
    assert not affected("statistics/summaries") & {"networks", "manifest", "document"}
    assert affected("paper/printed") == {"printed"}
    assert affected("statistics/declared_tables/runs") >= {"experiment_tables", "tables"}


def test_an_edit_of_variance_components_tests_no_network_again() -> None:
    assert affected("analysis/phase_variance") == {"phase_tables"}


def test_the_hand_built_localiser_is_tested_again_by_what_it_is_made_of() -> None:
    for module in (
        "networks/neuron",
        "networks/network",
        "networks/spiking_network",
        "decoders/coincidence",
        "decoders/coincidence_scores",
    ):
        assert "coincidence_scores" in affected(module)
    assert (
        affected("decoders/coincidence")
        == affected("decoders/coincidence_scores")
        == {"coincidence_scores"}
    )
    assert affected("decoders/coincidence_tables") == {"coincidence_tables"}
    for module in (
        "training/train",
        "training/optimiser",
        "networks/membrane_only",
        "metrics/evaluation",
    ):
        assert "coincidence_scores" not in affected(module)


def test_edits_of_what_is_asked_of_networks_ask_again_and_train_nothing() -> None:
    assert affected("analysis/timing") == {"timing"}
    for module in ("analysis/evidence", "analysis/tuning", "analysis/unit_statistics"):
        assert affected(module) == {"unit_analysis"}
    assert affected("analysis/gaussian_fit") == {"unit_analysis", "analysis_tables"}
    assert affected("analysis/summary_tables") == {"analysis_tables"}


def test_edits_of_the_textbook_neurons_reach_the_primer_only() -> None:
    for module in (
        "primer/neurons",
        "primer/arrays",
        "primer/population_statistics",
        "primer/adaptive_threshold",
    ):
        assert affected(module) == {"primer"}
    assert affected("primer/spike_times") == {"panel primer"}


def test_edits_of_one_panel_reach_no_other_rule() -> None:
    for name in PANELS:
        assert affected(f"plots/panels/{name}") == {f"panel {name}"}


def test_edits_of_the_style_reach_every_panel_and_nothing_else() -> None:
    assert affected("plots/style") == DRAWN


def test_only_slow_jobs_import_torch() -> None:
    torch = re.compile(r"^\s*(import|from) torch\b", re.MULTILINE)
    files = [*sources.PACKAGE.rglob("*.py"), *SCRIPTS]
    heavy = {path for path in files if torch.search(path.read_text(encoding="utf-8"))}
    assert sources.PACKAGE / "networks/neuron.py" in heavy and not heavy & {*SCRIPTS}
    assert {name for name, files in needed().items() if files & heavy} == SLOW


def test_a_folder_is_worked_in_with_its_own_sources_only(tmp_path: Path) -> None:
    sources.check_folder(ROOT)
    (tmp_path / "link").symlink_to(ROOT)
    sources.check_folder(tmp_path / "link")
    shutil.copytree(ROOT / "src/spikeloc/io", tmp_path / "src/spikeloc/io")
    package = re.escape(str(sources.PACKAGE))
    with pytest.raises(InputError, match=f"the sources in {package}, not those in"):
        sources.check_folder(tmp_path)


def names_imported(text: str) -> set[str]:
    """What a source imports from the package, as Python's own parser finds it."""
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in names if name.split(".")[0] == "spikeloc"}


def test_imports_are_those_that_python_finds() -> None:
    for path in [*sources.PACKAGE.rglob("*.py"), *SCRIPTS]:
        text = path.read_text(encoding="utf-8")
        found = [sources._files(sources.PACKAGE, name) for name in sources._imports(text)]
        wanted = [sources._files(sources.PACKAGE, name) for name in names_imported(text)]
        assert {*chain(*found)} == {*chain(*wanted)}, path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package that can be edited."""
    copy = tmp_path / "spikeloc"
    shutil.copytree(sources.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(sources, "PACKAGE", copy)
    return copy


def test_a_hash_is_of_contents_not_of_places(package: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("from spikeloc.networks.neuron import decay\n")
    before = sources.source_hash(script)
    script = script.rename(tmp_path / "other.py")
    os.utime(script, (0, 0))
    package.rename(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").rename(package)
    assert sources.source_hash(script) == before
    script.write_text("from spikeloc.networks.neuron import decay  # edited\n")
    assert sources.source_hash(script) != before


def test_modules_are_found_through_others(package: Path, tmp_path: Path) -> None:
    for name, content in {
        "one": "from spikeloc import two\n",
        "two": "import spikeloc.three as t\n",
        "three": "from spikeloc.one import x\n",  # a circle
        "four": "",
    }.items():
        (package / f"{name}.py").write_text(content)
    script = tmp_path / "script.py"
    script.write_text("from spikeloc.one import x\n")
    before = sources.source_hash(script)
    (package / "four.py").write_text("edited = 1\n")
    assert sources.source_hash(script) == before
    (package / "three.py").write_text("edited = 1\n")
    assert sources.source_hash(script) != before
