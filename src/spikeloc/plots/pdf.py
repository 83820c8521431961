"""A drawing as PDF, by the typesetter of the paper: in a tenth of the time of matplotlib's own."""

from importlib.util import find_spec
from pathlib import Path

import typst

from spikeloc.io.errors import InputError

# No date: a drawing's bytes depend on the drawing only.
PAGE = b"""#set document(date: none)
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")
"""


def figure_fonts() -> list[str]:
    """The folder of the font in the figures, found without the second that importing it takes.

    Raises:
        InputError: matplotlib, which brings the fonts, is not installed.
    """
    package = find_spec("matplotlib")
    if package is None or package.origin is None:
        raise InputError("matplotlib, whose fonts the figures use, is not installed")
    return [str(Path(package.origin).parent / "mpl-data" / "fonts" / "ttf")]


def svg_to_pdf(svg: str) -> bytes:
    """A page of the drawing's own size, its text as text in an embedded subset of the font."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=figure_fonts())
    return typst.compile(PAGE, font_paths=fonts, sys_inputs={"svg": svg})
