"""What texts and printed values need of a config, read before anything is computed."""

import re
from collections.abc import Collection, Container, Iterator
from pathlib import Path

from spikeloc.config.models import Document
from spikeloc.config.plan import Plan
from spikeloc.config.precomputed import ORIGIN, sha256
from spikeloc.io.errors import InputError
from spikeloc.io.files import digest, reading, write_text
from spikeloc.paper.claims import read_claims

# Functions of paper/*.typ whose first argument is an experiment.
LOOK_UPS = (
    "best-condition comparison-table difference estimate if-run label-of "
    "last-condition not-told-apart p-value place-of-printed printed-value "
    "reference-of result same-as-reference share short-difference summary-table widest-difference"
)
EXPERIMENT = re.compile(rf"(?<![\w-])(?:{'|'.join(LOOK_UPS.split())})\(\s*\"(\w+)\"")
PANELS = re.compile(r"#panels\((.*?)\n\s*caption:", re.DOTALL)
PANEL = re.compile(r"^\s*\(\"([\w.-]+)\",", re.MULTILINE)
CLAIM = re.compile(r"#claim\(\"(\w+)\"\)")
INCLUDED = re.compile(r"^#include \"(.+)\"", re.MULTILINE)


def check_needs(plan: Plan, panels: Collection[str], sources: str, passed: Path) -> None:
    """:func:`check_documents` and :func:`check_printed`, which take a second, unless they have
    passed before with the same config, files and sources.

    Args:
        sources: a hash of the sources.
        passed: the file that remembers.

    Raises:
        InputError: as they do.
    """
    read = [Path(plan.config.experiments[name].printed or "") for name in plan.reproduced]
    # these list the checksums of the kept tables
    read += [Path(folder, ORIGIN) for folder in plan.config.precomputed]
    for document in plan.config.documents:
        # it may include every text beside it; what lies below `paper` is among the sources
        read += [Path(document.claims), *sorted(Path(document.source).parent.rglob("*.typ"))]
    contents = []
    for path in read:
        with reading(path, "a file"):
            contents.append(sha256(path))
    config = plan.config.model_dump(mode="json")
    checked = digest({"c": config, "p": list(panels), "f": contents, "s": sources})
    if passed.is_file() and passed.read_text(encoding="utf-8") == checked:
        return
    check_documents(plan, panels)
    check_printed(plan)
    write_text(passed, checked)


def check_printed(plan: Plan) -> None:
    """Check the files of printed values.

    Raises:
        InputError: one is not what :func:`spikeloc.paper.printed.printed_table` reads.
    """
    if plan.reproduced:
        from spikeloc.paper.printed import Repeated, printed_table  # imports pandas

        repeated = {name: Repeated(**plan.repeated(name)) for name in plan.reproduced}
        files = {name: plan.config.experiments[name].printed or "" for name in plan.reproduced}
        printed_table(files, repeated)


def check_documents(plan: Plan, panels: Container[str]) -> None:
    """Check that a config has the experiments, tables and ``panels`` that its texts look up.

    With ``check_claims``, it also has to have all runs that the text makes claims about.

    Raises:
        InputError: a text needs what the config does not make; the message names both.
    """
    for number, document in enumerate(plan.config.documents):
        for kind, name, made in _needs(plan, document, panels):
            if not made:
                raise InputError(
                    f"config: documents.{number}: {document.source} needs the {kind} {name!r}, "
                    "which this config does not have"
                )


def _needs(
    plan: Plan, document: Document, panels: Container[str]
) -> Iterator[tuple[str, str, bool]]:
    """The kind and the name of each thing that a document needs, and whether the config has it."""
    tables = plan.cited_tables()
    experiments = {*plan.config.experiments, *plan.precomputed}
    precomputed = plan.precomputed_runs() if plan.config.check_claims else set()
    claims = read_claims([document.claims])
    for claim in [*claims.notebooks, *claims.text]:
        for check in claim.checks():
            yield "table", check.table, check.table in tables
    stated = {claim.name for claim in [*claims.notebooks, *claims.text]}
    for text in _texts(Path(document.source)):
        for name in CLAIM.findall(text):
            yield "claim", name, name in stated
        for name in EXPERIMENT.findall(text):
            yield "experiment", name, name in experiments
        for shown in PANELS.findall(text):
            for name in PANEL.findall(shown):
                yield "panel", name, name in panels
    for claim in claims.text if plan.config.check_claims else []:
        for check in claim.checks():
            for run in filter(None, (check.run, check.same_as)):
                yield "run", run, plan.has_run(run) or run in precomputed


def _texts(source: Path) -> Iterator[str]:
    """The text of a source and of all that it includes, without comments."""
    with reading(source, "a text in Typst"):
        text = re.sub(r"^\s*//.*", "", source.read_text(encoding="utf-8"), flags=re.MULTILINE)
    yield text
    for name in INCLUDED.findall(text):
        yield from _texts(source.parent / name)
