"""What networks have learned, summarised over seeds
(docs/model.md, "Analysis of trained networks")."""

import numpy as np
import pandas as pd

from spikeloc.analysis.gaussian_fit import KINDS
from spikeloc.config.run_names import SUMMARY_NAMES
from spikeloc.statistics.summaries import over_seeds
from spikeloc.statistics.tables import run_paths
from spikeloc.stimulus.classes import class_midpoints_deg

NETWORK = [*SUMMARY_NAMES, "seed", "network"]
DESCRIBED = ["peak", "dip", "flank"]


def in_order(table: pd.DataFrame, paths: list[str]) -> pd.DataFrame:
    """The rows of these runs (experiment/condition/variant), in their order."""
    order = run_paths(table).map({path: position for position, path in enumerate(paths)})
    return table.loc[order.dropna().sort_values(kind="stable").index].reset_index(drop=True)


def tuning_table(units: pd.DataFrame) -> pd.DataFrame:
    """One row for each run, layer and kind: how many of how many units are of it in all networks
    together, the median width and height of their Gaussians, and the share in percent of the
    layer over seeds."""
    kinds = pd.DataFrame({kind: 100.0 * (units["kind"] == kind) for kind in KINDS})
    keys = [*SUMMARY_NAMES, "layer"]
    shares = over_seeds(units[[*keys, "seed"]].join(kinds), keys, KINDS)
    shares = shares.rename(columns={"metric": "kind", "mean": "percent"})
    of = units.groupby(keys, dropna=False).size().rename("of")
    by_kind = units.groupby([*keys, "kind"], dropna=False)
    found = by_kind.agg(
        units=("unit", "size"),
        median_width_deg=("width_deg", "median"),
        median_height=("height", "median"),
    )
    table = shares.merge(found.reset_index(), how="left", on=[*keys, "kind"])
    table = table.merge(of.reset_index(), how="left", on=keys)
    return table.assign(units=table["units"].fillna(0).astype(int))


def binaural_table(units: pd.DataFrame) -> pd.DataFrame:
    """One row for each run and measure, over seeds.

    Percentages of all hidden units: ``mean_driven`` (a mean potential above the threshold), and
    peaks and dips whose centre is nearer than 90 degrees to ``in_phase_ipd_deg``,
    ``peaks_in_phase`` and ``dips_in_phase``, or farther, ``peaks_in_antiphase`` and
    ``dips_in_antiphase``. ``as_predicted``: of the units that a Gaussian describes, those that
    respond more in phase if their mean potential is below the threshold, and else less.
    """
    near = np.cos(np.radians(units["centre_deg"] - units["in_phase_ipd_deg"])) > 0
    mean_driven = units["mean_potential"] > 1
    more_in_phase = near == (units["height"] > 0)
    measures = {"mean_driven": 100.0 * mean_driven}
    for kind in ("peak", "dip"):
        own = units["kind"] == kind
        measures[f"{kind}s_in_phase"] = 100.0 * (own & near)
        measures[f"{kind}s_in_antiphase"] = 100.0 * (own & ~near)
    predicted = 100.0 * (more_in_phase != mean_driven)
    measures["as_predicted"] = predicted.where(units["kind"].isin(DESCRIBED))
    table = units[[*SUMMARY_NAMES, "seed"]].join(pd.DataFrame(measures))
    return over_seeds(table, SUMMARY_NAMES, list(measures))


def statistics_summary(statistics: pd.DataFrame) -> pd.DataFrame:
    """One row for each run and statistic of its networks."""
    metrics = [name for name in statistics if name not in (*NETWORK, "recipe")]
    return over_seeds(statistics, SUMMARY_NAMES, metrics)


def timing_table(timing: pd.DataFrame) -> pd.DataFrame:
    """One row for each run and control."""
    return over_seeds(timing, [*SUMMARY_NAMES, "control"], ["accuracy"])


def quantities_of(evidence: pd.DataFrame) -> list[str]:
    """What a table of networks and phases holds densities of."""
    return [name for name in evidence if name not in (*NETWORK, "recipe", "phase_deg")]


def evidence_table(evidence: pd.DataFrame) -> pd.DataFrame:
    """One row for each run, phase and quantity: its density relative to an even one."""
    return over_seeds(evidence, [*SUMMARY_NAMES, "phase_deg"], quantities_of(evidence))


def trough_table(evidence: pd.DataFrame) -> pd.DataFrame:
    """One row for each run and quantity: the percentage in the half cycle around the trough."""
    names = quantities_of(evidence)
    phases = evidence["phase_deg"].nunique()
    trough = evidence["phase_deg"].abs() > 90
    within = evidence[names].where(trough, 0 * evidence[names])  # what is missing stays so
    shares = evidence[NETWORK].join(100 / phases * within)
    by_network = shares.groupby(NETWORK, sort=False, dropna=False)[names]
    return over_seeds(by_network.sum(min_count=phases).reset_index(), SUMMARY_NAMES, names)


def ipd_error_table(confusion: pd.DataFrame) -> pd.DataFrame:
    """One row for each run, true class and metric, of test data.

    ``accuracy``: percent of the class that were recognised; ``neighbour``: percent taken for a
    class beside it; ``farther``: for any other; ``outward``: percent taken for a class farther
    from 0 degrees on the same side, or, of the others, ``inward``; ``bias_deg``: mean of estimated
    less true midpoint.

    confusion: counts of all networks, classes from 0.
    """
    classes = 1 + int(confusion[["estimated", "true"]].to_numpy().max())
    midpoints = class_midpoints_deg(classes)
    true, estimated = midpoints[confusion["true"]], midpoints[confusion["estimated"]]
    step = (confusion["estimated"] - confusion["true"]).to_numpy()
    outward = np.sign(true) * (estimated - true)
    values = {
        "accuracy": 100.0 * (step == 0),
        "neighbour": 100.0 * (np.abs(step) == 1),
        "farther": 100.0 * (np.abs(step) > 1),
        "outward": 100.0 * (outward > 0),
        "inward": 100.0 * (outward < 0),
        "bias_deg": estimated - true,
    }
    count = confusion["count"]
    weighted = pd.DataFrame({name: value * count for name, value in values.items()})
    keys = [*NETWORK, "true"]
    cells = confusion[[*keys, "count"]].join(weighted)
    sums = cells.groupby(keys, sort=False, dropna=False).sum()
    means = sums[list(values)].div(sums["count"].where(sums["count"] > 0), axis=0).reset_index()
    means["true_ipd_deg"] = midpoints[means["true"]]
    return over_seeds(means, [*SUMMARY_NAMES, "true_ipd_deg"], list(values))
