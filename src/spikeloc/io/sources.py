"""Which modules of the package a script needs, and a hash of them.

Snakemake does not see what a script imports. A rule that has this hash as a parameter runs again
after an edit of any module that it uses, and of no other.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def source_hash(script: str | Path, modules: Iterable[str] = ()) -> str:
    """Hash of the modules that ``script`` and ``modules`` import, directly or through others.

    Args:
        script: path of a Python file (itself not included: Snakemake tracks it).
        modules: full names of modules that the script imports by a computed name.
    """
    needed: set[Path] = set()
    wanted = [*_imports(Path(script).read_text(encoding="utf-8")), *modules]
    pending = [path for name in wanted for path in _files(name)]
    while pending:
        path = pending.pop()
        if path not in needed:
            needed.add(path)
            if path.suffix == ".py":
                for name in _imports(path.read_text(encoding="utf-8")):
                    pending += _files(name)
    hashed = hashlib.sha256()
    for path in sorted(needed):
        hashed.update(path.relative_to(PACKAGE).as_posix().encode())
        hashed.update(hashlib.sha256(path.read_bytes()).digest())
    return hashed.hexdigest()[:16]


@cache  # the cache key is the text: about eighty hashes of a plan need the same modules
def _imports(text: str) -> list[str]:
    """Full names that a Python source imports: modules, and names that may be modules."""
    names = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names


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
