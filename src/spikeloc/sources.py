"""Which of the package's modules a script needs, and a hash of them.

Snakemake does not see what a script imports. A rule that carries this hash as a parameter runs
again after an edit of any module that it really uses, and of no other.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent


def source_hash(script: str | Path, modules: Iterable[str] = ()) -> str:
    """Hash of the modules that ``script`` and ``modules`` import, directly or through others.

    Args:
        script: path of a Python file (itself not included: Snakemake tracks it).
        modules: full names of modules that the script imports by a computed name.
    """
    needed: set[Path] = set()
    pending = [*_imported(Path(script)), *(path for name in modules for path in _files(name))]
    while pending:
        path = pending.pop()
        if path not in needed:
            needed.add(path)
            pending += _imported(path) if path.suffix == ".py" else []
    hashed = hashlib.sha256()
    for path in sorted(needed):
        hashed.update(path.relative_to(PACKAGE).as_posix().encode())
        hashed.update(hashlib.sha256(path.read_bytes()).digest())
    return hashed.hexdigest()[:16]


def _imported(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _files(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from _files(node.module)
            for alias in node.names:
                yield from _files(f"{node.module}.{alias.name}")


def _files(module: str) -> Iterator[Path]:
    """The package's own files of this name: a module, or a folder's Python and C++ sources."""
    head, *rest = module.split(".")
    if head == PACKAGE.name and rest:
        folder = PACKAGE.joinpath(*rest)
        if folder.is_dir():
            yield folder / "__init__.py"
            yield from folder.glob("*.[ch]pp")
        elif folder.with_suffix(".py").is_file():
            yield folder.with_suffix(".py")
