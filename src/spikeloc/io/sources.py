"""Which modules of the package a script needs, and a hash of it and them.

Snakemake does not see what a script imports. A rule that has this hash as a parameter runs again
after an edit of its script or of any module that it uses, and of no other. Each of its jobs makes
the hash again, so that no result is recorded as that of other sources than those that ran.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from spikeloc.io.errors import InputError

PACKAGE = Path(__file__).parents[1]


def source_hash(script: str | Path, modules: Iterable[str] = ()) -> str:
    """Hash of ``script``, ``modules`` and the modules that they import, directly or through others.

    Args:
        script: path of a Python file.
        modules: full names of modules that the script imports by a computed name.
    """
    hashed = hashlib.sha256(Path(script).read_bytes())
    for path in sorted(needed_files(script, modules)):
        hashed.update(path.relative_to(PACKAGE).as_posix().encode())
        hashed.update(hashlib.sha256(path.read_bytes()).digest())
    return hashed.hexdigest()[:16]


def check_sources(script: str | Path, modules: Iterable[str], planned: str) -> None:
    """Refuse to run a script with other sources than those that its job was planned with.

    Args:
        script: path of the script.
        modules: full names of modules that the script imports by a computed name.
        planned: their :func:`source_hash` when the job was planned.

    Raises:
        InputError: the sources were edited since, or the job's environment has others.
    """
    if source_hash(script, modules) != planned:
        raise InputError(
            f"the sources in {PACKAGE} are not those that this job was planned with: "
            "they were edited since, or its environment has others; call snakemake again"
        )


def check_folder(folder: Path) -> None:
    """Refuse to work in a project's folder with the sources of another one.

    Raises:
        InputError: the package that runs is not the folder's own.
    """
    own = folder.resolve() / "src" / PACKAGE.name
    if PACKAGE.resolve() != own:
        raise InputError(
            f"the active environment has the sources in {PACKAGE}, not those in {own}: use this "
            "folder's own environment (`make env`; in a copied folder, delete .venv first)"
        )


def needed_files(script: str | Path, modules: Iterable[str] = ()) -> set[Path]:
    """The package's files of which :func:`source_hash` is made."""
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
    return needed


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
