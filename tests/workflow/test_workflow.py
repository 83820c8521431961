"""The workflow end to end on the quick config: what its tables and files say."""

import pandas as pd
import pytest
import torch
from workflow_project import PANELS, ROOT, Project

from spikeloc import load_run
from spikeloc.config.expansion import expand
from spikeloc.config.loading import load_config
from spikeloc.config.plan import Plan
from spikeloc.decoders.coincidence_scores import score_localiser
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.statistics.declared_tables import table as declared_table
from spikeloc.stimulus.generator import make_data_set

CONFIG = load_config(ROOT / "config/quick.yaml")
RUNS = expand(CONFIG)
OBSERVED = {run.parameters.observer_name(): run.parameters.stimulus for run in RUNS}


def test_run_says_beforehand_what_it_will_do(quick: Project) -> None:
    plan = Plan(CONFIG)
    ensembles = [
        *plan.blocks.values(),
        *(each for run in plan.searches.values() for each in run.tried),
    ]
    networks = sum(ensemble.networks for ensemble in ensembles)
    expected = f"{networks} networks to train in {len(plan.blocks) + len(plan.searches)} jobs"
    assert expected in (quick.folder / "run.log").read_text()


def test_run_says_beforehand_that_three_seeds_are_few(quick: Project) -> None:
    (said,) = (
        line
        for line in (quick.folder / "run.log").read_text().splitlines()
        if line.startswith("warning:")
    )
    assert "too few seeds" in said and "dale_ratio takes 7 (of 3)" in said


def test_paper_and_every_panel_exist(quick: Project) -> None:
    for name in ("quick", "quick-supplement", "quick-signs"):
        assert (quick.folder / f"paper/{name}.pdf").read_bytes().startswith(b"%PDF")
    made = {path.name for path in (quick.folder / "figures/quick").glob("[!.]*")}
    drawn = {f"{panel}.{kind}" for panel in PANELS for kind in ("svg", "png", "pdf")}
    assert made == drawn | {"explorer.html"}


def test_the_plan_knows_every_table(quick: Project) -> None:
    made = {path.stem for path in (quick.folder / "results/quick/tables").glob("[!.]*.csv")}
    assert made == set(Plan(CONFIG).made_tables())


def test_runs_table_has_a_row_for_every_network(quick: Project) -> None:
    table = pd.read_csv(quick.folder / "results/quick/tables/runs.csv")
    assert list(table.columns) == declared_table("runs").names
    expected = [
        (run.experiment, run.condition, run.variant, *network_id)
        for run in RUNS
        for network_id in run.parameters.nesting.network_ids(CONFIG.seeds)
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
    runs = pd.read_csv(tables / "runs.csv").query("experiment == 'inhibition_placement'")
    keys = ["condition", "variant", "seed"]
    accuracy = runs.pivot_table("test_accuracy", keys)["test_accuracy"]
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
    data = EnsembleData.from_data_sets([test], 12, torch.device("cpu"))
    scores, _ = score_localiser(run.parameters, data, chosen.loc[10].to_dict())
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
        "variant == 'published' and experiment != 'corrections' and "
        "condition in ('dale-0.5', 'inhibitory_fraction-0.5', 'both')"
    )
    alone, ratio, placed = (group for _, group in runs.groupby("experiment", sort=False))
    pd.testing.assert_series_equal(
        *(each["train_loss"].reset_index(drop=True) for each in (ratio, placed))
    )
    for each in (ratio, placed):  # whose first networks are those of an ensemble without nesting
        first = each[each["network"] == 1]["test_accuracy"]
        assert first.tolist() == alone["test_accuracy"].tolist()
    run = load_run(quick.folder / "results/quick/runs/dale_ratio/inhibitory_fraction-0.5/published")
    (seed, network), samples = run.network.network_ids[2], run.parameters.training.test_samples
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
    counted = pd.read_csv(tables / "timing.csv").query("control == 'hidden_counts'")
    assert len(counted) == len(asked) and (counted["n"] == len(CONFIG.seeds)).all()
    errors = pd.read_csv(tables / "ipd_errors.csv").query("metric == 'accuracy'")
    assert len(errors) == 12 * len(asked)
