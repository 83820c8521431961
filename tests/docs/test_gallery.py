"""The gallery in figures/README.md is what the panels' captions say today."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from configs import ROOT
from PIL import Image


def test_gallery_is_current() -> None:
    run = subprocess.run(
        [sys.executable, "tools/gallery.py", "--text"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = "run `make docs` after a full run, or write what `tools/gallery.py --text` prints"
    assert (ROOT / "figures/README.md").read_text(encoding="utf-8") == run.stdout, told


def test_pictures_are_those_of_todays_panels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.spec_from_file_location("gallery", ROOT / "tools/gallery.py")
    assert spec is not None and spec.loader is not None
    gallery = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gallery)
    monkeypatch.setattr(gallery, "ROOT", tmp_path)
    shutil.copytree(ROOT / "config", tmp_path / "config")
    pictures = tmp_path / "docs/gallery"
    (pictures / "extended").mkdir(parents=True)
    for name in ("gone", "trial", "extended/gone", "extended/systems"):
        (pictures / f"{name}.png").touch()
    (tmp_path / "figures").mkdir()
    Image.new("RGB", (1400, 100)).save(tmp_path / "figures/primer.png")
    gallery.make_pictures()
    left = {path.relative_to(pictures).as_posix() for path in pictures.rglob("*.png")}
    assert left == {"primer.png", "trial.png", "extended/systems.png"}
