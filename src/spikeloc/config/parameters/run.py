"""Parameters of one run: stimulus, network and training, with units in the names.

The defaults are those of the paper. A value out of range raises pydantic's ``ValidationError`` when
a model is made; :func:`spikeloc.io.errors.first_problem` turns it into one line.
"""

import math
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from spikeloc.config.base import Parameters, Positive, Seed, check_distinct, left_out
from spikeloc.config.layers import LayerParameters
from spikeloc.config.network_ids import NetworkId, stream_name
from spikeloc.config.rate_penalty import RatePenaltyParameters
from spikeloc.config.rate_search import RateSearch
from spikeloc.io.files import digest

MAX_SAMPLES = 1_000_000
Count = Annotated[int, Field(ge=1, le=MAX_SAMPLES)]
Backend = Literal["auto", "native", "reference"]
DataSetName = Literal["training", "validation", "test"]
Readout = Literal["classes", "angle", "circular"]
Surrogate = Literal["sigmoid", "fast_sigmoid", "superspike", "triangular"]
Reset = Literal["late", "immediate", "subtract"]
OverTime = Literal["sum", "last", "maximum", "spike_count"]


def _names_what_is_fresh(given: Any) -> Any:
    if not isinstance(given, bool) and given != "phases":
        raise ValueError("must be true, false or phases")
    return given


Fresh = Annotated[bool | Literal["phases"], BeforeValidator(_names_what_is_fresh)]


class StimulusParameters(Parameters):
    """A tone at two ears, coded by auditory-nerve fibres: docs/model.md, "Stimulus".

    ``fibre_delay_min_deg`` and ``fibre_delay_max_deg``: the phase delays of an ear's fibres lie
    evenly between these; ``delay_jitter_deg``: sd of what a seed's fibres deviate from this;
    ``fibres_dropped``: the share of a seed's fibres that is silent; ``bin_probability``: taken at
    the start of a bin, or the mean over the bin.
    """

    SECTION: ClassVar[str] = "stimulus"

    frequency_hz: Positive = 20.0
    duration_ms: Positive = 100.0
    time_step_ms: Positive = 1.0
    fibres_per_ear: Annotated[int, Field(ge=1, le=10_000)] = 100
    rate_max_hz: Annotated[float, Field(ge=0)] = 600.0
    envelope_power: Annotated[float, Field(ge=0, le=1_000_000)] = 2.0
    phase: Literal["per_sample", "per_dataset"] = "per_sample"
    fibre_delay_min_deg: Annotated[float, Field(ge=-360, le=360)] = left_out(0.0)
    fibre_delay_max_deg: Annotated[float, Field(ge=-360, le=360)] = left_out(90.0)
    delay_jitter_deg: Annotated[float, Field(ge=0, le=360)] = left_out(0.0)
    fibres_dropped: Annotated[float, Field(ge=0, lt=1)] = left_out(0.0)
    bin_probability: Literal["start", "mean"] = left_out("start")

    @model_validator(mode="after")
    def _is_possible(self) -> "StimulusParameters":
        if self.spikes_per_bin > 1:
            raise ValueError(
                f"rate_max_hz times time_step_ms is {self.spikes_per_bin:g} spikes in a bin: "
                "a spike probability above 1"
            )
        if 2 * self.frequency_hz * self.time_step_ms > 1000:
            raise ValueError(
                f"frequency_hz: {self.frequency_hz:g} is above half the sampling rate, "
                f"{500 / self.time_step_ms:g} Hz with time_step_ms {self.time_step_ms:g}"
            )
        if self.fibre_delay_min_deg > self.fibre_delay_max_deg:
            raise ValueError(
                f"fibre_delay_min_deg: {self.fibre_delay_min_deg:g} is above fibre_delay_max_deg, "
                f"{self.fibre_delay_max_deg:g}"
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
    def cycles_per_bin(self) -> float:
        """Share of the tone's cycle that a bin lasts, f dt."""
        return self.frequency_hz * self.time_step_ms / 1000

    @property
    def spikes_per_bin(self) -> float:
        """Largest spike probability of a bin, R_max dt."""
        return self.rate_max_hz * self.time_step_ms / 1000


class NetworkParameters(Parameters):
    """The network: docs/model.md, "Neuron"; docs/model.md, "Readout".

    ``readout``: an output for each class, one for the angle, or two for its cosine and sine.
    ``noise_sd``: standard deviation of a Gaussian current into each hidden unit in each time step,
    in units of the threshold. ``readout_tau_ms``: time constant of the readout, if it is not
    ``tau_ms`` as well; ``readout_over_time``: which of its potentials count, or that its units
    spike and their spikes are counted. ``reset``: whether a unit that exceeds the threshold spikes
    and is reset to 0 one step late, or at once, or is reset late by subtracting the threshold.
    ``threshold_jump``: what a spike of a hidden unit adds to its threshold, in units of the resting
    threshold; ``threshold_tau_ms``: time constant of its decay; ``refractory_ms``: how long a
    hidden unit neither spikes nor takes up drive after a spike.
    """

    SECTION: ClassVar[str] = "network"

    model: Literal["spiking", "membrane_only"] = "spiking"
    hidden_units: Annotated[int, Field(ge=1, le=10_000)] = 30
    classes: Annotated[int, Field(ge=2, le=255)] = 12
    tau_ms: Annotated[float, Field(gt=0, le=1_000_000)] = 5.0
    reset: Reset = left_out("late")
    threshold_jump: Annotated[float, Field(ge=0, le=1_000_000)] = left_out(0.0)
    threshold_tau_ms: Annotated[float, Field(gt=0, le=1_000_000)] = left_out(60.0)
    refractory_ms: Annotated[float, Field(ge=0, le=1_000_000)] = left_out(0.0)
    surrogate: Surrogate = "sigmoid"
    surrogate_slope: Positive = 5.0
    noise_sd: Annotated[float, Field(ge=0)] = 0.0
    readout: Readout = "classes"
    readout_tau_ms: Annotated[float, Field(gt=0, le=1_000_000)] | None = left_out(None)
    readout_over_time: OverTime = left_out("sum")
    logit_scale: Positive = 0.01
    w1: LayerParameters = LayerParameters()
    w2: LayerParameters = LayerParameters()

    @model_validator(mode="after")
    def _divides_hidden_units_only(self) -> "NetworkParameters":
        if self.w2.method == "dann":
            raise ValueError("w2: method: dann is for w1 only; dann_subtractive is for both")
        return self

    @model_validator(mode="after")
    def _has_one_tau_without_hidden_units(self) -> "NetworkParameters":
        if self.model == "membrane_only" and self.readout_tau_ms is not None:
            raise ValueError("readout_tau_ms: a membrane_only network has tau_ms only")
        return self

    @model_validator(mode="after")
    def _counts_spikes_of_classes(self) -> "NetworkParameters":
        if self.readout_over_time == "spike_count":
            if self.model == "membrane_only":
                raise ValueError("readout_over_time: spike_count is not for membrane_only networks")
            if self.readout != "classes":
                raise ValueError(
                    "readout_over_time: spike_count is never negative, so that it cannot be an "
                    f"output of readout: {self.readout}"
                )
        return self

    def refractory_steps(self, stimulus: StimulusParameters) -> int:
        """The refractory period in time steps of a stimulus.

        Raises:
            ValueError: it is not a whole number of them, or longer than a trial.
        """
        if self.refractory_ms > stimulus.duration_ms:
            raise ValueError(
                f"refractory_ms: {self.refractory_ms:g} is longer than a trial, duration_ms: "
                f"{stimulus.duration_ms:g}"
            )
        steps = self.refractory_ms / stimulus.time_step_ms
        if not math.isclose(steps, round(steps), rel_tol=1e-9):
            raise ValueError(
                f"refractory_ms: {self.refractory_ms:g} is not a whole number of time steps of "
                f"{stimulus.time_step_ms:g} ms"
            )
        return round(steps)

    @property
    def reference_only(self) -> list[str]:
        """What only the reference computes and the native core refuses, as in a config."""
        asked = {
            "reset": self.reset != "late",
            "threshold_jump": self.threshold_jump > 0,
            "refractory_ms": self.refractory_ms > 0,
            "readout_over_time": self.readout_over_time in {"maximum", "spike_count"},
        }
        return [f"{name}: {getattr(self, name)}" for name, is_asked in asked.items() if is_asked]

    @property
    def outputs(self) -> int:
        """Number of readout units."""
        return {"classes": self.classes, "angle": 1, "circular": 2}[self.readout]

    @property
    def divides(self) -> bool:
        """Whether hidden units have divisive inhibition."""
        return self.model == "spiking" and self.w1.method == "dann"


class TrainingParameters(Parameters):
    """How a network is trained: docs/model.md, "Training"; docs/model.md, "Recipes and variants".

    ``fresh_stimuli``: new training samples in each epoch, or only new starting ``phases`` of the
    same ones. ``rate_penalty``: on hidden firing rates outside a band. ``learning_rate_decay``: see
    :func:`spikeloc.training.schedule.rate_factor`.
    """

    SECTION: ClassVar[str] = "training"

    learning_rate: Positive = 0.01
    learning_rate_decay: Literal["none", "cosine", "exponential"] = "none"
    batch_size: Count = 64
    training_samples: Count = 4096
    validation_samples: Count = 4096
    test_samples: Count = 2048
    fresh_stimuli: Fresh = False
    epochs: Annotated[int, Field(ge=1, le=100_000)] = 30
    validate_each_epoch: bool = True
    patience_epochs: Count = 10
    weights_kept: Literal["best", "last", "notebook"] = "best"
    rate_penalty: RatePenaltyParameters | None = left_out(None)

    @model_validator(mode="after")
    def _can_keep_best(self) -> "TrainingParameters":
        if self.weights_kept == "best" and not self.validate_each_epoch:
            raise ValueError("weights_kept: best needs validate_each_epoch: true")
        return self


class Nesting(Parameters):
    """How networks are nested in seeds: ``networks`` of them are trained for each seed. They have
    the ``shared`` data sets in common; the others are drawn separately for each network."""

    networks: Annotated[int, Field(ge=1, le=1000)] = 1
    shared: list[DataSetName] = []

    @model_validator(mode="after")
    def _makes_sense(self) -> "Nesting":
        check_distinct("shared", self.shared)
        if self.networks == 1 and self.shared:
            raise ValueError("shared has no effect: each seed has only one network")
        if self.networks > 1 and "training" not in self.shared:
            raise ValueError(
                "shared must contain training: for networks with their own training data use more "
                "seeds"
            )
        return self

    def network_ids(self, seeds: list[int]) -> list[NetworkId]:
        """The networks of an ensemble, seed by seed."""
        return [NetworkId(seed, 1 + i) for seed in seeds for i in range(self.networks)]

    def data_set(self, purpose: DataSetName, network: int) -> str:
        """Name of the data set of this purpose for the ``network``-th network of a seed."""
        return purpose if purpose in self.shared else stream_name(purpose, network)


class ObserverParameters(Parameters):
    """The samples on which the ideal observer of each stimulus is measured."""

    samples: Annotated[int, Field(ge=100, le=100_000)] = 10_000
    seed: Seed = 1


class RunParameters(Parameters):
    """One condition in one variant: all that determines its networks except the seed."""

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
    def _can_be_initialised(self) -> "RunParameters":
        network = self.network
        if network.model == "spiking":
            network.w1.check_units(self.stimulus.inputs, network.hidden_units)
            network.w2.check_units(network.hidden_units, network.outputs)
            network.refractory_steps(self.stimulus)
            penalty, fastest = self.training.rate_penalty, 1000 / self.stimulus.time_step_ms
            if penalty and penalty.min_hz > fastest:
                raise ValueError(
                    f"rate_penalty: min_hz: {penalty.min_hz:g} is above a spike in each time step, "
                    f"{fastest:g} spikes/s"
                )
        return self

    def normalised(self) -> "RunParameters":
        """The same run with defaults for parameters without effect, so equal runs compare equal."""
        content = self.canonical()
        network = NetworkParameters.model_validate(content["network"])
        nesting = Nesting.model_validate(content["nesting"])
        training = TrainingParameters.model_validate(content["training"])
        return self.model_copy(
            update={"network": network, "nesting": nesting, "training": training}
        )

    def at_rate(self, learning_rate: float) -> "RunParameters":
        """The same run with a given learning rate instead of a search for it."""
        training = self.training.model_copy(update={"learning_rate": learning_rate})
        return self.model_copy(update={"training": training, "rate_search": None})

    def candidates(self) -> list["RunParameters"]:
        """The run at each learning rate that is tried; none if the learning rate is given."""
        search = self.rate_search
        return [] if search is None else [self.at_rate(rate) for rate in search.learning_rates]

    def canonical(self) -> dict[str, Any]:
        """The parameters as plain data, without those that have no effect."""
        content = self.model_dump()
        shared = {*self.nesting.shared}
        if self.nesting.networks > 1 and not self.training.validate_each_epoch:
            shared.add("validation")  # it is not used, so one for each network is not needed
        content["nesting"]["shared"] = [
            name for name in self.samples_by_purpose() if name in shared
        ]
        for name, layer in (("w1", self.network.w1), ("w2", self.network.w2)):
            if not layer.has_fraction:
                del content["network"][name]["inhibitory_fraction"]
        if self.rate_search is not None:
            del content["training"]["learning_rate"]
        if self.network.readout_tau_ms == self.network.tau_ms:
            del content["network"]["readout_tau_ms"]
        if self.network.threshold_jump == 0:
            content["network"].pop("threshold_tau_ms", None)
        if self.network.model == "membrane_only":
            neuron = ("reset", "threshold_jump", "threshold_tau_ms", "refractory_ms")
            hidden = ("hidden_units", "surrogate", "surrogate_slope", "noise_sd", "w1", "w2")
            for key in (*neuron, *hidden):
                content["network"].pop(key, None)
        if self.training.weights_kept == "last" and not self.training.validate_each_epoch:
            content["training"]["weights_kept"] = "notebook"  # nothing stops early: the same
        penalty = self.training.rate_penalty
        if self.network.model == "membrane_only" or (penalty and penalty.weight == 0):
            content["training"].pop("rate_penalty", None)
        return content

    def samples_by_purpose(self) -> dict[DataSetName, int]:
        """Number of samples of each data set of a network."""
        training = self.training
        return {
            "training": training.training_samples,
            "validation": training.validation_samples,
            "test": training.test_samples,
        }

    def data_sizes(self) -> dict[str, int]:
        """Number of samples of each data set of a seed, by name; its first network comes first."""
        return {
            self.nesting.data_set(purpose, 1 + i): samples
            for i in range(self.nesting.networks)
            for purpose, samples in self.samples_by_purpose().items()
        }

    def stimulus_name(self) -> str:
        """Name of the stimulus with its data sets, safe for a folder; runs may share it."""
        content = {"stimulus": self.stimulus.model_dump(), "samples": self.data_sizes()}
        return f"{self.stimulus.phase}-{_power_name(self.stimulus)}-{digest(content)[:10]}"

    def observed(self) -> dict[str, Any]:
        """All that an ideal observer's scores depend on, except its knowledge of the phase."""
        stimulus = self.stimulus.model_dump(exclude={"phase"})
        return {"stimulus": stimulus, "classes": self.network.classes}

    def observer_name(self) -> str:
        """Name of :meth:`observed`, safe for a file; equal for runs that have it in common."""
        return f"{_power_name(self.stimulus)}-{digest(self.observed())[:10]}"

    def network_name(self, seeds: list[int]) -> str:
        """Name of the ensemble of these parameters and seeds, safe for a folder."""
        return digest({"run": self.canonical(), "seeds": seeds})[:16]

    def search_name(self) -> str:
        """Name of the search for the learning rate of these parameters, safe for a folder."""
        return digest({"search": self.canonical()})[:16]

    def trained_from(self, network: int) -> str:
        """Hash of what a seed's ``network``-th network is trained from, without the other networks:
        networks of two runs with the same hash and seed are the same network."""
        alone = self.model_copy(update={"nesting": Nesting()})
        fitted: list[DataSetName] = ["training", "validation"]
        data = [self.nesting.data_set(purpose, network) for purpose in fitted]
        return digest({"run": alone.canonical(), "network": network, "data": data})[:16]


def _power_name(stimulus: StimulusParameters) -> str:
    return f"power{stimulus.envelope_power:g}".replace("+", "")
