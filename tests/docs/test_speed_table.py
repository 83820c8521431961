"""The table of README.md about other simulators, and our own entries in it."""

import runpy
from typing import Any

import pytest
from configs import ROOT

TOOL: dict[str, Any] = runpy.run_path(str(ROOT / "tools/speed_table.py"))
OTHERS: dict[str, Any] = runpy.run_path(str(ROOT / "benchmarks/others.py"))
MEASURED = {
    "bare": {"name": "bare kernel", "cpu_ms": 0.25, "both_cores_cpu_per_s": 8000.0, "spikes": ""},
    "slow": {"name": "slow", "cpu_ms": 20.04, "both_cores_cpu_per_s": 99.7, "spikes": "0101"},
    "fast": {"name": "fast", "cpu_ms": 0.5, "both_cores_cpu_per_s": 4000.0, "spikes": "0011"},
}


def test_the_table_of_a_file_by_hand() -> None:
    entries = {name: row | {"differences": f"{name}'s"} for name, row in MEASURED.items()}
    assert TOOL["table"]({"entries": entries}).splitlines()[2:] == [
        "| bare kernel | 0.25 | 1.0 | 8000 |  | bare's |",
        "| fast | 0.50 | 2.0 | 4000 | `0011` | fast's |",
        "| slow | 20 | 80 | 100 | `0101` | slow's |",
    ]


def test_only_what_is_between_the_marks_is_replaced() -> None:
    text = f"before\n{TOOL['BEGIN']}old\n{TOOL['END']}\nafter\n"
    assert TOOL["replaced"](text, "new\n") == text.replace("old", "new")
    with pytest.raises(ValueError, match=r"README.md: lacks the line <!-- to here -->"):
        TOOL["replaced"](TOOL["BEGIN"], "new\n")


def test_readme_has_a_place_for_the_table() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "\n| bare kernel | 0.25 |" in TOOL["replaced"](text, "\n| bare kernel | 0.25 |\n")


def test_our_own_entries_train() -> None:
    entries = OTHERS["own_entries"](samples=3, seeds=2)
    assert {name: steps for name, (_, steps) in entries.items()} == {
        "native": 2 * OTHERS["EPOCHS"],
        "native_single": OTHERS["EPOCHS"],
    }
    found = OTHERS["measure"](*entries["native_single"], limit=0.0)
    assert set(found) == {"wall_ms", "cpu_ms"} and min(found.values()) > 0


def test_medians_over_repetitions() -> None:
    rates = {
        f"{cores}_{kind}_per_s": [100.0, 400.0, 200.0]
        for cores in ("one", "all")
        for kind in ("wall", "cpu")
    }
    found = OTHERS["summary"](
        dict.fromkeys(OTHERS["DIFFERENCES"], rates),
        {"native": "01"},
        dict.fromkeys(OTHERS["PACKAGES"], "1.2"),
    )
    assert found["entries"]["snntorch"]["name"] == "snnTorch 1.2"
    single = found["entries"]["native_single"]
    assert single["cpu_ms"] == 5.0 and single["both_cores_wall_per_s"] == 200.0
    assert single["spikes"] == "01" and found["entries"]["bare"]["spikes"] == ""
