"""Convert a drawing to PDF with typst, which takes a tenth of the time of matplotlib's PDF."""

from importlib.util import find_spec
from pathlib import Path

import typst

from spikeloc.io.errors import InputError

# There is no date, so that the bytes depend on the drawing only.
PAGE = b"""#set document(date: none)
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")
"""


def figure_fonts() -> list[str]:
    """The folder of matplotlib's fonts, found without importing matplotlib, which takes a second.

    Raises:
        InputError: matplotlib, which brings the fonts, is not installed.
    """
    package = find_spec("matplotlib")
    if package is None or package.origin is None:
        raise InputError("matplotlib, whose fonts the figures use, is not installed")
    return [str(Path(package.origin).parent / "mpl-data" / "fonts" / "ttf")]


def svg_to_pdf(svg: str) -> bytes:
    """A PDF page of the size of the drawing, with text in an embedded subset of the font."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=figure_fonts())
    return typst.compile(PAGE, font_paths=fonts, sys_inputs={"svg": svg})
