"""Which trained networks the interactive page holds."""

from collections.abc import Sequence

from spikeloc.config.expansion import Run, check_experiment
from spikeloc.config.models import Config
from spikeloc.io.errors import InputError

MOST_BYTES = 2_500_000  # of the page's 4 MB, for weights as text
BYTES_PER_WEIGHT = 4 * 4 / 3  # a single-precision number in base64


def explored_runs(config: Config, runs: Sequence[Run]) -> list[Run]:
    """The runs whose first seeds are embedded in the page: those of the named experiments that the
    page can simulate (:func:`can_be_simulated`), and of them those with a starting phase for each
    sample, if there are any in the experiment.

    Raises:
        InputError: a named experiment does not exist or has no such run, no experiment has one, or
            the weights are too many for the page.
    """
    wanted = config.explorer
    if wanted is None:
        return []
    chosen: list[Run] = []
    for name in wanted.experiments or config.experiments:
        check_experiment(config, name, "explorer.experiments")
        own = [run for run in runs if run.experiment == name and can_be_simulated(run)]
        if not own and wanted.experiments:
            raise InputError(
                f"explorer.experiments: {name!r} has no run that the page can simulate: with "
                "hidden units, classes, the defaults of reset, threshold_jump, refractory_ms and "
                "readout_over_time, and fibres without jitter"
            )
        per_sample = [run for run in own if run.parameters.stimulus.phase == "per_sample"]
        chosen += per_sample or own
    if not chosen:
        raise InputError("explorer: no experiment has a run that the page can simulate")
    weights = {
        (run.parameters.trained_from(1), seed): _weights(run)
        for run in chosen
        for seed in run.seeds[: wanted.seeds]
    }
    if (taken := sum(weights.values()) * BYTES_PER_WEIGHT) > MOST_BYTES:
        raise InputError(
            f"explorer: the weights of {len(weights)} networks take {taken / 1e6:.1f} MB; at most "
            f"{MOST_BYTES / 1e6:.1f} MB fit into the page: name fewer experiments or seeds"
        )
    return chosen


def can_be_simulated(run: Run) -> bool:
    """Whether the page's simulation has all that the run's networks and stimuli have."""
    network, stimulus = run.parameters.network, run.parameters.stimulus
    return (
        network.model == "spiking"
        and network.readout == "classes"
        and network.readout_over_time == "sum"
        and not network.reference_only
        and not network.divides
        and not stimulus.delay_jitter_deg
        and not stimulus.spike_jitter_ms
        and not stimulus.fibres_dropped
        and stimulus.bin_probability == "start"
    )


def _weights(run: Run) -> int:
    network = run.parameters.network
    return network.hidden_units * (run.parameters.stimulus.inputs + network.outputs)
