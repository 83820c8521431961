"""Columns that several tables have, and short ways to write a column."""

from spikeloc.statistics.schema import Column

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


def text(name: str, meaning: str) -> Column:
    """A column of text."""
    return Column(name, meaning, kind="text")


def whole(name: str, meaning: str, unit: str = "") -> Column:
    """A column of whole numbers."""
    return Column(name, meaning, unit, "whole number")


def flag(name: str, meaning: str) -> Column:
    """A column of true and false."""
    return Column(name, meaning, kind="true or false")


def run_names(names: list[str]) -> tuple[Column, ...]:
    """The columns with these names of a run."""
    return tuple(NAMES[name] for name in names)


def summary(unit: str, of: str = "seeds") -> tuple[Column, ...]:
    """The columns of :func:`spikeloc.statistics.summaries.summarise`."""
    return (
        whole("n", f"number of {of}"),
        Column("mean", f"mean over {of}", unit),
        Column("sd", "standard deviation (n - 1)", unit),
        Column("ci95_low", "lower end of the 95 % bootstrap interval of the mean", unit),
        Column("ci95_high", "upper end of it", unit),
        Column("median", "median", unit),
        Column("min", "smallest value", unit),
        Column("max", "largest value", unit),
    )


OF_METRIC = "that of the metric"
SUMMARY = summary(OF_METRIC)
DIVERGED = whole("diverged", "networks that diverged and are left out")
EXPERIMENT_FILES = "`runs/<experiment>/{0}`, `tables/{0}`"
