"""The plan of a checked config: its runs, and the paths of all files that it makes."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from spikeloc.config.ensemble_plan import EnsemblePlan
from spikeloc.config.expansion import Run, check_experiment
from spikeloc.config.models import Config, Document
from spikeloc.config.parameters import RunParameters
from spikeloc.config.planned_runs import PlannedRuns
from spikeloc.config.precomputed import (
    JOINED,
    check_precomputed,
    precomputed_tables,
    read_rows,
)
from spikeloc.config.run_names import run_path
from spikeloc.io.errors import InputError
from spikeloc.io.files import RUN_FILES

# Tables of the analysis of trained networks, summarised over seeds.
ANALYSIS_TABLES = [
    "tuning",
    "binaural",
    "unit_statistics",
    "timing",
    "evidence",
    "evidence_trough",
    "ipd_errors",
]


class Plan(PlannedRuns):
    """The runs of a config, and the paths of their files relative to the project's folder."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
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

    def manifest(self, block: EnsemblePlan) -> Path:
        """The manifest of the stimuli that an ensemble is trained on."""
        return self.shared / block.manifest

    def manifest_with(self, stimulus: str, seed: int) -> Path:
        """A manifest that holds a seed of a stimulus.

        Raises:
            InputError: no network is trained on them.
        """
        for block in self.presented.values():
            if seed in block.seeds and block.parameters.stimulus_name() == stimulus:
                return self.manifest(block)
        raise InputError(f"no network is trained on seed {seed} of the stimulus {stimulus}")

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

    def test_files(self, name: str) -> list[Path]:
        """The tables with this name of the tests of single experiments."""
        experiments = dict.fromkeys(run.experiment for run in self.tested_runs)
        return [self.experiment_file(each, name) for each in experiments]

    def experiment_file(self, experiment: str, name: str) -> Path:
        """A table of one experiment."""
        return self.results / "runs" / experiment / f"{name}.csv"

    def makes(self, experiment: str, name: str) -> bool:
        """Whether an experiment has the table with this name, which may be of something that only
        some experiments do."""
        some = {
            "convergence": self.budgets,
            "tests_summary": {run.experiment for run in self.tested_runs},
        }
        return name not in some or experiment in some[name]

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
        names += ["convergence"] if self.budgets else []
        names += ["reproduction", "reproduction_summary"] if self.reproduced else []
        names += ["coincidence_summary"] if self.coincidence_runs else []
        names += ["search"] if self.search_runs else []
        return {name: self.tables / f"{name}.csv" for name in names}

    @cached_property
    def precomputed(self) -> dict[str, dict[str, Path]]:
        """The tables that are not made but kept among the sources, by experiment and name."""
        folders = map(precomputed_tables, self.config.precomputed)
        return {name: tables for folder in folders for name, tables in folder.items()}

    def tests_of(self, experiment: str) -> list[str]:
        """The tests of the networks of an experiment, which may be precomputed, by name."""
        if experiment in self.precomputed:
            rows = read_rows(self.precomputed[experiment]["tests_summary"])
            return list(dict.fromkeys(row["test"] for row in rows))
        return list(self.config.experiments[experiment].tests or {})

    def kind_of(self, experiment: str) -> str:
        """The kind of an experiment, which may be precomputed: then it is a "sweep" if all its runs
        have a value, and "conditions" otherwise."""
        if experiment in self.precomputed:
            rows = read_rows(self.precomputed[experiment]["runs"])
            return "sweep" if all(row["value"] for row in rows) else "conditions"
        return self.config.experiments[experiment].kind

    def precomputed_files(self) -> dict[str, list[Path]]:
        """The copies of precomputed tables beside those of the config's own experiments, by name of
        the table."""
        files: dict[str, list[Path]] = {}
        for experiment, tables in self.precomputed.items():
            for name in tables:
                files.setdefault(name, []).append(self.experiment_file(experiment, name))
        return files

    def precomputed_runs(self) -> set[str]:
        """The paths of precomputed runs."""
        return {
            run_path(row)
            for tables in self.precomputed.values()
            for row in read_rows(tables["ceiling"])
        }

    def cited_tables(self) -> dict[str, list[Path]]:
        """The tables that claims and texts read, by name: those of results, and of precomputed
        experiments what is joined to them."""
        cited = {name: [path] for name, path in self.result_tables().items()}
        precomputed = self.precomputed_files()
        for name in JOINED:
            if name in precomputed:
                cited.setdefault(name, []).extend(precomputed[name])
        return cited

    @property
    def explorer_page(self) -> Path:
        """The interactive page."""
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
        taken = dict.fromkeys(self.config.experiments, "one of the experiments")
        for kept in self.config.precomputed:
            try:
                check_precomputed(kept)
            except InputError as error:
                raise InputError(f"config: precomputed: {error}") from None
            for name in precomputed_tables(kept):
                if name in taken:
                    raise InputError(f"config: precomputed: {name!r} is also {taken[name]}")
                taken[name] = f"in {kept}"

    def counted(self) -> dict[str, list[str]]:
        """The experiments whose networks each document counts, by the document's name."""
        return {
            name: list(document.experiments or self.config.experiments)
            for name, document in self.documents().items()
        }
