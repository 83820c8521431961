"""Tables of trained networks, and of the runs and experiments that they belong to."""

from collections.abc import Iterator

from spikeloc.config.run_names import NETWORK_KEY, RUN_KEY, RUN_NAMES, SUMMARY_NAMES
from spikeloc.metrics import declared
from spikeloc.statistics.declared_tables.columns import (
    DIVERGED,
    EXPERIMENT_FILES,
    METRIC,
    NAMES,
    NETWORK,
    OF_METRIC,
    SEED,
    SUMMARY,
    flag,
    run_names,
    summary,
    text,
    whole,
)
from spikeloc.statistics.schema import Column, Kind, Table


def _metric_columns(network: tuple[Column, ...] = ()) -> Iterator[Column]:
    """The metrics of a network; ``network``: what stands before those that were added later."""
    for metric in declared.METRICS:
        kind: Kind = "whole number" if metric.whole else "number"
        only = "" if metric.known_of == declared.EVERY else f" (only {metric.known_of})"
        yield Column(metric.name, metric.meaning + only, metric.unit, kind, may_be_empty=bool(only))
        if metric.name == "best_epoch":
            yield flag("stopped_early", "whether training stopped before its last epoch")
            yield flag("diverged", "whether a loss was not finite: then metrics are empty")
        if metric.name == "hidden_rate_hz":
            yield from network


MODEL = text("model", "`spiking`, or `membrane_only`: without hidden units")
ENSEMBLE_FILES = "`runs/<experiment>/<condition>/<variant>/{}`"
LEARNING_RATES = (
    Column("learning_rate", "a learning rate that was tried"),
    whole("networks", "networks that were trained with it; 0 if nothing was searched"),
    whole("diverged", "how many of them diverged"),
    Column("val_loss", "mean of their lowest validation losses", "nats"),
    flag("chosen", "whether it was chosen"),
)
RUN = run_names(RUN_NAMES)


def run_tables() -> tuple[Table, ...]:
    """These tables, with the metrics that are declared at the time of the call."""
    return (
        Table(
            "runs",
            EXPERIMENT_FILES.format("runs.csv"),
            "One row for each trained network.",
            (*RUN, SEED, MODEL, *_metric_columns((NETWORK,))),
            tuple(NETWORK_KEY),
        ),
        Table(
            "convergence",
            EXPERIMENT_FILES.format("convergence.csv"),
            "Accuracy against epochs, of experiments whose variants differ in their number alone.",
            (
                *run_names(SUMMARY_NAMES),
                whole("epochs", "number of epochs of this variant"),
                whole("n", "number of seeds"),
                Column("accuracy", "mean test accuracy over seeds", "%"),
                Column("accuracy_low", "lower end of the 95 % bootstrap interval of the mean", "%"),
                Column("accuracy_high", "upper end of it", "%"),
                whole("pairs", "number of seeds that also have the next smaller number of epochs"),
                Column("gain", "mean difference from it within seeds; empty without it", "points"),
                Column("gain_low", "lower end of its 95 % bootstrap interval", "points"),
                Column("gain_high", "upper end of it", "points"),
                flag("converged", "whether the interval of the gain is below one percentage point"),
                flag("cap_reached", "whether it has not converged at the largest number of epochs"),
            ),
            tuple(RUN_KEY),
        ),
        Table(
            "metrics",
            ENSEMBLE_FILES.format("metrics.csv"),
            "The same for the networks of one run.",
            (SEED, NETWORK, MODEL, *_metric_columns()),
            ("seed", "network"),
        ),
        Table(
            "history",
            "`runs/<experiment>/history.csv`; for one run, without its names, beside its weights",
            "The losses of each network after each epoch.",
            (
                *RUN,
                SEED,
                NETWORK,
                whole("epoch", "epoch, from 0"),
                Column("train_loss", "mean loss during the epoch", "nats"),
                Column("val_loss", "validation loss after it; empty without validation", "nats"),
            ),
            (*NETWORK_KEY, "epoch"),
        ),
        Table(
            "confusion",
            "`runs/<experiment>/confusion.csv`; for one run, without its names, beside its weights",
            "How often classes are mistaken in test data.",
            (
                *RUN,
                SEED,
                NETWORK,
                whole("estimated", "class that the network estimates, from 0"),
                whole("true", "true class, from 0"),
                whole("count", "number of test stimuli"),
            ),
            (*NETWORK_KEY, "estimated", "true"),
        ),
        Table(
            "learning_rates",
            "`tables/learning_rates.csv`; for one run, without its names, beside its weights",
            "The learning rates that were tried, where an experiment chooses one.",
            (*RUN, *LEARNING_RATES),
            (*RUN_KEY, "learning_rate"),
        ),
        Table(
            "search",
            "`tables/search.csv`, `search/<recipe>.csv`",
            "All settings that the search tried, round by round.",
            (
                NAMES["recipe"],
                whole("round", "round of the search, from 0"),
                whole("candidate", "number of the setting, from 0"),
                whole("epochs", "epochs of training in this round"),
                Column("val_accuracy", "mean accuracy on validation data", "%"),
                Column("val_loss", "mean loss on validation data", "nats"),
                Column("train_accuracy", "mean accuracy on training data", "%"),
                whole("diverged", "networks that diverged"),
                whole("rank", "rank in this round, from 1"),
            ),
            ("recipe", "round", "candidate"),
            further="one for each parameter that the search varies",
        ),
        Table(
            "summary",
            EXPERIMENT_FILES.format("summary.csv"),
            "Each metric of each condition, summarised over seeds.",
            (*run_names(SUMMARY_NAMES), METRIC, *SUMMARY, DIVERGED),
            (*RUN_KEY, "metric"),
        ),
        Table(
            "comparisons",
            EXPERIMENT_FILES.format("comparisons.csv"),
            "Each condition less the reference condition of its experiment, within seeds.",
            (
                *run_names(["experiment", "condition"]),
                text("reference", "the condition that it is compared with"),
                NAMES["variant"],
                METRIC,
                *summary(OF_METRIC, "differences"),
                Column("p", "two-sided sign-flip p of the mean difference"),
                Column("p_holm", "p after Holm's correction for the conditions of the experiment"),
                Column("effect_size", "standardised mean difference (d_z with Hedges' correction)"),
                Column("smallest_p", "smallest p that is possible with so many seeds"),
                flag("can_reject", "whether that would be significant after Holm's correction"),
            ),
            (*RUN_KEY, "metric"),
        ),
    )
