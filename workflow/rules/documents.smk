"""Which text is written from a config: the paper, its second supplement, or none."""

# The conditions of what the notebooks did that the paper speaks of, in both variants.
SPOKEN_OF = {
    "baseline": ["free", "dale-0.5", "membrane_only"],
    "dale_ratio": [f"inhibitory_fraction-{value}" for value in ("0", "0.5", "1")],
    "inhibition_placement": ["both", "w1_positive", "w2_positive"],
    "envelope_power": [f"envelope_power-{value}" for value in ("0", "2", "10")],
}
# Those of them that this config has as published: what the notebooks printed stands beside them.
REPRODUCED = [
    name for name in SPOKEN_OF if any(run.variant == "published" for run in runs_of(name))
]
# Ways of keeping signs, each at one inhibitory fraction.
SIGN_METHODS = [name for name in CONFIG.experiments if name.startswith("sign_methods_")]
# Inhibition by place: the grid, its diagonal from two starts, and the notebooks' conditions on it.
SIGN_PLACES = ["sign_grid", "dale_ratio", "balanced_ratio", "inhibition_placement"]
HAS_PLACES = all(name in CONFIG.experiments for name in SIGN_PLACES)
READOUTS = [
    f"{readout}-{signs}"
    for readout in ("classes", "angle", "circular")
    for signs in ("free", "dale")
]


def paper_runs():
    """The runs that the paper speaks of, by path."""
    return {
        f"{experiment}/{condition}/{variant}"
        for experiment, conditions in SPOKEN_OF.items()
        for condition in conditions
        for variant in ("published", "corrected")
    } | {f"regression/{condition}/corrected" for condition in READOUTS}


# What the second supplement speaks of, corrected: the systems of the paper, and beyond them.
FURTHER = {
    "systems": ["free", "dale", "membrane_only", "circular-free", "circular-dale"],
    "longer_free": ["standard", "long", "fresh-long-cosine"],
    "longer_dale": ["standard", "long", "fresh-long-cosine"],
    "surrogate_shape": ["sigmoid", "fast_sigmoid", "superspike", "triangular"],
    "surrogate_slope": ["surrogate_slope-5"],
    "hidden_noise": ["noise_sd-0"],
    "fibre_rate": ["rate_max_hz-300", "rate_max_hz-600"],
    "fraction_grid": ["w1.inhibitory_fraction-0.5_w2.inhibitory_fraction-0.5"],
    "dale_layer": ["free", "inputs", "outputs", "both", "learned"],
    "hidden_units": ["hidden_units-30"],
    "envelope_fresh": ["envelope_power-2"],
    "regression_fresh": ["classes-free", "circular-free", "classes-dale", "circular-dale"],
    "best": ["free", "dale", "learned"],
}


def supplement_runs():
    """The runs that the second supplement speaks of, by path."""
    return {
        f"{experiment}/{condition}/corrected"
        for experiment, conditions in FURTHER.items()
        for condition in conditions
    }


class Document(NamedTuple):
    """A text: its source, the claims it makes, the experiments that it counts, what it needs."""

    source: str
    claims: str
    experiments: list
    complete: bool


def has(runs, *besides):
    return runs <= {run.path for run in RUNS} and all(besides)


PAPER = Document(
    "paper/paper.typ",
    "paper/claims.yaml",
    list(SPOKEN_OF),
    has(
        paper_runs(),
        *[PHASE_RUNS, REPRODUCED, COINCIDENCE_RUNS, ANALYSED_RUNS, SIGN_METHODS, HAS_PLACES],
    ),
)
SUPPLEMENT = Document(
    "paper/extended.typ",
    "paper/extended_claims.yaml",
    list(CONFIG.experiments),
    has(supplement_runs(), SEARCH_RUNS, COINCIDENCE_RUNS),
)
# A config with neither's runs has tables and panels only.
DOCUMENT = SUPPLEMENT if SUPPLEMENT.complete else PAPER


def paper_files():
    """The text that this config has everything for, if any."""
    return [f"paper/{CONFIG.name}.pdf"] if DOCUMENT.complete else []


def trained_from():
    """What the networks of each run come from that the text counts, by its path."""
    return {
        run.path: [
            run.parameters.trained_from(1 + i) for i in range(run.parameters.nesting.networks)
        ]
        for run in RUNS
        if run.experiment in DOCUMENT.experiments
    }


def published_nesting(experiment):
    run = next(run for run in runs_of(experiment) if run.variant == "published")
    return run.parameters.nesting.model_dump()
