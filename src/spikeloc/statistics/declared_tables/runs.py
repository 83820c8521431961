"""Every table of ``results/``: its columns in order, what they mean, their units and types.

``docs/tables.md`` is made from it. Jobs that take long write what they find, so that an edit of
this file does not repeat them; the short jobs that join tables read and write by what is declared
here.
"""

from collections.abc import Iterator

from spikeloc.config.run_names import PHASE_NAMES, RUN_KEY, RUN_NAMES, SUMMARY_NAMES
from spikeloc.metrics import declared
from spikeloc.statistics.schema import Column, Kind, Table

NAMES = {
    "experiment": Column("experiment", "name of the experiment in the config", kind="text"),
    "condition": Column("condition", "name of the condition in its experiment", kind="text"),
    "label": Column("label", "what figures call the condition", kind="text"),
    "parameter": Column(
        "parameter", "the parameter that the experiment varies; empty without one", kind="text"
    ),
    "value": Column("value", "its value in this condition, if it is a single number; else empty"),
    "recipe": Column("recipe", "the recipe that the networks are trained by", kind="text"),
    "variant": Column(
        "variant",
        "the variant; in the paper `published`, as the notebooks do it, or `corrected`, as they "
        "intend it",
        kind="text",
    ),
}
SEED = Column("seed", "seed of the data and of the initial weights", kind="whole number")
NETWORK = Column("network", "number of the network among those of its seed", kind="whole number")
METRIC = Column("metric", "what is summarised: a column of `runs.csv`", kind="text")


def _text(name: str, meaning: str) -> Column:
    return Column(name, meaning, kind="text")


def _whole(name: str, meaning: str, unit: str = "") -> Column:
    return Column(name, meaning, unit, "whole number")


def _flag(name: str, meaning: str) -> Column:
    return Column(name, meaning, kind="true or false")


def _names(names: list[str]) -> tuple[Column, ...]:
    return tuple(NAMES[name] for name in names)


def _summary(unit: str, of: str = "seeds") -> tuple[Column, ...]:
    """The columns of :func:`spikeloc.statistics.summaries.summarise`."""
    return (
        _whole("n", f"number of {of}"),
        Column("mean", f"mean over {of}", unit),
        Column("sd", "standard deviation (n - 1)", unit),
        Column("ci95_low", "lower end of the 95 % bootstrap interval of the mean", unit),
        Column("ci95_high", "upper end of it", unit),
        Column("median", "median", unit),
        Column("min", "smallest value", unit),
        Column("max", "largest value", unit),
    )


OF_METRIC = "that of the metric"
SUMMARY = _summary(OF_METRIC)
DIVERGED = _whole("diverged", "networks that diverged and are left out")


def _metric_columns(network: tuple[Column, ...] = ()) -> Iterator[Column]:
    """The metrics of a network; ``network``: what stands before those that were added later."""
    for metric in declared.METRICS:
        kind: Kind = "whole number" if metric.whole else "number"
        only = "" if metric.known_of == declared.EVERY else f" (only {metric.known_of})"
        yield Column(metric.name, metric.meaning + only, metric.unit, kind, may_be_empty=bool(only))
        if metric.name == "best_epoch":
            yield _flag("stopped_early", "whether training stopped before its last epoch")
            yield _flag("diverged", "whether a loss was not finite: then metrics are empty")
        if metric.name == "hidden_rate_hz":
            yield from network


MODEL = _text("model", "`spiking`, or `membrane_only`: without hidden units")
ENSEMBLE_FILES = "`runs/<experiment>/<condition>/<variant>/{}`"
EXPERIMENT_FILES = "`runs/<experiment>/{0}`, `tables/{0}`"
STIMULUS_FILES = "`stimuli/<stimulus>/{}`"

OBSERVER = (
    Column("envelope_power", "power of the stimulus envelope"),
    Column("rate_max_hz", "largest firing rate of a fibre", "spikes/s"),
    _flag("phase_known", "whether the observer knows the starting phase"),
    Column("accuracy", "share of samples whose class is right", "%"),
    Column("accuracy_low", "lower end of its 95 % Wilson interval", "%"),
    Column("accuracy_high", "upper end of it", "%"),
    Column("abs_error_deg", "mean distance of the true IPD from the class midpoint", "degrees"),
    Column("class_error_deg", "mean distance of the midpoints of both classes", "degrees"),
    Column("rmse_deg", "root mean square error of the posterior median", "degrees"),
    Column("crb_deg", "Cramér-Rao bound; empty without information", "degrees"),
    _whole("samples", "number of samples"),
    Column("abs_error_low_deg", "lower end of the 95 % interval of `abs_error_deg`", "degrees"),
    Column("abs_error_high_deg", "upper end of it", "degrees"),
    Column("angle_error_deg", "mean absolute error of the posterior median", "degrees"),
    Column("information_bits", "mutual information of true and estimated class", "bits"),
    Column("information_low_bits", "lower end of its 95 % interval", "bits"),
    Column("information_high_bits", "upper end of it", "bits"),
    Column("expected_accuracy", "mean posterior probability of the answers", "%"),
    Column("frequency_hz", "frequency of the tone", "Hz"),
    Column("duration_ms", "duration of a sample", "ms"),
    Column("time_step_ms", "time step", "ms"),
    _whole("fibres_per_ear", "fibres of an ear"),
    _whole("classes", "classes of IPD"),
)
LEARNING_RATES = (
    Column("learning_rate", "a learning rate that was tried"),
    _whole("networks", "networks that were trained with it; 0 if nothing was searched"),
    _whole("diverged", "how many of them diverged"),
    Column("val_loss", "mean of their lowest validation losses", "nats"),
    _flag("chosen", "whether it was chosen"),
)
CONTROL = (
    _text("control", "`jitter`, `shuffle` or `hidden_counts`: only counts of hidden spikes"),
    Column("jitter_ms", "standard deviation of the jitter; empty for other controls", "ms"),
    Column("displacement_ms", "how far input spikes moved (root mean square)", "ms"),
)
SETTINGS = (
    Column("weight", "weight of each of a detector's two inputs", "thresholds"),
    Column("tau_ms", "time constant of the detectors", "ms"),
    _whole("pairs_per_class", "largest number of detectors of a class"),
)
POWER = Column("envelope_power", "power of the stimulus envelope")
PHASE_DEG = Column("phase_deg", "phase of the cycle, from the peak of the input", "degrees")


def _run_tables() -> Iterator[Table]:
    run = _names(RUN_NAMES)
    network_key = (*RUN_KEY, "seed", "network")
    yield Table(
        "runs",
        EXPERIMENT_FILES.format("runs.csv"),
        "One row for each trained network.",
        (*run, SEED, MODEL, *_metric_columns((NETWORK,))),
        network_key,
    )
    yield Table(
        "metrics",
        ENSEMBLE_FILES.format("metrics.csv"),
        "The same for the networks of one run.",
        (SEED, NETWORK, MODEL, *_metric_columns()),
        ("seed", "network"),
    )
    yield Table(
        "history",
        "`runs/<experiment>/history.csv`; for one run, without its names, beside its weights",
        "The losses of each network after each epoch.",
        (
            *run,
            SEED,
            NETWORK,
            _whole("epoch", "epoch, from 0"),
            Column("train_loss", "mean loss during the epoch", "nats"),
            Column("val_loss", "validation loss after it; empty without validation", "nats"),
        ),
        (*network_key, "epoch"),
    )
    yield Table(
        "confusion",
        "`runs/<experiment>/confusion.csv`; for one run, without its names, beside its weights",
        "How often classes are mistaken in test data.",
        (
            *run,
            SEED,
            NETWORK,
            _whole("estimated", "class that the network estimates, from 0"),
            _whole("true", "true class, from 0"),
            _whole("count", "number of test stimuli"),
        ),
        (*network_key, "estimated", "true"),
    )
    yield Table(
        "learning_rates",
        "`tables/learning_rates.csv`; for one run, without its names, beside its weights",
        "The learning rates that were tried, where an experiment chooses one.",
        (*run, *LEARNING_RATES),
        (*RUN_KEY, "learning_rate"),
    )
    yield Table(
        "summary",
        EXPERIMENT_FILES.format("summary.csv"),
        "Each metric of each condition, summarised over seeds.",
        (*_names(SUMMARY_NAMES), METRIC, *SUMMARY, DIVERGED),
        (*RUN_KEY, "metric"),
    )
    yield Table(
        "comparisons",
        EXPERIMENT_FILES.format("comparisons.csv"),
        "Each condition less the reference condition of its experiment, within seeds.",
        (
            *_names(["experiment", "condition"]),
            _text("reference", "the condition that it is compared with"),
            NAMES["variant"],
            METRIC,
            *_summary(OF_METRIC, "differences"),
            Column("p", "two-sided sign-flip p of the mean difference"),
            Column("p_holm", "p after Holm's correction for the conditions of the experiment"),
            Column("effect_size", "standardised mean difference (d_z with Hedges' correction)"),
            Column("smallest_p", "smallest p that is possible with so many seeds"),
            _flag("can_reject", "whether that would be significant after Holm's correction"),
        ),
        (*RUN_KEY, "metric"),
    )


def _observer_tables() -> Iterator[Table]:
    yield Table(
        "ideal_observer",
        "`tables/ideal_observer.csv`, `ideal_observer/<stimulus>.csv`",
        "The best that any decoder can do with each stimulus.",
        OBSERVER,
        (
            *("envelope_power", "rate_max_hz", "phase_known"),
            *("frequency_hz", "duration_ms", "time_step_ms", "fibres_per_ear", "classes"),
        ),
        further="other parameters of the stimulus that are not at their defaults",
        further_key=True,
    )
    yield Table(
        "ceiling",
        "`runs/<experiment>/ceiling.csv`",
        "The ideal observer of the stimulus of each run.",
        (*_names(RUN_NAMES), *OBSERVER),
        tuple(RUN_KEY),
        further="other parameters of the stimulus that are not at their defaults",
    )
    yield Table(
        "efficiency",
        EXPERIMENT_FILES.format("efficiency.csv"),
        "The share of the ideal observer's gap over chance that networks close.",
        (
            *_names(RUN_KEY),
            _whole("n", "number of seeds"),
            Column("accuracy_share_percent", "share of the observer's accuracy over chance", "%"),
            Column("accuracy_share_low", "lower end of its 95 % interval", "%"),
            Column("accuracy_share_high", "upper end of it", "%"),
            Column("information_share_percent", "share of the observer's information", "%"),
            Column("information_share_low", "lower end of its 95 % interval", "%"),
            Column("information_share_high", "upper end of it", "%"),
        ),
        tuple(RUN_KEY),
    )
    yield Table(
        "coincidence",
        "`tables/coincidence.csv`, `runs/<experiment>/<condition>/coincidence.csv`",
        "The hand-built localiser on the test data of each seed.",
        (
            POWER,
            NAMES["variant"],
            _text("phase", "`per_sample` or `per_dataset`: who shares a starting phase"),
            SEED,
            Column("accuracy", "share of test stimuli whose class is right", "%"),
            Column("abs_error_deg", "mean distance of the true IPD from the midpoint", "degrees"),
            Column("class_error_deg", "mean distance of both midpoints", "degrees"),
            *SETTINGS,
            _whole("samples", "number of test stimuli"),
        ),
        ("envelope_power", "variant", "seed"),
    )
    yield Table(
        "coincidence_search",
        "`tables/coincidence_search.csv`, `runs/<experiment>/<condition>/coincidence_search.csv`",
        "Each setting of the hand-built localiser that was tried on validation data.",
        (
            POWER,
            *SETTINGS,
            _flag("needs_both_ears", "whether spikes of one ear alone can never fire a detector"),
            _whole("samples", "number of validation stimuli"),
            Column("validation_accuracy", "share of them whose class is right", "%"),
            _flag("chosen", "whether the setting was chosen"),
        ),
        ("envelope_power", "weight", "tau_ms", "pairs_per_class"),
    )
    yield Table(
        "coincidence_summary",
        "`tables/coincidence_summary.csv`",
        "The hand-built localiser, summarised over seeds.",
        (POWER, NAMES["variant"], _text("metric", "a column of `coincidence.csv`"), *SUMMARY),
        ("envelope_power", "variant", "metric"),
    )


def _phase_tables() -> Iterator[Table]:
    offset = Column("offset_cycles", "phase of the test, from that of training or 0", "cycles")
    yield Table(
        "phase_effect",
        "`tables/phase_effect.csv`, `stimuli/<stimulus>/phase_scores.csv`",
        "Each network, tested at each starting phase.",
        (
            *_names(PHASE_NAMES),
            SEED,
            NETWORK,
            Column("training_phase_cycles", "phase of training; empty if it varies", "cycles"),
            Column("test_phase_cycles", "phase of the test", "cycles"),
            offset,
            Column("accuracy", "share of stimuli whose class is right", "%"),
            Column("class_error_deg", "mean distance of both midpoints", "degrees"),
            _whole("samples", "number of stimuli"),
        ),
        (*RUN_KEY, "seed", "network", "offset_cycles"),
    )
    yield Table(
        "phase_curve",
        "`tables/phase_curve.csv`",
        "Scores at each starting phase, summarised over seeds.",
        (
            *_names(PHASE_NAMES),
            offset,
            _text("metric", "a column of `phase_effect.csv`"),
            *SUMMARY,
        ),
        (*RUN_KEY, "offset_cycles", "metric"),
    )
    points = "percentage points"
    yield Table(
        "phase_variance",
        "`tables/phase_variance.csv`",
        "How much of the variance between sessions the starting phase explains.",
        (
            *_names(PHASE_NAMES),
            _whole("networks", "networks that did not diverge"),
            _whole("seeds", "their seeds"),
            DIVERGED,
            _whole("phases", "starting phases that were tested"),
            _whole("samples", "stimuli at each of them"),
            _whole("session_samples", "stimuli of a session"),
            Column("mean", "mean of all accuracies", "%"),
            Column("min", "smallest of them", "%"),
            Column("max", "largest of them", "%"),
            Column("sd_network", "standard deviation between networks", points),
            Column("sd_phase", "standard deviation over phases", points),
            Column("sd_phase_shared", "its part that all networks share", points),
            Column("sd_phase_own", "its part that differs between networks", points),
            Column("sd_chance", "binomial standard deviation of a session", points),
            Column("sd_session", "standard deviation between sessions", points),
            Column("phase_share", "share of the phase in the variance between sessions"),
            Column("phase_share_low", "lower end of its 95 % interval"),
            Column("phase_share_high", "upper end of it"),
        ),
        tuple(RUN_KEY),
    )


def _analysis_tables() -> Iterator[Table]:
    network = (*_names(RUN_NAMES), SEED, NETWORK)
    network_key = (*RUN_KEY, "seed", "network")
    summary = _names(SUMMARY_NAMES)
    layer = _text("layer", "`hidden` or `output`")
    kind = _text("kind", "`peak`, `dip`, `flank`, `other` or `silent`")
    yield Table(
        "units",
        f"`tables/units.csv`, {STIMULUS_FILES.format('units.csv')}",
        "The Gaussian that fits the tuning curve of each unit.",
        (
            *network,
            layer,
            _whole("unit", "number of the unit in its layer, from 0"),
            kind,
            Column("mean_response", "mean over IPDs: spikes, or the sum of the potential"),
            Column("base", "baseline of the Gaussian", "as the response"),
            Column("height", "its height, negative for a dip", "as the response"),
            Column("centre_deg", "its centre", "degrees"),
            Column("width_deg", "its standard deviation", "degrees"),
            Column("r_squared", "share of the curve's variance that it explains"),
        ),
        (*network_key, "layer", "unit"),
    )
    yield Table(
        "network_statistics",
        STIMULUS_FILES.format("unit_statistics.csv"),
        "Firing rates, silent units and magnitudes of the weights of each network.",
        (
            *network,
            Column("hidden_rate_hz", "mean firing rate of the hidden units", "spikes/s"),
            Column("silent_percent", "share of hidden units that never spike", "%"),
            Column("active_rate_hz", "mean firing rate of the others", "spikes/s"),
        ),
        network_key,
        further="for each layer, the share of weights near zero (%) and percentiles of their "
        "magnitude, in units of the bound of the initial weights",
    )
    yield Table(
        "network_evidence",
        STIMULUS_FILES.format("evidence.csv"),
        "Evidence of each network by the phase of the cycle, relative to an even distribution.",
        (
            *network,
            PHASE_DEG,
            Column("evidence", "density of the evidence for the estimated class"),
            Column("evidence_spikes", "the same, when the spikes arise that it comes from"),
            Column("hidden_spikes", "density of hidden spikes"),
            Column("information", "density of the Fisher information of the input"),
        ),
        (*network_key, "phase_deg"),
    )
    yield Table(
        "network_timing",
        STIMULUS_FILES.format("timing.csv"),
        "Accuracy of each network after input spikes were moved in time.",
        (*network, *CONTROL, Column("accuracy", "share of stimuli whose class is right", "%")),
        (*network_key, "control", "jitter_ms"),
    )
    yield Table(
        "tuning",
        "`tables/tuning.csv`",
        "How many units have a peak or a dip.",
        (
            *summary,
            layer,
            kind,
            _whole("units", "units of this kind, in all networks"),
            _whole("of", "units of the layer, in all networks"),
            Column("median_width_deg", "median width of their Gaussians", "degrees"),
            Column("median_height", "median height of their Gaussians"),
            _whole("n", "number of seeds"),
            Column("percent", "share of the layer, mean over seeds", "%"),
            *(each for each in _summary("%") if each.name not in ("n", "mean")),
        ),
        (*RUN_KEY, "layer", "kind"),
    )
    yield Table(
        "unit_statistics",
        "`tables/unit_statistics.csv`",
        "Firing rates, silent units and magnitudes of weights, summarised over seeds.",
        (*summary, _text("metric", "a column of the table of single networks"), *SUMMARY),
        (*RUN_KEY, "metric"),
    )
    yield Table(
        "timing",
        "`tables/timing.csv`",
        "Accuracy after input spikes were moved in time, summarised over seeds.",
        (*summary, *CONTROL, _text("metric", "`accuracy` (%)"), *SUMMARY),
        (*RUN_KEY, "control", "jitter_ms", "metric"),
    )
    evidence = _text("metric", "a density of the table of single networks")
    yield Table(
        "evidence",
        "`tables/evidence.csv`",
        "Evidence by the phase of the cycle, summarised over seeds.",
        (*summary, PHASE_DEG, evidence, *SUMMARY),
        (*RUN_KEY, "phase_deg", "metric"),
    )
    yield Table(
        "evidence_trough",
        "`tables/evidence_trough.csv`",
        "The share that arises in the half cycle around the trough, summarised over seeds.",
        (*summary, evidence, *_summary("%")),
        (*RUN_KEY, "metric"),
    )
    yield Table(
        "ipd_errors",
        "`tables/ipd_errors.csv`",
        "How each class is mistaken, summarised over seeds.",
        (
            *summary,
            Column("true_ipd_deg", "midpoint of the true class", "degrees"),
            _text(
                "metric",
                "`accuracy`, `neighbour`, `farther`, `outward`, `inward` (%), `bias_deg` (degrees)",
            ),
            *SUMMARY,
        ),
        (*RUN_KEY, "true_ipd_deg", "metric"),
    )


def _test_tables() -> Iterator[Table]:
    own = (
        *_names(PHASE_NAMES),
        _text("test", "name of the test in the config"),
        _text("parameter", "what it varies"),
        _text("tested", "the tested value as text"),
        Column("value", "the tested value, if it is a number; else empty"),
    )
    metrics = (declared.metric(name) for name in declared.ON_TEST_DATA)
    yield Table(
        "tests",
        EXPERIMENT_FILES.format("tests.csv"),
        "Each trained network that did not diverge, in each test.",
        (*own, SEED, NETWORK, *(Column(m.name, m.meaning, m.unit) for m in metrics if m)),
        (*RUN_KEY, "test", "tested", "seed", "network"),
    )
    yield Table(
        "tests_summary",
        "`tables/tests_summary.csv`",
        "Tests of trained networks, summarised over seeds.",
        (*own, _text("metric", "a column of `tests.csv`"), *SUMMARY),
        (*RUN_KEY, "test", "tested", "metric"),
    )


def _other_tables() -> Iterator[Table]:
    condition = _names(["experiment", "condition"])
    printed_metric = _text("metric", "a metric, or the training loss after an epoch")
    repeated = _text("variant", "the variant that repeats the printed protocol")
    session = _whole("session", "which of several sessions it is, from 0")
    error = Column("digitising_error", "error of a value that was read from a figure", OF_METRIC)
    yield Table(
        "search",
        "`tables/search.csv`, `search/<recipe>.csv`",
        "All settings that the search tried, round by round.",
        (
            NAMES["recipe"],
            _whole("round", "round of the search, from 0"),
            _whole("candidate", "number of the setting, from 0"),
            _whole("epochs", "epochs of training in this round"),
            Column("val_accuracy", "mean accuracy on validation data", "%"),
            Column("val_loss", "mean loss on validation data", "nats"),
            Column("train_accuracy", "mean accuracy on training data", "%"),
            _whole("diverged", "networks that diverged"),
            _whole("rank", "rank in this round, from 1"),
        ),
        ("recipe", "round", "candidate"),
        further="one for each parameter that the search varies",
    )
    yield Table(
        "printed",
        "`tables/printed.csv`",
        "What the notebooks printed.",
        (
            *condition,
            Column("value", "value of the swept parameter; empty without one"),
            printed_metric,
            Column("printed", "the printed value, a mean over its sessions", OF_METRIC),
            Column("printed_sd", "printed standard deviation over sessions", OF_METRIC),
            _whole("sessions", "number of sessions that it is a mean of"),
            session,
            _text("shared", "data sets that these sessions have in common"),
            error,
            _text("source", "where the value was printed"),
            repeated,
        ),
        ("experiment", "condition", "variant", "metric", "session"),
    )
    yield Table(
        "printed_losses",
        "`tables/printed_losses.csv`",
        "The training losses that the notebooks printed epoch by epoch.",
        (
            *condition,
            _whole("epoch", "epoch, from 0"),
            Column("loss", "training loss", "nats"),
            repeated,
            session,
        ),
        ("experiment", "condition", "variant", "epoch", "session"),
    )
    yield Table(
        "reproduction",
        "`tables/reproduction.csv`",
        "Each printed value, or mean of sessions that share data, beside our runs of its protocol.",
        (
            *condition,
            printed_metric,
            Column("printed", "mean of the printed values", OF_METRIC),
            _whole("printed_sessions", "number of printed sessions"),
            Column("mean", "mean of our seeds", OF_METRIC),
            Column("sd", "standard deviation of our seeds", OF_METRIC),
            _whole("n", "number of our seeds"),
            Column("interval_low", "lower end of the 95 % prediction interval", OF_METRIC),
            Column("interval_high", "upper end of it", OF_METRIC),
            Column(
                "inside",
                "whether the printed value lies in it; empty without an interval",
                kind="true or false",
                may_be_empty=True,
            ),
            NAMES["value"],
            NAMES["label"],
            _text("printed_values", "the printed values of all sessions"),
            Column("printed_sd", "standard deviation over printed sessions", OF_METRIC),
            Column("network_sd", "standard deviation of our networks within seeds", OF_METRIC),
            error,
            Column(
                "borderline",
                "whether `digitising_error` could move the value across an end",
                kind="true or false",
                may_be_empty=True,
            ),
            Column("width", "width of the interval", OF_METRIC),
            Column("own_inside", "share of our seeds in the interval of the others", "%"),
            DIVERGED,
            repeated,
            session,
        ),
        ("experiment", "condition", "variant", "metric", "session"),
    )
    yield Table(
        "reproduction_summary",
        "`tables/reproduction_summary.csv`",
        "How many printed values lie in their prediction intervals.",
        (
            _text("experiment", "the experiment, or `all`"),
            _text("metric", "the metric, or `all`"),
            _whole("values", "printed values"),
            _whole("intervals", "values that have an interval"),
            _whole("inside_count", "values inside it"),
            Column("inside_percent", "share of the values that have an interval", "%"),
            _whole("borderline_count", "values that a digitising error could move across an end"),
            Column("median_width", "median width of the intervals of one metric", OF_METRIC),
            Column("own_inside", "mean share of our seeds in intervals of the others", "%"),
        ),
        ("experiment", "metric"),
    )
    yield Table(
        "claims",
        "`tables/claims.csv`",
        "What the tables say about the notebooks' claims and the sentences of our texts.",
        (
            _text("claim", "name of the claim"),
            _text("source", "`notebooks` or `text`"),
            _text("statement", "the claim in words"),
            _text(
                "outcome",
                "`supported`, `contradicted`, `undecided` or `not tested`; `holds` or `fails`",
            ),
            _text("decision", "how it is decided, in words"),
            _text("evidence", "the cells that decide about it"),
        ),
        ("claim",),
    )


def tables() -> dict[str, Table]:
    """Every table, by name."""
    parts = [_run_tables, _observer_tables, _phase_tables, _analysis_tables, _test_tables]
    parts.append(_other_tables)
    return {each.name: each for part in parts for each in part()}


def table(name: str) -> Table:
    """The table of this name."""
    return tables()[name]
