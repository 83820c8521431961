"""Check the numbers of README.md against the results of a full run: `make docs` calls it.

The numbers of a config are checked if it was run.
"""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def interval(row: dict[str, str], sign: int = 1) -> str:
    """``mean [low, high]``, or that of the negated values."""
    ends = [row["ci95_low"], row["ci95_high"]][::sign]
    low, high, mean = (f"{sign * float(each):.1f}" for each in (*ends, row["mean"]))
    return f"{mean} [{low}, {high}]"


def paper_numbers(numbers: Any) -> list[str]:
    """What README.md says about the experiments of the paper, without units."""
    results, comparisons = numbers["results"], numbers["comparisons"]
    baseline = {name: runs["corrected"] for name, runs in results["baseline"].items()}
    placement = {
        name: runs["corrected"]["test_accuracy"]
        for name, runs in comparisons["inhibition_placement"].items()
    }
    longest = [
        comparisons["placement"][name]["epochs_1000"]["test_accuracy"]
        for name in ("w1_positive", "w2_positive")
    ]
    best = results["best_dale"]
    dale = comparisons["signs_and_tau"]["dale"]["tau_5"]["test_accuracy"]
    free = results["signs_and_tau"]["free"]["tau_5"]["test_accuracy"]
    observers = next(iter(numbers["observer"].values()))
    printed = numbers["reproduction_summary"]["all"]["all"]
    phase = numbers["phase_variance"]["baseline"]["free"]["published"]
    return [
        interval(baseline["dale-0.5"]["test_accuracy"]),
        interval(baseline["free"]["test_accuracy"]),
        observers["2"]["unknown"]["accuracy"],
        interval(placement["w1_positive"]),
        interval(placement["w2_positive"]),
        *map(interval, longest),
        *(interval(best[name]["epochs_1000"]["test_accuracy"]) for name in ("abs", "softplus")),
        free["mean"],
        interval(dale, sign=-1),
        f"Of {printed['values']} printed numbers, {printed['inside_count']} lie",
        "{phase_share} [{phase_share_low}, {phase_share_high}]".format(**phase),
    ]


def signs_numbers(numbers: Any) -> list[str]:
    """What README.md says about ways of keeping signs."""
    half, fifth = (
        numbers["comparisons"][experiment][name]["corrected"]["test_accuracy"]
        for experiment, name in (
            ("sign_methods_half", "softplus"),
            ("sign_methods_fifth", "learned"),
        )
    )
    free = numbers["results"]["sign_methods_half"]["free"]["corrected"]["test_accuracy"]
    return [f"{free['mean']} (n = {free['n']})", interval(half, sign=-1), interval(fifth, sign=-1)]


def extended_numbers(numbers: Any) -> list[str]:
    """What README.md says about the best networks."""
    best = numbers["results"]["best"]
    return [interval(best[name]["corrected"]["test_accuracy"]) for name in ("free", "dale")]


def missing(readme: str, expected: list[str]) -> list[str]:
    """The expected texts that README.md does not contain, whatever its line breaks and units."""
    for unit in (" % ", " percentage points ", " points "):
        readme = " ".join(readme.split()).replace(unit, " ")
    return [each for each in expected if each not in readme]


if __name__ == "__main__":
    wrong: list[str] = []
    configs = {"": paper_numbers, "signs": signs_numbers, "extended": extended_numbers}
    for folder, numbers_of in configs.items():
        path = ROOT / "results" / folder / "tables" / "numbers.json"
        if path.is_file():
            found = numbers_of(json.loads(path.read_text(encoding="utf-8")))
            wrong += missing((ROOT / "README.md").read_text(encoding="utf-8"), found)
    sys.exit("README.md lacks these results: " + "; ".join(wrong) if wrong else 0)
