"""Pydantic models of the config file: common parameters, recipes, variants and experiments.

An experiment is data: a recipe, what varies over which values or named conditions, and in which
variants. Later layers override earlier ones, in this order: the config's own ``stimulus``,
``network`` and ``training``, the recipe, the condition, the variant.
"""

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, get_type_hints

from pydantic import (
    AfterValidator,
    BaseModel,
    Discriminator,
    Field,
    Tag,
    create_model,
    model_validator,
)

from spikeloc.config.base import Name, Parameters, Seed, check_distinct, left_out
from spikeloc.config.coincidence import Coincidence
from spikeloc.config.dotted_paths import DottedPath
from spikeloc.config.layers import LayerParameters
from spikeloc.config.network_tests import NetworkTest
from spikeloc.config.parameters import (
    Backend,
    Nesting,
    NetworkParameters,
    ObserverParameters,
    StimulusParameters,
    TrainingParameters,
)
from spikeloc.config.rate_penalty import RatePenaltyParameters
from spikeloc.config.rate_search import RateSearch
from spikeloc.config.search import Search
from spikeloc.config.values import Value, Values, number, written

# Files with these endings lie beside the folders that are named after experiments and conditions.
FILES = (".csv", ".json", ".jsonl", ".log", ".npz", ".pdf", ".png", ".svg", ".yaml")


def _names_a_folder(name: str) -> str:
    if name.endswith(FILES):
        raise ValueError("it becomes the name of a folder and must not end like a file")
    return name


def can_be_drawn(text: str) -> str:
    """Refuse text that figures cannot show as it is."""
    if "$" in text or not text.isprintable():  # matplotlib reads text between dollars as a formula
        raise ValueError("it is drawn into figures: one line without $ or control characters")
    return text


SafeName = Annotated[Name, AfterValidator(_names_a_folder)]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(can_be_drawn)]
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
FILE = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$"
ProjectFile = Annotated[str, Field(pattern=rf"^{FILE}", max_length=200)]
BASE_FILE = rf"^(\.\./)*{FILE}"
# Figures by name, each with the options of its panel: see spikeloc.plots.catalogue.
Panels = dict[SafeName, dict[str, Any]]
RunName = Annotated[str, Field(pattern=r"^[^/]+/[^/]+$")]
SeveralPaths = Annotated[list[DottedPath], Field(min_length=1)]
Paths = Annotated[
    Annotated[DottedPath, Tag("one")] | Annotated[SeveralPaths, Tag("several")],
    Discriminator(lambda given: "several" if isinstance(given, list) else "one"),
]


def _partial(model: type[BaseModel], **nested: Any) -> Any:
    """A model with the same fields and checks as ``model``, but none of the fields is required."""
    checked = get_type_hints(model, include_extras=True)
    fields: dict[str, Any] = {
        name: (nested.get(name, checked[name]) | None, None) for name in model.model_fields
    }
    name = model.__name__.replace("Parameters", "Overrides")
    return create_model(name, __base__=Parameters, **fields)


if TYPE_CHECKING:  # a type checker may take them for the models that they are made from
    StimulusOverrides = StimulusParameters
    NetworkOverrides = NetworkParameters
    TrainingOverrides = TrainingParameters
else:
    _Layer = _partial(LayerParameters)
    StimulusOverrides = _partial(StimulusParameters)
    NetworkOverrides = _partial(NetworkParameters, w1=_Layer, w2=_Layer)
    TrainingOverrides = _partial(TrainingParameters, rate_penalty=_partial(RatePenaltyParameters))


class Overrides(Parameters):
    """Some of the parameters of a run; the others keep their values."""

    stimulus: StimulusOverrides | None = None
    network: NetworkOverrides | None = None
    training: TrainingOverrides | None = None

    def changes(self) -> dict[str, Any]:
        """The parameters that are set, as nested plain data."""
        chosen = {"stimulus", "network", "training"}
        return self.model_dump(exclude_unset=True, include=chosen)


class Condition(Overrides):
    """A named condition of an experiment."""

    name: SafeName
    label: Line
    recipe: str | None = None


class Experiment(Parameters):
    """A sweep (``vary`` and ``values``), a ``grid`` of two sweeps, or named ``conditions``.

    ``panel`` lists its figures; without it, the experiment has one panel of its own kind and name.
    ``printed`` is a CSV file of values that were printed elsewhere for the protocol of a variant.
    ``tests`` are done with its trained networks.
    """

    SECTION: ClassVar[str] = "an experiment"

    title: Line | None = None
    panel: Panels | None = None
    printed: ProjectFile | None = None
    recipe: str | None = None
    reference: str | None = None
    variants: Annotated[list[SafeName], Field(min_length=1)] | None = None
    seeds: Annotated[list[Seed], Field(min_length=1)] | None = None
    nesting: dict[SafeName, Nesting] = {}
    tune: RateSearch | None = None
    tests: Annotated[dict[SafeName, NetworkTest], Field(min_length=1)] | None = left_out(None)
    vary: Paths | None = None
    values: Values | None = None
    grid: Annotated[dict[DottedPath, Values], Field(min_length=2, max_length=2)] | None = None
    conditions: Annotated[list[Condition], Field(min_length=1, max_length=1000)] | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> "Experiment":
        if (self.vary is None) != (self.values is None):
            raise ValueError("a sweep has both vary and values")
        kinds = (self.vary, self.grid, self.conditions)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("an experiment has either vary and values, or a grid, or conditions")
        for name in ("variants", "seeds"):
            check_distinct(name, getattr(self, name) or [])
        return self

    @property
    def paths(self) -> list[str]:
        """The dotted names of the parameters that a sweep sets together or that span a grid."""
        if self.grid is not None:
            return list(self.grid)
        return [self.vary] if isinstance(self.vary, str) else list(self.vary or [])

    @property
    def parameter(self) -> str:
        """The varied parameter as tables name it: "tau_ms", "w1.inhibitory_fraction", or "" if
        conditions are named. For several parameters that are set together, it is the last part of
        the first name; for a grid, it is both names."""
        if not self.paths:
            return ""
        if self.grid is not None:
            return ", ".join(path.split(".", 1)[-1] for path in self.paths)
        return self.paths[0].split(".", 1 if len(self.paths) == 1 else -1)[-1]

    @property
    def sweeps_words(self) -> bool:
        """Whether it is a sweep of words or booleans."""
        return any(isinstance(value, str | bool) for value in self.values or [])

    @property
    def kind(self) -> str:
        """The kind of experiment: "sweep", "grid" or "conditions". A sweep of words, which have no
        order and no distances, is of the kind "conditions"."""
        if self.vary:
            return "conditions" if self.sweeps_words else "sweep"
        return "grid" if self.grid else "conditions"

    def each_condition(self) -> list[tuple[Condition, float | None]]:
        """The conditions in their order, each with its swept value (None unless it is a number of
        a sweep)."""
        if self.conditions is not None:
            return [(condition, None) for condition in self.conditions]
        if self.grid is not None:
            return [(self._in_grid(values), None) for values in product(*self.grid.values())]
        return [(self._swept(value), number(value)) for value in self.values or []]

    def _swept(self, value: Value) -> Condition:
        name = _value_name(self.parameter, value)
        return _setting(name, written(value), dict.fromkeys(self.paths, value))

    def _in_grid(self, values: tuple[Value, ...]) -> Condition:
        by_path = dict(zip(self.paths, values, strict=True))
        name = "_".join(_value_name(path.split(".", 1)[-1], each) for path, each in by_path.items())
        return _setting(name, ", ".join(map(written, values)), by_path)


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
    IPDs, the trials of each seed at each IPD, and the samples whose spikes are moved in time."""

    experiments: Annotated[list[SafeName], Field(min_length=1)]
    ipds: Annotated[int, Field(ge=4, le=1000)]
    trials: Annotated[int, Field(ge=1, le=10_000)]
    timing_samples: Annotated[int, Field(ge=1, le=1_000_000)]

    @model_validator(mode="after")
    def _names_experiments_once(self) -> "AnalysisSettings":
        check_distinct("experiments", self.experiments)
        return self


class ExplorerSettings(Parameters):
    """The page to play with: the experiments whose networks it holds (all experiments, if left
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


def merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested plain data: ``base``, overridden by ``changes``. Neither is altered."""
    merged = dict(base)
    for key, value in changes.items():
        inner = merged.get(key)
        deep = isinstance(inner, Mapping) and isinstance(value, Mapping)
        merged[key] = merge(inner, value) if deep else value  # type: ignore[arg-type]
    return merged


def _value_name(parameter: str, value: Value) -> str:
    return f"{parameter}-{written(value)}".replace("+", "").lower()


def _setting(name: str, label: str, values: Mapping[str, Value]) -> Condition:
    """The condition that sets dotted parameters to values."""
    changes: dict[str, Any] = {}
    for path, value in values.items():
        changes = merge(changes, nested(path, value))
    return Condition(name=name, label=label, **changes)


def nested(path: str, value: Any) -> dict[str, Any]:
    """Nested plain data with one value at a dotted path."""
    head, _, rest = path.partition(".")
    return {head: nested(rest, value) if rest else value}
