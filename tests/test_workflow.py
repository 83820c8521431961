"""The workflow end to end on the quick config, and what an edit makes it do again."""

from pathlib import Path

import pandas as pd
import pytest
import torch

from spikeloc import load_run
from spikeloc.batches import Batches
from spikeloc.coincidence_scores import score_localiser
from spikeloc.expansion import expand
from spikeloc.loading import load_config
from spikeloc.stimulus import make_data_set
from spikeloc.tables import RUN_COLUMNS
from workflow_project import QUICK, ROOT, Project

CONFIG = load_config(ROOT / "config/quick.yaml")
RUNS = expand(CONFIG)
OBSERVED = {run.parameters.observer_name(): run.parameters.stimulus for run in RUNS}
PANELS = [
    "architecture",
    "coincidence_accuracy",
    "coincidence_tuning",
    "condition_weights",
    "confusion",
    "dale_ratio_test",
    "dale_ratio_train",
    "envelope_accuracy",
    "envelope_error",
    "estimates",
    "evidence",
    "example_stimuli",
    "inhibition_placement",
    "ipd_errors",
    "loss_curves",
    "phase_effect",
    "primer",
    "regression",
    "reproduction",
    "search",
    "sign_grid",
    "sign_learning",
    "sign_methods",
    "sorted_weights",
    "timing",
    "trial",
    "tuning",
    "unit_statistics",
    "w1_columns",
]


def test_run_says_beforehand_what_it_will_do(quick: Project) -> None:
    stacks = {run.stack.name: run.stack for run in RUNS}
    networks = sum(stack.networks for stack in stacks.values())
    expected = f"{networks} networks to train in {len(stacks)} jobs"
    assert expected in (quick.folder / "run.log").read_text()


def test_run_says_beforehand_that_three_seeds_are_few(quick: Project) -> None:
    (said,) = (
        line
        for line in (quick.folder / "run.log").read_text().splitlines()
        if line.startswith("warning:")
    )
    assert "too few seeds" in said and "dale_ratio takes 7 (of 3)" in said


def test_paper_and_every_panel_exist(quick: Project) -> None:
    assert (quick.folder / "paper/quick.pdf").read_bytes().startswith(b"%PDF")
    made = {path.name for path in (quick.folder / "figures/quick").glob("[!.]*")}
    assert made == {f"{panel}.{kind}" for panel in PANELS for kind in ("svg", "png", "pdf")}


def test_runs_table_has_a_row_for_every_network(quick: Project) -> None:
    table = pd.read_csv(quick.folder / "results/quick/tables/runs.csv")
    assert list(table.columns) == RUN_COLUMNS
    expected = [
        (run.experiment, run.condition, run.variant, *member)
        for run in RUNS
        for member in run.parameters.nesting.members(CONFIG.seeds)
    ]
    names = ["experiment", "condition", "variant", "seed", "network"]
    assert list(table[names].itertuples(index=False, name=None)) == expected
    assert table["test_accuracy"].between(0, 100).all()


def test_summary_is_of_the_runs(quick: Project) -> None:
    tables = quick.folder / "results/quick/tables"
    runs, summary = pd.read_csv(tables / "runs.csv"), pd.read_csv(tables / "summary.csv")
    accuracy = summary[summary["metric"] == "test_accuracy"]
    assert len(accuracy) == len(RUNS)
    row = accuracy.iloc[3]
    same = (runs[["experiment", "condition", "variant"]] == row[
        ["experiment", "condition", "variant"]].to_numpy()).all(axis=1)  # fmt: skip
    assert row["n"] == len(CONFIG.seeds) == same.sum()
    assert row["mean"] == pytest.approx(runs.loc[same, "test_accuracy"].sum() / row["n"])


def test_comparisons_are_within_the_seeds_of_the_runs(quick: Project) -> None:
    tables = quick.folder / "results/quick/tables"
    table = pd.read_csv(tables / "comparisons.csv").query("metric == 'test_accuracy'")
    references = sum(len(each.variants or CONFIG.variants) for each in CONFIG.experiments.values())
    assert len(table) == len(RUNS) - references
    assert (table["n"] == 3).all() and (table["smallest_p"] == 0.25).all()
    assert not table["can_reject"].any() and (table["p_holm"] >= table["p"]).all()
    accuracy = pd.read_csv(tables / "runs.csv").pivot_table(
        "test_accuracy", ["condition", "variant", "seed"], sort=False
    )["test_accuracy"]
    row = table.query("condition == 'w2_positive' and variant == 'published'").iloc[0]
    assert row["reference"] == "both"
    gaps = accuracy["w2_positive", "published"] - accuracy["both", "published"]
    assert row["mean"] == pytest.approx(gaps.mean()) and row["min"] == pytest.approx(gaps.min())


def test_ideal_observer_has_two_rows_for_each_stimulus(quick: Project) -> None:
    table = pd.read_csv(quick.folder / "results/quick/tables/ideal_observer.csv")
    powers = [stimulus.envelope_power for stimulus in OBSERVED.values()]
    assert table["envelope_power"].tolist() == [power for power in powers for _ in range(2)]
    assert table["phase_known"].tolist() == [True, False] * len(powers)
    assert (table["samples"] == CONFIG.ideal_observer.samples).all()


def test_ceiling_of_a_run_is_the_observer_of_its_stimulus(quick: Project) -> None:
    folder = quick.folder / "results/quick"
    observer = pd.read_csv(folder / "tables/ideal_observer.csv")
    ceiling = pd.read_csv(folder / "runs/envelope_power/ceiling.csv")
    assert len(ceiling) == 6
    for row in ceiling.to_dict("records"):
        known = row["variant"] == "published"
        same = (observer["envelope_power"] == row["value"]) & (observer["phase_known"] == known)
        assert row["accuracy"] == observer.loc[same, "accuracy"].item()


def test_shares_are_of_the_runs_and_their_ceiling(quick: Project) -> None:
    folder = quick.folder / "results/quick"
    efficiency = pd.read_csv(folder / "tables/efficiency.csv")
    keys = [(run.experiment, run.condition, run.variant) for run in RUNS]
    named = efficiency[["experiment", "condition", "variant"]].itertuples(index=False, name=None)
    assert list(named) == keys
    where = "experiment == 'envelope_power' and condition == 'envelope_power-10' "
    where += "and variant == 'corrected'"
    mean = pd.read_csv(folder / "tables/runs.csv").query(where)["test_accuracy"].mean()
    best = pd.read_csv(folder / "runs/envelope_power/ceiling.csv").query(where)["accuracy"].item()
    share = efficiency.query(where)["accuracy_share_percent"].item()
    assert share == pytest.approx(100 * (mean - 100 / 12) / (best - 100 / 12))
    nothing = efficiency["condition"] == "envelope_power-0"
    assert efficiency["accuracy_share_percent"].isna().tolist() == nothing.tolist()


def test_search_says_all_that_it_tried(quick: Project) -> None:
    table = pd.read_csv(quick.folder / "results/quick/tables/search.csv")
    assert table[["recipe", "round", "epochs"]].to_numpy().tolist() == [
        ["dale", 0, 1], ["dale", 0, 1], ["dale", 1, 2]
    ]  # fmt: skip
    best = table.loc[table["val_accuracy"][:2].idxmax()]
    assert table["candidate"].tolist() == [0, 1, best["candidate"]]
    assert table["training.learning_rate"].isin([0.003, 0.01, 0.03]).all()


def test_hand_built_localiser_is_tested_at_every_power_on_the_data_of_the_networks(
    quick: Project,
) -> None:
    folder = quick.folder / "results/quick"
    table, search = (
        pd.read_csv(folder / f"tables/{name}.csv") for name in ("coincidence", "coincidence_search")
    )
    runs = [run for run in RUNS if run.experiment == "envelope_power"]
    expected = [(run.value, run.variant, seed) for run in runs for seed in CONFIG.seeds]
    names = ["envelope_power", "variant", "seed"]
    assert list(table[names].itertuples(index=False, name=None)) == expected
    assert (table["samples"] == CONFIG.training.test_samples).all()
    chosen = search[search["chosen"]].set_index("envelope_power")
    assert chosen.index.tolist() == [0, 2, 10] and len(search) == 3 * 8
    for row in table.to_dict("records"):
        for name in ("weight", "tau_ms", "pairs_per_class"):
            assert row[name] == chosen.loc[row["envelope_power"], name]
    # the networks' own test set once more, from its seed
    run = next(run for run in runs if run.value == 10 and run.variant == "corrected")
    test = make_data_set(run.parameters.stimulus, 2, "test", run.parameters.training.test_samples)
    batches = Batches.stack([test], 12, torch.device("cpu"))
    scores, _ = score_localiser(run.parameters, batches, chosen.loc[10].to_dict())
    row = table.query("envelope_power == 10 and variant == 'corrected' and seed == 2").iloc[0]
    for name, (score,) in scores.items():
        assert row[name] == pytest.approx(score)


def test_identical_conditions_are_one_training(quick: Project) -> None:
    folders = [
        "baseline/dale-0.5",
        "dale_ratio/inhibitory_fraction-0.5",
        "inhibition_placement/both",
    ]
    weights = {
        (quick.folder / "results/quick/runs" / name / "corrected/weights.safetensors").read_bytes()
        for name in folders
    }
    assert len(weights) == 1


def test_trained_networks_score_what_the_table_says(quick: Project) -> None:
    run = load_run(quick.folder / "results/quick/runs/inhibition_placement/w1_positive/corrected")
    seed, samples = run.seeds[1], run.parameters.training.test_samples
    test = make_data_set(run.parameters.stimulus, seed, "test", samples)
    estimated = run(test.spikes).logits[1].argmax(1).numpy()
    true = ((test.trials.ipd_rad / 3.141592653589793 + 0.5) * 12).astype(int)
    table = pd.read_csv(quick.folder / "results/quick/tables/runs.csv").query(
        "condition == 'w1_positive' and variant == 'corrected' and seed == @seed"
    )
    assert table["test_accuracy"].item() == pytest.approx(100 * (estimated == true).mean())


def test_nested_networks_share_what_the_config_says(quick: Project) -> None:
    runs = pd.read_csv(quick.folder / "results/quick/tables/runs.csv").query(
        "variant == 'published' and condition in ('dale-0.5', 'inhibitory_fraction-0.5', 'both')"
    )
    alone, ratio, placed = (group for _, group in runs.groupby("experiment", sort=False))
    pd.testing.assert_series_equal(
        *(each["train_loss"].reset_index(drop=True) for each in (ratio, placed))
    )
    for each in (ratio, placed):  # whose first networks are those of a stack without nesting
        first = each[each["network"] == 1]["test_accuracy"]
        assert first.tolist() == alone["test_accuracy"].tolist()
    run = load_run(quick.folder / "results/quick/runs/dale_ratio/inhibitory_fraction-0.5/published")
    (seed, network), samples = run.members[2], run.parameters.training.test_samples
    test = make_data_set(run.parameters.stimulus, seed, f"test/{network}", samples)
    estimated = run(test.spikes).logits[2].argmax(1).numpy()
    true = ((test.trials.ipd_rad / 3.141592653589793 + 0.5) * 12).astype(int)
    row = ratio[(ratio["seed"] == seed) & (ratio["network"] == network)]
    assert row["test_accuracy"].item() == pytest.approx(100 * (estimated == true).mean())


def test_reproduction_is_of_the_seeds_means(quick: Project) -> None:
    tables = quick.folder / "results/quick/tables"
    table, runs = pd.read_csv(tables / "reproduction.csv"), pd.read_csv(tables / "runs.csv")
    row = table.query("condition == 'w1_positive'").iloc[0]
    own = runs.query("condition == 'w1_positive' and variant == 'published'")
    assert (row["printed_sessions"], row["n"]) == (3, len(CONFIG.seeds))
    assert row["mean"] == pytest.approx(own["test_accuracy"].mean())
    assert row["sd"] == pytest.approx(own.groupby("seed")["test_accuracy"].mean().std())
    # what this config does not run has no interval, and what it does has one
    done = {(run.experiment, run.condition) for run in RUNS}
    losses = table["metric"].str.startswith("epoch_")
    for each in table[~losses].itertuples():
        assert pd.notna(each.interval_low) == ((each.experiment, each.condition) in done)
    summary = pd.read_csv(tables / "reproduction_summary.csv")
    assert summary.iloc[0]["intervals"] == table["interval_low"].notna().sum()


def test_what_was_learned_is_of_every_network_that_can_be_asked(quick: Project) -> None:
    tables = quick.folder / "results/quick/tables"
    asked = [
        run.path for run in RUNS
        if run.path.endswith("/corrected") and "membrane" not in run.path
        and run.experiment in ("baseline", "dale_ratio", "inhibition_placement")
    ]  # fmt: skip
    tuning = pd.read_csv(tables / "tuning.csv")
    path = tuning["experiment"] + "/" + tuning["condition"] + "/" + tuning["variant"]
    assert list(dict.fromkeys(path)) == asked
    assert set(tuning.query("layer == 'hidden'")["of"]) == {len(CONFIG.seeds) * 30}
    assert (
        tuning.groupby([path, "layer"])["units"].sum()
        == tuning.groupby([path, "layer"])["of"].first()
    ).all()
    shuffled = pd.read_csv(tables / "timing.csv").query("control == 'shuffle'")
    assert len(shuffled) == len(asked) and (shuffled["n"] == len(CONFIG.seeds)).all()
    errors = pd.read_csv(tables / "ipd_errors.csv").query("metric == 'accuracy'")
    assert len(errors) == 12 * len(asked)


def test_second_run_does_nothing(quick: Project) -> None:
    assert quick.planned(*QUICK) == {}


def test_editing_a_panel_redraws_it_and_the_paper_only(quick: Project) -> None:
    with quick.edited("src/spikeloc/plots/trial.py", "def draw(", "# edited\ndef draw("):
        assert quick.planned(*QUICK) == {
            "panel": 1,
            "paper": 1,
            "provenance": 1,
            "all": 1,
        }


def test_editing_the_neuron_retrains_on_the_same_stimuli(quick: Project) -> None:
    with quick.edited("src/spikeloc/neuron.py", "THRESHOLD = 1.0", "THRESHOLD = 1.5"):
        jobs = quick.planned(*QUICK)
    distinct = {run.stack.name for run in RUNS}
    assert jobs["train"] == len(distinct)
    assert (jobs["coincidence_test"], jobs["coincidence"]) == (3, 1)
    assert "manifest" not in jobs
    assert "example_stimuli" not in jobs
    assert "primer" not in jobs


def test_editing_the_stimulus_makes_everything_again(quick: Project) -> None:
    with quick.edited("src/spikeloc/stimulus.py", "CHUNK_SAMPLES = 4", "CHUNK_SAMPLES = 8"):
        jobs = quick.planned(*QUICK)
    stimuli = {run.parameters.stimulus_name() for run in RUNS}
    assert jobs["manifest"] == len(stimuli) * len(CONFIG.seeds) + 1  # of the searched seed
    assert jobs["train"] > 0
    assert jobs["ideal_observer"] == len(OBSERVED)


def test_new_experiment_schedules_only_its_own_jobs(quick: Project) -> None:
    experiment = """experiments:
  time_constant:
    recipe: dale
    vary: network.tau_ms
    values: [2, 10]
    variants: [corrected]
"""
    with quick.edited("config/quick.yaml", "experiments:\n", experiment):
        jobs = quick.planned(*QUICK)
    own = {"train": 2, "place_run": 2, "experiment_tables": 1, "experiment_ceiling": 1, "panel": 1}
    readers = {"tables": 1, "observer_tables": 1, "claims": 1, "numbers": 1, "resolved_config": 1}
    readers |= {"paper": 1, "origin": 1, "provenance": 1, "all": 1}
    assert jobs == own | readers


def test_condition_that_exists_elsewhere_is_not_trained_again(quick: Project) -> None:
    old = "      - {name: both, label: +/-}\n"
    again = "      - {name: slow, label: slow, network: {tau_ms: 5}}\n"
    with quick.edited("config/quick.yaml", old, old + again):
        jobs = quick.planned(*QUICK)
    assert "train" not in jobs
    assert jobs["place_run"] == 2


def test_one_panel_needs_no_other_experiment(tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    jobs = project.planned("figures/quick/inhibition_placement.svg", *QUICK)
    assert jobs["train"] == 6
    assert jobs["panel"] == 1
    assert jobs["ideal_observer"] == 1
    assert "paper" not in jobs


def test_primer_needs_no_network(tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    assert project.planned("figures/quick/primer.svg", *QUICK) == {"primer": 1, "panel": 1}


def test_paper_is_the_default(tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    config = load_config(ROOT / "config/paper.yaml")
    names = {run.stack.name for run in expand(config)}
    jobs = project.planned()
    assert jobs["train"] == len(names)
    assert jobs["panel"] == len(PANELS) - 1  # the quick config has a search besides
    assert jobs["ideal_observer"] == 11  # both variants of an envelope power share one


def test_catalogs_entry_plans_the_same(tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    here, there = (project.planned(*each, *QUICK) for each in ([], ["-s", "workflow/Snakefile"]))
    assert there.pop("everything") == here.pop("all") == 1
    assert here == there and here["train"] > 0


def test_without_the_key_nothing_is_learned_about_what_was_learned(tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    text = (project.folder / "config/quick.yaml").read_text(encoding="utf-8")
    learned = text[text.index("learned:") : text.index("search:")]
    with project.edited("config/quick.yaml", learned, ""):
        jobs = project.planned(*QUICK)
    assert jobs["panel"] == len(PANELS) - 6
    assert not {"examine", "timing_test", "learned"} & set(jobs)


def test_one_value_can_be_changed_for_a_call(tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    arguments = ("--config", "name=other", "backend=reference")
    jobs = project.planned("results/other/runs/inhibition_placement/runs.csv", *QUICK, *arguments)
    assert jobs["train"] == 6
