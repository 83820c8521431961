"""Tables of tests at starting phases all round the cycle."""

from spikeloc.config.run_names import PHASE_NAMES, RUN_KEY
from spikeloc.statistics.declared_tables.columns import (
    DIVERGED,
    NETWORK,
    SEED,
    SUMMARY,
    run_names,
    text,
    whole,
)
from spikeloc.statistics.schema import Column, Table

OFFSET = Column("offset_cycles", "phase of the test, from that of training or 0", "cycles")
POINTS = "percentage points"

PHASE_TABLES = (
    Table(
        "phase_effect",
        "`tables/phase_effect.csv`, `stimuli/<stimulus>/phase_scores.csv`",
        "Each network, tested at each starting phase.",
        (
            *run_names(PHASE_NAMES),
            SEED,
            NETWORK,
            Column("training_phase_cycles", "phase of training; empty if it varies", "cycles"),
            Column("test_phase_cycles", "phase of the test", "cycles"),
            OFFSET,
            Column("accuracy", "share of stimuli whose class is right", "%"),
            Column("class_error_deg", "mean distance of both midpoints", "degrees"),
            whole("samples", "number of stimuli"),
        ),
        (*RUN_KEY, "seed", "network", "offset_cycles"),
    ),
    Table(
        "phase_curve",
        "`tables/phase_curve.csv`",
        "Scores at each starting phase, summarised over seeds.",
        (
            *run_names(PHASE_NAMES),
            OFFSET,
            text("metric", "a column of `phase_effect.csv`"),
            *SUMMARY,
        ),
        (*RUN_KEY, "offset_cycles", "metric"),
    ),
    Table(
        "phase_variance",
        "`tables/phase_variance.csv`",
        "How much of the variance between sessions the starting phase explains.",
        (
            *run_names(PHASE_NAMES),
            whole("networks", "networks that did not diverge"),
            whole("seeds", "their seeds"),
            DIVERGED,
            whole("phases", "starting phases that were tested"),
            whole("samples", "stimuli at each of them"),
            whole("session_samples", "stimuli of a session"),
            Column("mean", "mean of all accuracies", "%"),
            Column("min", "smallest of them", "%"),
            Column("max", "largest of them", "%"),
            Column("sd_network", "standard deviation between networks", POINTS),
            Column("sd_phase", "standard deviation over phases", POINTS),
            Column("sd_phase_shared", "its part that all networks share", POINTS),
            Column("sd_phase_own", "its part that differs between networks", POINTS),
            Column("sd_chance", "binomial standard deviation of a session", POINTS),
            Column("sd_session", "standard deviation between sessions", POINTS),
            Column("phase_share", "share of the phase in the variance between sessions"),
            Column("phase_share_low", "lower end of its 95 % interval"),
            Column("phase_share_high", "upper end of it"),
        ),
        tuple(RUN_KEY),
    ),
)
