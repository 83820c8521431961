"""Which modules of the package a script needs, and a hash of it and them.

Snakemake does not see what a script imports. A rule that has this hash as a parameter runs again
after an edit of its script or of any module that it uses, and of no other. Each of its jobs makes
the hash again, so that no result is recorded as that of other sources than those that ran.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from spikeloc.io.errors import InputError

PACKAGE = Path(__file__).parents[1]
# A statement that imports from the package: `from module import members` or `import modules`.
IMPORT = re.compile(
    rf"^[ \t]*(?:from ({PACKAGE.name}[\w.]*) import (\([^)]*\)|.*)|import ({PACKAGE.name}\b.*))",
    re.MULTILINE,
)


def source_hash(
    script: str | Path,
    modules: Iterable[str] = (),
    read: Callable[[Path], bytes] = Path.read_bytes,
) -> str:
    """Hash of ``script``, ``modules`` and the modules that they import, directly or through others.

    Args:
        script: path of a Python file.
        modules: full names of modules that the script imports by a computed name.
        read: gives the content of a file; many hashes are made faster if it remembers them.
    """
    hashed = hashlib.sha256(read(Path(script)))
    for path in sorted(needed_files(script, modules, read)):
        hashed.update(path.relative_to(PACKAGE).as_posix().encode())
        hashed.update(hashlib.sha256(read(path)).digest())
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


def needed_files(
    script: str | Path,
    modules: Iterable[str] = (),
    read: Callable[[Path], bytes] = Path.read_bytes,
) -> set[Path]:
    """The package's files of which :func:`source_hash` is made."""
    needed: set[Path] = set()
    wanted = {*_imports(read(Path(script)).decode()), *modules}
    known = set(wanted)
    while wanted:
        for path in _files(PACKAGE, wanted.pop()):
            if path not in needed:
                needed.add(path)
                if path.suffix == ".py":
                    wanted |= _imports(read(path).decode()) - known
                    known |= wanted
    return needed


@cache  # the cache key is the text: about eighty hashes of a plan need the same modules
def _imports(text: str) -> frozenset[str]:
    """Full names that a Python source imports from the package: modules, and names that may be
    modules. Each job looks for them, and Python's own parser takes twenty times as long."""
    names: set[str] = set()
    for module, members, modules in IMPORT.findall(text):
        names.update([module], (f"{module}.{name}" for name in re.findall(r"\w+", members)))
        names.update(re.findall(r"[\w.]+", modules))
    return frozenset(names)


@cache
def _files(package: Path, module: str) -> tuple[Path, ...]:
    """The package's own files of this name: a module, or a folder's Python and C++ sources."""
    head, *rest = module.split(".")
    if head == package.name and rest:
        folder = package.joinpath(*rest)
        if folder.is_dir():
            return (folder / "__init__.py", *folder.glob("*.[ch]pp"))
        if folder.with_suffix(".py").is_file():
            return (folder.with_suffix(".py"),)
    return ()
