"""Claims of the notebooks and of the paper's own text, decided by the cells of tables.

A claim is a sentence and the checks of cells that decide it (``paper/claims.yaml``). A claim of the
notebooks is supported, contradicted or undecided. A claim of the text holds or fails, and if one
fails, the build of the paper stops.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from spikeloc.config.base import Parameters
from spikeloc.config.yaml_files import read_yaml
from spikeloc.io.errors import InputError, first_problem, nearest

if TYPE_CHECKING:
    import pandas as pd

Outcome = Literal["supported", "contradicted", "undecided", "holds", "fails", "not tested"]
Bound = Annotated[float | int, Field()]


class Check(Parameters):
    """One cell of a table, selected by other columns of its row, and a condition on its value.

    ``run`` is ``experiment/condition/variant``; ``same_as`` is another run, whose cell has to be
    equal to the last bit. ``null`` in ``where`` selects rows whose cell is empty, or all rows of a
    table without this column.
    """

    table: str
    run: str | None = None
    where: dict[str, str | int | float | bool | None] = {}
    column: str
    above: Bound | None = None
    below: Bound | None = None
    equals: bool | float | int | None = None
    same_as: str | None = None

    @model_validator(mode="after")
    def _has_a_bound(self) -> "Check":
        if all(bound is None for bound in (self.above, self.below, self.equals, self.same_as)):
            raise ValueError("a check needs above, below, equals or same_as")
        if any(run.count("/") != 2 for run in (self.run, self.same_as) if run is not None):
            raise ValueError("run and same_as must be experiment/condition/variant")
        if self.same_as and not self.run:
            raise ValueError("same_as needs run")
        return self

    def other(self) -> "Check | None":
        """The check of the cell that has to be equal to this one, if there is one."""
        return self.model_copy(update={"run": self.same_as}) if self.same_as else None

    def row(self) -> dict[str, Any]:
        """The values of the other columns that select the row."""
        if self.run is None:
            return dict(self.where)
        names = ("experiment", "condition", "variant")
        return dict(zip(names, self.run.split("/"), strict=True)) | self.where


class Claim(Parameters):
    """A sentence and the checks that decide it. All checks of a list have to be true."""

    name: str
    statement: str
    decision: str | None = None
    supported: list[Check] | None = None
    contradicted: list[Check] | None = None
    holds: list[Check] | None = None
    not_tested: str | None = None

    def checks(self) -> list[Check]:
        """All of its checks."""
        return [*(self.supported or []), *(self.contradicted or []), *(self.holds or [])]

    @model_validator(mode="after")
    def _is_one_kind(self) -> "Claim":
        kinds = [self.supported or self.contradicted, self.holds, self.not_tested]
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("a claim needs supported and contradicted, or holds, or not_tested")
        if (kinds[0] is not None) != (self.decision is not None):
            raise ValueError("decision goes with supported and contradicted, and only with them")
        return self


class Claims(Parameters):
    """The claims of the notebooks and those of the text."""

    notebooks: list[Claim]
    text: list[Claim]

    @model_validator(mode="after")
    def _names_differ(self) -> "Claims":
        names = [claim.name for claim in [*self.notebooks, *self.text]]
        if len(set(names)) < len(names):
            raise ValueError("two claims have the same name")
        return self


def read_claims(paths: Iterable[str | Path]) -> Claims:
    """Read the claims of one or more documents.

    Raises:
        InputError: a file is missing or not valid, or two claims have the same name; the message
            names the file and the field.
    """
    notebooks: list[Claim] = []
    text: list[Claim] = []
    for path in paths:
        try:
            claims = Claims.model_validate(read_yaml(path))
            notebooks, text = notebooks + claims.notebooks, text + claims.text
            Claims(notebooks=notebooks, text=text)
        except ValidationError as error:
            raise InputError(f"{path}: {first_problem(error)}") from None
    return Claims(notebooks=notebooks, text=text)


def claims_table(claims: Claims, tables: "Mapping[str, pd.DataFrame]") -> "pd.DataFrame":
    """One row for each claim: ``claim, source, statement, outcome, decision, evidence``.

    ``decision`` says in words when a claim of the notebooks counts as supported or contradicted (a
    dash for other claims); ``evidence`` names each checked cell with its value. A claim about a run
    that the tables do not have is not tested.

    Raises:
        InputError: a check names a table or column that does not exist, or fits several rows.
    """
    import pandas as pd  # here, because it takes half a second and planning does not need it

    rows = []
    for source in ("notebooks", "text"):
        for claim in getattr(claims, source):
            outcome, evidence = _decide(claim, tables)
            rows.append(
                {"claim": claim.name, "source": source, "statement": claim.statement}
                | {"outcome": outcome, "decision": claim.decision or "–", "evidence": evidence}
            )
    return pd.DataFrame(rows)


def _decide(claim: Claim, tables: "Mapping[str, pd.DataFrame]") -> tuple[Outcome, str]:
    if claim.not_tested is not None:
        return "not tested", claim.not_tested
    texts: list[str] = []
    results = {}
    for kind in ("supported", "contradicted", "holds"):
        checks = getattr(claim, kind)
        if checks is not None:
            results[kind] = _all_true(checks, tables, texts)
    evidence = "; ".join(dict.fromkeys(texts))
    if None in results.values():
        return "not tested", evidence
    if "holds" in results:
        return "holds" if results["holds"] else "fails", evidence
    if results.get("supported"):
        return "supported", evidence
    return "contradicted" if results.get("contradicted") else "undecided", evidence


def _all_true(
    checks: Sequence[Check], tables: "Mapping[str, pd.DataFrame]", texts: list[str]
) -> bool | None:
    """Whether all checks are true, or None if a row is missing; adds the evidence to `texts`."""
    outcomes = []
    for check in checks:
        seen = []
        for each in filter(None, (check, check.other())):
            value = _cell(each, tables)
            cell = " ".join([each.table, *map(str, each.row().values()), each.column])
            if value is None:
                texts.append(f"{cell}: no such row")
                return None
            texts.append(f"{cell} = {value:.4g}")
            seen.append(value)
        outcomes.append(_is_true(check, *seen))
    return all(outcomes)


def _cell(check: Check, tables: "Mapping[str, pd.DataFrame]") -> float | None:
    if check.table not in tables:
        raise InputError(f"claims: there is no table {check.table!r}{nearest(check.table, tables)}")
    table = tables[check.table]
    row = {name: value for name, value in check.row().items() if value is not None or name in table}
    for column in (check.column, *row):
        if column not in table:
            similar = nearest(column, table)
            raise InputError(f"claims: table {check.table} has no column {column!r}{similar}")
    for column, wanted in row.items():
        table = table[table[column].isna() if wanted is None else table[column] == wanted]
    if len(table) > 1:
        raise InputError(f"claims: {check.table} has {len(table)} rows of {check.row()}")
    return float(table[check.column].iloc[0]) if len(table) else None


def _is_true(check: Check, value: float, other: float | None = None) -> bool:
    """Whether a value fulfils a check. An empty cell (NaN) fails every bound."""
    above = check.above is None or value > check.above
    below = check.below is None or value < check.below
    equals = check.equals is None or value == check.equals
    return above and below and equals and (other is None or value == other)
