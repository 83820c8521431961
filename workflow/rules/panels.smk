"""Which panels there are, what each is drawn from, and with which settings."""

import ast
import itertools

FORMATS = ["svg", "png", "pdf"]
ARRAYS = RESULTS / "arrays"


class Panel(NamedTuple):
    """How a panel is drawn: by which module, from which named files, with which settings."""

    drawn_by: str
    inputs: dict
    settings: dict = {}


def shown(condition):
    """The baseline's run that examples are taken from, if this config has it."""
    runs = [run for run in runs_of("baseline") if run.condition == condition]
    return next((run for run in runs if run.variant == "corrected"), runs[0] if runs else None)


def experiment_inputs(experiment, *more):
    names = ("runs", "summary", *more)
    tables = {name: RESULTS / f"runs/{experiment}/{name}.csv" for name in names}
    return tables | {"printed": TABLES / "printed.csv"}


def baseline_panels():
    """Panels of single networks and of the baseline's losses and estimates, and the primer."""
    free, dale = shown("free"), shown("dale-0.5")
    if free is None or dale is None:
        return []
    tables = RESULTS / "runs/baseline"
    history = {"history": tables / "history.csv", "printed_losses": TABLES / "printed_losses.csv"}
    confusion = {"confusion": tables / "confusion.csv"}
    weights = [run_folder(run) / "weights.safetensors" for run in (free, dale)]
    labels = {"labels": {run.condition: run.label for run in (free, dale)}}
    parameters = free.parameters.model_dump(include={"stimulus", "network"})
    return [
        Panel("example_stimuli", {"arrays": ARRAYS / "example_stimuli.npz"}),
        Panel("architecture", {}, {"config": parameters}),
        Panel("loss_curves", history),
        Panel("estimates", confusion, labels),
        Panel("confusion", confusion, labels),
        Panel("sorted_weights", {"weights": weights}, labels),
        Panel("w1_columns", {"weights": weights[:1]}),
        Panel("trial", {"arrays": ARRAYS / "example_trial.npz"}),
        Panel("primer", {"arrays": ARRAYS / "primer.npz"}),
    ]


def phase_panels():
    """The panel of the starting phase, if this config tests its effect."""
    tables = {name: TABLES / f"phase_{name}.csv" for name in ("effect", "curve")}
    experiments = dict.fromkeys(run.experiment for run in PHASE_RUNS)
    tables |= {"ceiling": [RESULTS / f"runs/{name}/ceiling.csv" for name in experiments]}
    chance = {"chance": 100 / CONFIG.network.classes}
    return [Panel("phase_effect", tables, chance)] if PHASE_RUNS else []


def coincidence_panels():
    """Panels of the hand-built localiser, if this config tests it."""
    if not COINCIDENCE_RUNS:
        return []
    tables = experiment_inputs(CONFIG.coincidence.experiment, "ceiling")
    tables |= {"hand_built": TABLES / "coincidence.csv"}
    tables |= {"hand_built_summary": TABLES / "coincidence_summary.csv"}
    power = {"from_power": CONFIG.stimulus.envelope_power}
    return [
        Panel("coincidence_tuning", {"arrays": ARRAYS / "coincidence_tuning.npz"}, power),
        Panel("coincidence_accuracy", tables, {"chance": 100 / CONFIG.network.classes}),
    ]


def analysis_panels():
    """Panels of what networks have learned, if this config asks for it."""
    if not ANALYSED_RUNS:
        return []
    chance = {"chance": 100 / CONFIG.network.classes}
    swept = [run for run in ANALYSED_RUNS if run.experiment != CONFIG.analysis.experiments[0]]
    weights = [run_folder(run) / RUN_FILES["weights"] for run in swept or ANALYSED_RUNS]
    labels = {run.condition: panel_label(run) for run in swept or ANALYSED_RUNS}
    tuning = {name: TABLES / f"{name}.csv" for name in ("units", "tuning")}
    evidence = {"evidence": TABLES / "evidence.csv", "trough": TABLES / "evidence_trough.csv"}
    ceiling = RESULTS / f"runs/{CONFIG.analysis.experiments[0]}/ceiling.csv"
    return [
        Panel("tuning", tuning | {"curves": ARRAYS / "tuning.npz"}),
        Panel("unit_statistics", {"statistics": TABLES / "unit_statistics.csv"}),
        Panel("timing", {"timing": TABLES / "timing.csv", "ceiling": ceiling}, chance),
        Panel("evidence", evidence),
        Panel("ipd_errors", {"errors": TABLES / "ipd_errors.csv"}),
        Panel("condition_weights", {"weights": weights}, {"labels": labels}),
    ]


SIGN_EXPERIMENTS = [*SIGN_METHODS, *(["sign_grid", "balanced_ratio"] if HAS_PLACES else [])]


def tables_of(experiments, *names):
    """These tables of several experiments, by name."""
    return {
        name: [RESULTS / f"runs/{experiment}/{name}.csv" for experiment in experiments]
        for name in names
    }


def first_fraction(experiment):
    """The inhibitory fraction of inputs in the first of an experiment's runs that has one."""
    layers = [run.parameters.network.w1 for run in runs_of(experiment)]
    return next(layer.inhibitory_fraction for layer in layers if layer.has_fraction)


def grid_places(experiment):
    """The values of each of a grid's conditions."""
    places = itertools.product(*experiment.grid.values())
    conditions = [condition for condition, _ in experiment.each_condition()]
    return {each.name: list(place) for each, place in zip(conditions, places)}


def inhibited(layer):
    """The inhibitory fraction of a layer: none if all are excitatory."""
    return layer.inhibitory_fraction if layer.has_fraction else 0


def sign_method_panels():
    """Panels of the ways of keeping signs, if this config compares any."""
    if not SIGN_METHODS:
        return []
    fractions = {"fractions": {name: first_fraction(name) for name in SIGN_METHODS}}
    tables = tables_of(SIGN_METHODS, "summary", "comparisons")
    tables["learning_rates"] = TABLES / "learning_rates.csv"
    reference = {"reference": reference_of(SIGN_METHODS[0])}
    return [
        Panel("sign_methods", tables, fractions),
        Panel("sign_learning", tables_of(SIGN_METHODS, "history"), fractions | reference),
    ]


def sign_grid_panels():
    """The panel of where inhibition is needed, if this config asks for it."""
    if not HAS_PLACES:
        return []
    tables = {name: RESULTS / f"runs/sign_grid/{name}.csv" for name in ("summary", "ceiling")}
    tables["uniform"] = RESULTS / "runs/dale_ratio/summary.csv"
    tables["balanced"] = RESULTS / "runs/balanced_ratio/summary.csv"
    placements = {
        run.label: [inhibited(run.parameters.network.w1), inhibited(run.parameters.network.w2)]
        for run in runs_of("inhibition_placement")
    }
    settings = {"places": grid_places(CONFIG.experiments["sign_grid"])}
    settings |= {"placements": placements, "chance": 100 / CONFIG.network.classes}
    return [Panel("sign_grid", tables, settings)]


def search_panels():
    """The panel of the search, if this config asks for one."""
    chance = {"chance": 100 / CONFIG.network.classes}
    return [Panel("search", {"search": TABLES / "search.csv"}, chance)] if SEARCH_RUNS else []


def panel_label(run):
    """A run's label, after the last word of what is swept."""
    return f"{run.parameter.split('_')[-1]} {run.label}".strip()


# What the paper shows of an experiment, if it varies what the paper's does; any other experiment
# gets a panel under its own name.
OWN_PANELS = {
    ("dale_ratio", "inhibitory_fraction"): ["dale_ratio_train", "dale_ratio_test"],
    ("envelope_power", "envelope_power"): ["envelope_accuracy", "envelope_error"],
    ("inhibition_placement", ""): ["inhibition_placement"],
}
# Of training data, to which the ideal observer is no ceiling.
TRAINING_PANELS = {"dale_ratio_train"}


def experiment_panels(name, experiment):
    """Panel names of an experiment, and how they are drawn."""
    if (name == "baseline" and baseline_panels()) or name in SIGN_EXPERIMENTS:
        return {}
    of_test = experiment_inputs(name, "ceiling")
    if name == "regression" and not experiment.vary:
        tables = {table: of_test[table] for table in ("runs", "summary", "ceiling")}
        return {name: Panel("regression", tables)}
    chance = {"chance": 100 / CONFIG.network.classes}
    if (name, experiment.parameter) in OWN_PANELS:
        panels = OWN_PANELS[name, experiment.parameter]
        return {
            panel: Panel(
                panel, experiment_inputs(name) if panel in TRAINING_PANELS else of_test, chance
            )
            for panel in panels
        }
    title = experiment.title or name.replace("_", " ")
    if experiment.grid:
        tables = {kind: of_test[kind] for kind in ("summary", "ceiling")}
        names = [path.split(".", 1)[-1] for path in experiment.paths]
        settings = {"places": grid_places(experiment), "parameters": names, "title": title}
        return {name: Panel("grid_experiment", tables, chance | settings)}
    drawn_by = "sweep_experiment" if experiment.vary else "named_experiment"
    return {name: Panel(drawn_by, of_test, chance | {"title": title})}


OTHER_PANELS = [
    *baseline_panels(),
    *phase_panels(),
    *coincidence_panels(),
    *analysis_panels(),
    *sign_method_panels(),
    *sign_grid_panels(),
    *search_panels(),
]
PANELS = {panel.drawn_by: panel for panel in OTHER_PANELS}
if REPRODUCED:
    PANELS["reproduction"] = Panel("reproduction", {"table": TABLES / "reproduction.csv"})
for name, experiment in CONFIG.experiments.items():
    for panel, drawn in experiment_panels(name, experiment).items():
        if panel in PANELS:
            raise WorkflowError(f"config: experiments.{name}: a panel has this name already")
        PANELS[panel] = drawn


def panel_files(panel):
    return [FIGURES / f"{panel}.{suffix}" for suffix in FORMATS]


def panel_caption(panel):
    """What a panel shows, in the words of its module."""
    source = Path("src/spikeloc/plots/panels", f"{panel.drawn_by}.py")
    said = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))).splitlines()[0]
    title = panel.settings.get("title")
    return f"{title}: {said}" if title else said


def panel_hash(panel):
    return script_hash("panel.py", f"spikeloc.plots.panels.{panel.drawn_by}")


def released_files():
    """What panels and paper are drawn from, and every table.

    But what the text's claims come to is decided again where it is drawn: the text may be newer.
    """
    drawn_from = [value for panel in PANELS.values() for value in panel.inputs.values()]
    made = [path for each in workflow.rules for path in each.output]
    tables = [path for path in made if Path(path).parent == TABLES]
    files = [
        path for value in drawn_from for path in (value if isinstance(value, list) else [value])
    ]
    of_text = {str(rules.claims.output.claims), str(rules.numbers.output.numbers)}
    released = {str(path) for path in [*files, *tables, rules.resolved_config.output.config]}
    return sorted(released - of_text)
