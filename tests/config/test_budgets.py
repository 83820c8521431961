"""Experiments with several budgets of epochs are known by their variants."""

from typing import Any

import pytest

from spikeloc.config.loading import check_config
from spikeloc.config.plan import Plan

RECIPES: dict[str, Any] = {"a": {}, "b": {"training": {"epochs": 10}}}
LONG: dict[str, Any] = {"training": {"epochs": 100}}
SHORT: dict[str, Any] = {"training": {"epochs": 3}}


def plan_of(**variants: dict[str, Any]) -> Plan:
    conditions = [{"name": name, "label": name, "recipe": name} for name in RECIPES]
    content = {"name": "mine", "seeds": [1], "recipes": RECIPES, "variants": variants}
    return Plan(check_config(content | {"experiments": {"e": {"conditions": conditions}}}))


def test_variants_that_differ_in_epochs_alone_are_budgets() -> None:
    plan = plan_of(long=LONG, short=SHORT)
    assert plan.budgets == {"e": {"short": 3, "long": 100}}
    assert [*plan.budgets["e"]] == ["short", "long"]
    assert "convergence" in plan.result_tables()


@pytest.mark.parametrize(
    "variants",
    [
        {"only": LONG},
        {"long": LONG, "again": LONG},
        {"long": LONG, "other": {}},  # `other` has the epochs of each recipe
        {"long": LONG, "other": {"training": {"epochs": 3, "learning_rate": 0.1}}},
        {"long": LONG, "other": SHORT | {"network": {"hidden_units": 3}}},
    ],
)
def test_other_variants_are_no_budgets(variants: dict[str, Any]) -> None:
    plan = plan_of(**variants)
    assert not plan.budgets and "convergence" not in plan.result_tables()
