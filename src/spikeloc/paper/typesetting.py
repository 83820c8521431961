"""The paper document: typst source and data in, one PDF out."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import typst

from spikeloc.io.errors import InputError
from spikeloc.io.files import atomic_path
from spikeloc.plots.pdf import figure_fonts


def compile_paper(source: Path, output: Path, root: Path, inputs: Mapping[str, str]) -> None:
    """Compile ``source`` to the PDF ``output``: archivable, accessible, the same bytes each time.

    ``inputs`` reach the document as ``sys.inputs``: ``results``, ``figures`` and ``config`` are
    paths that start at ``root`` ("/results"), ``date`` is the document's date ("2025-01-31").

    Raises:
        InputError: the document does not compile, or only with a warning; typst's message says
            what is missing and where.
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
    assert isinstance(document, bytes)  # one file: only images come as a list of pages
    with atomic_path(output) as temporary:
        temporary.write_bytes(document)


def _shown(problem: Exception) -> str:
    """Typst's message in one line, with the place that failed and the place that asked for it."""
    message = str(getattr(problem, "message", problem)).strip()
    places = re.findall(r"┌─ (\S+)", getattr(problem, "diagnostic", ""))
    ends = dict.fromkeys([*places[:1], *places[-1:]])
    return f"{message} ({', from '.join(ends)})" if places else message
