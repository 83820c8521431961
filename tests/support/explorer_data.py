"""What the interactive page is made from, for a small config and without training."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from spikeloc.config.loading import check_config
from spikeloc.config.plan import Plan
from spikeloc.metrics import declared
from spikeloc.networks.spiking_network import SpikingNetwork
from spikeloc.plots.explorer.contents import Arrays, contents
from spikeloc.plots.explorer.settings import settings
from spikeloc.statistics.comparisons import comparison_table
from spikeloc.statistics.summaries import summary_table

HOSTILE = "</script><img src=x onerror='document.title=1'>&lt;\"</title>"
ORIGIN = {"version": "1.2.3", "sources_sha256": "5" * 64, "config_sha256": "c" * 64}
DALE = {"signs": "dale", "inhibitory_fraction": 0.5}
CONFIG: dict[str, Any] = {
    "name": "small",
    "seeds": [1, 2, 3, 4],
    "recipes": {"dale": {"network": {"w1": DALE, "w2": DALE}}},
    "variants": {
        "published": {"stimulus": {"phase": "per_dataset"}},
        "corrected": {"stimulus": {"phase": "per_sample"}},
    },
    "experiments": {
        "placement": {
            "title": HOSTILE,
            "conditions": [
                {"name": "both", "label": HOSTILE},
                {"name": "w1", "label": "W1+", "network": {"w1": {"signs": "positive"}}},
                {"name": "free", "label": "free", "network": {"w1": {"signs": "free"}}},
            ],
        },
        "tau": {"vary": "network.tau_ms", "values": [2, 5, 20]},
        "map": {
            "grid": {
                "network.w1.inhibitory_fraction": [0.2, 0.5],
                "network.w2.inhibitory_fraction": [0.2, 0.5],
            },
            "variants": ["corrected"],
        },
    },
    "explorer": {"experiments": ["placement", "tau"], "seeds": 2},
}


def small_plan(**changes: Any) -> Plan:
    """The plan of this config, with other keys."""
    return Plan(check_config(CONFIG | changes))


def made_up_tables(plan: Plan) -> dict[str, pd.DataFrame]:
    """Tables of random results, as the workflow would make them."""
    rng = np.random.default_rng(1)
    rows = []
    for number, run in enumerate(plan.runs):
        for seed in run.seeds:
            accuracy = 70 - 3 * (number % 4) + rng.normal(0, 2)
            values = dict.fromkeys(declared.metric_names(), 1.0)
            values |= {"test_accuracy": accuracy, "hidden_rate_hz": 90 - accuracy + rng.normal()}
            rows.append(
                run.columns()
                | values
                | {"seed": seed, "network": 1, "diverged": False, "model": "x"}
            )
    runs = pd.DataFrame(rows)
    by_experiment = dict(list(runs.groupby("experiment", sort=False)))
    summary = pd.concat([summary_table(own) for own in by_experiment.values()])
    comparisons = pd.concat(
        [comparison_table(own, plan.reference_of(name)) for name, own in by_experiment.items()]
    )
    ceiling = pd.DataFrame([
        run.columns() | {"accuracy": 93.0, "accuracy_low": 92.5, "accuracy_high": 93.5,
            "abs_error_deg": 4.0, "abs_error_low_deg": 3.9, "abs_error_high_deg": 4.1,
            "class_error_deg": 1.0, "information_bits": 3.0, "information_low_bits": 2.9,
            "information_high_bits": 3.1}
        for run in plan.runs
    ])  # fmt: skip
    printed = pd.DataFrame(
        [
            ["placement", condition, variant, "test_accuracy", value]
            for condition, variant, value in [
                ("both", "published", 71.5),
                ("w1", "published", 46.0),
                ("w1", "corrected", 44.0),
            ]
        ],
        columns=["experiment", "condition", "variant", "metric", "printed"],
    )
    tuning = pd.DataFrame(
        [
            run.columns() | {"layer": "hidden", "kind": kind, "percent": share,
                "ci95_low": share - 5, "ci95_high": share + 5}
            for run in plan.explored_runs for kind, share in (("peak", 60.0), ("dip", 40.0))
        ]
    )  # fmt: skip
    return {"runs": runs, "summary": summary, "comparisons": comparisons, "ceiling": ceiling,
            "printed": printed, "tuning": tuning}  # fmt: skip


def untrained_networks(plan: Plan) -> Arrays:
    """Initial weights, large enough for spikes."""
    arrays: Arrays = {}
    for run in plan.explored_runs:
        for seed in run.seeds:
            network = SpikingNetwork(run.parameters.network, run.parameters.stimulus, seed=seed)
            key = f"{run.parameters.trained_from(1)}-{seed}"
            arrays |= {
                f"{key}.w1": 3 * network.w1.detach().numpy(),
                f"{key}.w2": network.w2.detach().numpy(),
            }
    return arrays


@cache
def small_contents() -> dict[str, Any]:
    """All that the page of this config shows."""
    plan = small_plan()
    networks = untrained_networks(plan)
    return contents(settings(plan), made_up_tables(plan), networks, ORIGIN, "a commit")
