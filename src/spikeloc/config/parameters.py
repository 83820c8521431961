"""What one training run is: stimulus, network and training, with units in the names.

The defaults are those of the paper (spec sections 1 to 4). A value out of range raises pydantic's
``ValidationError`` when a model is made; ``errors.first_problem`` turns it into one line.
"""

import math
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from spikeloc.config.base import GrowingParameters, Parameters, Positive, Seed
from spikeloc.config.layers import LayerParameters
from spikeloc.config.network_ids import NetworkId, stream_name
from spikeloc.config.rate_search import RateSearch
from spikeloc.io.files import digest

Count = Annotated[int, Field(ge=1, le=1_000_000)]
Backend = Literal["auto", "native", "reference"]
DataSetName = Literal["training", "validation", "test"]
Readout = Literal["classes", "angle", "circular"]
Surrogate = Literal["sigmoid", "fast_sigmoid", "superspike", "triangular"]


class StimulusParameters(Parameters):
    """A tone at two ears, coded by Poisson fibres (spec section 1)."""

    frequency_hz: Positive = 20.0
    duration_ms: Positive = 100.0
    time_step_ms: Positive = 1.0
    fibres_per_ear: Annotated[int, Field(ge=1, le=10_000)] = 100
    rate_max_hz: Annotated[float, Field(ge=0)] = 600.0
    envelope_power: Annotated[float, Field(ge=0, le=1_000_000)] = 2.0
    phase: Literal["per_sample", "per_dataset"] = "per_sample"

    @model_validator(mode="after")
    def _is_possible(self) -> "StimulusParameters":
        if self.spikes_per_bin > 1:
            raise ValueError(
                f"rate_max_hz times time_step_ms is {self.spikes_per_bin:g} spikes in a bin: "
                "a spike probability above 1"
            )
        ratio = self.duration_ms / self.time_step_ms
        possible = 3.5 < ratio < 100_000.5  # else it may be too large to be rounded
        if not possible or not math.isclose(ratio, round(ratio), rel_tol=1e-9):
            raise ValueError(
                f"duration_ms must be 4 to 100000 whole time steps of time_step_ms, not {ratio:g}"
            )
        return self

    @property
    def steps(self) -> int:
        """Number of time steps T."""
        return round(self.duration_ms / self.time_step_ms)

    @property
    def inputs(self) -> int:
        """Number of input fibres of both ears."""
        return 2 * self.fibres_per_ear

    @property
    def spikes_per_bin(self) -> float:
        """Largest spike probability of a bin, R_max * dt."""
        return self.rate_max_hz * self.time_step_ms / 1000


class NetworkParameters(GrowingParameters):
    """The network (spec section 3).

    ``readout``: an output for each class, one for the angle itself, or two for its cosine and sine.
    ``noise_sd``: of a Gaussian current into each hidden unit in each step, in thresholds.
    """

    NEWER: ClassVar[tuple[str, ...]] = ("readout", "surrogate", "noise_sd")

    model: Literal["spiking", "membrane_only"] = "spiking"
    hidden_units: Annotated[int, Field(ge=1, le=10_000)] = 30
    classes: Annotated[int, Field(ge=2, le=255)] = 12
    tau_ms: Annotated[float, Field(gt=0, le=1_000_000)] = 5.0
    surrogate: Surrogate = "sigmoid"
    surrogate_slope: Positive = 5.0
    noise_sd: Annotated[float, Field(ge=0)] = 0.0
    readout: Readout = "classes"
    logit_scale: Positive = 0.01
    w1: LayerParameters = LayerParameters()
    w2: LayerParameters = LayerParameters()

    @model_validator(mode="after")
    def _divides_hidden_units_only(self) -> "NetworkParameters":
        if self.w2.method == "dann":
            raise ValueError("w2: method: dann is for W1 only; dann_subtractive is for both")
        return self

    @property
    def outputs(self) -> int:
        """Number of readout units."""
        return {"classes": self.classes, "angle": 1, "circular": 2}[self.readout]

    @property
    def divides(self) -> bool:
        """Whether hidden units have divisive inhibition, which the native core has not."""
        return self.model == "spiking" and self.w1.method == "dann"


class TrainingParameters(GrowingParameters):
    """The recipe (spec section 4).

    ``fresh_stimuli``: other training samples in each epoch. ``learning_rate_decay``: see
    :func:`spikeloc.training.schedule.rate_factor`.
    """

    NEWER: ClassVar[tuple[str, ...]] = ("learning_rate_decay", "fresh_stimuli")

    learning_rate: Positive = 0.01
    learning_rate_decay: Literal["none", "cosine", "exponential"] = "none"
    batch_size: Count = 64
    training_samples: Count = 4096
    validation_samples: Count = 4096
    test_samples: Count = 2048
    fresh_stimuli: bool = False
    epochs: Annotated[int, Field(ge=1, le=100_000)] = 30
    validate_each_epoch: bool = True
    patience_epochs: Count = 10
    weights_kept: Literal["best", "notebook"] = "best"

    @model_validator(mode="after")
    def _can_keep_best(self) -> "TrainingParameters":
        if self.weights_kept == "best" and not self.validate_each_epoch:
            raise ValueError("weights_kept: best needs validate_each_epoch: true")
        return self


class Nesting(Parameters):
    """How networks are nested in seeds: ``networks`` of them are trained for each, and have the
    ``shared`` data sets in common; the others are drawn afresh for each network."""

    networks: Annotated[int, Field(ge=1, le=1000)] = 1
    shared: list[DataSetName] = []

    @model_validator(mode="after")
    def _makes_sense(self) -> "Nesting":
        if len(set(self.shared)) < len(self.shared):
            raise ValueError("shared holds a duplicate")
        if self.networks == 1 and self.shared:
            raise ValueError("shared: the only network of a seed has none to share data with")
        if self.networks > 1 and "training" not in self.shared:
            raise ValueError(
                "shared must hold training: networks with training data of their own are what "
                "more seeds give"
            )
        return self

    def network_ids(self, seeds: list[int]) -> list[NetworkId]:
        """The networks of an ensemble, seed by seed."""
        return [NetworkId(seed, 1 + i) for seed in seeds for i in range(self.networks)]

    def data_set(self, purpose: DataSetName, network: int) -> str:
        """Name of the data set that one of a seed's networks is given."""
        return purpose if purpose in self.shared else stream_name(purpose, network)


class ObserverParameters(Parameters):
    """What the ideal observer of each stimulus is measured on: samples of its own."""

    samples: Annotated[int, Field(ge=100, le=100_000)] = 10_000
    seed: Seed = 1


class RunParameters(GrowingParameters):
    """One condition under one variant: all that decides what its networks become, but the seed."""

    NEWER: ClassVar[tuple[str, ...]] = ("rate_search",)

    stimulus: StimulusParameters = StimulusParameters()
    network: NetworkParameters = NetworkParameters()
    training: TrainingParameters = TrainingParameters()
    nesting: Nesting = Nesting()
    rate_search: RateSearch | None = None

    @model_validator(mode="after")
    def _can_choose_a_rate(self) -> "RunParameters":
        if self.rate_search is not None and not self.training.validate_each_epoch:
            raise ValueError("a search for the learning rate needs validate_each_epoch: true")
        return self

    @model_validator(mode="after")
    def _has_units_to_start_from(self) -> "RunParameters":
        network = self.network
        if network.model == "spiking":
            network.w1.check_units(self.stimulus.inputs, network.hidden_units)
            network.w2.check_units(network.hidden_units, network.outputs)
        return self

    def normalised(self) -> "RunParameters":
        """The same run with defaults for what has no effect: equal if the runs are the same."""
        content = self.canonical()
        network = NetworkParameters.model_validate(content["network"])
        nesting = Nesting.model_validate(content["nesting"])
        training = TrainingParameters.model_validate(content["training"])
        return self.model_copy(
            update={"network": network, "nesting": nesting, "training": training}
        )

    def at_rate(self, learning_rate: float) -> "RunParameters":
        """The same run at a learning rate that needs no search."""
        training = self.training.model_copy(update={"learning_rate": learning_rate})
        return self.model_copy(update={"training": training, "rate_search": None})

    def candidates(self) -> list["RunParameters"]:
        """The runs among which the learning rate is chosen; none if it is given."""
        search = self.rate_search
        return [] if search is None else [self.at_rate(rate) for rate in search.learning_rates]

    def canonical(self) -> dict[str, Any]:
        """As plain data, without what has no effect."""
        content = self.model_dump()
        shared = {*self.nesting.shared}
        if self.nesting.networks > 1 and not self.training.validate_each_epoch:
            shared.add("validation")  # nobody looks at it: no need to draw one a network
        content["nesting"]["shared"] = [
            name for name in self.samples_by_purpose() if name in shared
        ]
        for name, layer in (("w1", self.network.w1), ("w2", self.network.w2)):
            if not layer.has_fraction:
                del content["network"][name]["inhibitory_fraction"]
        if self.rate_search is not None:
            del content["training"]["learning_rate"]
        if self.network.model == "membrane_only":
            for key in ("hidden_units", "surrogate", "surrogate_slope", "noise_sd", "w1", "w2"):
                content["network"].pop(key, None)
        return content

    def describe(self) -> str:
        """The run in a few words, for messages."""
        stimulus, network = self.stimulus, self.network
        signs = "membrane only"
        if network.model == "spiking":
            signs = ", ".join(
                f"{name} {layer.signs}"
                + (f" {layer.inhibitory_fraction:g}" if layer.has_fraction else "")
                + (f" by {layer.method}" if layer.method != "abs" else "")
                + (f" from {layer.initialisation}" if layer.initialisation != "uniform" else "")
                for name, layer in (("W1", network.w1), ("W2", network.w2))
            )
        tone = f"phase {stimulus.phase}, envelope power {stimulus.envelope_power:g}"
        rate = "a chosen rate" if self.rate_search else f"{self.training.learning_rate:g}"
        epochs = f"{self.training.epochs} epochs at {rate}"
        return f"{signs}; {tone}; tau {network.tau_ms:g} ms, {epochs}"

    def samples_by_purpose(self) -> dict[DataSetName, int]:
        """Samples that a network is given of each kind."""
        training = self.training
        return {
            "training": training.training_samples,
            "validation": training.validation_samples,
            "test": training.test_samples,
        }

    def data_sizes(self) -> dict[str, int]:
        """Samples of each of a seed's data sets, those of its further networks at the end."""
        return {
            self.nesting.data_set(purpose, 1 + i): samples
            for i in range(self.nesting.networks)
            for purpose, samples in self.samples_by_purpose().items()
        }

    def stimulus_name(self) -> str:
        """Safe name of the stimulus and its data sets' sizes, shared by all runs that use them."""
        content = {"stimulus": self.stimulus.model_dump(), "samples": self.data_sizes()}
        return f"{self.stimulus.phase}-{_power_name(self.stimulus)}-{digest(content)[:10]}"

    def observed(self) -> dict[str, Any]:
        """What an ideal observer's scores depend on but for what it knows about the phase."""
        stimulus = self.stimulus.model_dump(exclude={"phase"})
        return {"stimulus": stimulus, "classes": self.network.classes}

    def observer_name(self) -> str:
        """Safe name of what is observed, shared by all runs that have it in common."""
        return f"{_power_name(self.stimulus)}-{digest(self.observed())[:10]}"

    def network_name(self, seeds: list[int]) -> str:
        """Safe name of the ensemble of networks trained from these parameters, nesting and seeds."""
        return digest({"run": self.canonical(), "seeds": seeds})[:16]

    def trained_from(self, network: int) -> str:
        """What a seed's ``network``-th network comes from, however many are trained beside it:
        networks of two runs with one name and seed are the same network."""
        alone = self.model_copy(update={"nesting": Nesting()})
        fitted: list[DataSetName] = ["training", "validation"]
        data = [self.nesting.data_set(purpose, network) for purpose in fitted]
        return digest({"run": alone.canonical(), "network": network, "data": data})[:16]


def _power_name(stimulus: StimulusParameters) -> str:
    return f"power{stimulus.envelope_power:g}".replace("+", "")
