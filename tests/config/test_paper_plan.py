"""What the paper's config asks for: its runs, ensembles of networks and stimuli."""

from typing import Any

from configs import (
    SEEDS,
    a_sweep,
    by_path,
    networks,
    paper,
    put,
    runs_of,
    stimuli,
)

from spikeloc.config.parameters import Nesting, RunParameters


def test_conditions_that_come_out_alike_are_one_ensemble() -> None:
    names = networks(runs_of(paper()))
    dale = ["baseline/dale-0.5", "dale_ratio/inhibitory_fraction-0.5", "inhibition_placement/both"]
    for variant in ("published", "corrected"):
        assert len({names[f"{run}/{variant}"] for run in dale}) == 1
        swept = names[f"envelope_power/envelope_power-2/{variant}"]
        assert names[f"baseline/free/{variant}"] == swept


def test_what_all_networks_of_a_seed_share_is_no_other_stimulus_than_a_single_networks() -> None:
    content = paper()
    for experiment, common in (
        ("inhibition_placement", ["training", "validation", "test"]),
        ("dale_ratio", ["training", "validation"]),
    ):
        nesting = {"published": {"networks": 3, "shared": common}}
        content = put(content, f"experiments.{experiment}.nesting", nesting)
    runs = runs_of(content)
    dale = ["baseline/dale-0.5", "dale_ratio/inhibitory_fraction-0.5", "inhibition_placement/both"]
    assert len({networks(runs)[f"{run}/published"] for run in dale}) == 3
    names = stimuli(runs)
    shared = names["inhibition_placement/both/published"]
    assert names["baseline/dale-0.5/published"] == shared
    assert names["dale_ratio/inhibitory_fraction-0.5/published"] != shared


def test_an_experiments_seeds_are_its_own() -> None:
    runs = by_path(runs_of(a_sweep(seeds=[3, 12])))
    extra, other = runs["extra/tau_ms-1/corrected"], runs["baseline/free/corrected"]
    assert extra.seeds == (3, 12) and other.seeds == tuple(SEEDS)
    assert extra.ensemble.networks == 2 and extra.ensemble.name != other.ensemble.name


def test_a_grid_sets_two_parameters_to_every_pair_of_values() -> None:
    grid = {"network.w1.inhibitory_fraction": [0, 1], "network.tau_ms": [2, 5, 0.5]}
    runs = runs_of(a_sweep(vary=None, values=None, recipe="dale", grid=grid))
    extra = [run for run in runs if run.experiment == "extra" and run.variant == "corrected"]
    assert [run.label for run in extra] == ["0, 2", "0, 5", "0, 0.5", "1, 2", "1, 5", "1, 0.5"]
    last = extra[-1]
    assert last.condition == "w1.inhibitory_fraction-1_tau_ms-0.5" and last.value is None
    assert last.parameter == "w1.inhibitory_fraction, tau_ms"
    network = last.parameters.network
    assert (network.w1.inhibitory_fraction, network.tau_ms) == (1, 0.5)
    assert network.w2.inhibitory_fraction == 0.5


TUNE: dict[str, Any] = {"learning_rates": [0.1, 0.001], "seeds": [101, 102]}


def test_a_search_for_the_learning_rate_tries_each_one() -> None:
    content = a_sweep(recipe="dale", tune=TUNE)
    run = by_path(runs_of(content))["extra/tau_ms-2/corrected"]
    assert run.searched_seeds == [101, 102] and run.seeds == tuple(SEEDS)
    candidates = [each.parameters for each in run.tried]
    assert [each.seeds for each in run.tried] == [(101, 102)] * 2
    assert [each.training.learning_rate for each in candidates] == [0.1, 0.001]
    # a candidate is what a run at its rate would be
    plain = by_path(runs_of(put(a_sweep(recipe="dale"), "training.learning_rate", 0.1)))
    same = plain["extra/tau_ms-2/corrected"]
    assert candidates[0] == same.parameters and same.tried == [] and same.searched_seeds == []
    assert run.ensemble.name != same.ensemble.name
    # what is searched for does not depend on the rate that is given
    other = by_path(runs_of(put(content, "training.learning_rate", 0.5)))
    assert other["extra/tau_ms-2/corrected"] == run


def test_another_search_is_another_ensemble() -> None:
    def name(**changes: Any) -> str:
        runs = by_path(runs_of(a_sweep(recipe="dale", tune=TUNE | changes)))
        return runs["extra/tau_ms-2/corrected"].ensemble.name

    names = {name(), name(seeds=[101]), name(learning_rates=[0.1, 0.002])}
    assert len(names) == 3


def test_nesting_is_a_variants_own() -> None:
    nesting = {"corrected": {"networks": 2, "shared": ["test", "training"]}}
    runs = by_path(runs_of(put(paper(), "experiments.envelope_power.nesting", nesting)))
    nested = runs["envelope_power/envelope_power-2/corrected"].parameters
    assert nested.nesting.networks == 2 and nested.data_sizes() == {
        "training": 4096,
        "validation": 4096,
        "test": 2048,
        "validation/2": 4096,
    }
    assert nested.nesting.network_ids([7, 5]) == [(7, 1), (7, 2), (5, 1), (5, 2)]
    assert runs["envelope_power/envelope_power-2/published"].parameters.nesting == Nesting()


def test_nestings_that_make_no_difference_are_one() -> None:
    def name(networks: int, shared: list[str], validate: bool = True) -> str:
        training = {"validate_each_epoch": validate, "weights_kept": "notebook"}
        content = {"training": training, "nesting": {"networks": networks, "shared": shared}}
        return RunParameters.model_validate(content).normalised().network_name([1])

    some, everything = ["training", "test"], ["training", "validation", "test"]
    assert name(2, some) == name(2, some[::-1])
    assert len({name(1, []), name(2, some), name(2, everything), name(3, some)}) == 4
    # without validation it does not matter who shares its data
    assert name(2, some, validate=False) == name(2, everything, validate=False)


def test_the_paper_is_what_the_notebooks_did() -> None:
    runs = by_path(runs_of(paper()))
    published = runs["baseline/free/published"].parameters
    assert published.stimulus.phase == "per_dataset" and published.stimulus.envelope_power == 2
    assert published.network.tau_ms == 20 and published.network.w1.signs == "free"
    assert published.training.epochs == 10 and not published.training.validate_each_epoch
    assert published.training.weights_kept == "notebook"
    corrected = runs["dale_ratio/inhibitory_fraction-0.3/corrected"].parameters
    assert corrected.stimulus.phase == "per_sample" and corrected.training.weights_kept == "best"
    assert corrected.network.tau_ms == 5 and corrected.training.epochs == 30
    for layer in (corrected.network.w1, corrected.network.w2):
        assert layer.signs == "dale" and layer.inhibitory_fraction == 0.3
    placed = runs["inhibition_placement/w2_positive/published"].parameters.network
    assert (placed.w1.signs, placed.w2.signs) == ("dale", "positive")
    assert runs["baseline/membrane_only/corrected"].parameters.network.model == "membrane_only"
