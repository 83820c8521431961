"""Write the gallery of all panels, figures/README.md, and its small pictures.

`make docs` calls this script after a run. The text comes from the captions of the panels, and the
pictures come from figures/. With `--text`, only the text is written, to the standard output.
"""

import sys
from pathlib import Path

from PIL import Image

from spikeloc.config.loading import load_config
from spikeloc.config.plan import Plan
from spikeloc.plots.catalogue import Panel, panels

ROOT = Path(__file__).parents[1]
PICTURES = Path("docs", "gallery")
WIDTH = 700  # pixels
HEAD = """# Figures

This file is the gallery of all panels. It is written by `make docs` from the panels' own captions;
the pictures are those of the last full run. The workflow puts each panel here as SVG (for texts),
PNG (to look at) and PDF (to send). The command below a panel draws it, with all that it needs and
nothing else; the file beside the command is the one to edit.

"""
SECTIONS = {
    "paper": "## The paper: `config/paper.yaml`\n\n",
    "signs": "## Ways of keeping signs: `config/signs.yaml`\n\n",
    "extended": "## Further experiments: `config/extended.yaml`\n\n",
}


def entry(plan: Plan, name: str, panel: Panel) -> str:
    """The entry of a panel: its picture, if there is one, its caption, and its source file."""
    picture = PICTURES / plan.config.subfolder / f"{name}.png"
    shown = f"![{panel.caption}](../{picture.as_posix()})\n\n" if (ROOT / picture).is_file() else ""
    command = f"snakemake {(plan.figures / name).as_posix()}.svg"
    if plan.config.subfolder:
        command += f" --configfile config/{plan.config.name}.yaml"
    source = f"src/spikeloc/plots/panels/{panel.kind}.py"
    drawn = f"`{command}` · [{panel.kind}.py](../{source})"
    return f"### `{name}`\n\n{shown}{panel.caption}\n\n{drawn}\n\n"


def gallery() -> str:
    """The text of figures/README.md."""
    text = HEAD
    for config, section in SECTIONS.items():
        plan = Plan(load_config(ROOT / "config" / f"{config}.yaml"))
        made = panels(plan)
        text += section + "".join(entry(plan, name, made[name]) for name in sorted(made))
    return text.rstrip() + "\n"


def make_pictures() -> None:
    """Make small copies of all drawn panels, and remove those of panels that are gone. Panels that
    are not drawn keep their pictures."""
    for config in SECTIONS:
        plan = Plan(load_config(ROOT / "config" / f"{config}.yaml"))
        made = panels(plan)
        folder = ROOT / PICTURES / plan.config.subfolder
        for old in folder.glob("*.png"):
            if old.stem not in made:
                old.unlink()
        for name in made:
            drawn = ROOT / plan.figures / f"{name}.png"
            if drawn.is_file():
                target = folder / f"{name}.png"
                target.parent.mkdir(parents=True, exist_ok=True)
                with Image.open(drawn) as picture:
                    height = round(picture.height * WIDTH / picture.width)
                    small = picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
                    small.quantize(64).save(target, optimize=True)


if __name__ == "__main__":
    if "--text" in sys.argv:
        print(gallery(), end="")
    else:
        make_pictures()
        (ROOT / "figures" / "README.md").write_text(gallery(), encoding="utf-8")
