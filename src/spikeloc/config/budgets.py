"""Experiments whose variants differ in the number of epochs only: training of several budgets."""

from collections.abc import Iterable

from spikeloc.config.expansion import Run


def budgets(runs: Iterable[Run]) -> dict[str, dict[str, int]]:
    """The number of epochs of each variant, rising, by experiment.

    Only experiments of several variants that differ in ``training.epochs`` and in nothing else.
    """
    by_experiment: dict[str, list[Run]] = {}
    for run in runs:
        by_experiment.setdefault(run.experiment, []).append(run)
    found = {}
    for name, own in by_experiment.items():
        pairs = {(run.parameters.training.epochs, run.variant) for run in own}
        variants, numbers = {variant for _, variant in pairs}, {epochs for epochs, _ in pairs}
        if len(pairs) == len(variants) == len(numbers) > 1 and _differ_in_epochs_only(own):
            found[name] = {variant: epochs for epochs, variant in sorted(pairs)}
    return found


def _differ_in_epochs_only(runs: Iterable[Run]) -> bool:
    others = {"training": {"epochs"}}
    first: dict[str, object] = {}
    return all(
        first.setdefault(run.condition, rest) == rest
        for run in runs
        for rest in [run.parameters.model_dump(exclude=others)]
    )
