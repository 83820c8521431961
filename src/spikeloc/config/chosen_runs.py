"""The runs of a config whose networks or data are used for more than training."""

from collections.abc import Sequence

from pydantic import ValidationError

from spikeloc.config.expansion import Run, check_experiment
from spikeloc.config.models import Config
from spikeloc.io.errors import InputError, first_problem, nearest

MOST_TESTS = 10_000


def phase_effect_runs(config: Config, runs: Sequence[Run]) -> list[Run]:
    """The runs that are tested at phases all round the cycle, in the order of the config.

    Raises:
        InputError: the config names a condition that does not exist.
    """
    if config.phase_effect is None:
        return []
    known = {f"{run.experiment}/{run.condition}" for run in runs}
    for name in config.phase_effect.runs:
        if name not in known:
            raise InputError(
                f"phase_effect.runs: {name!r} is not an experiment/condition{nearest(name, known)}"
            )
    return [
        run for name in config.phase_effect.runs for run in runs
        if name == f"{run.experiment}/{run.condition}"
    ]  # fmt: skip


def coincidence_runs(config: Config, runs: Sequence[Run]) -> list[Run]:
    """The runs of the sweep of the envelope power on whose data the hand-built localiser is tested.

    Raises:
        InputError: the experiment does not exist or sweeps another parameter, its variants differ
            in more than the phase, its fibres' delays are not 0 to 90 degrees, or it has fewer
            validation samples than the search needs.
    """
    wanted = config.coincidence
    if wanted is None:
        return []
    name = wanted.experiment
    check_experiment(config, name, "coincidence.experiment")
    if config.experiments[name].paths != ["stimulus.envelope_power"]:
        raise InputError(f"coincidence.experiment: {name!r} does not sweep stimulus.envelope_power")
    runs = [run for run in runs if run.experiment == name]
    stimuli = {(run.condition, run.parameters.observer_name()) for run in runs}
    if len(stimuli) > len({condition for condition, _ in stimuli}):
        raise InputError(f"coincidence.experiment: variants of {name!r} differ in more than phase")
    for run in runs:
        stimulus = run.parameters.stimulus
        if (stimulus.fibre_delay_min_deg, stimulus.fibre_delay_max_deg) != (0, 90):
            raise InputError(
                f"coincidence.experiment: {name!r} has fibre delays other than 0 to 90 degrees, "
                "for which the localiser is built"
            )
    samples = min(run.parameters.training.validation_samples for run in runs)
    if wanted.search_samples > samples:
        raise InputError(
            f"coincidence.search_samples: {wanted.search_samples} are more than the {samples} "
            f"validation samples of {name!r}"
        )
    return runs


def analysed_runs(config: Config, runs: Sequence[Run]) -> list[Run]:
    """The runs whose networks are analysed: runs of the named experiments that have hidden units
    and classify by a sum over time. Of an experiment with runs that draw a starting phase for each
    sample only these are analysed.

    Raises:
        InputError: a named experiment does not exist or has no such run.
    """
    if config.analysis is None:
        return []
    chosen = []
    for name in config.analysis.experiments:
        check_experiment(config, name, "analysis.experiments")
        own = [
            run for run in runs
            if run.experiment == name
            and run.parameters.network.model == "spiking"
            and run.parameters.network.readout == "classes"
            and run.parameters.network.readout_over_time == "sum"
        ]  # fmt: skip
        own = [run for run in own if not run.phase_is_known] or own
        if not own:
            raise InputError(
                f"analysis.experiments: {name!r} has no run with hidden units that tells classes"
            )
        chosen += own
    return chosen


def tested_runs(config: Config, runs: Sequence[Run]) -> list[Run]:
    """The runs of experiments with ``tests``.

    Raises:
        InputError: a test is not possible with the networks of a run, or there are too many.
    """
    tests = {name: experiment.tests or {} for name, experiment in config.experiments.items()}
    tested = [run for run in runs if tests[run.experiment]]
    count = sum(len(test.values) for run in tested for test in tests[run.experiment].values())
    if count > MOST_TESTS:
        raise InputError(f"experiments: tests: {count} values in all runs; at most {MOST_TESTS}")
    for run in tested:
        for name, test in tests[run.experiment].items():
            try:
                test.settings(run.parameters)
            except ValueError as error:
                where = (
                    f"experiments.{run.experiment}.tests.{name} ({run.condition}, {run.variant})"
                )
                problem = first_problem(error) if isinstance(error, ValidationError) else error
                raise InputError(f"{where}: {problem}") from None
    return tested
