"""Tables of what trained networks have learned, and of tests with them."""

from spikeloc.config.run_names import NETWORK_KEY, PHASE_NAMES, RUN_KEY, RUN_NAMES, SUMMARY_NAMES
from spikeloc.metrics import declared
from spikeloc.statistics.declared_tables.columns import (
    EXPERIMENT_FILES,
    NETWORK,
    SEED,
    SUMMARY,
    run_names,
    summary,
    text,
    whole,
)
from spikeloc.statistics.schema import Column, Table

STIMULUS_FILES = "`stimuli/<stimulus>/{}`"
CONTROL = text("control", "`spikes`, or `hidden_counts`: the readout is given their counts only")
PHASE_DEG = Column("phase_deg", "phase of the cycle, from the peak of the input", "degrees")
NETWORK_NAMES = (*run_names(RUN_NAMES), SEED, NETWORK)
SUMMARISED = run_names(SUMMARY_NAMES)
LAYER = text("layer", "`hidden` or `output`")
KIND = text("kind", "`peak`, `dip`, `flank`, `other` or `silent`")
EVIDENCE = text("metric", "a density of the table of single networks")

TEST = (
    *run_names(PHASE_NAMES),
    text("test", "name of the test in the config"),
    text("parameter", "what it varies"),
    text("tested", "the tested value as text"),
    Column("value", "the tested value, if it is a number; else empty"),
)
SCORES = tuple(
    Column(m.name, m.meaning, m.unit) for m in map(declared.metric, declared.ON_TEST_DATA) if m
)

ANALYSIS_TABLES = (
    Table(
        "units",
        f"`tables/units.csv`, {STIMULUS_FILES.format('units.csv')}",
        "The Gaussian that fits the tuning curve of each unit.",
        (
            *NETWORK_NAMES,
            LAYER,
            whole("unit", "number of the unit in its layer, from 0"),
            KIND,
            Column("mean_response", "mean over IPDs: spikes, or the sum of the potential"),
            Column("base", "baseline of the Gaussian", "as the response"),
            Column("height", "its height, negative for a dip", "as the response"),
            Column("centre_deg", "its centre", "degrees"),
            Column("width_deg", "its standard deviation", "degrees"),
            Column("r_squared", "share of the curve's variance that it explains"),
        ),
        (*NETWORK_KEY, "layer", "unit"),
    ),
    Table(
        "binaural_units",
        STIMULUS_FILES.format("binaural.csv"),
        "How both ears drive each hidden unit, and its tuning.",
        (
            *NETWORK_NAMES,
            whole("unit", "number of the hidden unit, from 0"),
            KIND,
            Column("centre_deg", "centre of its Gaussian", "degrees"),
            Column("height", "height of its Gaussian, negative for a dip", "spikes"),
            Column("mean_potential", "mean potential without spikes", "thresholds"),
            Column("in_phase_ipd_deg", "IPD at which both ears' drives are in phase", "degrees"),
        ),
        (*NETWORK_KEY, "unit"),
    ),
    Table(
        "network_statistics",
        STIMULUS_FILES.format("unit_statistics.csv"),
        "Firing rates, silent units and magnitudes of the weights of each network.",
        (
            *NETWORK_NAMES,
            Column("hidden_rate_hz", "mean firing rate of the hidden units", "spikes/s"),
            Column("silent_percent", "share of hidden units that never spike", "%"),
            Column("active_rate_hz", "mean firing rate of the others", "spikes/s"),
        ),
        tuple(NETWORK_KEY),
        further="for each layer, the share of weights near zero (%) and percentiles of their "
        "magnitude, in units of the bound of the initial weights",
    ),
    Table(
        "network_evidence",
        STIMULUS_FILES.format("evidence.csv"),
        "Evidence of each network by the phase of the cycle, relative to an even distribution.",
        (
            *NETWORK_NAMES,
            PHASE_DEG,
            Column("evidence", "density of the evidence for the estimated class"),
            Column("evidence_spikes", "the same, when the spikes arise that it comes from"),
            Column("hidden_spikes", "density of hidden spikes"),
            Column("information", "density of the Fisher information of the input"),
        ),
        (*NETWORK_KEY, "phase_deg"),
    ),
    Table(
        "network_timing",
        STIMULUS_FILES.format("timing.csv"),
        "Accuracy of each network from its hidden spikes, and from their counts alone.",
        (
            *NETWORK_NAMES,
            CONTROL,
            Column("accuracy", "share of stimuli whose class is right", "%"),
        ),
        (*NETWORK_KEY, "control"),
    ),
    Table(
        "tuning",
        "`tables/tuning.csv`",
        "How many units have a peak or a dip.",
        (
            *SUMMARISED,
            LAYER,
            KIND,
            whole("units", "units of this kind, in all networks"),
            whole("of", "units of the layer, in all networks"),
            Column("median_width_deg", "median width of their Gaussians", "degrees"),
            Column("median_height", "median height of their Gaussians"),
            whole("n", "number of seeds"),
            Column("percent", "share of the layer, mean over seeds", "%"),
            *(each for each in summary("%") if each.name not in ("n", "mean")),
        ),
        (*RUN_KEY, "layer", "kind"),
    ),
    Table(
        "binaural",
        "`tables/binaural.csv`",
        "Shares of hidden units that detect coincidence or cancel, summarised over seeds.",
        (
            *SUMMARISED,
            text(
                "metric",
                "`mean_driven`; `peaks` and `dips`, each `_in_phase` or `_in_antiphase`; "
                "`as_predicted`",
            ),
            *summary("%"),
        ),
        (*RUN_KEY, "metric"),
    ),
    Table(
        "unit_statistics",
        "`tables/unit_statistics.csv`",
        "Firing rates, silent units and magnitudes of weights, summarised over seeds.",
        (*SUMMARISED, text("metric", "a column of the table of single networks"), *SUMMARY),
        (*RUN_KEY, "metric"),
    ),
    Table(
        "timing",
        "`tables/timing.csv`",
        "Accuracy from hidden spikes, and from their counts alone, summarised over seeds.",
        (*SUMMARISED, CONTROL, text("metric", "`accuracy` (%)"), *SUMMARY),
        (*RUN_KEY, "control", "metric"),
    ),
    Table(
        "evidence",
        "`tables/evidence.csv`",
        "Evidence by the phase of the cycle, summarised over seeds.",
        (*SUMMARISED, PHASE_DEG, EVIDENCE, *SUMMARY),
        (*RUN_KEY, "phase_deg", "metric"),
    ),
    Table(
        "evidence_trough",
        "`tables/evidence_trough.csv`",
        "The share that arises in the half cycle around the trough, summarised over seeds.",
        (*SUMMARISED, EVIDENCE, *summary("%")),
        (*RUN_KEY, "metric"),
    ),
    Table(
        "ipd_errors",
        "`tables/ipd_errors.csv`",
        "How each class is mistaken, summarised over seeds.",
        (
            *SUMMARISED,
            Column("true_ipd_deg", "midpoint of the true class", "degrees"),
            text(
                "metric",
                "`accuracy`, `neighbour`, `farther`, `outward`, `inward` (%), `bias_deg` (degrees)",
            ),
            *SUMMARY,
        ),
        (*RUN_KEY, "true_ipd_deg", "metric"),
    ),
    Table(
        "tests",
        EXPERIMENT_FILES.format("tests.csv"),
        "Each trained network that did not diverge, in each test.",
        (*TEST, SEED, NETWORK, *SCORES),
        (*RUN_KEY, "test", "tested", "seed", "network"),
    ),
    Table(
        "tests_summary",
        EXPERIMENT_FILES.format("tests_summary.csv"),
        "Tests of trained networks, summarised over seeds.",
        (*TEST, text("metric", "a column of `tests.csv`"), *SUMMARY),
        (*RUN_KEY, "test", "tested", "metric"),
    ),
)
