"""Configs that mean harm: valid ones with anything anywhere."""

import copy
from typing import Any

import yaml
from configs import PAPER, QUICK
from hypothesis import strategies as st

VALID: list[dict[str, Any]] = [yaml.safe_load(path.read_text("utf-8")) for path in (PAPER, QUICK)]
NAMES = [
    "", ".", "..", "../x", "a/b", "/etc/x", "x/../../y", "a b", " x", "x\n", "ä", "🙂", "\u202ex",
    "\udc80", "\x00", "~", "$HOME", "{seed}", "*", "con", "X", "x" * 65, "x.csv", "x.svg", "all",
    "runs.csv", "tables", "paper", "quick", "..x", "x..", "-x", "dale-0.5", "baseline/free",
]  # fmt: skip
NUMBERS = [
    0, 1, -1, 2, 3, 0.5, 1.5, -0.0, 5e-324, 1e-12, 1e9, 1e308, float("nan"), float("inf"),
    -float("inf"), 10**6, 10**9, 2**31, 2**63 - 1, 2**63, 10**400, int("f" * 5000, 16), -(10**400),
]  # fmt: skip
LISTS = [
    [], [[]], [1, 1], [1, 1.0], [True], [None], ["a", "a"], [{}], list(range(2000)),
    [1 + place / 1000 for place in range(900)], ["baseline"] * 3, [float("nan")] * 2,
]  # fmt: skip
PATHS = [
    "stimulus.phase", "network.w1", "network.w1.signs", "training.seed", "network..tau_ms", "seeds",
    "stimulus.envelope_power", "network.hidden_units", "training.training_samples", "name",
]  # fmt: skip
LABELS = ["$", "$\\frac$", "a\tb", "<svg>", "&amp;", "{x}", "%s", '"', "NA", "x" * 10_000, "☃" * 50]


def deep(levels: int, inside: Any, as_list: bool) -> Any:
    """Something under so many layers of lists or mappings."""
    for _ in range(levels):
        inside = [inside] if as_list else {"network": inside}
    return inside


anything: st.SearchStrategy[Any] = (
    st.sampled_from([*NAMES, *LABELS, *PATHS])
    | st.sampled_from(NUMBERS)
    | st.sampled_from(LISTS)
    | st.sampled_from([None, True, False, {}, {"": {}}, {1: 2}, {None: 0}, {"x": {"x": {}}}])
    | st.builds(deep, st.integers(1, 60), st.just(1), st.booleans())
    | st.text(max_size=20)
    | st.integers()
    | st.floats()
)


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every mapping or list in a tree with each of its keys or indices."""
    if not isinstance(tree, (dict, list)):
        return []
    keys = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
    return [(tree, key) for key in keys] + [each for key in keys for each in places(tree[key])]


@st.composite
def hostile(draw: st.DrawFn) -> dict[str, Any]:
    """The paper's or the quick config with up to four changes, each at any place."""
    content = copy.deepcopy(VALID[draw(st.integers(0, 1))])
    for _ in range(draw(st.integers(1, 4))):
        change(draw, content)
    return content


def change(draw: st.DrawFn, content: dict[str, Any]) -> None:
    """Set, drop, add, rename, repeat or move something at any place of a config."""
    everywhere = places(content)
    if not everywhere:
        return
    place = st.integers(0, len(everywhere) - 1)  # not the places: they change, and print at length
    tree, key = everywhere[draw(place)]
    how = draw(st.sampled_from(["set", "set", "drop", "add", "rename", "repeat", "move"]))
    if how == "set":
        tree[key] = copy.deepcopy(draw(anything))
    elif how == "drop":
        del tree[key]
    elif how == "add" and isinstance(tree, dict):
        tree[draw(st.sampled_from(NAMES) | st.text(max_size=5))] = copy.deepcopy(draw(anything))
    elif how == "rename" and isinstance(tree, dict):
        tree[draw(st.sampled_from(NAMES))] = tree.pop(key)
    elif how == "repeat" and isinstance(tree, list):
        tree.extend([copy.deepcopy(tree[key])] * draw(st.sampled_from([1, 2, 500])))
    else:
        other, there = everywhere[draw(place)]
        tree[key] = copy.deepcopy(other[there])
