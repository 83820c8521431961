"""The config file as models: what is common, recipes, variants and experiments.

An experiment is data: a recipe, what varies, over which values or named conditions, in which
variants. Later layers override earlier ones: the config's own ``stimulus``, ``network`` and
``training``, then the recipe, then the condition, then the variant.
"""

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

from pydantic import AfterValidator, BaseModel, Field, create_model, model_validator

from spikeloc.config.base import Parameters, Seed
from spikeloc.config.layers import LayerParameters
from spikeloc.config.parameters import (
    Backend,
    Nesting,
    NetworkParameters,
    ObserverParameters,
    StimulusParameters,
    TrainingParameters,
)
from spikeloc.config.rate_search import RateSearch
from spikeloc.config.search import Search

SAFE_NAME = r"^[a-z0-9][a-z0-9_.-]*$"
FILES = (".csv", ".json", ".npz", ".pdf", ".png", ".svg", ".yaml")  # that lie among the folders


def _names_a_folder(name: str) -> str:
    if name.endswith(FILES):
        raise ValueError("it names a folder, and must not end like a file")
    return name


def _can_be_drawn(text: str) -> str:
    if "$" in text or not text.isprintable():  # between dollars, matplotlib wants formulas
        raise ValueError("it is drawn as it is: a line without $ and control characters")
    return text


SafeName = Annotated[str, Field(pattern=SAFE_NAME, max_length=64), AfterValidator(_names_a_folder)]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_can_be_drawn)]
RESULT_FOLDERS = {
    "arrays",
    "benchmarks",
    "ideal_observer",
    "logs",
    "networks",
    "runs",
    "search",
    "stimuli",
    "tables",
}
ProjectFile = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$")
]
# Figures by name, each with what its panel is told: see spikeloc.plots.catalogue.
Panels = dict[SafeName, dict[str, Any]]
RunName = Annotated[str, Field(pattern=r"^[^/]+/[^/]+$")]
DottedPath = Annotated[str, Field(pattern=r"^(stimulus|network|training)(\.[a-z0-9_]+)+$")]
Variant = Literal["published", "corrected"]
Values = Annotated[list[float | int], Field(min_length=1, max_length=1000)]


def _partial(model: type[BaseModel], **nested: Any) -> Any:
    """A model's fields, each checked as there, but none of them required."""
    checked = get_type_hints(model, include_extras=True)
    fields: dict[str, Any] = {
        name: (nested.get(name, checked[name]) | None, None) for name in model.model_fields
    }
    name = model.__name__.replace("Parameters", "Overrides")
    return create_model(name, __base__=Parameters, **fields)


if TYPE_CHECKING:  # to a type checker they are like the models that they are made from
    StimulusOverrides = StimulusParameters
    NetworkOverrides = NetworkParameters
    TrainingOverrides = TrainingParameters
else:
    _Layer = _partial(LayerParameters)
    StimulusOverrides = _partial(StimulusParameters)
    NetworkOverrides = _partial(NetworkParameters, w1=_Layer, w2=_Layer)
    TrainingOverrides = _partial(TrainingParameters)


class Overrides(Parameters):
    """Some of the parameters of a run; the others stay as they were."""

    stimulus: StimulusOverrides | None = None
    network: NetworkOverrides | None = None
    training: TrainingOverrides | None = None

    def changes(self) -> dict[str, Any]:
        """What is set, as nested plain data."""
        chosen = {"stimulus", "network", "training"}
        return self.model_dump(exclude_unset=True, include=chosen)


class Condition(Overrides):
    """A named condition of an experiment."""

    name: SafeName
    label: Line
    recipe: str | None = None


class Experiment(Parameters):
    """A sweep (``vary`` and ``values``), a ``grid`` of two sweeps, or named ``conditions``.

    ``panel``: its figures; one of its own kind, named like the experiment, if left out.
    ``printed``: a CSV file of values that somebody printed for the protocol of ``published``.
    """

    title: Line | None = None
    panel: Panels | None = None
    printed: ProjectFile | None = None
    recipe: str | None = None
    reference: str | None = None
    variants: Annotated[list[Variant], Field(min_length=1)] | None = None
    seeds: Annotated[list[Seed], Field(min_length=1)] | None = None
    nesting: dict[Variant, Nesting] = {}
    tune: RateSearch | None = None
    vary: DottedPath | Annotated[list[DottedPath], Field(min_length=1)] | None = None
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
            given = getattr(self, name) or []
            if len(set(given)) < len(given):
                raise ValueError(f"{name} holds a duplicate")
        return self

    @property
    def paths(self) -> list[str]:
        """The dotted parameters that a sweep sets together, or those of a grid."""
        if self.grid is not None:
            return list(self.grid)
        return [self.vary] if isinstance(self.vary, str) else list(self.vary or [])

    @property
    def parameter(self) -> str:
        """What is varied, for the tables: "tau_ms", "w1.inhibitory_fraction", or "" if conditions
        are named. Of several paths that are set together, the last part of the first; of a grid,
        both."""
        if not self.paths:
            return ""
        if self.grid is not None:
            return ", ".join(path.split(".", 1)[-1] for path in self.paths)
        return self.paths[0].split(".", 1 if len(self.paths) == 1 else -1)[-1]

    @property
    def kind(self) -> str:
        """What it is: "sweep", "grid" or "conditions"."""
        return "sweep" if self.vary else "grid" if self.grid else "conditions"

    def each_condition(self) -> list[tuple[Condition, float | None]]:
        """Conditions in their order, with the swept value if this is a sweep."""
        if self.conditions is not None:
            return [(condition, None) for condition in self.conditions]
        if self.grid is not None:
            return [(self._in_grid(place), None) for place in product(*self.grid.values())]
        return [(self._swept(value), value) for value in self.values or []]

    def _swept(self, value: float) -> Condition:
        name = _value_name(self.parameter, value)
        return _setting(name, f"{value:.12g}", dict.fromkeys(self.paths, value))

    def _in_grid(self, place: tuple[float, ...]) -> Condition:
        values = dict(zip(self.paths, place, strict=True))
        name = "_".join(_value_name(path.split(".", 1)[-1], each) for path, each in values.items())
        return _setting(name, ", ".join(f"{each:.12g}" for each in place), values)


class PhaseEffect(Parameters):
    """Which runs (experiment/condition, in every variant) are tested at how many starting phases
    all round the cycle, on how many samples at each."""

    runs: Annotated[list[RunName], Field(min_length=1)]
    phases: Annotated[int, Field(ge=2, le=1000)]
    samples: Annotated[int, Field(ge=2, le=1_000_000)]

    @model_validator(mode="after")
    def _names_runs_once(self) -> "PhaseEffect":
        if len(set(self.runs)) < len(self.runs):
            raise ValueError("runs holds a duplicate")
        return self


class Coincidence(Parameters):
    """The hand-built localiser: which sweep of the envelope power it is tested on, what is searched
    for its detectors, and on how many samples of each seed's validation data.

    A weight is below the detector's threshold of 1 alone and above it together with another.
    """

    experiment: SafeName
    weights: Annotated[list[Annotated[float, Field(gt=0.5, lt=1)]], Field(min_length=1)]
    taus_ms: Annotated[list[Annotated[float, Field(gt=0, le=1_000_000)]], Field(min_length=1)]
    pairs_per_class: Annotated[list[Annotated[int, Field(ge=1, le=10_000)]], Field(min_length=1)]
    search_samples: Annotated[int, Field(ge=1, le=1_000_000)]

    @model_validator(mode="after")
    def _searches_each_once(self) -> "Coincidence":
        for name in ("weights", "taus_ms", "pairs_per_class"):
            if len(set(getattr(self, name))) < len(getattr(self, name)):
                raise ValueError(f"{name} holds a duplicate")
        return self


class AnalysisSettings(Parameters):
    """In which experiments' networks is looked for what they have learned, with how many trials of
    each seed at each of how many IPDs, and with how many samples of moved spikes."""

    experiments: Annotated[list[SafeName], Field(min_length=1)]
    ipds: Annotated[int, Field(ge=4, le=1000)]
    trials: Annotated[int, Field(ge=1, le=10_000)]
    timing_samples: Annotated[int, Field(ge=1, le=1_000_000)]

    @model_validator(mode="after")
    def _names_experiments_once(self) -> "AnalysisSettings":
        if len(set(self.experiments)) < len(self.experiments):
            raise ValueError("experiments holds a duplicate")
        return self


class Document(Parameters):
    """A text: its source, the claims that it makes, and the experiments whose networks it counts;
    all of them, if left out."""

    source: ProjectFile
    claims: ProjectFile
    experiments: Annotated[list[SafeName], Field(min_length=1)] | None = None


class Config(Parameters):
    """A whole config file."""

    name: SafeName
    seeds: Annotated[list[Seed], Field(min_length=1, max_length=1000)]
    device: Literal["cpu", "cuda"] = "cpu"
    backend: Backend = "auto"
    stimulus: StimulusParameters
    network: NetworkParameters
    training: TrainingParameters
    ideal_observer: ObserverParameters = ObserverParameters()
    recipes: dict[SafeName, Overrides]
    variants: dict[Variant, Overrides]
    experiments: Annotated[dict[SafeName, Experiment], Field(min_length=1)]
    phase_effect: PhaseEffect | None = None
    coincidence: Coincidence | None = None
    analysis: AnalysisSettings | None = None
    search: Search | None = None
    panels: Panels = {}
    documents: list[Document] = []
    check_claims: bool = False
    line_numbers: bool = False
    anonymous: bool = False

    @model_validator(mode="after")
    def _names_are_free(self) -> "Config":
        if len(set(self.seeds)) < len(self.seeds):
            raise ValueError("seeds holds a duplicate")
        if self.name in RESULT_FOLDERS:
            raise ValueError(f"name {self.name!r} is that of a folder of the paper's results")
        return self

    @property
    def subfolder(self) -> str:
        """Where results and figures go below their folders: nowhere for the paper itself."""
        return "" if self.name == "paper" else self.name


def merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Nested plain data with ``changes`` over ``base``; neither is altered."""
    merged = dict(base)
    for key, value in changes.items():
        inner = merged.get(key)
        deep = isinstance(inner, Mapping) and isinstance(value, Mapping)
        merged[key] = merge(inner, value) if deep else value  # type: ignore[arg-type]
    return merged


def _value_name(parameter: str, value: float) -> str:
    return f"{parameter}-{value:.12g}".replace("+", "").lower()


def _setting(name: str, label: str, values: Mapping[str, float]) -> Condition:
    """The condition that sets dotted parameters to values."""
    changes: dict[str, Any] = {}
    for path, value in values.items():
        changes = merge(changes, _nested(path, value))
    return Condition(name=name, label=label, **changes)


def _nested(path: str, value: float) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    return {head: _nested(rest, value) if rest else value}
