"""Pydantic models of experiments: what varies over which values or named conditions, in which
variants.

An experiment is data. Later layers override earlier ones, in this order: the config's own
``stimulus``, ``network`` and ``training``, the recipe, the condition, the variant.
"""

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, get_type_hints

from pydantic import BaseModel, Discriminator, Field, Tag, create_model, model_validator

from spikeloc.config.base import (
    Line,
    Parameters,
    ProjectFile,
    SafeName,
    Seed,
    check_distinct,
    left_out,
)
from spikeloc.config.network_tests import NetworkTest
from spikeloc.config.parameters import (
    LayerParameters,
    Nesting,
    NetworkParameters,
    RatePenaltyParameters,
    RateSearch,
    StimulusParameters,
    TrainingParameters,
)
from spikeloc.config.swept_parameters import (
    DottedPath,
    Value,
    Values,
    merge,
    nested,
    number,
    written,
)

# Figures by name, each with the options of its panel: see spikeloc.plots.declarations.
Panels = dict[SafeName, dict[str, Any]]
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


# Variants of the config by name, or an experiment's own with their parameters.
Variants = Annotated[
    Annotated[list[SafeName], Field(min_length=1), Tag("names")]
    | Annotated[dict[SafeName, Overrides], Field(min_length=1), Tag("own")],
    Discriminator(lambda given: "own" if isinstance(given, Mapping) else "names"),
]


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
    variants: Variants | None = None
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
            check_distinct(name, [*(getattr(self, name) or [])])
        return self

    @property
    def own_variants(self) -> dict[str, Overrides]:
        """The variants that it alone has."""
        return self.variants if isinstance(self.variants, dict) else {}

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


def _value_name(parameter: str, value: Value) -> str:
    return f"{parameter}-{written(value)}".replace("+", "").lower()


def _setting(name: str, label: str, values: Mapping[str, Value]) -> Condition:
    """The condition that sets dotted parameters to values."""
    changes: dict[str, Any] = {}
    for path, value in values.items():
        changes = merge(changes, nested(path, value))
    return Condition(name=name, label=label, **changes)
