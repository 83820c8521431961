"""What Snakemake plans: after an edit, for a single panel, for another config."""

import re
from pathlib import Path

from workflow_project import PANELS, QUICK, ROOT, Project

from spikeloc.config.expansion import expand
from spikeloc.config.loading import load_config
from spikeloc.config.plan import Plan
from spikeloc.plots.catalogue import panels
from spikeloc.plots.declarations import declaration, kinds

CONFIG = load_config(ROOT / "config/quick.yaml")
RUNS = expand(CONFIG)
OBSERVED = {run.parameters.observer_name(): run.parameters.stimulus for run in RUNS}


def test_second_run_does_nothing(quick: Project) -> None:
    assert quick.planned(*QUICK) == {}


def test_editing_a_panel_redraws_it_and_the_paper_only(quick: Project) -> None:
    with quick.edited("src/spikeloc/plots/panels/trial.py", "def draw(", "# edited\ndef draw("):
        assert quick.planned(*QUICK) == {
            "panel": 1,
            "explorer": 1,
            "document": 3,
            "origin": 1,
            "provenance": 1,
            "all": 1,
        }


def test_editing_the_neuron_retrains_on_the_same_stimuli(quick: Project) -> None:
    with quick.edited("src/spikeloc/networks/neuron.py", "THRESHOLD = 1.0", "THRESHOLD = 1.5"):
        jobs = quick.planned(*QUICK)
    distinct = {run.ensemble.name for run in RUNS}
    assert jobs["networks"] == len(distinct)
    assert (jobs["coincidence_scores"], jobs["coincidence_tables"]) == (3, 1)
    assert "manifest" not in jobs
    assert "example_stimuli" not in jobs
    assert "primer" not in jobs


def test_editing_the_stimulus_makes_everything_again(quick: Project) -> None:
    with quick.edited(
        "src/spikeloc/stimulus/generator.py", "CHUNK_SAMPLES = 4", "CHUNK_SAMPLES = 8"
    ):
        jobs = quick.planned(*QUICK)
    stimuli = {run.parameters.stimulus_name() for run in RUNS}
    assert jobs["manifest"] == len(stimuli) + 1  # of the searched seed
    assert jobs["networks"] > 0
    assert jobs["ideal_observer"] == len(OBSERVED)


def test_new_experiment_schedules_only_its_own_jobs(quick: Project) -> None:
    experiment = """experiments:
  time_constant:
    recipe: dale
    vary: network.tau_ms
    values: [3, 10]
    variants: [corrected]
"""
    with quick.edited("config/quick.yaml", "experiments:\n", experiment):
        jobs = quick.planned(*QUICK)
    own = {"networks": 2, "run": 2, "experiment_tables": 1, "ceiling": 1, "panel": 1}
    readers = {"tables": 1, "observer_tables": 1, "claims": 1, "numbers": 1, "resolved_config": 1}
    readers |= {"document": 3, "explorer": 1, "origin": 1, "provenance": 1, "all": 1}
    assert jobs == own | readers


def test_condition_that_exists_elsewhere_is_not_trained_again(quick: Project) -> None:
    old = "      - {name: both, label: +/-}\n"
    again = "      - {name: slow, label: slow, network: {tau_ms: 5}}\n"
    with quick.edited("config/quick.yaml", old, old + again):
        jobs = quick.planned(*QUICK)
    assert "networks" not in jobs
    assert jobs["run"] == 2


def test_one_panel_needs_no_other_experiment(tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    jobs = project.planned("figures/quick/inhibition_placement.svg", *QUICK)
    assert jobs["networks"] == 6
    assert jobs["panel"] == 1
    assert jobs["ideal_observer"] == 1
    assert "document" not in jobs


def test_panels_of_one_kind_may_have_any_name_and_run(quick: Project) -> None:
    more = "  second_trial: {kind: trial, run: baseline/free/corrected}\n"
    with quick.edited("config/quick.yaml", "  primer: {}\n", "  primer: {}\n" + more):
        jobs = quick.planned("figures/quick/second_trial.svg", *QUICK)
    assert jobs == {"example_trial": 1, "panel": 1}


def test_primer_needs_no_network(tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    assert project.planned("figures/quick/primer.svg", *QUICK) == {"primer": 1, "panel": 1}


def test_paper_is_the_default(tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    config = load_config(ROOT / "config/paper.yaml")
    plan, jobs = Plan(config), project.planned()
    assert jobs["networks"] == len(plan.blocks) and "rate_search" not in jobs
    assert jobs["panel"] == len(panels(plan))
    assert jobs["ideal_observer"] == len({run.parameters.observer_name() for run in expand(config)})


def test_the_graph_of_rules_is_current(tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    graph = project.snakemake("--rulegraph", "dot", "--quiet", "all", *QUICK).stdout
    drawn = (ROOT / "docs/rulegraph.svg").read_text(encoding="utf-8")
    rules = set(re.findall(r'label = "(\w+)"', graph))
    assert "networks" in rules, graph
    assert set(re.findall(r"<text[^>]*>(\w+)</text>", drawn)) == rules, "run `make docs`"


def test_catalogs_entry_plans_the_same(tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    here, there = (project.planned(*each, *QUICK) for each in ([], ["-s", "workflow/Snakefile"]))
    assert there.pop("everything") == here.pop("all") == 1
    assert here == there and here["networks"] > 0


def test_without_the_key_networks_are_not_analysed(tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    text = (project.folder / "config/quick.yaml").read_text(encoding="utf-8")
    analysis = text[text.index("\nanalysis:") : text.index("\nsearch:")]
    with project.edited("config/quick.yaml", analysis, ""):
        run = project.snakemake("--dry-run", *QUICK)
        assert "paper/paper.typ needs the table" in run.stdout  # the text speaks of them
        documents = text[text.index("\ndocuments:") : text.index("\nphase_effect:")]
        with project.edited("config/quick.yaml", documents, "\ndocuments: []\n"):
            jobs = project.planned(*QUICK)
    left_out = {kind for kind in kinds() if declaration(kind).drawn_if == "analysis"}
    assert left_out and jobs["panel"] == len(PANELS) - len(left_out)
    assert not {"unit_analysis", "timing", "analysis_tables"} & set(jobs)


def test_one_value_can_be_changed_for_a_call(tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    arguments = ("--config", "name=other", "backend=reference")
    jobs = project.planned("results/other/runs/inhibition_placement/runs.csv", *QUICK, *arguments)
    assert jobs["networks"] == 6
