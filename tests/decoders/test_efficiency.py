"""Shares of the ideal observer's gap over chance, worked out by hand."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from seeds import run_row

from spikeloc.decoders.efficiency import Level, ceiling_table, efficiency_table, share

GAPS = [math.nan] * 3
ROW: dict[str, Any] = {"experiment": "e", "condition": "a", "variant": "corrected", "classes": 5}
ROW |= {"accuracy": 80.0, "accuracy_low": 80.0, "accuracy_high": 80.0, "crb_deg": 1.0}
ROW |= {"information_bits": 2.0, "information_low_bits": 2.0, "information_high_bits": 2.0}


def runs(accuracy: list[float], **more: Any) -> pd.DataFrame:
    rows = [run_row("a", seed, value) for seed, value in enumerate(accuracy)]
    table = pd.DataFrame(rows).assign(variant="corrected")
    return table.assign(test_information_bits=np.array(accuracy) / 40, **more)


def test_share_of_an_observer_without_error() -> None:
    # chance 20, observer 80: 50 and 62 close 50 % and 70 %: mean 60, sd sqrt(200), half interval
    # 12.706 sqrt(200) / sqrt(2) = 127.06
    made = share([50, 62], Level(80, 80, 80, 20))
    assert made == pytest.approx((60, 60 - 127.06, 60 + 127.06), abs=5e-3)


def test_error_of_the_observer_is_joined_in() -> None:
    # shares 60, 60, 60; the gap of 60 has a standard error of 5.8799 / (2 1.95996) = 1.5, that is
    # 2.5 % of it: 1.5 points of 60, times t = 4.303
    made = share([56, 56, 56], Level(80, 80 - 2.93994, 80 + 2.93994, 20))
    assert made == pytest.approx((60, 60 - 6.454, 60 + 6.454), abs=2e-3)
    # shares 50, 60, 70: sd 10, of the mean 5.7735; hypot(5.7735, 1.5) = 5.9652, times 4.303
    made = share([50, 56, 62], Level(80, 80 - 2.93994, 80 + 2.93994, 20))
    assert made == pytest.approx((60, 60 - 25.667, 60 + 25.667), abs=5e-3)


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ([], Level(80, 79, 81, 20)),
        ([21.0, 22.0], Level(21, 20, 22, 20)),  # the observer may be at chance
        ([21.0, 22.0], Level(math.nan, math.nan, math.nan, 20)),
    ],
)
def test_where_there_is_no_gap_there_is_no_share(values: list[float], level: Level) -> None:
    assert np.isnan(share(values, level)).all()


def test_one_network_has_no_interval() -> None:
    assert share([50.0], Level(80, 79, 81, 20)) == pytest.approx(
        (50, math.nan, math.nan), nan_ok=True
    )


def test_networks_can_be_below_chance() -> None:
    assert share([14.0, 14.0], Level(80, 80, 80, 20)) == pytest.approx((-10, -10, -10))


def test_table_is_of_each_condition_and_leaves_out_diverged_networks() -> None:
    ceiling = pd.DataFrame([ROW, ROW | {"condition": "b"}, ROW | {"variant": "published"}])
    table = pd.concat(
        [
            runs([50, 62, 999]).assign(diverged=[False, False, True]),
            runs([80, 80]).assign(condition="b"),
            runs([20.0]).assign(variant="published", diverged=True),
        ]
    )
    made = efficiency_table(table, ceiling)
    assert list(made.columns) == [
        "experiment", "condition", "variant", "n",
        "accuracy_share_percent", "accuracy_share_low", "accuracy_share_high",
        "information_share_percent", "information_share_low", "information_share_high",
    ]  # fmt: skip
    assert made["condition"].tolist() == ["a", "b", "a"] and made["n"].tolist() == [2, 2, 0]
    assert made["accuracy_share_percent"].tolist() == pytest.approx(
        [60, 100, math.nan], nan_ok=True
    )
    # 50 / 40 and 62 / 40 of 2 bits: 62.5 % and 77.5 %
    assert made["information_share_percent"].tolist() == pytest.approx(
        [70, 100, math.nan], nan_ok=True
    )


def test_networks_of_one_seed_count_once() -> None:
    table = runs([44, 56, 62, 74]).assign(seed=[1, 1, 2, 2], network=[1, 2, 1, 2])
    (row,) = efficiency_table(table, pd.DataFrame([ROW])).to_dict("records")
    (same,) = efficiency_table(runs([50, 68]), pd.DataFrame([ROW])).to_dict("records")
    assert row == pytest.approx(same)


def test_without_information_luck_is_no_gap() -> None:
    ceiling = pd.DataFrame([ROW | {"accuracy_low": 21.0, "crb_deg": math.nan}])
    (row,) = efficiency_table(runs([50, 62]), ceiling).to_dict("records")
    assert row["n"] == 2
    assert math.isnan(row["accuracy_share_percent"]) and math.isnan(row["information_share_low"])


def test_each_run_gets_the_observer_of_its_own_stimulus() -> None:
    x, y = (
        pd.DataFrame({"phase_known": [True, False], "accuracy": accuracy, "samples": 100})
        for accuracy in ([90, 85], [70, 65])
    )
    names = [{"condition": name, "label": "0.10", "value": None} for name in "abc"]
    made = ceiling_table([x, y, x], names, [True, False, False])
    assert list(made.columns) == [*names[0], "phase_known", "accuracy", "samples"]
    assert made["accuracy"].tolist() == [90, 65, 85]
    assert made["phase_known"].tolist() == [True, False, False]
    assert made["label"].tolist() == ["0.10"] * 3
