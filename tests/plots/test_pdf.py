"""Drawings as PDF."""

import re

from spikeloc.plots.pdf import svg_to_pdf

DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" width="85mm" height="34mm"
viewBox="0 0 85 34"><text x="5" y="20" style="font: 7px 'DejaVu Sans'">accuracy</text></svg>"""


def test_page_is_as_large_as_the_drawing() -> None:
    (box,) = re.findall(rb"/MediaBox\[0 0 ([\d.]+) ([\d.]+)\]", svg_to_pdf(DRAWING))
    width_mm, height_mm = (float(points) / 72 * 25.4 for points in box)
    assert round(width_mm, 2) == 85 and round(height_mm, 2) == 34


def test_text_stays_text_in_the_font_of_the_figures() -> None:
    pdf = svg_to_pdf(DRAWING)
    assert re.search(rb"/BaseFont/[A-Z]{6}\+DejaVuSans\b", pdf) and b"/ToUnicode" in pdf
    assert b"/FontFile" not in svg_to_pdf(DRAWING.replace("accuracy", ""))


def test_a_drawing_holds_no_date() -> None:
    pdf = svg_to_pdf(DRAWING)
    assert b"CreationDate" not in pdf and b"CreateDate" not in pdf and b"ModDate" not in pdf
