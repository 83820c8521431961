"""A checked config with the runs that follow from it, and where the files of each are.

Nothing here touches a file or imports torch: the workflow asks it before any job runs.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from spikeloc.config.ensemble_plan import EnsemblePlan
from spikeloc.config.expansion import (
    Run,
    analysed_runs,
    coincidence_runs,
    expand,
    phase_effect_runs,
)
from spikeloc.config.models import Config
from spikeloc.config.parameters import Nesting, RunParameters
from spikeloc.config.search_space import search_runs
from spikeloc.io.errors import InputError
from spikeloc.io.files import RUN_FILES

# What an analysis of trained networks gives, summarised over seeds.
ANALYSIS_TABLES = [
    "tuning",
    "unit_statistics",
    "timing",
    "evidence",
    "evidence_trough",
    "ipd_errors",
]


class Plan:
    """What a config makes: its runs, and the paths of their files from the project's folder."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.runs = expand(config)
        self.results = Path("results", config.subfolder)
        self.figures = Path("figures", config.subfolder)
        self.tables = self.results / "tables"
        self.arrays = self.results / "arrays"
        self.logs = self.results / "logs"
        self.benchmarks = self.results / "benchmarks"

    @cached_property
    def ensembles(self) -> dict[str, EnsemblePlan]:
        """The ensembles to train, by name: runs that come out identical share one."""
        return {run.ensemble.name: run.ensemble for run in self.runs}

    @cached_property
    def stimuli(self) -> dict[str, RunParameters]:
        """By name of the stimulus, the parameters of a run that uses it."""
        return {run.parameters.stimulus_name(): run.parameters for run in self.runs}

    @cached_property
    def observed(self) -> dict[str, dict[str, Any]]:
        """What ideal observers are measured on, by name."""
        return {run.parameters.observer_name(): run.parameters.observed() for run in self.runs}

    @cached_property
    def phase_runs(self) -> list[Run]:
        """The runs that are tested at starting phases all round the cycle."""
        return phase_effect_runs(self.config)

    @cached_property
    def coincidence_runs(self) -> list[Run]:
        """The runs on whose data the hand-built localiser is tested."""
        return coincidence_runs(self.config)

    @cached_property
    def analysed_runs(self) -> list[Run]:
        """The runs whose networks are analysed."""
        return analysed_runs(self.config)

    @cached_property
    def tuned_runs(self) -> list[Run]:
        """The runs that choose their learning rate."""
        return [run for run in self.runs if run.parameters.rate_search]

    @cached_property
    def search_runs(self) -> dict[str, list[RunParameters]]:
        """What the search for good settings tries, by recipe."""
        return search_runs(self.config)

    @cached_property
    def reproduced(self) -> list[str]:
        """The experiments with printed values that have runs of the printed protocol."""
        return [
            name
            for name, experiment in self.config.experiments.items()
            if experiment.printed and any(run.variant == "published" for run in self.runs_of(name))
        ]

    def __format__(self, job: str) -> str:
        """The runs that a job serves, for the line that announces it.

        A message of the workflow says ``{PLAN:network name}`` for the job that trains an ensemble,
        ``{PLAN:stimulus name}`` or ``{PLAN:observed name}`` for one on data that several runs have
        in common. As a parameter of its rule, the text would start the job again whenever another
        experiment came to share it.
        """
        kind, _, name = job.partition(" ")
        if kind == "network":
            ensemble = self.ensembles[name]
            served = self._served(run for run in self.runs if run.ensemble == ensemble)
            about = ensemble.parameters.describe()
            return f"Train {ensemble.networks} networks of {served}: {about}"
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
            dict.fromkeys(
                seed
                for plan in self.ensembles.values()
                for seed in [*plan.seeds, *plan.searched_seeds]
            )
        )

    def run(self, path: str) -> Run:
        """The run of a path ``experiment/condition/variant``."""
        (found,) = (run for run in self.runs if run.path == path)
        return found

    def runs_of(self, experiment: str) -> list[Run]:
        """An experiment's runs."""
        return [run for run in self.runs if run.experiment == experiment]

    def runs_in(self, experiment: str, condition: str) -> list[Run]:
        """The runs of one condition, one for each variant."""
        return [run for run in self.runs_of(experiment) if run.condition == condition]

    def phase_runs_on(self, stimulus: str) -> list[Run]:
        """The runs on a stimulus that are tested at starting phases all round the cycle."""
        return [run for run in self.phase_runs if run.parameters.stimulus_name() == stimulus]

    def published_nesting(self, experiment: str) -> Nesting:
        """How networks are nested in seeds in an experiment's published runs."""
        published = (run for run in self.runs_of(experiment) if run.variant == "published")
        return next(published).parameters.nesting

    def reference_of(self, experiment: str) -> str:
        """The condition that an experiment's others are compared with; the first, if the config
        names none."""
        return (
            self.config.experiments[experiment].reference or self.runs_of(experiment)[0].condition
        )

    def families(self) -> dict[str, tuple[int, int]]:
        """How many seeds each experiment has, and how many of its conditions are compared with the
        reference. A grid makes no comparisons."""
        return {
            name: (
                len(self.runs_of(name)[0].seeds),
                0 if experiment.grid else len({run.condition for run in self.runs_of(name)}) - 1,
            )
            for name, experiment in self.config.experiments.items()
        }

    def trained_from(self) -> dict[str, list[str]]:
        """By run that the documents count, what each of a seed's networks is trained from."""
        counted: set[str] = set()
        for document in self.config.documents:
            counted |= {*(document.experiments or self.config.experiments)}
        return {
            run.path: [
                run.parameters.trained_from(1 + i) for i in range(run.parameters.nesting.networks)
            ]
            for run in self.runs
            if run.experiment in counted
        }

    # Where files are.

    def manifests(self, plan: EnsemblePlan) -> list[Path]:
        """The manifests of an ensemble's stimuli, in the order of its seeds."""
        return self._manifests(plan.parameters, plan.seeds)

    def searched_manifests(self, plan: EnsemblePlan) -> list[Path]:
        """The manifests of the seeds on which an ensemble's learning rate is chosen."""
        return self._manifests(plan.parameters, plan.searched_seeds)

    def _manifests(self, parameters: RunParameters, seeds: Iterable[int]) -> list[Path]:
        folder = self.results / "stimuli" / parameters.stimulus_name()
        return [folder / f"seed-{seed}.json" for seed in seeds]

    def network_file(self, run: Run, key: str) -> Path:
        """A file of the ensemble that holds a run's networks; ``key``: one of ``RUN_FILES``."""
        return self.results / "networks" / run.ensemble.name / RUN_FILES[key]

    def network_files(self, path: str) -> dict[str, Path]:
        """Every file of the ensemble that holds the networks of the run with this path."""
        return {key: self.network_file(self.run(path), key) for key in RUN_FILES}

    def run_file(self, run: Run, key: str) -> Path:
        """The same file where people look for it."""
        return self.results / "runs" / run.path / RUN_FILES[key]

    def experiment_file(self, experiment: str, name: str) -> Path:
        """An experiment's own table."""
        return self.results / "runs" / experiment / f"{name}.csv"

    def observer_file(self, run: Run) -> Path:
        """The ideal observer of a run's stimulus."""
        return self.results / "ideal_observer" / f"{run.parameters.observer_name()}.csv"

    def stimulus_files(self, runs: Sequence[Run], name: str) -> list[Path]:
        """The file of this name of every stimulus that these runs have."""
        stimuli = dict.fromkeys(run.parameters.stimulus_name() for run in runs)
        return [self.results / "stimuli" / stimulus / name for stimulus in stimuli]

    def analysed_on(self, stimulus: str) -> dict[str, list[Run]]:
        """The analysed runs on a stimulus by their ensemble, each of which is analysed once."""
        ensembles: dict[str, list[Run]] = {}
        for run in self.analysed_runs:
            if run.parameters.stimulus_name() == stimulus:
                ensembles.setdefault(run.ensemble.name, []).append(run)
        return ensembles

    def analysed_files(self, stimulus: str, key: str) -> list[Path]:
        """A file of each analysed ensemble on a stimulus."""
        return [self.network_file(runs[0], key) for runs in self.analysed_on(stimulus).values()]

    def analysed_columns(self, stimulus: str) -> list[list[dict[str, Any]]]:
        """What the runs of each of these ensembles are called."""
        return [[run.columns() for run in runs] for runs in self.analysed_on(stimulus).values()]

    def coincidence_folders(self) -> list[Path]:
        """Where the hand-built localiser's files are, a folder for each envelope power."""
        conditions = dict.fromkeys((run.experiment, run.condition) for run in self.coincidence_runs)
        return [self.results.joinpath("runs", *names) for names in conditions]

    def result_tables(self) -> dict[str, Path]:
        """The tables of results that this config makes, by name."""
        names = ["runs", "summary", "comparisons", "ideal_observer", "efficiency"]
        names += ["phase_curve", "phase_variance"] if self.phase_runs else []
        names += ANALYSIS_TABLES if self.analysed_runs else []
        names += ["learning_rates"] if self.tuned_runs else []
        names += ["reproduction", "reproduction_summary"] if self.reproduced else []
        names += ["coincidence_summary"] if self.coincidence_runs else []
        names += ["search"] if self.search_runs else []
        return {name: self.tables / f"{name}.csv" for name in names}

    def documents(self) -> dict[str, str]:
        """The source of each document, by the path of its PDF.

        The first is called after the config; others have their source's name besides, which in the
        config named ``paper`` stands alone.
        """
        name, made = self.config.name, {}
        for place, document in enumerate(self.config.documents):
            stem = Path(document.source).stem
            pdf = name if place == 0 else stem if name == "paper" else f"{name}-{stem}"
            made[f"paper/{pdf}.pdf"] = document.source
        return made

    def check_files(self) -> None:
        """Check that the files which the config names are there.

        Raises:
            InputError: naming the key and the file that is not, or the document that is named twice.
        """
        named = {
            f"experiments.{name}.printed": experiment.printed
            for name, experiment in self.config.experiments.items()
            if experiment.printed
        }
        for place, document in enumerate(self.config.documents):
            named |= {
                f"documents.{place}.source": document.source,
                f"documents.{place}.claims": document.claims,
            }
            for experiment in document.experiments or []:
                if experiment not in self.config.experiments:
                    raise InputError(
                        f"config: documents.{place}.experiments: {experiment!r} is no experiment"
                    )
        if len(self.documents()) < len(self.config.documents):
            raise InputError("config: documents: two of them would have one name")
        for key, path in named.items():
            if not Path(path).is_file():
                raise InputError(f"config: {key}: {path}: no such file")
