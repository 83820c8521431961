"""Nothing that runs what a file says: no pickles, no unsafe YAML, no shells, no blind unpacking."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from workflow_project import ROOT

from spikeloc.config.loading import _StrictLoader

PICKLES = {"pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
UNSAFE = {
    "eval", "exec", "os.system", "os.popen", "torch.load", "torch.save", "yaml.unsafe_load",
    "yaml.full_load", "shutil.unpack_archive",
}  # fmt: skip
SOURCES = [
    path
    for folder in ("src", "workflow/scripts", "benchmarks", "tools", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
] + [ROOT / "setup.py"]


def problems(source: str) -> Iterator[str]:
    """What a file of Python does that it must not, line by line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Call):
            yield from of_call(node)
            continue
        else:
            continue
        yield from (f"{node.lineno}: {name}" for name in names if name.split(".")[0] in PICKLES)


def of_call(call: ast.Call) -> Iterator[str]:
    """What is wrong with a call."""
    name = ast.unparse(call.func)
    given = {each.arg: ast.unparse(each.value) for each in call.keywords}
    wrong = (
        name in UNSAFE
        or (name in {"np.load", "numpy.load"} and given.get("allow_pickle") != "False")
        or (name == "yaml.load" and given.get("Loader") != "_StrictLoader")
        or name.endswith((".extractall", ".to_pickle", ".read_pickle"))
        or given.get("shell") == "True"
    )
    if wrong:
        yield f"{call.lineno}: {ast.unparse(call)}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_of_ours_does_what_a_file_says(path: Path) -> None:
    assert list(problems(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle", "from joblib import load", "np.load(f)", "np.load(f, allow_pickle=True)",
        "torch.load(f)", "yaml.load(t, Loader=yaml.Loader)", "run(c, shell=True)", "eval(t)",
        "archive.extractall(d)", "table.to_pickle(f)",
    ],
)  # fmt: skip
def test_what_must_not_be_is_found(source: str) -> None:
    assert len(list(problems(source))) == 1


def test_yaml_is_read_with_the_safe_loader() -> None:
    assert issubclass(_StrictLoader, yaml.SafeLoader)


def test_every_requirement_is_pinned() -> None:
    for path in ROOT.glob("requirements*.txt"):
        lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
        assert lines and all(line.count("==") == 1 for line in lines), path
