"""Write the table of README.md about other simulators from what `make bench-others` measured.

`make docs` calls it; without a measurement README.md stays as it is. With ``--print``, which
`make bench-others` uses, the table is only shown.
"""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MEASURED = ROOT / "results/benchmarks/others.json"
BEGIN, END = "<!-- written by tools/speed_table.py -->\n", "<!-- to here -->"
HEAD = (
    "| | ms a step | times the bare kernel | steps/s, both cores | spikes | what differs |\n"
    "|---|---|---|---|---|---|\n"
)


def table(measured: Any) -> str:
    """The table in Markdown, fastest first; times are processor time."""
    entries = sorted(measured["entries"].values(), key=lambda entry: entry["cpu_ms"])
    bare = measured["entries"]["bare"]["cpu_ms"]
    rows = [
        f"| {entry['name']} | {number(entry['cpu_ms'])} | {number(entry['cpu_ms'] / bare)} "
        f"| {number(entry['both_cores_cpu_per_s'])} "
        f"| {entry['spikes'] and '`' + entry['spikes'] + '`'} | {entry['differences']} |\n"
        for entry in entries
    ]
    return HEAD + "".join(rows)


def number(value: float) -> str:
    """Two digits, or three from 100 on."""
    rounded = float(f"{value:.2g}" if value < 99.5 else f"{value:.3g}")
    return f"{rounded:.0f}" if rounded >= 10 else f"{rounded:#.2g}"


def replaced(readme: str, written: str) -> str:
    """The text with ``written`` between its two marks.

    Raises:
        ValueError: a mark is missing.
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README.md: lacks the line {(begin and END) or BEGIN.strip()}")
    return f"{before}{begin}{written}{end}{after}"


if __name__ == "__main__":
    readme = ROOT / "README.md"
    if MEASURED.is_file():
        written = table(json.loads(MEASURED.read_text(encoding="utf-8")))
        if sys.argv[1:] == ["--print"]:
            print(written)
        else:
            text = replaced(readme.read_text(encoding="utf-8"), written)
            readme.write_text(text, encoding="utf-8")
