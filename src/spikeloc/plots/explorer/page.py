"""Put the page together: one file of HTML with everything in it. The same inputs give the same
bytes."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spikeloc.io.errors import InputError
from spikeloc.io.files import write_text

FOLDER = Path(__file__).parent
MOST_BYTES = 4_000_000
# In an order in which each comes after those that it imports.
MODULES = (
    "elements", "philox", "stimulus", "network", "observer", "trials", "data", "pictures", "dial",
    "sound", "trace", "answer", "living", "charts", "many", "views", "table", "results", "main",
)  # fmt: skip
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|function|class|async) )", re.MULTILINE)


@dataclass(frozen=True)
class Library:
    """A file of ``library``, as its authors published it in the npm registry."""

    file: str
    name: str
    version: str
    licence: str
    sha256: str


LIBRARIES = (
    Library(
        "d3.min.js", "d3", "7.9.2", "ISC",
        "912111098ea99503a6f4967361d2bbdc9dbf58cf9c678c8e27e5b02d1a07f0c1",
    ),
    Library(
        "plot.umd.min.js", "@observablehq/plot", "0.6.17", "ISC",
        "4358086467740777dd788d6b27a95cebdbaefdd50c730a3060117073bd7134cb",
    ),
)  # fmt: skip


def sources() -> list[Path]:
    """All files besides Python that the page is made from."""
    kinds = ("*.html", "*.css", "*.js", "library/*.js", "library/*.LICENSE")
    return sorted(path for kind in kinds for path in FOLDER.glob(kind))


def script(modules: Sequence[str] = MODULES) -> str:
    """The modules as one: without imports and exports, since one file has one scope."""
    texts = [(FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in modules]
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)


def page(contents: Mapping[str, Any]) -> str:
    """The page, with its data (:func:`spikeloc.plots.explorer.contents.contents`) embedded.

    Raises:
        InputError: it would be too large.
    """
    told = [
        {"name": f"{each.name} {each.version} ({each.licence})", "text": _licence(each)}
        for each in LIBRARIES
    ]
    text = json.dumps({**contents, "libraries": told}, separators=(",", ":"), allow_nan=False)
    parts = {
        "data": text.replace("<", r"\u003c"),  # a label could end the script element
        "modules": script(),
    }

    def part(marker: re.Match[str]) -> str:
        name = marker[1]
        return parts[name] if name in parts else (FOLDER / name).read_text(encoding="utf-8")

    template = (FOLDER / "page.html").read_text(encoding="utf-8")
    made = re.sub(r"\{\{([\w./]+)\}\}", part, template)
    if (size := len(made.encode())) > MOST_BYTES:
        raise InputError(
            f"explorer: the page would have {size / 1e6:.1f} MB; at most {MOST_BYTES / 1e6:.0f} "
            "MB: embed fewer networks, or leave experiments to another config"
        )
    return made


def write_page(target: str | Path, contents: Mapping[str, Any]) -> None:
    """Write the page.

    Raises:
        InputError: it would be too large, or the disk is full.
    """
    write_text(target, page(contents))


def _licence(library: Library) -> str:
    path = FOLDER / "library" / f"{library.file.split('.')[0]}.LICENSE"
    return path.read_text(encoding="utf-8")
