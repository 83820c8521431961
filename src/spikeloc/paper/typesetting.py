"""Typeset a document with typst, from its source and data to one PDF."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import typst

from spikeloc.io.errors import InputError
from spikeloc.io.files import atomic_path
from spikeloc.plots.pdf import figure_fonts


def compile_paper(source: Path, output: Path, root: Path, inputs: Mapping[str, str]) -> None:
    """Compile ``source`` to ``output``, an archivable and accessible PDF with reproducible bytes.

    The document gets ``inputs`` as ``sys.inputs``: ``results``, ``figures``, ``config`` and
    ``claims``, paths that start at ``root`` ("/results"); ``document``, its name in
    ``numbers.json``; and ``date``, its date ("2025-01-31").

    Raises:
        InputError: the document does not compile, or compiles with a warning; the message of typst
            says what is wrong and where.
    """
    try:
        timestamp = datetime.fromisoformat(inputs["date"]).replace(tzinfo=UTC)
    except (KeyError, ValueError):
        raise InputError("inputs.date must be a date like 2025-01-31") from None
    try:
        compiler = typst.Compiler(
            str(source.resolve()),
            root=str(root.resolve()),
            font_paths=figure_fonts(),
            ignore_system_fonts=True,
            sys_inputs=dict(inputs),
        )
        document, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=timestamp
        )
    except (RuntimeError, FileNotFoundError) as error:
        raise InputError(f"{source}: {_shown(error)}") from None
    if warnings:
        raise InputError(f"{source}: {_shown(warnings[0])}")
    assert isinstance(document, bytes)  # only images are a list of pages
    with atomic_path(output) as temporary:
        temporary.write_bytes(document)


def _shown(problem: Exception) -> str:
    """The message of typst in one line, with the location of the error and of its caller."""
    message = str(getattr(problem, "message", problem)).strip()
    locations = re.findall(r"┌─ (\S+)", getattr(problem, "diagnostic", ""))
    ends = dict.fromkeys([*locations[:1], *locations[-1:]])
    return f"{message} ({', from '.join(ends)})" if locations else message
