"""Tables of the ideal observer and of the hand-built localiser."""

from spikeloc.config.run_names import RUN_KEY, RUN_NAMES
from spikeloc.statistics.declared_tables.columns import (
    EXPERIMENT_FILES,
    NAMES,
    SEED,
    SUMMARY,
    flag,
    run_names,
    text,
    whole,
)
from spikeloc.statistics.schema import Column, Table

OBSERVER = (
    Column("envelope_power", "power of the stimulus envelope"),
    Column("rate_max_hz", "largest firing rate of a fibre", "spikes/s"),
    flag("phase_known", "whether the observer knows the starting phase"),
    Column("accuracy", "share of samples whose class is right", "%"),
    Column("accuracy_low", "lower end of its 95 % Wilson interval", "%"),
    Column("accuracy_high", "upper end of it", "%"),
    Column("abs_error_deg", "mean distance of the true IPD from the class midpoint", "degrees"),
    Column("class_error_deg", "mean distance of the midpoints of both classes", "degrees"),
    Column("rmse_deg", "root mean square error of the posterior median", "degrees"),
    Column("crb_deg", "Cramér-Rao bound; empty without information", "degrees"),
    whole("samples", "number of samples"),
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
    whole("fibres_per_ear", "fibres of an ear"),
    whole("classes", "classes of IPD"),
)
SETTINGS = (
    Column("weight", "weight of each of a detector's two inputs", "thresholds"),
    Column("tau_ms", "time constant of the detectors", "ms"),
    whole("pairs_per_class", "largest number of detectors of a class"),
)
POWER = Column("envelope_power", "power of the stimulus envelope")

OBSERVER_TABLES = (
    Table(
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
    ),
    Table(
        "ceiling",
        "`runs/<experiment>/ceiling.csv`",
        "The ideal observer of the stimulus of each run.",
        (*run_names(RUN_NAMES), *OBSERVER),
        tuple(RUN_KEY),
        further="other parameters of the stimulus that are not at their defaults",
    ),
    Table(
        "efficiency",
        EXPERIMENT_FILES.format("efficiency.csv"),
        "The share of the ideal observer's gap over chance that networks close.",
        (
            *run_names(RUN_KEY),
            whole("n", "number of seeds"),
            Column("accuracy_share_percent", "share of the observer's accuracy over chance", "%"),
            Column("accuracy_share_low", "lower end of its 95 % interval", "%"),
            Column("accuracy_share_high", "upper end of it", "%"),
            Column("information_share_percent", "share of the observer's information", "%"),
            Column("information_share_low", "lower end of its 95 % interval", "%"),
            Column("information_share_high", "upper end of it", "%"),
        ),
        tuple(RUN_KEY),
    ),
    Table(
        "coincidence",
        "`tables/coincidence.csv`, `runs/<experiment>/<condition>/coincidence.csv`",
        "The hand-built localiser on the test data of each seed.",
        (
            POWER,
            NAMES["variant"],
            text("phase", "`per_sample` or `per_dataset`: who shares a starting phase"),
            SEED,
            Column("accuracy", "share of test stimuli whose class is right", "%"),
            Column("abs_error_deg", "mean distance of the true IPD from the midpoint", "degrees"),
            Column("class_error_deg", "mean distance of both midpoints", "degrees"),
            *SETTINGS,
            whole("samples", "number of test stimuli"),
        ),
        ("envelope_power", "variant", "seed"),
    ),
    Table(
        "coincidence_search",
        "`tables/coincidence_search.csv`, `runs/<experiment>/<condition>/coincidence_search.csv`",
        "Each setting of the hand-built localiser that was tried on validation data.",
        (
            POWER,
            *SETTINGS,
            flag("needs_both_ears", "whether spikes of one ear alone can never fire a detector"),
            whole("samples", "number of validation stimuli"),
            Column("validation_accuracy", "share of them whose class is right", "%"),
            flag("chosen", "whether the setting was chosen"),
        ),
        ("envelope_power", "weight", "tau_ms", "pairs_per_class"),
    ),
    Table(
        "coincidence_summary",
        "`tables/coincidence_summary.csv`",
        "The hand-built localiser, summarised over seeds.",
        (POWER, NAMES["variant"], text("metric", "a column of `coincidence.csv`"), *SUMMARY),
        ("envelope_power", "variant", "metric"),
    ),
)
