"""`make docs` names the numbers of README.md that a run does not confirm."""

import runpy
from typing import Any

from configs import ROOT

TOOL: dict[str, Any] = runpy.run_path(str(ROOT / "tools/readme_numbers.py"))


def test_an_interval_is_written_as_a_change_or_as_a_cost() -> None:
    row = {"mean": "-3.0", "ci95_low": "-3.9", "ci95_high": "-2.2"}
    assert TOOL["interval"](row) == "-3.0 [-3.9, -2.2]"
    assert TOOL["interval"](row, sign=-1) == "3.0 [2.2, 3.9]"


def test_units_and_line_breaks_do_not_matter_but_numbers_do() -> None:
    text = "accuracy changes by -3.0 percentage\npoints [-3.9, -2.2], from 84.4 % (n = 14)"
    assert TOOL["missing"](text, ["-3.0 [-3.9, -2.2]", "84.4 (n = 14)"]) == []
    assert TOOL["missing"](text, ["-3.0 [-3.9, -2.3]", "84.4 (n = 10)"]) == [
        "-3.0 [-3.9, -2.3]",
        "84.4 (n = 10)",
    ]
