"""Parameters of one run, and the names that they give to its stimulus and its networks."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from spikeloc.config.base import Parameters, check_distinct
from spikeloc.config.network_ids import NetworkId, stream_name
from spikeloc.config.parameters.network import NetworkParameters
from spikeloc.config.parameters.stimulus import StimulusParameters
from spikeloc.config.parameters.training import RateSearch, TrainingParameters
from spikeloc.io.files import digest

Backend = Literal["auto", "native", "reference"]
DataSetName = Literal["training", "validation", "test"]


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
