"""The runs of a checked config, what is done with each, and what they have in common.

This module does not import torch, because Snakemake needs the plan before any job runs.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from spikeloc.config.budgets import budgets
from spikeloc.config.chosen_runs import (
    analysed_runs,
    coincidence_runs,
    phase_effect_runs,
    tested_runs,
)
from spikeloc.config.differences import differences
from spikeloc.config.ensemble_plan import EnsemblePlan
from spikeloc.config.expansion import Run, expand
from spikeloc.config.explored_networks import explored_runs
from spikeloc.config.models import Config
from spikeloc.config.parameters import Nesting, RunParameters
from spikeloc.config.search.candidates import search_runs


class PlannedRuns:
    """The runs of a config."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.runs = expand(config)

    @cached_property
    def _by_path(self) -> dict[str, Run]:
        return {run.path: run for run in self.runs}

    @cached_property
    def _served_by(self) -> dict[str, list[str]]:
        """The paths of the runs that a job serves, by what it makes (see ``__format__``)."""
        served: dict[str, list[str]] = {}
        for run in self.runs:
            own = run.parameters
            names = [f"stimulus {own.stimulus_name()}", f"observed {own.observer_name()}"]
            trained = [*run.ensemble.blocks, *run.tried]
            names += dict.fromkeys(f"presented {block.presented}" for block in trained)
            names += [f"network {block.name}" for block in run.ensemble.blocks]
            names += [f"search {own.search_name()}"] if own.rate_search else []
            for name in names:
                served.setdefault(name, []).append(run.path)
        return served

    @cached_property
    def blocks(self) -> dict[str, EnsemblePlan]:
        """The ensembles to train, by name: blocks of seeds. Runs share identical blocks."""
        return {block.name: block for run in self.runs for block in run.ensemble.blocks}

    @cached_property
    def presented(self) -> dict[str, EnsemblePlan]:
        """An ensemble that is trained on each stimulus and block of seeds, by their name."""
        trained = (each for run in self.runs for each in [*run.ensemble.blocks, *run.tried])
        return {each.presented: each for each in trained}

    @cached_property
    def searches(self) -> dict[str, Run]:
        """A run for each search for a learning rate, by the name of the search."""
        return {run.parameters.search_name(): run for run in self.tuned_runs}

    @cached_property
    def stimuli(self) -> dict[str, RunParameters]:
        """The parameters of a run that uses each stimulus, by the name of the stimulus."""
        return {run.parameters.stimulus_name(): run.parameters for run in self.runs}

    @cached_property
    def observed(self) -> dict[str, dict[str, Any]]:
        """Stimulus and classes of each ideal observer, by the name of the observer."""
        return {run.parameters.observer_name(): run.parameters.observed() for run in self.runs}

    @cached_property
    def phase_runs(self) -> list[Run]:
        """The runs that are tested at starting phases all round the cycle."""
        return phase_effect_runs(self.config, self.runs)

    @cached_property
    def coincidence_runs(self) -> list[Run]:
        """The runs on whose data the hand-built localiser is tested."""
        return coincidence_runs(self.config, self.runs)

    @cached_property
    def analysed_runs(self) -> list[Run]:
        """The runs whose networks are analysed."""
        return analysed_runs(self.config, self.runs)

    @cached_property
    def tested_runs(self) -> list[Run]:
        """The runs of experiments with ``tests``."""
        return tested_runs(self.config, self.runs)

    @cached_property
    def explored_runs(self) -> list[Run]:
        """The runs whose networks the interactive page holds."""
        return explored_runs(self.config, self.runs)

    @cached_property
    def tuned_runs(self) -> list[Run]:
        """The runs whose learning rate is chosen from several."""
        return [run for run in self.runs if run.parameters.rate_search]

    @cached_property
    def search_runs(self) -> dict[str, list[RunParameters]]:
        """The settings that the search tries, by recipe."""
        return search_runs(self.config)

    @cached_property
    def budgets(self) -> dict[str, dict[str, int]]:
        """The number of epochs of each variant, of experiments with several budgets."""
        return budgets(self.runs)

    @cached_property
    def reproduced(self) -> list[str]:
        """The experiments that have printed values."""
        return [name for name, each in self.config.experiments.items() if each.printed]

    def repeated(self, experiment: str) -> dict[str, Any]:
        """What printed values of an experiment may be of: :class:`spikeloc.paper.printed.Repeated`.

        The variant that repeats their protocol is ``published``, or else the only one.
        """
        runs, swept = self.runs_of(experiment), self.config.experiments[experiment].parameter
        variants = list(dict.fromkeys(run.variant for run in runs))
        only = variants[0] if len(variants) == 1 else ""
        return {
            "conditions": list(dict.fromkeys(run.condition for run in runs)),
            "variants": variants,
            "variant": "published" if "published" in variants else only,
            "swept": swept.partition(",")[0],
        }

    def __format__(self, job: str) -> str:
        """The runs that a job serves, for the line that announces it.

        A message of the workflow says ``{PLAN:network name}`` for the job that trains an ensemble,
        ``{PLAN:search name}`` for the one that chooses a learning rate, ``{PLAN:presented name}``,
        ``{PLAN:stimulus name}`` or ``{PLAN:observed name}`` for a job on data that several runs
        have in common. The text is no parameter of the rule: it changes when another experiment
        shares the job, and a changed parameter would run the job again.
        """
        kind, _, name = job.partition(" ")
        first, *others = self._served_by[job]
        served = f"{first} and {len(others)} more" if others else first
        if kind == "network":
            block = self.blocks[name]
            trained = f"{block.networks} networks of {served}, {_named(block.seeds)}"
            return f"Train {trained}: {differences(block.parameters, self.config)}"
        if kind == "search":
            run = self.searches[name]
            trained = f"{sum(each.networks for each in run.tried)} networks"
            return (
                f"Choose the learning rate of {served} with {trained}, "
                f"{_named(run.searched_seeds)}: {differences(run.parameters, self.config)}"
            )
        return served

    def seeds(self) -> list[int]:
        """Every seed that any ensemble is trained or tuned on."""
        return list(
            dict.fromkeys(seed for run in self.runs for seed in [*run.seeds, *run.searched_seeds])
        )

    def has_run(self, path: str) -> bool:
        """Whether there is a run with this path."""
        return path in self._by_path

    def run(self, path: str) -> Run:
        """The run with the path ``experiment/condition/variant``."""
        return self._by_path[path]

    def runs_of(self, experiment: str) -> list[Run]:
        """The runs of an experiment."""
        return [run for run in self.runs if run.experiment == experiment]

    def runs_in(self, experiment: str, condition: str) -> list[Run]:
        """The runs of one condition, one for each variant."""
        return [run for run in self.runs_of(experiment) if run.condition == condition]

    def phase_runs_on(self, stimulus: str) -> list[Run]:
        """The runs on a stimulus that are tested at starting phases all round the cycle."""
        return [run for run in self.phase_runs if run.parameters.stimulus_name() == stimulus]

    def nesting_of(self, experiment: str) -> dict[str, Nesting]:
        """How networks are nested in seeds in an experiment's runs, by variant."""
        return {run.variant: run.parameters.nesting for run in self.runs_of(experiment)}

    def reference_of(self, experiment: str) -> str:
        """The condition with which the others of an experiment are compared: the first, unless the
        config names another."""
        return (
            self.config.experiments[experiment].reference or self.runs_of(experiment)[0].condition
        )

    def families(self) -> dict[str, tuple[int, int]]:
        """For each experiment, the number of seeds and of conditions that are compared with the
        reference. A grid makes no comparisons."""
        return {
            name: (
                len(self.runs_of(name)[0].seeds),
                0 if experiment.grid else len({run.condition for run in self.runs_of(name)}) - 1,
            )
            for name, experiment in self.config.experiments.items()
        }

    def trained_from(self) -> dict[str, list[str]]:
        """For each run, by its path: a name of what each network of a seed is trained from.
        Networks with the same name and seed are identical."""
        return {
            run.path: [
                run.parameters.trained_from(1 + i) for i in range(run.parameters.nesting.networks)
            ]
            for run in self.runs
        }


def _named(seeds: Sequence[int]) -> str:
    return f"{'seed' if len(seeds) == 1 else 'seeds'} {', '.join(map(str, seeds))}"
