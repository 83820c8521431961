"""The interactive page: its data and how it is put together, without a browser."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from explorer_data import (
    HOSTILE,
    ORIGIN,
    made_up_tables,
    small_contents,
    small_plan,
    untrained_networks,
)

from spikeloc.config.loading import check_config
from spikeloc.config.plan import Plan
from spikeloc.io.errors import InputError
from spikeloc.io.weight_files import write_weights
from spikeloc.plots.explorer import page
from spikeloc.plots.explorer.contents import collect_networks, contents
from spikeloc.plots.explorer.settings import settings, weight_files

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    return small_contents()


@pytest.mark.parametrize("library", page.LIBRARIES, ids=lambda library: library.name)
def test_libraries_are_those_of_their_authors(library: page.Library) -> None:
    content = (page.FOLDER / "library" / library.file).read_bytes()
    assert hashlib.sha256(content).hexdigest() == library.sha256
    assert f"v{library.version} ".encode() in content[:100]


def test_every_module_is_in_the_page_after_those_that_it_imports() -> None:
    assert {f"{name}.js" for name in page.MODULES} == {p.name for p in page.FOLDER.glob("*.js")}
    for place, name in enumerate(page.MODULES):
        text = (page.FOLDER / f"{name}.js").read_text()
        imported = re.findall(r'^import .*from "\./(\w+)\.js";$', text, re.MULTILINE)
        assert set(imported) <= {*page.MODULES[:place]}, name
    assert not re.search(r"^(import|export) ", page.script(), re.MULTILINE)


def test_the_page_is_whole_and_the_same_each_time(shown: dict[str, Any]) -> None:
    made = page.page(shown)
    again = contents(
        settings(small_plan()),
        made_up_tables(small_plan()),
        untrained_networks(small_plan()),
        ORIGIN,
        "a commit",
    )
    assert made == page.page(again)
    assert "{{" not in re.sub(r"<script.*?</script>", "", made, flags=re.DOTALL)
    assert len(made.encode()) < page.MOST_BYTES


def test_text_of_users_cannot_leave_its_script_element(shown: dict[str, Any]) -> None:
    made = page.page(shown)
    assert HOSTILE not in made
    element = re.search(
        r'<script type="application/json" id="data">(.*?)</script>', made, re.DOTALL
    )
    assert element and json.loads(element[1])["experiments"][0]["title"] == HOSTILE


def test_results_are_those_of_the_tables(shown: dict[str, Any]) -> None:
    tables = made_up_tables(small_plan())
    run = shown["runs"][3]  # placement, w1 positive, corrected
    assert (run["condition"], run["variant"]) == ("w1", "corrected")

    def rows(name: str) -> pd.DataFrame:
        own = tables[name]
        here = (own["experiment"] == "placement") & (own["condition"] == "w1")
        if "variant" in own:
            here &= own["variant"] == "corrected"
        return own[here & (own["metric"] == "test_accuracy")] if "metric" in own else own[here]

    assert run["values"]["test_accuracy"] == pytest.approx(
        rows("runs")["test_accuracy"].tolist(), rel=1e-5
    )
    summary, difference = (rows(name).iloc[0] for name in ("summary", "comparisons"))
    ends = ["n", "mean", "ci95_low", "ci95_high"]
    assert run["summary"]["test_accuracy"] == pytest.approx(summary[ends].tolist(), rel=1e-5)
    assert run["differences"]["test_accuracy"] == pytest.approx(
        difference[[*ends, "p_holm"]].tolist(), rel=1e-5
    )
    assert run["printed"] == {"test_accuracy": [44]}
    assert run["observer"]["test_accuracy"] == [93, 92.5, 93.5]
    assert run["tuning"] == {"peak": [60, 55, 65], "dip": [40, 35, 45]}
    assert shown["origin"]["networks"] == "64 trained in 16 runs, 10 of them on this page"
    assert shown["origin"]["variant published"] == "phase per_dataset"
    assert {"a commit", "small", "1, 2, 3, 4"} <= {*shown["origin"].values()}


def test_networks_are_embedded_to_the_last_bit_and_once(shown: dict[str, Any]) -> None:
    both, published, tau = (
        next(run for run in shown["runs"] if (run["condition"], run["variant"]) == names)
        for names in (("both", "corrected"), ("both", "published"), ("tau_ms-5", "corrected"))
    )
    assert list(both["embedded"]) == ["1", "2"] and published["embedded"] == {}
    assert both["embedded"] == tau["embedded"]  # trained from the same
    network = shown["networks"][both["embedded"]["2"]]
    assert network["shape"] == [200, 30, 12] and network["seed"] == "2"
    assert network["alpha"] == np.exp(-1 / 5) and network["signs"].startswith("W1: Dale, 50 %")
    weights = np.frombuffer(base64.b64decode(network["w1"]), "<f4")
    assert len(weights) == 6000 and abs(weights).max() <= 3 / np.sqrt(30)


def test_a_network_is_found_in_its_ensemble(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    layers = {name: rng.random((4, 3, 2), np.float32) for name in ("w1", "w2")}
    layers["w1"][2] = np.nan
    told = {"seeds": [7, 7, 8, 9], "networks": [1, 2, 1, 1], "not_finite": [2]}
    path = str(tmp_path / "weights.safetensors")
    write_weights(path, layers, told)
    found = collect_networks({"a-7": path, "a-8": path, "a-9": path})
    assert sorted(found) == ["a-7.w1", "a-7.w2", "a-9.w1", "a-9.w2"]  # that of seed 8 diverged
    assert (found["a-9.w2"] == layers["w2"][3]).all()


def test_a_page_without_any_network_is_refused() -> None:
    plan = small_plan()
    with pytest.raises(InputError, match="all networks that the page should hold have diverged"):
        contents(settings(plan), made_up_tables(plan), {}, ORIGIN, "")


def test_a_page_that_is_too_large_is_refused(shown: dict[str, Any]) -> None:
    with pytest.raises(
        InputError, match=r"the page would have 5\.\d MB; at most 4 MB: embed fewer"
    ):
        page.page(shown | {"more": "x" * 4_200_000})


@pytest.mark.parametrize(
    ("explorer", "message"),
    [
        ({"experiments": ["placment"]}, "explorer.experiments: 'placment' is not an experiment"),
        ({"experiments": ["tau", "tau"]}, "explorer: experiments holds a duplicate"),
        ({"experiments": []}, "explorer.experiments"),
        ({"seeds": 0}, "explorer.seeds"),
        ({"network": 1}, "explorer.network: unknown key"),
    ],
)
def test_wrong_settings_are_refused(explorer: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        weight_files(small_plan(explorer=explorer))


def test_experiments_that_the_page_cannot_simulate_are_left_out_or_refused_by_name() -> None:
    others = {"readout": "angle", "threshold_jump": 0.5, "refractory_ms": 2, "reset": "subtract"}
    conditions = [{"name": key, "label": key, "network": {key: own}} for key, own in others.items()]
    experiments = {
        "others": {"conditions": conditions},
        "tau": {"vary": "network.tau_ms", "values": [2]},
    }
    alone = {"explorer": {"experiments": ["others"]}, "experiments": experiments}
    with pytest.raises(InputError, match="'others' has no run that the page can simulate"):
        weight_files(small_plan(**alone))
    only = {"explorer": {}, "experiments": {"others": experiments["others"]}}
    with pytest.raises(InputError, match="explorer: no experiment has a run that the page can"):
        weight_files(small_plan(**only))
    every = small_plan(explorer={}, experiments=experiments)
    assert {run.experiment for run in every.explored_runs} == {"tau"}
    assert len(weight_files(every)) == 1  # the first seed


def test_too_many_networks_are_refused_before_any_job() -> None:
    many = {"explorer": {"experiments": ["tau"], "seeds": 30}, "seeds": list(range(30))}
    message = r"the weights of 90 networks take 3\.1 MB; at most 2\.5 MB fit"
    with pytest.raises(InputError, match=message):
        weight_files(small_plan(**many))


def test_a_config_without_the_key_has_no_page() -> None:
    content = {
        "name": "tiny",
        "seeds": [1],
        "experiments": {"tau": {"vary": "network.tau_ms", "values": [2]}},
    }
    plan = Plan(check_config(content))
    assert plan.explorer_inputs() == {} and plan.explored_runs == []
