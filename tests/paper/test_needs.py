"""What a text lacks is known before anything is computed."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from configs import EXTENDED, PAPER, QUICK, ROOT, SIGNS, a_sweep, put

from spikeloc.config.loading import check_config, load_config
from spikeloc.config.plan import Plan
from spikeloc.io.errors import InputError
from spikeloc.paper import needs
from spikeloc.paper.needs import check_documents, check_needs, check_printed
from spikeloc.plots.catalogue import panels

TEXT = [{"source": "paper/paper.typ", "claims": "paper/claims.yaml"}]


def check(content: dict[str, Any]) -> None:
    plan = Plan(check_config(content))
    check_documents(plan, panels(plan))
    check_printed(plan)


def quick(*without: str, **others: Any) -> dict[str, Any]:
    """The quick config without some of its keys or experiments."""
    content = yaml.safe_load(QUICK.read_text(encoding="utf-8"))
    for path in without:
        *way, last = path.split(".")
        place = content
        for part in way:
            place = place[part]
        del place[last]
    return content | others


@pytest.mark.parametrize("path", [PAPER, QUICK, SIGNS, EXTENDED], ids=lambda path: path.stem)
def test_configs_of_the_project_have_what_their_texts_need(path: Path) -> None:
    plan = Plan(load_config(path))
    check_documents(plan, panels(plan))


@pytest.mark.parametrize(
    ("content", "need"),
    [
        (quick("phase_effect"), "the table 'phase_curve'"),
        (quick("analysis"), "the table 'tuning'"),
        (quick("coincidence"), "the table 'coincidence_summary'"),
        (
            quick("panels.jitter", precomputed=["resources/converged"]),
            "the experiment 'signs_and_tau'",
        ),
        (quick("panels.primer"), "the panel 'primer'"),
        (
            put(quick(), "experiments.dale_ratio.panel", {"mine": {}}),
            "the panel 'dale_ratio_train'",
        ),
        (quick(check_claims=True), "the run 'dale_ratio/inhibitory_fraction-0.6/"),
    ],
)
def test_what_a_text_needs_is_named(content: dict[str, Any], need: str) -> None:
    with pytest.raises(InputError) as refused:
        check(content)
    said = str(refused.value)
    assert re.match(r"config: documents\.\d: paper/\w+\.typ needs the ", said) and need in said


def only_a_sweep(**changes: Any) -> dict[str, Any]:
    """A config of one experiment, without texts."""
    content = a_sweep(**changes)
    content |= {"experiments": {"extra": content["experiments"]["extra"]}, "documents": []}
    for key in ("phase_effect", "coincidence", "analysis", "panels", "explorer"):
        content.pop(key, None)
    return content


def test_config_without_texts_needs_nothing() -> None:
    check(quick("phase_effect", "analysis", documents=[]))


def test_what_is_commented_out_is_not_needed(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "resources").symlink_to(ROOT / "resources")
    (tmp_path / "paper").mkdir()
    (tmp_path / "paper/claims.yaml").write_text("{notebooks: [], text: []}")
    (tmp_path / "paper/paper.typ").write_text('// #estimate("gone", "x")\n#include "b.typ"\n')
    (tmp_path / "paper/b.typ").write_text('#phase-share("free", "x") #estimate("baseline", "x")')
    check(quick(documents=TEXT))
    (tmp_path / "paper/b.typ").write_text('#panels(\n  ("gone", "x"),\n  caption: [],\n)')
    with pytest.raises(InputError, match="the panel 'gone'"):
        check(quick(documents=TEXT))
    (tmp_path / "paper/b.typ").write_text('#claim("of_another_document")[So it is.]')
    with pytest.raises(InputError, match="the claim 'of_another_document'"):
        check(quick(documents=TEXT))
    (tmp_path / "paper/b.typ").unlink()
    with pytest.raises(InputError, match=r"paper/b\.typ: no such file"):
        check(quick(documents=TEXT))


def test_a_mistake_in_a_file_of_printed_values_is_known_before_any_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.csv").write_text("condition,metric,printed\ntau_ms-1,class_error,2.6\n")
    content = only_a_sweep(printed="mine.csv")
    with pytest.raises(InputError, match=r"mine\.csv: 'class_error' is neither a metric"):
        check_printed(Plan(check_config(content)))


def test_what_has_passed_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Plan] = []
    monkeypatch.setattr(needs, "check_documents", lambda plan, _: read.append(plan))
    monkeypatch.setattr(needs, "check_printed", lambda _: None)
    printed = tmp_path / "printed.csv"
    printed.write_text("condition,metric,printed\n")
    content = only_a_sweep(printed="printed.csv")
    content.pop("precomputed", None)
    monkeypatch.chdir(tmp_path)
    passed = Path(".snakemake/passed")
    for sources, panels_of, row, again in [
        ("a", ["x"], "", True),
        ("a", ["x"], "", False),
        ("b", ["x"], "", True),
        ("b", ["y"], "", True),
        ("b", ["y"], "first,test_accuracy,80\n", True),
        ("b", ["y"], "", False),
    ]:
        printed.write_text(printed.read_text() + row)
        before = len(read)
        check_needs(Plan(check_config(content)), panels_of, sources, passed)
        assert len(read) - before == again


def test_what_has_not_passed_is_checked_each_time(tmp_path: Path) -> None:
    plan = Plan(check_config(quick("panels.primer")))
    for _ in range(2):
        with pytest.raises(InputError, match="the panel 'primer'"):
            check_needs(plan, panels(plan), "", tmp_path / "passed")
