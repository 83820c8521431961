"""What the shell that starts the tests has set does not matter to them."""

import os
import subprocess
import sys
from pathlib import Path

from configs import ROOT

TESTS = ["tests/release/test_provenance.py", "tests/docs/test_gallery.py"]


def test_tests_pass_in_a_shell_with_other_settings_and_touch_no_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / "own"], check=True)
    settings = "[safe]\ndirectory = *\n[commit]\ngpgsign = true\n"
    (tmp_path / ".gitconfig").write_text(settings)
    hostile = {
        "GIT_DIR": str(tmp_path / "own"),  # as in a hook of git
        "HOME": str(tmp_path),
        "LANGUAGE": "de",
        "PYTHONIOENCODING": "ascii",
    }
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "not workflow", *TESTS],
        cwd=ROOT, env=os.environ | hostile, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:]
    assert not any((tmp_path / "own/refs/heads").iterdir())
