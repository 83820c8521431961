"""The hand-built localiser chosen on validation data and scored on test data."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers import BACKENDS, data_sets, ensemble_data, small_run
from plain import plain_hidden

from spikeloc.config import ensemble_plan
from spikeloc.config.coincidence import Coincidence
from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.decoders.coincidence import delay_pairs
from spikeloc.decoders.coincidence_scores import (
    TUNING_EDGES_DEG,
    Outcome,
    choose_and_score,
    read_data,
    score_localiser,
    search_table,
    tuning_curves,
)
from spikeloc.decoders.coincidence_tables import joined_tuning, summary_table
from spikeloc.io.errors import InputError
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.stimulus.manifests import write_manifest

SEEDS = [3, 8]
GRID: dict[str, Any] = {
    "experiment": "e",
    "weights": [0.6, 0.9],
    "taus_ms": [0.5, 4.0],
    "pairs_per_class": [1, 7],
    "search_samples": 20,
}
CHOSEN = {"weight": 0.6, "tau_ms": 0.5, "pairs_per_class": 7}


def grid(**changes: Any) -> Coincidence:
    return Coincidence.model_validate(GRID | changes)


def run_of(phase: str = "per_sample", power: float = 4.0, **training: Any) -> RunParameters:
    stimulus = {"phase": phase, "envelope_power": power, "duration_ms": 60.0}
    return small_run(stimulus, training=training)


def manifests(folder: Path, run: RunParameters) -> list[Path]:
    """The manifest of both seeds."""
    path = folder / f"{run.stimulus_name()}.json"
    write_manifest(path, run.stimulus, SEEDS, run.data_sizes())
    return [path]


def outcome(folder: Path, backend: Backend = "auto", **changes: Any) -> Outcome:
    runs = {"published": run_of("per_dataset"), "corrected": run_of()}
    paths = {name: manifests(folder, run) for name, run in runs.items()}
    return choose_and_score(runs, paths, SEEDS, grid(**changes), backend)


def plain_estimates(run: RunParameters, seed: int, purpose: str, samples: int, **of: Any) -> Any:
    """Estimated classes by plain loops over samples, pairs and time."""
    (data,) = data_sets(run, [seed], purpose)
    every = delay_pairs(run.stimulus.fibres_per_ear, run.network.classes)
    pairs = every.take(every.spread(of["pairs_per_class"]))
    estimated = []
    for spikes in data.spikes.unpack()[:samples].astype(float):
        left, right = spikes[:, pairs.left], spikes[:, run.stimulus.fibres_per_ear + pairs.right]
        drive = of["weight"] * left + of["weight"] * right
        counts = plain_hidden(drive, math.exp(-1 / of["tau_ms"]))[1].sum(0)
        means = [counts[pairs.bank == bank].mean() for bank in range(run.network.classes)]
        estimated.append(int(np.argmax(means)))
    return np.array(estimated), data.trials.ipd_rad[:samples]


@pytest.mark.parametrize("backend", BACKENDS)
def test_scores_are_those_of_plain_loops_on_each_seeds_test_data(
    tmp_path: Path, backend: Backend
) -> None:
    made = outcome(tmp_path, backend)
    chosen = made.scores[["weight", "tau_ms", "pairs_per_class"]].to_dict("records")
    table = made.scores.set_index(["variant", "seed"])
    for phase, variant in (("per_dataset", "published"), ("per_sample", "corrected")):
        for seed in SEEDS:
            estimated, ipd = plain_estimates(run_of(phase), seed, "test", 32, **chosen[0])
            true = ((ipd / math.pi + 0.5) * 4).astype(int)
            row = table.loc[(variant, seed)]
            assert row["accuracy"] == pytest.approx(100 * np.mean(estimated == true))
            midpoint = (estimated + 0.5) * 45 - 90
            off = np.abs(np.degrees(ipd) - midpoint).mean()
            assert row["abs_error_deg"] == pytest.approx(off)
            apart = 45 * np.abs(estimated - true).mean()
            assert row["class_error_deg"] == pytest.approx(apart)
            assert (row["phase"], row["samples"], row["envelope_power"]) == (phase, 32, 4)
    assert all(each == chosen[0] for each in chosen) and len(table) == 4


def test_the_search_is_on_the_first_validation_samples_of_all_variants(tmp_path: Path) -> None:
    search = outcome(tmp_path).search
    settings = list(search[["weight", "tau_ms", "pairs_per_class"]].itertuples(index=False))
    assert [tuple(each) for each in settings] == [
        (w, tau, pairs) for w in (0.6, 0.9) for tau in (0.5, 4.0) for pairs in (1, 7)
    ]
    assert set(search["samples"]) == {80}  # 20 samples of 2 seeds in 2 variants
    for row in search.to_dict("records"):
        right = []
        for phase in ("per_dataset", "per_sample"):
            for seed in SEEDS:
                wanted = {k: row[k] for k in ("weight", "tau_ms", "pairs_per_class")}
                estimated, ipd = plain_estimates(run_of(phase), seed, "validation", 20, **wanted)
                right += (estimated == ((ipd / math.pi + 0.5) * 4).astype(int)).tolist()
        assert row["validation_accuracy"] == pytest.approx(100 * np.mean(right))
    assert search["needs_both_ears"].tolist() == [True, True, False, False] + [False] * 4


def test_the_best_is_chosen_and_the_first_in_a_tie(tmp_path: Path) -> None:
    search = outcome(tmp_path).search
    assert search["chosen"].sum() == 1
    best = search[search["validation_accuracy"] == search["validation_accuracy"].max()]
    assert best.iloc[0]["chosen"]
    # 7 fibres have at most 7 pairs a class: 7 and 50 are the same
    tied = outcome(tmp_path, pairs_per_class=[7, 50], weights=[0.6], taus_ms=[0.5]).search
    assert tied["validation_accuracy"].nunique() == 1
    assert tied["chosen"].tolist() == [True, False]


def test_test_data_has_no_part_in_the_choice(tmp_path: Path) -> None:
    paths = manifests(tmp_path, run_of(test_samples=32))
    few = choose_and_score({"c": run_of()}, {"c": paths}, SEEDS, grid())
    longer = run_of(test_samples=64)
    more = choose_and_score({"c": longer}, {"c": manifests(tmp_path, longer)}, SEEDS, grid())
    pd.testing.assert_frame_equal(few.search, more.search)
    assert not few.scores["accuracy"].equals(more.scores["accuracy"])


def test_same_bytes_again_and_with_both_backends(tmp_path: Path) -> None:
    first, again, other = (outcome(tmp_path, backend) for backend in ("auto", "auto", "reference"))
    for made in (again, other):
        assert made.search.to_csv() == first.search.to_csv()
        assert made.scores.to_csv() == first.scores.to_csv()
        for name, array in first.tuning.items():
            np.testing.assert_array_equal(made.tuning[name], array)


def test_seeds_in_blocks_have_a_manifest_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = outcome(tmp_path)
    monkeypatch.setattr(ensemble_plan, "BLOCK_SEEDS", 1)
    runs = {"published": run_of("per_dataset"), "corrected": run_of()}
    paths: dict[str, list[Path]] = {}
    for name, run in runs.items():
        for seed in SEEDS:
            paths.setdefault(name, []).append(tmp_path / f"{name}-{seed}.json")
            write_manifest(paths[name][-1], run.stimulus, [seed], run.data_sizes())
    made = choose_and_score(runs, paths, SEEDS, grid())
    pd.testing.assert_frame_equal(made.scores, whole.scores)
    with pytest.raises(InputError, match="another stimulus or seed"):
        choose_and_score(runs, {each: paths[each][::-1] for each in runs}, SEEDS, grid())


def some_samples(whole: EnsembleData, chosen: Any) -> EnsembleData:
    return replace(
        whole,
        spikes=whole.spikes.take(whole.spikes.row[:, chosen]),
        target=whole.target[:, chosen],
        ipd_rad=whole.ipd_rad[:, chosen],
    )


def test_left_and_right_are_located_alike() -> None:
    run = run_of(power=30.0, test_samples=2000)
    data = ensemble_data(run, [1], "test")
    (means, _) = score_localiser(run, data, CHOSEN)
    sides = [data.target[0].numpy() < 2, data.target[0].numpy() >= 2]
    parts = [some_samples(data, side) for side in sides]
    left, right = (score_localiser(run, part, CHOSEN)[0]["accuracy"][0] for part in parts)
    assert 30 < means["accuracy"][0] < 100
    # 1000 samples a side: 4.9 sd of the difference at 50 %, sqrt(2 * 2500 / 1000) = 2.24 points
    assert left == pytest.approx(right, abs=11)


def test_an_altered_manifest_is_named(tmp_path: Path) -> None:
    (path,) = manifests(tmp_path, run_of())
    path.write_text(path.read_text().replace("0.1", "0.2", 1))
    with pytest.raises(InputError, match=f"{path.name}: altered"):
        read_data(run_of(), SEEDS, [path], 20)


def test_tuning_is_the_mean_in_each_bin() -> None:
    middles = (TUNING_EDGES_DEG[:-1] + TUNING_EDGES_DEG[1:]) / 2
    assert np.diff(TUNING_EDGES_DEG) == pytest.approx(5)
    ipd = np.array([middles[0], middles[0], middles[35], 90.0])
    per_pair = np.array([[1.0, 10], [2, 20], [4, 40], [5, 50]])
    curves = tuning_curves(per_pair, ipd)
    assert curves[:, 0].tolist() == [1.5, 15] and curves[:, 35].tolist() == [4.5, 45]
    assert np.isnan(curves[:, 1:35]).all()


def test_banks_prefer_the_ipd_of_their_class() -> None:
    run = small_run({"fibres_per_ear": 60, "envelope_power": 60.0, "duration_ms": 100.0})
    sizes = {"test_samples": 1500}
    run = run.model_copy(update={"training": run.training.model_copy(update=sizes)})
    _, curves = score_localiser(run, ensemble_data(run, [1], "test"), CHOSEN)
    peaks = (TUNING_EDGES_DEG[:-1] + 2.5)[np.nanargmax(curves, axis=1)]
    assert peaks == pytest.approx([-67.5, -22.5, 22.5, 67.5], abs=7.5)


def test_summary_is_over_seeds(tmp_path: Path) -> None:
    scored = outcome(tmp_path).scores
    other = scored.assign(envelope_power=9.0, accuracy=[10.0, 20.0, 30.0, 50.0])
    summary = summary_table(pd.concat([scored, other]))
    assert len(summary) == 2 * 2 * 3 and set(summary["n"]) == {2}
    where = "envelope_power == 9 and metric == 'accuracy'"
    rows = summary.query(where).set_index("variant")
    assert rows["mean"].to_dict() == {"published": 15.0, "corrected": 40.0}
    assert rows.loc["published", "sd"] == pytest.approx(math.sqrt(50))
    assert (rows["ci95_low"] <= rows["mean"]).all() and (rows["mean"] <= rows["ci95_high"]).all()


def test_tuning_of_several_powers_is_stacked(tmp_path: Path) -> None:
    one = outcome(tmp_path).tuning
    two = one | {"envelope_power": np.array(9.0), "spikes_per_pair": one["spikes_per_pair"] + 1}
    joined = joined_tuning([one, two])
    assert joined["envelope_power"].tolist() == [4, 9]
    assert joined["variant"].tolist() == ["published", "corrected"]
    assert joined["spikes_per_pair"].shape == (2, 2, 4, 36)
    np.testing.assert_array_equal(joined["spikes_per_pair"][1], two["spikes_per_pair"])


def test_more_pairs_hear_better() -> None:
    run = run_of(power=30.0, validation_samples=600)
    data = ensemble_data(run, [1], "validation")
    table = search_table(run, [data], grid(weights=[0.6], taus_ms=[0.5]))
    one, all_ = table["validation_accuracy"]
    assert one + 5 < all_ and table["chosen"].tolist() == [False, True]
