"""Claims are decided by table cells, and by nothing else."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError
from workflow_project import ROOT

from spikeloc.io.errors import InputError
from spikeloc.paper.claims import Claims, claims_table, read_claims

TABLE = pd.DataFrame(
    {
        "experiment": ["a", "a"],
        "condition": ["x", "y"],
        "variant": ["corrected", "corrected"],
        "mean": [-3.0, 1.0],
        "p_holm": [0.01, 0.2],
        "can_reject": [True, False],
        "variant_size": [2.5, 2.5],
    }
)


def check(run: str = "a/x/corrected", column: str = "mean", **bounds: Any) -> dict[str, Any]:
    return {"table": "comparisons", "run": run, "column": column, **bounds}


def decided(**claim: Any) -> str:
    content = {"name": "one", "statement": "One.", **claim}
    if "supported" in claim:
        content["decision"] = "By its mean."
    claims = Claims.model_validate({"notebooks": [content], "text": []})
    return str(claims_table(claims, {"comparisons": TABLE})["outcome"].item())


def test_all_checks_have_to_come_out_true() -> None:
    lower, clear = check(below=0), check(column="p_holm", below=0.05)
    assert decided(holds=[lower, clear]) == "holds"
    assert decided(holds=[lower, check(column="p_holm", below=0.005)]) == "fails"
    assert decided(holds=[check(above=-4, below=-2)]) == "holds"
    assert decided(holds=[check(above=-3)]) == "fails"
    assert decided(holds=[check(column="can_reject", equals=True)]) == "holds"
    assert decided(holds=[check("a/y/corrected", "can_reject", equals=True)]) == "fails"
    assert decided(holds=[check(column="p_holm", equals=0.01)]) == "holds"
    assert decided(holds=[check(column="p_holm", equals=0.02)]) == "fails"


def test_a_cell_may_have_to_be_the_same_as_that_of_another_run() -> None:
    assert decided(holds=[check(column="variant_size", same_as="a/y/corrected")]) == "holds"
    assert decided(holds=[check(same_as="a/y/corrected")]) == "fails"
    assert decided(holds=[check(same_as="a/z/corrected")]) == "not tested"
    with pytest.raises(ValidationError, match="experiment/condition/variant"):
        decided(holds=[check(same_as="a/y")])


def test_notebook_claim_may_be_undecided() -> None:
    loss, gain = [check(below=-2)], [check(above=2)]
    assert decided(supported=loss, contradicted=gain) == "supported"
    assert decided(supported=gain, contradicted=loss) == "contradicted"
    assert decided(supported=gain, contradicted=[check(above=0)]) == "undecided"


def test_claim_about_what_was_not_run_is_not_tested() -> None:
    assert decided(holds=[check("a/z/corrected", below=0)]) == "not tested"
    assert decided(not_tested="no such experiment") == "not tested"


def test_gap_in_a_table_fails_every_bound() -> None:
    table = TABLE.assign(mean=float("nan"))
    bounds: list[dict[str, Any]] = [{"above": 0}, {"below": 0}]
    for bound in bounds:
        claims = {"name": "one", "statement": "One.", "holds": [check(**bound)]}
        made = claims_table(
            Claims.model_validate({"notebooks": [], "text": [claims]}), {"comparisons": table}
        )
        assert made["outcome"].item() == "fails"


def test_null_selects_the_row_whose_cell_is_empty() -> None:
    table = pd.DataFrame({"jitter_ms": [None, 3.0], "accuracy": [93.0, 92.0]})
    holds = [{"table": "t", "where": {"jitter_ms": None}, "column": "accuracy", "above": 92.5}]
    claims = {"name": "one", "statement": "One.", "holds": holds}
    one = Claims.model_validate({"notebooks": [], "text": [claims]})
    for each in (table, table.iloc[:1].drop(columns="jitter_ms")):
        assert claims_table(one, {"t": each})["outcome"].item() == "holds"


def test_evidence_names_the_cells() -> None:
    claims = {"name": "one", "statement": "One.", "holds": [check(below=0)]}
    made = claims_table(
        Claims.model_validate({"notebooks": [], "text": [claims]}), {"comparisons": TABLE}
    )
    assert made["evidence"].item() == "comparisons a x corrected mean = -3"


def test_ambiguous_or_unknown_cell_is_an_error() -> None:
    with pytest.raises(InputError, match="no column 'median'"):
        decided(holds=[check(column="median", below=0)])
    with pytest.raises(InputError, match="2 rows"):
        decided(holds=[{"table": "comparisons", "column": "mean", "below": 0}])
    with pytest.raises(InputError, match="no table 'elsewhere'"):
        decided(holds=[{"table": "elsewhere", "column": "mean", "below": 0}])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("notebooks: []", "text"),
        ("notebooks: [{name: a, statement: A}]\ntext: []", "holds"),
        (
            "notebooks: []\ntext: [{name: a, statement: A, holds: [{table: t, column: c}]}]",
            "above",
        ),
        (
            "notebooks: []\ntext: [{name: a, statement: A, "
            "holds: [{table: t, column: c, above: }]}]",
            "above",
        ),
        ("notebooks: 3\ntext: []", "notebooks"),
        (
            "text: []\nnotebooks: [{name: a, statement: A, supported: "
            "[{table: t, column: c, below: 0}]}]",
            "decision",
        ),
    ],
)
def test_damaged_file_of_claims_is_one_message(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=rf"claims.yaml: .*{message}"):
        read_claims([path])


def test_the_papers_claims_are_readable() -> None:
    claims = read_claims([ROOT / "paper/claims.yaml", ROOT / "paper/supplement_claims.yaml"])
    assert len(claims.notebooks) >= 5


def test_decisions_say_what_the_checks_ask() -> None:
    for claim in read_claims([ROOT / "paper/supplement_claims.yaml"]).notebooks:
        checks = [*(claim.supported or []), *(claim.contradicted or [])]
        bounds = [check.above if check.below is None else check.below for check in checks]
        asked = {bound for bound in bounds if bound is not None}
        shares = {100 * bound for bound in asked}  # a share of 0.1 is 10 %
        conditions = {part for check in checks for part in re.findall(r"[\d.]+", check.run or "")}
        allowed = {f"{bound:g}" for bound in asked | shares} | conditions | {"0.5"}
        said = re.findall(r"-?\d+(?:\.\d+)?", (claim.decision or "").replace("−", "-"))
        assert set(said) <= allowed, claim.name
