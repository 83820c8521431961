"""The panels of what networks have learned: what they show of made-up tables."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn import networks
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikeloc.plots import by_run, unit_kinds
from spikeloc.plots.panels import (
    condition_weights,
    evidence,
    ipd_errors,
    peaks_and_dips,
    tuning,
    unit_statistics,
)

SUMMARY: dict[str, Any] = {"n": 3, "ci95_low": 1.0, "ci95_high": 3.0}


def rows(experiment: str, condition: str, parameter: str = "", **columns: Any) -> pd.DataFrame:
    about = {"experiment": experiment, "condition": condition, "label": condition.upper()}
    about |= {"parameter": parameter, "variant": "corrected"}
    return pd.DataFrame({**about, **columns})


def joined(*parts: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)


def points(line: Line2D) -> list[list[float]]:
    return np.asarray(line.get_xydata()).tolist()


def test_a_swept_run_is_named_after_what_is_swept() -> None:
    table = joined(rows("e", "a", x=[1]), rows("s", "0.5", "w1.inhibitory_fraction", x=[1, 2]))
    runs = by_run.runs_in(table)
    axes = Figure().add_subplot()
    by_run.condition_axis(axes, runs)
    assert [text.get_text() for text in axes.get_yticklabels()] == ["A", "fraction 0.5"]
    assert len(by_run.of_run(table, runs.iloc[1])) == 2


def test_runs_of_several_variants_are_told_apart() -> None:
    table = joined(rows("e", "a", x=[1]), rows("e", "a", x=[2]).assign(variant="other"))
    assert by_run.runs_in(table)["label"].tolist() == ["A, corrected", "A, other"]
    assert by_run.runs_in(table[:1])["label"].tolist() == ["A"]


def test_curves_are_drawn_from_their_least_to_their_largest() -> None:
    curves = np.array([[2.0, 4.0, 3.0], [5.0, 5.0, 5.0]])
    assert tuning.relative(curves).tolist() == [[0, 1, 0.5], [0, 0, 0]]


def test_hidden_units_stand_by_kind_and_centre_without_the_silent() -> None:
    kinds = ["dip", "silent", "peak", "peak"]
    units = rows("e", "a", layer="hidden", kind=kinds, centre_deg=[0.0, np.nan, 30.0, -30.0])
    curves = np.eye(4)[None] + [0, 0, 0, 2]
    axes = Figure().add_subplot()
    image = tuning.draw_hidden(axes, units, curves)
    expected = tuning.relative(curves[0])[[3, 2, 0]]
    assert np.asarray(image.get_array()).tolist() == expected.tolist()
    assert axes.get_ylabel() == "3 of 4 hidden units"


def test_bars_of_kinds_add_up() -> None:
    counts = [5, 1, 2, 0, 4]
    table = rows("e", "a", layer="hidden", kind=list(unit_kinds.COLOURS), units=counts, of=12)
    axes = Figure().add_subplot()
    peaks_and_dips.draw_kinds(axes, table)
    assert [bar.get_width() for bar in axes.patches] == counts  # type: ignore[attr-defined]
    assert axes.get_xlim() == (0, 12)


def test_peaks_and_dips_are_drawn_against_the_swept_value() -> None:
    units = joined(
        *(
            rows("s", f"{value}", "w1.inhibitory_fraction", value=value, layer="hidden", seed=seed,
                 network=1, kind=["peak", "peak", "flank", kind])
            for value in (0.0, 0.5) for seed, kind in enumerate(("peak", "dip"))
        ),
        rows("e", "a", value=np.nan, layer="hidden", seed=0, network=1, kind=["dip"]),
    )  # fmt: skip
    tuning = joined(
        *(
            rows("s", f"{value}", "w1.inhibitory_fraction", value=value, layer=layer,
                 kind=["peak", "dip"], percent=[60.0 + value, 10.0], units=[5, 1], of=8,
                 ci95_low=5.0, ci95_high=70.0)
            for value in (0.5, 0.0) for layer in ("hidden", "output")
        ),
        rows("e", "a", value=np.nan, layer="hidden", kind=list(unit_kinds.COLOURS), units=1, of=5),
    )  # fmt: skip
    figure = Figure()
    peaks_and_dips.draw(figure, units=units, tuning=tuning)
    hidden, _, others = figure.axes
    assert [points(line) for line in hidden.lines] == [
        [[0, 60], [0.5, 60.5]],
        [[0, 10], [0.5, 10]],
    ]
    shares = [[share for _, share in strip] for strip in networks(hidden)]
    assert shares == [[75, 50]] * 2 + [[0, 25]] * 2  # peaks, then dips
    assert len(others.patches) == 5 and others.get_yticklabels()[0].get_text() == "A"


def test_evidence_is_drawn_by_phase_and_its_share_by_run() -> None:
    names = ["evidence", "evidence_spikes", "information"]
    curves = [
        rows("e", "a", metric=name, phase_deg=[90, -90], mean=[place, 5], **SUMMARY)
        for place, name in enumerate(names)
    ]
    shares = [
        rows("e", condition, metric=names, mean=[51, 49, 44], **SUMMARY) for condition in "ab"
    ]
    figure = Figure()
    evidence.draw(figure, evidence=joined(*curves), trough=joined(*shares))
    first, last = figure.axes
    heights = {line.get_label(): np.asarray(line.get_ydata()).tolist() for line in first.lines}
    assert heights["evidence, in the running logits"] == [5, 0]
    assert heights["Fisher information of the input"] == [5, 2]
    assert points(last.lines[0]) == pytest.approx(np.array([[49, -0.15], [49, 0.85]]))


def test_errors_are_drawn_by_true_class() -> None:
    parts = [
        rows("e", condition, metric=name, true_ipd_deg=[-45.0, 45.0], mean=[70, 80], **SUMMARY)
        for condition in "ab" for name in ipd_errors.METRICS
    ]  # fmt: skip
    figure = Figure()
    ipd_errors.draw(figure, errors=joined(*parts))
    one, other = figure.axes[0].lines[:2]
    assert np.asarray(one.get_ydata()).tolist() == [70, 80]
    assert np.asarray(other.get_xdata()).tolist() == [-42.5, 47.5]


def test_percentiles_are_those_of_each_run() -> None:
    names = ["hidden_rate_hz", "silent_percent"]
    names += [f"{layer}_{name}" for layer in ("w1", "w2") for name in
              ("near_zero_percent", "p5", "p25", "p50", "p75", "p95")]  # fmt: skip
    parts = [
        rows(*run, metric=names, mean=np.arange(14.0) + 100 * place, **SUMMARY)
        for place, run in enumerate([("e", "z"), ("f", "a")])
    ]
    figure = Figure()
    unit_statistics.draw(figure, statistics=joined(*parts))
    medians = figure.axes[3].lines[0]
    assert points(medians) == pytest.approx(np.array([[5, -0.16], [105, 0.84]]))


def test_weights_of_eight_conditions_take_two_blocks() -> None:
    network = {"w1": 2 * np.ones((4, 3)), "w2": np.zeros((3, 2))}
    names = "abcdefgh"
    figure = Figure()
    labels = dict(zip(names, names, strict=True))
    condition_weights.draw(figure, weights=dict.fromkeys(names, network), run_labels=labels)
    first, _, _, second, *_, bar = figure.axes
    assert len(figure.axes) == 7 and bar.get_ylabel() == ""
    shown = [text.get_text() for axes in (first, second) for text in axes.get_xticklabels()]
    assert shown == list(names)
    (mesh,) = second.collections
    cells = np.ma.filled(mesh.get_array(), np.nan)  # type: ignore[arg-type]
    # three units, relative to the largest weight, and then gaps
    assert cells.shape == (4, 28) and (cells[:, :3] == 1).all() and np.isnan(cells[:, 3:]).all()
