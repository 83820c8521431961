"""Pydantic models of the config file: common parameters, recipes, variants, and all that is done
with the networks of its experiments."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from spikeloc.config.base import (
    FILE,
    Parameters,
    ProjectFile,
    SafeName,
    Seed,
    check_distinct,
    left_out,
)
from spikeloc.config.coincidence import Coincidence
from spikeloc.config.experiments import Experiment, Overrides, Panels
from spikeloc.config.parameters import (
    Backend,
    NetworkParameters,
    StimulusParameters,
    TrainingParameters,
)
from spikeloc.config.search.settings import Search

RESULT_FOLDERS = {
    "arrays",
    "benchmarks",
    "cpu-native",
    "cpu-reference",
    "cuda-auto",
    "cuda-reference",
    "ideal_observer",
    "logs",
    "networks",
    "runs",
    "search",
    "stimuli",
    "tables",
}
BASE_FILE = rf"^(\.\./)*{FILE}"
RunName = Annotated[str, Field(pattern=r"^[^/]+/[^/]+$")]


class ObserverParameters(Parameters):
    """The samples on which the ideal observer of each stimulus is measured."""

    samples: Annotated[int, Field(ge=100, le=100_000)] = 10_000
    seed: Seed = 1


class PhaseEffect(Parameters):
    """Tests of trained networks at starting phases all round the cycle: which runs are tested
    (experiment/condition, in every variant), at how many phases, on how many samples each."""

    runs: Annotated[list[RunName], Field(min_length=1)]
    phases: Annotated[int, Field(ge=2, le=1000)]
    samples: Annotated[int, Field(ge=2, le=1_000_000)]

    @model_validator(mode="after")
    def _names_runs_once(self) -> "PhaseEffect":
        check_distinct("runs", self.runs)
        return self


class AnalysisSettings(Parameters):
    """Analysis of trained networks: the experiments whose networks are analysed, the number of
    IPDs, the trials of each seed at each IPD, and the samples that are read from counts alone."""

    experiments: Annotated[list[SafeName], Field(min_length=1)]
    ipds: Annotated[int, Field(ge=4, le=1000)]
    trials: Annotated[int, Field(ge=1, le=10_000)]
    timing_samples: Annotated[int, Field(ge=1, le=1_000_000)]

    @model_validator(mode="after")
    def _names_experiments_once(self) -> "AnalysisSettings":
        check_distinct("experiments", self.experiments)
        return self


class ExplorerSettings(Parameters):
    """The interactive page: the experiments whose networks it holds (all experiments, if left
    out), and how many seeds of each condition, the first ones."""

    experiments: Annotated[list[SafeName], Field(min_length=1)] | None = None
    seeds: Annotated[int, Field(ge=1, le=1000)] = 1

    @model_validator(mode="after")
    def _names_experiments_once(self) -> "ExplorerSettings":
        check_distinct("experiments", self.experiments or [])
        return self


class Document(Parameters):
    """A text: its source, the claims that it makes, and the experiments whose networks it counts
    (all experiments, if left out)."""

    source: ProjectFile
    claims: ProjectFile
    experiments: Annotated[list[SafeName], Field(min_length=1)] | None = None


class Config(Parameters):
    """A whole config file. ``extends`` names another file, relative to this one, whose parameters,
    recipes and variants it takes over (:func:`spikeloc.config.loading.load_config`)."""

    extends: Annotated[str, Field(pattern=BASE_FILE)] | None = Field(None, exclude=True)
    name: SafeName
    seeds: Annotated[list[Seed], Field(min_length=1, max_length=1000)]
    device: Literal["cpu", "cuda"] = "cpu"
    backend: Backend = "auto"
    stimulus: StimulusParameters = StimulusParameters()
    network: NetworkParameters = NetworkParameters()
    training: TrainingParameters = TrainingParameters()
    ideal_observer: ObserverParameters = ObserverParameters()
    recipes: Annotated[dict[SafeName, Overrides], Field(min_length=1)] = {"default": Overrides()}
    variants: Annotated[dict[SafeName, Overrides], Field(min_length=1)] = {"default": Overrides()}
    experiments: Annotated[dict[SafeName, Experiment], Field(min_length=1)]
    phase_effect: PhaseEffect | None = None
    coincidence: Coincidence | None = None
    analysis: AnalysisSettings | None = None
    search: Search | None = None
    precomputed: list[ProjectFile] = left_out([])
    explorer: ExplorerSettings | None = None
    panels: Panels = {}
    documents: list[Document] = []
    check_claims: bool = False
    line_numbers: bool = False
    anonymous: bool = False

    @model_validator(mode="after")
    def _names_are_free(self) -> "Config":
        if self.extends is not None:
            raise ValueError("extends: only a file can extend another one")
        check_distinct("seeds", self.seeds)
        if self.name in RESULT_FOLDERS:
            raise ValueError(f"name {self.name!r} is taken by a folder of the paper's results")
        if self.backend == "native" and self.device != "cpu":
            raise ValueError(f"backend: the native core does not run on {self.device!r}")
        return self

    @property
    def variant_names(self) -> list[str]:
        """Its variants, and then those that single experiments have."""
        own = [name for each in self.experiments.values() for name in each.own_variants]
        return list(dict.fromkeys([*self.variants, *own]))

    @property
    def subfolder(self) -> str:
        """The subfolder of ``results`` and ``figures`` for this config; none for the paper."""
        return "" if self.name == "paper" else self.name

    @property
    def implementation(self) -> str:
        """The subfolder of ``results`` for stimuli and networks, which configs share whose device
        and backend are the same; none for the default."""
        default = (self.device, self.backend) == ("cpu", "auto")
        return "" if default else f"{self.device}-{self.backend}"

    def title_of(self, experiment: str) -> str:
        """The title of an experiment, or its name in words if it has none."""
        return self.experiments[experiment].title or experiment.replace("_", " ")
