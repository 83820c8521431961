"""Pin the newest compatible versions that pyproject.toml allows: `make pins`.

`requirements.txt` has the dependencies, and `requirements-<name>.txt` has what each optional group
adds. pip only resolves versions and installs nothing. Run this with the oldest supported Python,
since newer ones need fewer packages.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
CUDA = re.compile(r"nvidia-|cuda-|triton$")  # torch's wheels pin these themselves


def resolve(wanted: list[str], pinned: list[str]) -> list[str]:
    """All packages that ``wanted`` needs, as "name==version", without changing ``pinned`` ones."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"]
    done = subprocess.run(
        [*command, "--report", "-", *wanted, *pinned], stdout=subprocess.PIPE, check=True
    )
    packages = [each["metadata"] for each in json.loads(done.stdout)["install"]]
    lines = [
        f"{each['name']}=={each['version'].partition('+')[0]}"
        for each in packages
        if not CUDA.match(each["name"])
    ]
    return sorted(lines, key=str.lower)


def write(name: str, lines: list[str]) -> None:
    """Replace the versions in a file, and keep its comments."""
    path = ROOT / name
    old = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    head = [line for line in old if line.startswith("#")]
    path.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")


def main() -> None:
    """Resolve the dependencies, then each optional group together with them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = resolve(project["dependencies"], [])
    write("requirements.txt", pinned)
    for name, group in project["optional-dependencies"].items():
        together = resolve(group, pinned)
        write(f"requirements-{name}.txt", [line for line in together if line not in pinned])


if __name__ == "__main__":
    main()
