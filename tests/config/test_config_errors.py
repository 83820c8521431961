"""Every bad config is one line that names the field."""

import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from configs import CONTENT, PAPER, a_sweep, named, paper, put

from spikeloc.config.loading import check_config, load_config
from spikeloc.io.errors import InputError

X = {"name": "x", "label": "x"}
GRID = {"network.tau_ms": [1, 2], "network.hidden_units": [2]}
TUNE: dict[str, Any] = {"learning_rates": [0.1, 0.2], "seeds": [101]}
FRACTION = "network.w1.inhibitory_fraction"


def refused(content: Any) -> str:
    """The one line that says what is wrong."""
    with pytest.raises(InputError) as caught:
        check_config(content, "config/my.yaml")
    message = str(caught.value)
    assert message.startswith("config/my.yaml: ") and len(message.splitlines()) == 1
    return message


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("stimulus.rate_mx_hz", 600, "unknown key"),
        ("network.w1.sign", "dale", "unknown key"),
        ("network.hidden_units", 30.5, "int"),
        ("network.hidden_units", True, "int"),
        ("network.hidden_units", 0, "greater than or equal to 1"),
        ("network.tau_ms", "5", "number"),
        ("network.tau_ms", None, "number"),
        ("network.tau_ms", 0, "greater than 0"),
        ("network.tau_ms", -1, "greater than 0"),
        ("network.model", "spking", "spiking"),
        ("network.classes", 1, "greater than or equal to 2"),
        ("network.w1", "free", "dictionary"),
        (FRACTION, 1.1, "less than or equal to 1"),
        (FRACTION, -0.1, "greater than or equal to 0"),
        ("stimulus.frequency_hz", math.nan, "finite"),
        ("stimulus.frequency_hz", math.inf, "finite"),
        ("stimulus.frequency_hz", [20], "number"),
        ("stimulus.envelope_power", -1, "greater than or equal to 0"),
        ("stimulus.rate_max_hz", 1000.1, "less than or equal|above 1"),
        ("training.epochs", 0, "greater than or equal to 1"),
        ("training.learning_rate", 0, "greater than 0"),
        ("training.validate_each_epoch", "yes", "boolean"),
        ("training.fresh_stimuli", "phase", "must be true, false or phases, not 'phase'"),
        ("seeds", [], "at least 1"),
        ("training.fresh_stimuli", ["phases"], "or phases, not ['phases']"),
        ("training.rate_penalty", [100, 200], "a valid dictionary, not [100, 200] (a mapping is"),
        ("training.rate_penalty", 100, "a valid dictionary, not 100 (a mapping is"),
        ("network.rate_penalty", {}, "network.rate_penalty: unknown key; it is a key of training"),
        ("tests", {}, "tests: unknown key; it is a key of an experiment"),
        ("network.reset", ["late", 2**300], "not ['late', an integer of 301 bits]"),
        ("network.reset", ["late", ["late"]], "not ['late', ...]"),
        ("seeds", [1, 2, 1], "seeds holds a duplicate: 1"),
        ("seeds", ["1"], "integer"),
        ("seeds", [-1], "greater than or equal to 0"),
        ("seeds", [2**63], "less than"),
        ("device", "gpu", "cuda"),
        ("experiments", {}, "at least 1"),
        ("experiments.dale_ratio.values", [], "at least 1"),
        ("experiments.dale_ratio.values", ["0.1"], "number"),
        ("experiments.dale_ratio.values", [0, 0.1, math.nan], "finite"),
        ("experiments.dale_ratio.vary", "tau_ms", "did you mean 'network.tau_ms'"),
        ("experiments.dale_ratio.variants", [], "at least 1"),
        ("experiments.dale_ratio.variants", {}, "at least 1"),
        ("experiments.dale_ratio.variants", {"mine": {"tau_ms": 2}}, "a key of network"),
        ("experiments.baseline.variants", ["printed"], "'printed' is not one of: published, c"),
        ("experiments.baseline.conditions", [], "at least 1"),
        ("variants", {}, "at least 1"),
        ("recipes", {}, "at least 1"),
        ("phase_effect.runs", [], "at least 1"),
        ("phase_effect.runs", ["baseline"], "match"),
        ("phase_effect.runs", ["baseline/free", "baseline/unheard"], "'baseline/unheard' is no"),
        ("phase_effect.runs", ["free/baseline"], "'free/baseline' is no"),
        ("phase_effect.phases", 1, "greater than or equal to 2"),
        ("phase_effect.samples", 0.5, "int"),
        ("phase_effect.phase", 24, "unknown key"),
        ("coincidence.weight", 0.6, "unknown key"),
        ("coincidence.weights", [], "at least 1"),
        ("coincidence.weights", [0.6, 0.5], "greater than 0.5"),  # two together are at threshold
        ("coincidence.weights", [1], "less than 1"),  # one alone is at threshold
        ("coincidence.weights", ["0.6"], "number"),
        ("coincidence.taus_ms", [0], "greater than 0"),
        ("coincidence.pairs_per_class", [0], "greater than or equal to 1"),
        ("coincidence.pairs_per_class", [1.5], "int"),
        ("coincidence.search_samples", 0, "greater than or equal to 1"),
        ("coincidence.search_samples", 4097, "more than the 4096 validation samples"),
        ("coincidence.experiment", "unheard", "'unheard' is not an experiment"),
        ("coincidence.experiment", "dale_ratio", "does not sweep stimulus.envelope_power"),
        ("coincidence.experiment", "baseline", "does not sweep stimulus.envelope_power"),
        ("analysis.experiments", [], "at least 1"),
        ("analysis.experiments", ["baseline/free"], "match"),
        ("analysis.experiments", ["unheard"], "'unheard' is not an experiment"),
        ("analysis.ipds", 3, "greater than or equal to 4"),
        ("analysis.trials", 0, "greater than or equal to 1"),
        ("analysis.timing_samples", 1.5, "int"),
        ("analysis.samples", 24, "unknown key"),
    ],
)
def test_a_bad_value_is_named(path: str, value: Any, said: str) -> None:
    message = refused(put(paper(), path, value))
    assert path.removesuffix(".rate_max_hz") in message
    assert any(part in message for part in said.split("|")), message


def test_a_rate_beyond_one_spike_a_bin_names_rate_and_step() -> None:
    # 600 sp/s in bins of 2 ms are 1.2 spikes
    message = refused(put(paper(), "stimulus.time_step_ms", 2))
    assert "rate_max_hz" in message and "time_step_ms" in message and "1.2" in message


def test_a_run_is_tested_at_all_phases_once() -> None:
    twice = put(paper(), "phase_effect.runs", ["baseline/free", "baseline/free"])
    assert "phase_effect: runs holds a duplicate" in refused(twice)


@pytest.mark.parametrize("name", ["weights", "taus_ms", "pairs_per_class"])
def test_detectors_are_searched_once(name: str) -> None:
    values = [0.6, 0.7, 0.6] if name == "weights" else [3, 2, 3]
    message = refused(put(paper(), f"coincidence.{name}", values))
    assert f"coincidence: {name} holds a duplicate" in message


def test_detectors_are_chosen_for_variants_of_one_stimulus() -> None:
    other = {"phase": "per_dataset", "rate_max_hz": 500}
    message = refused(put(paper(), "variants.published.stimulus", other))
    assert "coincidence.experiment: variants of 'envelope_power' differ" in message


def test_an_experiment_is_asked_what_was_learned_once_and_if_there_is_anything() -> None:
    twice = put(paper(), "analysis.experiments", ["baseline", "baseline"])
    assert "analysis: experiments holds a duplicate" in refused(twice)
    angles = named(X | {"network": {"readout": "angle"}})
    message = refused(put(angles, "analysis.experiments", ["extra"]))
    assert "analysis.experiments: 'extra' has no run with hidden units that tells cl" in message


@pytest.mark.parametrize("duration", [100.5, 3, 1e9])
def test_a_duration_is_a_number_of_steps(duration: float) -> None:
    message = refused(put(paper(), "stimulus.duration_ms", duration))
    assert "duration_ms" in message and "time_step_ms" in message


@pytest.mark.parametrize("missing", ["name", "seeds", "experiments"])
def test_a_missing_key_is_named(missing: str) -> None:
    content = paper()
    del content[missing]
    assert f"{missing}: Field required" in refused(content)


@pytest.mark.parametrize("name", ["../x", "a b", "ä", "", "A", ".x", "-x", "a/b", "x" * 65, "x\n"])
def test_unsafe_names_are_refused(name: str) -> None:
    assert "experiments.extra.conditions.0.name" in refused(named({"name": name, "label": "x"}))
    assert "name" in refused(put(paper(), "name", name))
    assert "experiments" in refused({**paper(), "experiments": {name: a_sweep_alone()}})
    for key in ("recipes", "variants"):
        assert key in refused({**paper(), key: {name: {}} | CONTENT[key]})


def a_sweep_alone() -> Any:
    return a_sweep()["experiments"]["extra"]


def nested(**nesting: Any) -> dict[str, Any]:
    return a_sweep(nesting={"published": nesting})


def nested_in(variant: str) -> dict[str, Any]:
    return a_sweep(nesting={variant: {}})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (named(X, X), "duplicate condition 'x'"),
        (a_sweep(values=[1, 2, 1]), "duplicate condition 'tau_ms-1'"),
        (a_sweep(values=[1, 1.0]), "duplicate condition 'tau_ms-1'"),
        (a_sweep(recipe="unheard"), "extra.tau_ms-1.recipe: 'unheard' is not one of: envelope, "),
        (a_sweep(recipe=None), "recipe: null is not one of: envelope, dale"),
        (named(X | {"recipe": "unheard"}), "extra.x.recipe: 'unheard'"),
        (a_sweep(conditions=[X]), "either vary and values, or a grid, or conditions"),
        (a_sweep(vary=None, values=None), "either vary and values, or a grid, or conditions"),
        (a_sweep(grid=GRID), "either vary and values, or a grid, or conditions"),
        (a_sweep(vary=None, values=None, grid={"network.tau_ms": [1]}), "extra.grid"),
        (a_sweep(vary=None, values=None, grid=GRID | {"tau_ms": [1]}), "extra.grid"),
        (
            a_sweep(vary=None, values=None, grid=GRID | {"network.tau_ms": [1, 1]}),
            "duplicate condition 'tau_ms-1_hidden_units-2'",
        ),
        (a_sweep(seeds=[1, 1]), "seeds holds a duplicate"),
        (a_sweep(seeds=[]), "extra.seeds"),
        (a_sweep(tune=TUNE), "search for the learning rate needs validate_each_epoch"),
        (a_sweep(recipe="dale", tune=TUNE | {"learning_rates": [0.1]}), "tune.learning_rates"),
        (
            a_sweep(recipe="dale", tune=TUNE | {"learning_rates": [0.1, 0.1]}),
            "learning_rates holds a duplicate",
        ),
        (a_sweep(recipe="dale", tune=TUNE | {"seeds": [1, 1]}), "seeds holds a duplicate"),
        (
            named(X | {"training": {"learning_rate": 0.1}}, recipe="dale", tune=TUNE),
            "training.learning_rate would have no effect: tune chooses it",
        ),
        (a_sweep(values=None), "both vary and values"),
        (a_sweep(vary=None), "both vary and values"),
        (a_sweep(variants=["published", "published"]), "variants holds a duplicate"),
        (a_sweep(vary="network.tau"), "extra.vary: 'network.tau' is not the dotted name of a par"),
        (a_sweep(vary=["network.tau_ms", "network.w1"]), "extra.vary.1: 'network.w1' is not the"),
        (a_sweep(vary=[]), "extra.vary: List should have at least 1 item"),
        (a_sweep(vary=5), "extra.vary: Input should be a valid string, not 5"),
        (
            a_sweep(vary="network.surrogate", values=["sigmoid", "sigmod"]),
            "extra.values: network.surrogate: Input should be 'sigmoid', 'fast_sigmoid', 'supersp",
        ),
        (a_sweep(vary="network.surrogate", values=[5]), "extra.values: network.surrogate"),
        (a_sweep(vary="network.surrogate", values=[["sigmoid"]]), "extra.values.0"),
        (a_sweep(vary="training.fresh_stimuli", values=[0, 1]), "true, false or phases, not 0"),
        (a_sweep(vary="training.validate_each_epoch", values=[0]), "(write true or false, without"),
        (a_sweep(values=[1, True]), "extra.values: network.tau_ms: Input should be a valid number"),
        (
            a_sweep(vary="network.reset", values=["late", "late"]),
            "duplicate condition 'reset-late'",
        ),
        (
            a_sweep(vary="stimulus.phase", values=["per_sample", "per_dataset"]),
            "stimulus.phase would have no effect, since variant 'published' sets it too",
        ),
        (a_sweep(vary="network.model"), "network.model"),
        (a_sweep(vary="network.hidden_units", values=[7, 7.5]), "network.hidden_units"),
        (a_sweep(vary=FRACTION, values=[0.5, 1.5]), FRACTION),
        (a_sweep(vary="stimulus.rate_max_hz", values=[600, 1200]), "rate_max_hz"),
        (a_sweep(vary="stimulus.phase", values=[0]), "stimulus.phase"),
        (named(X | {"stimulus": {"phase": "per_sample"}}), "stimulus.phase would have no effect"),
        (
            named(X | {"training": {"weights_kept": "best"}}),
            "training.weights_kept would have no effect, since variant 'published' sets it too",
        ),
        (
            named(X | {"training": {"validate_each_epoch": False}}, variants=["corrected"]),
            "training.validate_each_epoch would have no effect",
        ),
        (named(X | {"network": {"w1": None}}), "network.w1"),
        (nested(networks=0), "nesting.published.networks: Input should be greater"),
        (nested(networks=2.5), "nesting.published.networks"),
        (nested(networks=2, shared=["tests"]), "nesting.published.shared.0"),
        (nested(networks=2), "nesting.published: shared must contain training"),
        (nested(networks=2, shared=["validation", "test"]), "shared must contain training"),
        (nested(networks=2, shared=["training"] * 2), "published: shared holds a duplicate"),
        (nested(shared=["training"]), "nesting.published: shared has no effect"),
        (nested(network=2), "nesting.published.network: unknown key"),
        (
            a_sweep(variants=["corrected"], nesting={"published": {}}),
            "extra.nesting: 'published' is not one of: corrected",
        ),
        (a_sweep(nesting={"printed": {}}), "nesting: 'printed' is not one of: published, corr"),
        (named({"name": "x"}), "conditions.0.label: Field required"),
    ],
)
def test_experiments_that_make_no_sense_are_named(content: Any, said: str) -> None:
    message = refused(content)
    assert "experiments.extra" in message and said in message


def test_best_weights_need_validation() -> None:
    content = put(paper(), "variants.corrected.training", {"weights_kept": "best"})
    message = refused(content)
    assert "baseline.free (corrected): training: weights_kept: best needs" in message
    content = put(paper(), "training.validate_each_epoch", False)
    assert "training: weights_kept: best needs validate_each_epoch: true" in refused(content)


def test_a_variant_must_be_there_if_it_is_asked_for() -> None:
    content = paper()
    del content["variants"]["corrected"]
    content["experiments"]["envelope_power"] |= {"variants": ["corrected"], "printed": None}
    assert "envelope_power.variants: 'corrected' is not one of: published" in refused(content)


def test_a_reference_is_a_condition() -> None:
    content = put(paper(), "experiments.dale_ratio.reference", "elsewhere")
    assert "dale_ratio.reference: 'elsewhere' is not one of its conditions" in refused(content)


def test_a_name_is_not_that_of_a_results_folder() -> None:
    assert "'tables' is taken by a folder" in refused(put(paper(), "name", "tables"))


@pytest.mark.parametrize("content", [None, [], "text", 3])
def test_a_config_is_a_mapping(content: Any) -> None:
    assert "mapping" in refused(content)


YAML = PAPER.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (YAML + "\nname: again\n", "key 'name' is given twice"),
        (
            YAML.replace("  tau_ms: 5\n", "  tau_ms: 5\n  tau_ms: 6\n"),
            "key 'tau_ms' is given twice",
        ),
        (YAML.replace("{tau_ms: 20,", "{tau_ms: 20, tau_ms: 20,"), "key 'tau_ms' is given twice"),
        (YAML.replace("frequency_hz: 20", "frequency_hz: '20'"), "stimulus.frequency_hz"),
        (YAML.replace("tau_ms: 5", "tau_ms: .nan"), "network.tau_ms"),
        (YAML.replace("name: paper", "name: {"), "not YAML"),
        ("name: !!python/object:os.system x", "not YAML"),
        ("name: \t- x", "not YAML"),
        ("? [a, b]\n: 1", "not YAML"),
        ("? {a: b}\n: 1", "not YAML"),
        ("name: 2026-13-45", "seeds: Field required"),  # text, not a date
        ("a: &a [*a]", "nested too deeply"),
        ("", "mapping"),
        ("- 1", "mapping"),
        (YAML + "\n1: 2\n", "1: Keys should be strings"),
        (YAML + "\n__use_yte__: true\n", "a config holds values, not code"),
        (YAML + '\n"a\\nb": 1\n', r"'a\nb': unknown key"),
    ],
)
def test_a_bad_file_is_named_with_its_fault(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "my.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_config(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ") and said in message
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize(
    ("path", "written", "said"),
    [
        ("network.tau_ms", "1_0", "a valid number, not '1_0' (a number is written 5, 0.5 or 1e-3)"),
        ("network.tau_ms", "1:40", "a valid number, not '1:40' (a number is"),
        ("network.tau_ms", "on", "a valid number, not 'on' (a number is"),
        ("network.tau_ms", "true", "a valid number, not true (a number is"),
        ("network.tau_ms", "'5'", "a valid number, not '5' (write it without quotes)"),
        ("network.tau_ms", "", "a valid number, not null"),
        ("network.tau_ms", "-1e-3", "greater than 0, not -1e-3"),
        ("network.tau_ms", "0x0", "greater than 0, not 0x0"),
        ("network.tau_ms", ".NaN", "finite number, not .NaN"),
        ("network.tau_ms", "-.INF", "finite number, not -.INF"),
        ("network.tau_ms", "1e400", "'1e400': too large"),
        ("network.hidden_units", "1e3", "integer, not 1e3 (a whole number is written 5)"),
        ("network.hidden_units", "007.0", "integer, not 007.0 (a whole number"),
        ("network.hidden_units", "0x10000", "less than or equal to 10000, not 0x10000"),
        ("network.hidden_units", "9" * 4000, f"not {'9' * 80}..."),
        ("network.classes", "0o0", "greater than or equal to 2, not 0o0"),
        ("network.model", "on", "Input should be 'spiking' or 'membrane_only', not 'on'"),
        ("network.model", "1e-3", "'membrane_only', not 1e-3"),
        ("network.w1", "free", "not 'free' (a mapping is written {key: value})"),
        ("training.validate_each_epoch", "yes", "boolean, not 'yes' (write true or false"),
        ("training.validate_each_epoch", "off", "boolean, not 'off' (write true or false"),
        ("training.validate_each_epoch", "1", "boolean, not 1 (write true or false"),
        ("training.validate_each_epoch", "'true'", "boolean, not 'true' (write true or false, wit"),
        ("seeds", "1:40", "a valid list, not '1:40' (a list is written [1, 2, 3])"),
        ("seeds", "[1, 1_0]", "seeds.1: Input should be a valid integer, not '1_0' (a whole"),
        ("seeds", "[1, -0o7]", "not '-0o7'"),
        ("seeds", "[1, -7]", "greater than or equal to 0, not -7"),
        ("name", "0o17", "a valid string, not 0o17 (put it into quotes)"),
        ("name", "1e3", "a valid string, not 1e3 (put it into quotes)"),
        ("name", "True", "a valid string, not true (put it into quotes)"),
        ("name", "", "a valid string, not null"),
        (
            "experiments.dale_ratio.values",
            "[0, 1_0]",
            "inhibitory_fraction: Input should be a valid number, not '1_0' (a number is written",
        ),
        ("experiments.dale_ratio.vary", "tau", "dale_ratio.vary: 'tau' is not the dotted name"),
        (
            "experiments.baseline.conditions.0.label",
            "1e-3",
            "label: Input should be a valid string",
        ),
        ("recipes", "on", "a valid dictionary, not 'on' (a mapping is written"),
        ("analysis.experiments", "baseline", "a valid list, not 'baseline' (a list is"),
    ],
)
def test_a_message_shows_what_was_written_and_what_to_write(
    tmp_path: Path, path: str, written: str, said: str
) -> None:
    # a place holder becomes the text itself, without quotes
    text = yaml.safe_dump(put(paper(), path, "HERE")).replace("HERE", written)
    (tmp_path / "my.yaml").write_text(text)
    with pytest.raises(InputError) as caught:
        load_config(tmp_path / "my.yaml")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("content", "meant"),
    [
        (paper() | {"sedes": [1]}, "sedes: unknown key; did you mean 'seeds'?"),
        (put(paper(), "network.tau", 5), "network.tau: unknown key; did you mean 'tau_ms'?"),
        (put(paper(), "network.w1.sign", "dale"), "unknown key; did you mean 'signs'?"),
        (put(paper(), "recipes.dale.trainin", {}), "dale.trainin: unknown key; did you mean 'tra"),
        (
            put(paper(), "recipes.dale.network.w3", {}),
            "network.w3: unknown key; did you mean 'w2'?",
        ),
        (put(paper(), "variants.published.stimuli", {}), "stimuli: unknown key; did you mean 'st"),
        (put(paper(), "phase_effect.phase", 24), "phase: unknown key; did you mean 'phases'?"),
        (put(paper(), "coincidence.weight", 24), "weight: unknown key; did you mean 'weights'?"),
        (put(paper(), "ideal_observer.sample", 1), "sample: unknown key; did you mean 'samples'?"),
        (put(paper(), "documents.0.claim", ""), "claim: unknown key; did you mean 'claims'?"),
        (a_sweep(varies="x"), "extra.varies: unknown key; did you mean 'variants'?"),
        (a_sweep(vary="network.tau"), "dotted name of a parameter; did you mean 'network.tau_ms'?"),
        (a_sweep(vary="network.w1.fraction"), "did you mean 'network.w1.inhibitory_fraction'?"),
        (a_sweep(vary="netwrk.tau_ms"), "did you mean 'network.tau_ms'?"),
        (a_sweep(vary="hidden_units"), "did you mean 'network.hidden_units'?"),
        (
            a_sweep(vary=["network.tau_ms", "network.tua_ms"]),
            "extra.vary.1: 'network.tua_ms' is not the dotted name of a parameter; did you mean",
        ),
        (
            a_sweep(vary=None, values=None, grid=GRID | {"network.tua_ms": [1]}),
            "'network.tua_ms' is not the dotted name of a parameter; did you mean 'network.tau_ms'",
        ),
        (a_sweep(variants=["correct"]), "did you mean 'corrected'?"),
        (nested_in("correct"), "extra.nesting: 'correct' is not one of: published, corrected; did"),
        (a_sweep(recipe="envelop"), "did you mean 'envelope'?"),
        (
            a_sweep(reference="tau_ms-11"),
            "reference: 'tau_ms-11' is not one of its conditions; did",
        ),
        (a_sweep(tune=TUNE | {"seed": 1}), "tune.seed: unknown key; did you mean 'seeds'?"),
        (nested(network=2), "network: unknown key; did you mean 'networks'?"),
        (named({"name": "x", "labl": "x"}), "0.labl: unknown key; did you mean 'label'?"),
        (put(paper(), "phase_effect.runs", ["baseline/fre"]), "did you mean 'baseline/free'?"),
        (put(paper(), "analysis.experiments", ["dale_rato"]), "did you mean 'dale_ratio'?"),
        (put(paper(), "coincidence.experiment", "envelope"), "did you mean 'envelope_power'?"),
        (put(paper(), "device", "gpu"), "Input should be 'cpu' or 'cuda'"),
        (paper() | {"x": 1}, "config/my.yaml: x: unknown key"),
    ],
)
def test_the_key_or_name_that_was_meant_is_suggested(content: Any, meant: str) -> None:
    assert meant in refused(content)


@pytest.mark.parametrize(
    ("path", "layer", "said"),
    [
        ("w1", {"method": "reflu"}, "abs"),
        ("w1", {"signs": "dale", "initialisation": "normal"}, "uniform"),
        ("w1", {"signs": "free", "method": "relu"}, "relu has no effect with signs: free"),
        ("w1", {"signs": "positive", "method": "learned"}, "learned needs signs: dale"),
        ("w1", {"signs": "per_synapse", "method": "dann"}, "dann needs signs: dale"),
        ("w2", {"signs": "dale", "method": "dann"}, "dann is for w1 only"),
        ("w1", {"signs": "positive", "initialisation": "balanced"}, "balanced needs signs: dale"),
        (
            "w1",
            {"signs": "dale", "method": "dann", "initialisation": "column_ei"},
            "column_ei needs signs: dale and no dann",
        ),
        (
            "w2",
            {"signs": "dale", "initialisation": "column_ei", "inhibitory_fraction": 0},
            "undefined for 0 inhibitory units of 30",
        ),
        (
            "w1",
            {"signs": "dale", "initialisation": "balanced", "inhibitory_fraction": 1},
            "undefined for 200 inhibitory units of 200",
        ),
        ("w1", {"signs": "dale", "method": "dann", "inhibitory_fraction": 0}, "needs interneurons"),
        (
            "w2",
            {"signs": "dale", "method": "dann_subtractive", "inhibitory_fraction": 1},
            "needs interneurons",
        ),
    ],
)
def test_signs_that_cannot_be_are_refused(path: str, layer: dict[str, Any], said: str) -> None:
    condition = {"name": "x", "label": "x", "network": {path: layer}}
    assert said in refused(named(condition, recipe="dale"))


def test_a_band_of_rates_that_no_unit_can_reach_is_named() -> None:
    band = {"min_hz": 1500, "max_hz": 2000}
    message = refused(put(paper(), "training.rate_penalty", band))
    assert "rate_penalty: min_hz: 1500 is above a spike in each time step, 1000 spikes/s" in message
