"""The plan of a checked config: its runs, and the paths of all files that it makes.

This module does not import torch, because Snakemake needs the plan before any job runs.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from spikeloc.config.differences import differences
from spikeloc.config.ensemble_plan import EnsemblePlan
from spikeloc.config.expansion import (
    Run,
    analysed_runs,
    check_experiment,
    coincidence_runs,
    expand,
    phase_effect_runs,
    tested_runs,
)
from spikeloc.config.explored_networks import explored_runs
from spikeloc.config.models import Config, Document
from spikeloc.config.parameters import Nesting, RunParameters
from spikeloc.config.search_space import search_runs
from spikeloc.io.errors import InputError
from spikeloc.io.files import RUN_FILES

# Tables of the analysis of trained networks, summarised over seeds.
ANALYSIS_TABLES = [
    "tuning",
    "unit_statistics",
    "timing",
    "evidence",
    "evidence_trough",
    "ipd_errors",
]


class Plan:
    """The runs of a config, and the paths of their files relative to the project's folder."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.runs = expand(config)
        self.results = Path("results", config.subfolder)
        self.figures = Path("figures", config.subfolder)
        self.tables = self.results / "tables"
        self.arrays = self.results / "arrays"
        self.logs = self.results / "logs"
        self.benchmarks = self.results / "benchmarks"
        # Stimuli and trained networks belong to no config: all configs that compute alike have them
        # in common, with the logs and benchmarks of the jobs that make them.
        self.shared = Path("results", config.implementation)
        self.networks = self.shared / "networks"

    @cached_property
    def _by_path(self) -> dict[str, Run]:
        return {run.path: run for run in self.runs}

    @cached_property
    def _by_block(self) -> dict[str, list[Run]]:
        runs: dict[str, list[Run]] = {}
        for run in self.runs:
            for block in run.ensemble.blocks:
                runs.setdefault(block.name, []).append(run)
        return runs

    @cached_property
    def blocks(self) -> dict[str, EnsemblePlan]:
        """The ensembles to train, by name: blocks of seeds. Runs share identical blocks."""
        return {block.name: block for run in self.runs for block in run.ensemble.blocks}

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
        """The runs whose networks the page to play with holds."""
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
        ``{PLAN:search name}`` for the one that chooses a learning rate, ``{PLAN:stimulus name}`` or
        ``{PLAN:observed name}`` for a job on data that several runs have in common. The text is no
        parameter of the rule: it changes when another experiment shares the job, and a changed
        parameter would run the job again.
        """
        kind, _, name = job.partition(" ")
        if kind == "network":
            block = self.blocks[name]
            served = self._served(self._by_block[name])
            trained = f"{block.networks} networks of {served}, {_named(block.seeds)}"
            return f"Train {trained}: {differences(block.parameters, self.config)}"
        if kind == "search":
            first = self.searches[name]
            alike = (run for run in self.runs if run.parameters == first.parameters)
            trained = f"{sum(each.networks for each in first.tried)} networks"
            return (
                f"Choose the learning rate of {self._served(alike)} with {trained}, "
                f"{_named(first.searched_seeds)}: {differences(first.parameters, self.config)}"
            )
        if kind == "stimulus":
            return self._served(run for run in self.runs if run.parameters.stimulus_name() == name)
        return self._served(run for run in self.runs if run.parameters.observer_name() == name)

    @staticmethod
    def _served(runs: Iterable[Run]) -> str:
        first, *others = [run.path for run in runs]
        return f"{first} and {len(others)} more" if others else first

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

    def counted(self) -> dict[str, list[str]]:
        """The experiments whose networks each document counts, by the document's name."""
        return {
            name: list(document.experiments or self.config.experiments)
            for name, document in self.documents().items()
        }

    # Paths of files.

    def manifests(self, parameters: RunParameters, seeds: Iterable[int]) -> list[Path]:
        """The manifests of these seeds of a run's stimulus, in their order."""
        folder = self.shared / "stimuli" / parameters.stimulus_name()
        return [folder / f"seed-{seed}.json" for seed in seeds]

    def rate_files(self, parameters: RunParameters) -> list[Path]:
        """The table of the search for the learning rate of these parameters, if there is one."""
        folder = self.networks / parameters.search_name()
        return [folder / RUN_FILES["rates"]] if parameters.rate_search else []

    def block_files(self, path: str) -> dict[str, list[Path]]:
        """The files of the blocks of the run with this path, in their order, by ``RUN_FILES``."""
        names = [block.name for block in self.run(path).ensemble.blocks]
        return {
            key: [self.networks / name / file for name in names] for key, file in RUN_FILES.items()
        }

    def run_file(self, run: Run, key: str) -> Path:
        """A file of a run; ``key``: one of ``RUN_FILES``."""
        return self.results / "runs" / run.path / RUN_FILES[key]

    def test_files(self) -> list[Path]:
        """The tables of tests of single experiments."""
        names = dict.fromkeys(run.experiment for run in self.tested_runs)
        return [self.experiment_file(name, "tests") for name in names]

    def experiment_file(self, experiment: str, name: str) -> Path:
        """A table of one experiment."""
        return self.results / "runs" / experiment / f"{name}.csv"

    def observer_file(self, run: Run) -> Path:
        """The table of the ideal observer of a run's stimulus."""
        return self.results / "ideal_observer" / f"{run.parameters.observer_name()}.csv"

    def stimulus_files(self, runs: Sequence[Run], name: str) -> list[Path]:
        """The file with this name of each stimulus that these runs use."""
        stimuli = dict.fromkeys(run.parameters.stimulus_name() for run in runs)
        return [self.results / "stimuli" / stimulus / name for stimulus in stimuli]

    def analysed_on(self, stimulus: str) -> dict[str, list[Run]]:
        """The analysed runs on a stimulus, by ensemble, since each ensemble is analysed once."""
        ensembles: dict[str, list[Run]] = {}
        for run in self.analysed_runs:
            if run.parameters.stimulus_name() == stimulus:
                ensembles.setdefault(run.ensemble.name, []).append(run)
        return ensembles

    def analysed_files(self, stimulus: str, key: str) -> list[Path]:
        """One file of each analysed ensemble on a stimulus."""
        return [self.run_file(runs[0], key) for runs in self.analysed_on(stimulus).values()]

    def analysed_columns(self, stimulus: str) -> list[list[dict[str, Any]]]:
        """The first table columns of all runs of each of these ensembles."""
        return [[run.columns() for run in runs] for runs in self.analysed_on(stimulus).values()]

    def coincidence_folders(self) -> list[Path]:
        """The folders of the hand-built localiser's files, one for each envelope power."""
        conditions = dict.fromkeys((run.experiment, run.condition) for run in self.coincidence_runs)
        return [self.results.joinpath("runs", *names) for names in conditions]

    def result_tables(self) -> dict[str, Path]:
        """The tables of results that this config makes, by name."""
        names = ["runs", "summary", "comparisons", "ideal_observer", "efficiency"]
        names += ["phase_curve", "phase_variance"] if self.phase_runs else []
        names += ANALYSIS_TABLES if self.analysed_runs else []
        names += ["tests_summary"] if self.tested_runs else []
        names += ["learning_rates"] if self.tuned_runs else []
        names += ["reproduction", "reproduction_summary"] if self.reproduced else []
        names += ["coincidence_summary"] if self.coincidence_runs else []
        names += ["search"] if self.search_runs else []
        return {name: self.tables / f"{name}.csv" for name in names}

    @property
    def explorer_page(self) -> Path:
        """The page to play with."""
        return self.figures / "explorer.html"

    def explorer_inputs(self) -> dict[str, Path | list[Path]]:
        """What the page is made from, by name; empty if the config asks for none."""
        if self.config.explorer is None:
            return {}
        names = ["runs", "summary", "comparisons", "printed"]
        names += ["tuning"] if self.analysed_runs else []
        return {
            **{name: self.tables / f"{name}.csv" for name in names},
            "ceiling": [self.experiment_file(name, "ceiling") for name in self.config.experiments],
            "networks": self.arrays / "explored_networks.npz",
        }

    def made_tables(self) -> dict[str, Path]:
        """All tables of ``results/tables``, by name."""
        names = [*self.result_tables(), "printed", "printed_losses"]
        names += ["phase_effect"] if self.phase_runs else []
        names += ["units"] if self.analysed_runs else []
        names += ["tests"] if self.tested_runs else []
        names += ["coincidence", "coincidence_search"] if self.coincidence_runs else []
        names += ["claims"] if self.config.documents else []
        return {name: self.tables / f"{name}.csv" for name in names}

    def documents(self) -> dict[str, Document]:
        """The documents by name; the PDF of one is ``paper/<name>.pdf``.

        The first has the name of the config. Each other one adds the name of its source, and in
        the config ``paper`` it has the name of its source alone.
        """
        name, made = self.config.name, {}
        for number, document in enumerate(self.config.documents):
            stem = Path(document.source).stem
            own = name if number == 0 else stem if name == "paper" else f"{name}-{stem}"
            made[own] = document
        return made

    def check_files(self) -> None:
        """Check that the files and experiments which the config names exist, and that no file is
        in the place of a folder of outputs.

        Raises:
            InputError: a file or experiment does not exist (the message names its key), two
                documents would get the same name, or a file is in the way.
        """
        for folder in (self.results, self.shared, self.figures):
            for place in (folder, *folder.parents):
                if place.is_file():
                    raise InputError(f"{place}: is a file where outputs need a folder")
        named = {
            f"experiments.{name}.printed": experiment.printed
            for name, experiment in self.config.experiments.items()
            if experiment.printed
        }
        for number, document in enumerate(self.config.documents):
            named |= {
                f"documents.{number}.source": document.source,
                f"documents.{number}.claims": document.claims,
            }
            for experiment in document.experiments or []:
                check_experiment(self.config, experiment, f"config: documents.{number}.experiments")
        if len(self.documents()) < len(self.config.documents):
            raise InputError("config: documents: two PDFs would have the same name")
        for key, path in named.items():
            if not Path(path).is_file():
                raise InputError(f"config: {key}: {path}: no such file")


def _named(seeds: Sequence[int]) -> str:
    return f"{'seed' if len(seeds) == 1 else 'seeds'} {', '.join(map(str, seeds))}"
