"""A config may take over parameters, recipes and variants of another file."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from configs import PAPER, by_path

from spikeloc.config.expansion import expand
from spikeloc.config.loading import check_config, load_config
from spikeloc.config.yaml_files import dump_yaml, parsed
from spikeloc.io.errors import InputError
from spikeloc.release.origin import config_hash

OWN: dict[str, Any] = {
    "name": "mine",
    "seeds": [5],
    "experiments": {"x": {"recipe": "dale", "vary": "network.hidden_units", "values": [7]}},
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's folder, with a folder of configs and a neighbour outside."""
    (tmp_path / "outside.yaml").write_text("network: {tau_ms: 3}\n")
    project = tmp_path / "project"
    (project / "config" / "more").mkdir(parents=True)
    (project / "config/paper.yaml").write_text(PAPER.read_text(encoding="utf-8"))
    monkeypatch.chdir(project)
    return project


def written(path: str, content: Any) -> str:
    Path(path).write_text(yaml.safe_dump(content))
    return path


def mine(**changes: Any) -> str:
    return written("config/mine.yaml", OWN | {"extends": "paper.yaml"} | changes)


def refused(*files: str, **given: Any) -> str:
    with pytest.raises(InputError) as caught:
        load_config(*files, **given)
    message = str(caught.value)
    assert len(message.splitlines()) == 1 and message.isprintable()
    return message


def test_parameters_recipes_and_variants_are_taken_over_and_nothing_else() -> None:
    own, paper = load_config(mine()), load_config("config/paper.yaml")
    for key in ("stimulus", "network", "training", "recipes", "variants"):
        assert getattr(own, key) == getattr(paper, key)
    assert (own.name, own.seeds, list(own.experiments)) == ("mine", [5], ["x"])
    for key in ("phase_effect", "coincidence", "analysis", "search"):
        assert getattr(own, key) is None
    assert not own.panels and not own.documents and not own.check_claims


def test_what_the_extending_file_says_comes_first_mapping_by_mapping() -> None:
    config = load_config(
        mine(
            training={"batch_size": 32},
            recipes={"dale": {"network": {"tau_ms": 9, "w1": {"inhibitory_fraction": 0.3}}}},
            variants={"early": {"training": {"weights_kept": "best", "epochs": 3}}},
        )
    )
    assert list(config.variants) == ["published", "corrected", "early"]
    runs = by_path(expand(config))
    run = runs["x/hidden_units-7/corrected"].parameters
    assert (run.training.batch_size, run.training.epochs) == (32, 30)
    assert (run.network.tau_ms, run.network.hidden_units) == (9, 7)
    assert (run.network.w1.signs, run.network.w1.inhibitory_fraction) == ("dale", 0.3)
    assert run.network.w2.inhibitory_fraction == 0.5
    assert runs["x/hidden_units-7/early"].parameters.training.epochs == 3


def test_chains_are_read_from_the_far_end_each_from_its_own_folder() -> None:
    written("config/more/middle.yaml", {
        "name": "middle", "seeds": [1], "extends": "../far.yaml",
        "network": {"tau_ms": 2}, "experiments": {"y": {"values": [0]}},
    })  # fmt: skip
    written("config/far.yaml", {
        "network": {"tau_ms": 1, "hidden_units": 4, "noise_sd": 0.5}, "recipes": {"dale": {}},
    })  # fmt: skip
    config = load_config(mine(extends="more/middle.yaml", network={"noise_sd": 0}))
    network = config.network
    assert (network.tau_ms, network.hidden_units, network.noise_sd) == (2, 4, 0)
    assert (config.name, list(config.experiments), list(config.variants)) == (
        "mine", ["x"], ["default"],
    )  # fmt: skip


def test_a_file_outside_of_the_project_extends_what_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    written(str(path), OWN | {"extends": "outside.yaml", "recipes": {"dale": {}}})
    assert load_config(path).network.tau_ms == 3
    assert load_config("../mine.yaml").network.tau_ms == 3


def test_other_files_and_settings_are_laid_over_what_is_extended() -> None:
    over = written("config/over.yaml", {"network": {"tau_ms": 8}})
    assert load_config(mine(), over).network.tau_ms == 8
    extending = written("config/over.yaml", {"extends": "far.yaml", "network": {"tau_ms": 8}})
    written("config/far.yaml", {"network": {"tau_ms": 1, "noise_sd": 0.5}})
    network = load_config(mine(), extending, settings=["network={hidden_units: 3}"]).network
    assert (network.tau_ms, network.noise_sd, network.hidden_units) == (8, 0.5, 3)


def test_the_resolved_config_needs_no_other_file() -> None:
    config = load_config(mine())
    resolved = dump_yaml(config.model_dump(exclude_none=True))
    assert "extends" not in resolved
    again = check_config(parsed(resolved, "resolved"))
    assert again == config and config_hash(again) == config_hash(config)


def test_an_edit_of_the_extended_file_is_one_of_the_config() -> None:
    before = config_hash(load_config(mine()))
    paper = Path("config/paper.yaml")
    paper.write_text(paper.read_text().replace("title: Baseline", "title: Another"))
    assert config_hash(load_config("config/mine.yaml")) == before  # not taken over
    paper.write_text(paper.read_text().replace("logit_scale: 0.01", "logit_scale: 0.02"))
    assert config_hash(load_config("config/mine.yaml")) != before


PATH = "extends: must be the path of a file, from the folder of this one, not "


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("papr.yaml", "config/mine.yaml: extends config/papr.yaml: no such file"),
        ("more", "config/mine.yaml: extends config/more: not a file"),
        ("../config", "config/mine.yaml: extends config: not a file"),
        ("../../outside.yaml", "mine.yaml: extends: ../../outside.yaml is outside of the project"),
        ("/etc/hosts", f"config/mine.yaml: {PATH}'/etc/hosts'"),
        ("more/../../../outside.yaml", f"{PATH}'more/../../../outside.yaml'"),
        ("~/x.yaml", f"{PATH}'~/x.yaml'"),
        ("", f"{PATH}''"),
        ("..", f"{PATH}'..'"),
        ("a\nb", f"{PATH}'a\\nb'"),
        (5, f"{PATH}5"),
        (None, f"{PATH}null"),
        (["paper.yaml"], f"{PATH}['paper.yaml']"),
    ],
)
def test_what_cannot_be_extended_is_named(name: Any, said: str) -> None:
    assert said in refused(mine(extends=name))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "config/mine.yaml: extends config/base.yaml: empty; a config is a mapping"),
        (
            "recipies: {}",
            "extends config/base.yaml: recipies: unknown key; did you mean 'recipes'?",
        ),
        ("1: 2", "config/mine.yaml: extends config/base.yaml: 1: unknown key"),
        ("name: [", "config/mine.yaml: extends config/base.yaml: line 1: not YAML"),
        ("__use_yte__: true", "extends config/base.yaml: __use_yte__: a config holds values, not"),
        (
            "network: {tau: 5}",
            "config/mine.yaml, which extends config/base.yaml: network.tau: unknown key; did you",
        ),
        ("recipes: [dale]", "mine.yaml, which extends config/base.yaml: recipes: Input should be"),
        (
            "network: {tau_ms: 1e-400}",
            "config/mine.yaml: extends config/base.yaml: line 1: '1e-400",
        ),
    ],
)
def test_what_is_wrong_in_the_extended_file_is_named_with_both(text: str, said: str) -> None:
    Path("config/base.yaml").write_text(text)
    assert said in refused(mine(extends="base.yaml"))


def test_circles_are_refused_with_both_files() -> None:
    assert refused(mine(extends="mine.yaml")) == (
        "config/mine.yaml: extends config/mine.yaml: files must not extend each other in a circle"
    )
    written("config/more/a.yaml", {"extends": "../b.yaml"})
    written("config/b.yaml", {"extends": "more/a.yaml"})
    assert refused(mine(extends="b.yaml")) == (
        "config/mine.yaml: extends config/b.yaml: extends config/more/a.yaml: "
        "extends config/b.yaml: files must not extend each other in a circle"
    )
    Path("config/linked.yaml").symlink_to("mine.yaml")
    assert "extend each other in a circle" in refused(mine(extends="linked.yaml"))


def test_only_files_extend() -> None:
    said = refused(mine(), settings=["extends=quick.yaml"])
    assert said.endswith("extends: only a file can extend another one")
    with pytest.raises(InputError, match="config: extends: only a file can extend another one"):
        check_config(OWN | {"extends": "paper.yaml"})


@pytest.mark.parametrize("key", ["name", "seeds", "experiments"])
def test_what_is_not_taken_over_must_be_said(key: str) -> None:
    content = {name: value for name, value in OWN.items() if name != key}
    path = written("config/mine.yaml", content | {"extends": "paper.yaml"})
    said = refused(path)
    assert said == f"config/mine.yaml, which extends config/paper.yaml: {key}: Field required"


def test_a_key_that_is_nearly_extends_is_known() -> None:
    path = written("config/mine.yaml", OWN | {"extend": "paper.yaml"})
    assert "extend: unknown key; did you mean 'extends'?" in refused(path)
