"""The picture of the interactive page in README.md."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from browser import needs_browser
from configs import ROOT
from PIL import Image

TOOL: dict[str, Any] = runpy.run_path(str(ROOT / "tools/explorer_picture.py"))


def test_without_the_page_the_picture_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    TOOL["take"](tmp_path / "explorer.html", tmp_path / "explorer.png")
    assert not list(tmp_path.iterdir())
    assert "stays" in capsys.readouterr().out


@needs_browser
@pytest.mark.long
def test_the_picture_shows_the_page(tmp_path: Path) -> None:
    page = tmp_path / "explorer.html"
    page.write_text("<body style='background: rgb(255, 0, 0)'>")
    TOOL["take"](page, tmp_path / "explorer.png")
    with Image.open(tmp_path / "explorer.png") as picture:
        assert picture.size == TOOL["SIZE"]
        assert picture.convert("RGB").getpixel((500, 900)) == (255, 0, 0)
