"""Tables of printed values, of their reproduction, and of claims."""

from spikeloc.statistics.declared_tables.columns import (
    DIVERGED,
    NAMES,
    OF_METRIC,
    run_names,
    text,
    whole,
)
from spikeloc.statistics.schema import Column, Table

CONDITION = run_names(["experiment", "condition"])
PRINTED_METRIC = text("metric", "a metric, or the training loss after an epoch")
REPEATED = text("variant", "the variant that repeats the printed protocol")
SESSION = whole("session", "which of several sessions it is, from 0")
ERROR = Column("digitising_error", "error of a value that was read from a figure", OF_METRIC)

PRINTED_TABLES = (
    Table(
        "printed",
        "`tables/printed.csv`",
        "What the notebooks printed.",
        (
            *CONDITION,
            Column("value", "value of the swept parameter; empty without one"),
            PRINTED_METRIC,
            Column("printed", "the printed value, a mean over its sessions", OF_METRIC),
            Column("printed_sd", "printed standard deviation over sessions", OF_METRIC),
            whole("sessions", "number of sessions that it is a mean of"),
            SESSION,
            text("shared", "data sets that these sessions have in common"),
            ERROR,
            text("source", "where the value was printed"),
            REPEATED,
        ),
        ("experiment", "condition", "variant", "metric", "session"),
    ),
    Table(
        "printed_losses",
        "`tables/printed_losses.csv`",
        "The training losses that the notebooks printed epoch by epoch.",
        (
            *CONDITION,
            whole("epoch", "epoch, from 0"),
            Column("loss", "training loss", "nats"),
            REPEATED,
            SESSION,
        ),
        ("experiment", "condition", "variant", "epoch", "session"),
    ),
    Table(
        "reproduction",
        "`tables/reproduction.csv`",
        "Each printed value, or mean of sessions that share data, beside our runs of its protocol.",
        (
            *CONDITION,
            PRINTED_METRIC,
            Column("printed", "mean of the printed values", OF_METRIC),
            whole("printed_sessions", "number of printed sessions"),
            Column("mean", "mean of our seeds", OF_METRIC),
            Column("sd", "standard deviation of our seeds", OF_METRIC),
            whole("n", "number of our seeds"),
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
            text("printed_values", "the printed values of all sessions"),
            Column("printed_sd", "standard deviation over printed sessions", OF_METRIC),
            Column("network_sd", "standard deviation of our networks within seeds", OF_METRIC),
            ERROR,
            Column(
                "borderline",
                "whether `digitising_error` could move the value across an end",
                kind="true or false",
                may_be_empty=True,
            ),
            Column("width", "width of the interval", OF_METRIC),
            Column("own_inside", "share of our seeds in the interval of the others", "%"),
            DIVERGED,
            REPEATED,
            SESSION,
        ),
        ("experiment", "condition", "variant", "metric", "session"),
    ),
    Table(
        "reproduction_summary",
        "`tables/reproduction_summary.csv`",
        "How many printed values lie in their prediction intervals.",
        (
            text("experiment", "the experiment, or `all`"),
            text("metric", "the metric, or `all`"),
            whole("values", "printed values"),
            whole("intervals", "values that have an interval"),
            whole("inside_count", "values inside it"),
            Column("inside_percent", "share of the values that have an interval", "%"),
            whole("borderline_count", "values that a digitising error could move across an end"),
            Column("median_width", "median width of the intervals of one metric", OF_METRIC),
            Column("own_inside", "mean share of our seeds in intervals of the others", "%"),
        ),
        ("experiment", "metric"),
    ),
    Table(
        "claims",
        "`tables/claims.csv`",
        "What the tables say about the notebooks' claims and the sentences of our texts.",
        (
            text("claim", "name of the claim"),
            text("source", "`notebooks` or `text`"),
            text("statement", "the claim in words"),
            text(
                "outcome",
                "`supported`, `contradicted`, `undecided` or `not tested`; `holds` or `fails`",
            ),
            text("decision", "how it is decided, in words"),
            text("evidence", "the cells that decide about it"),
        ),
        ("claim",),
    ),
)
