"""Pin the newest compatible versions that pyproject.toml allows: `make pins`.

`requirements.txt` has what the workflow needs, and `requirements-<name>.txt` has what another
optional group needs besides. All files agree, so that they can be installed together. pip only
resolves versions and installs nothing. Run this with the oldest supported Python, since newer ones
need fewer packages.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
CUDA = re.compile(r"nvidia-|cuda-|triton$")  # torch's wheels pin these themselves


def resolve(wanted: list[str], pinned: set[str]) -> set[str]:
    """All packages that ``wanted`` needs, as "name==version", in the versions of ``pinned``."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
        constraints.write("\n".join(pinned))
        constraints.flush()
        done = subprocess.run(
            [*command, "--report", "-", "--constraint", constraints.name, *wanted],
            stdout=subprocess.PIPE,
            check=True,
        )
    packages = [each["metadata"] for each in json.loads(done.stdout)["install"]]
    return {
        f"{each['name']}=={each['version'].partition('+')[0]}"
        for each in packages
        if not CUDA.match(each["name"])
    }


def write(name: str, lines: set[str]) -> None:
    """Replace the versions in a file, and keep its comments."""
    path = ROOT / name
    old = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    head = [line for line in old if line.startswith("#")]
    path.write_text("\n".join([*head, *sorted(lines, key=str.lower)]) + "\n", encoding="utf-8")


def main() -> None:
    """Resolve what the workflow needs, then each other group in the versions found before."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = project["optional-dependencies"]
    workflow = resolve([*project["dependencies"], *groups.pop("workflow")], set())
    write("requirements.txt", workflow)
    pinned = set(workflow)
    for name, group in groups.items():
        needed = resolve(group, pinned)
        write(f"requirements-{name}.txt", needed - workflow)
        pinned |= needed


if __name__ == "__main__":
    main()
