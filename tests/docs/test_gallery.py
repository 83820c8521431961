"""The gallery in figures/README.md is what the panels' captions say today."""

import subprocess
import sys

from configs import ROOT


def test_gallery_is_current() -> None:
    run = subprocess.run(
        [sys.executable, "tools/gallery.py", "--text"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = "run `make docs` after a full run, or write what `tools/gallery.py --text` prints"
    assert (ROOT / "figures/README.md").read_text(encoding="utf-8") == run.stdout, told
