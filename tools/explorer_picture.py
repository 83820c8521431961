"""Make docs/explorer.png, the top of the interactive page of a full run.

`make docs` calls this script. Without Chromium or without the page, the picture stays as it is.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
SIZE = (1280, 1330)  # pixels, wide enough for three columns


def take(page: Path, target: Path) -> None:
    """Take a picture of a page, or say why it stays as it is."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None or not page.is_file():
        print(f"{target.name} stays as it is: it takes Chromium and {page.name} of a full run")
        return
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder, "shot.png")
        options = ["--headless", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={folder}"]
        options += [f"--window-size={SIZE[0]},{SIZE[1]}", f"--screenshot={shot}"]
        subprocess.run([browser, *options, page.as_uri()], check=True, capture_output=True)
        with Image.open(shot) as picture:
            picture.convert("RGB").save(target, optimize=True)


if __name__ == "__main__":
    take(ROOT / "figures" / "explorer.html", ROOT / "docs" / "explorer.png")
