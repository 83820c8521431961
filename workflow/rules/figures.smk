"""Figures: a table of panels and what each is drawn from, and one rule that draws."""

FORMATS = ["svg", "png", "pdf"]
ARRAYS = RESULTS / "arrays"


def shown(condition):
    """The baseline's run that examples are taken from, if this config has it."""
    runs = [run for run in runs_of("baseline") if run.condition == condition]
    return next((run for run in runs if run.variant == "corrected"), runs[0] if runs else None)


def experiment_inputs(experiment):
    tables = {name: RESULTS / f"runs/{experiment}/{name}.csv" for name in ("runs", "summary")}
    return tables | {"printed": TABLES / "printed.csv"}


def baseline_panels():
    """Panels of single networks and of the baseline's losses and estimates."""
    tables = RESULTS / "runs/baseline"
    free, dale = shown("free"), shown("dale-0.5")
    if free is None or dale is None:
        return {}
    weights = [run_folder(run) / "weights.safetensors" for run in (free, dale)]
    parameters = free.parameters.model_dump()
    settings = {"config": {key: parameters[key] for key in ("stimulus", "network")}}
    losses = TABLES / "printed_losses.csv"
    return {
        "example_stimuli": ({"arrays": ARRAYS / "example_stimuli.npz"}, {}),
        "architecture": ({}, settings),
        "loss_curves": ({"history": tables / "history.csv", "printed_losses": losses}, {}),
        "estimates": ({"confusion": tables / "confusion.csv"}, {}),
        "confusion": ({"confusion": tables / "confusion.csv"}, {}),
        "sorted_weights": ({"weights": weights}, {}),
        "w1_columns": ({"weights": weights[:1]}, {}),
        "trial": ({"arrays": ARRAYS / "example_trial.npz"}, {}),
    }


def experiment_panels():
    """Panels of the paper's sweeps, and one of its own for every other experiment."""
    known = {
        "dale_ratio": ["dale_ratio_train", "dale_ratio_test"],
        "inhibition_placement": ["inhibition_placement"],
        "envelope_power": ["envelope_accuracy", "envelope_error"],
        "baseline": [],
    }
    panels = {}
    for name, experiment in CONFIG.experiments.items():
        inputs, settings = experiment_inputs(name), {"chance": 100 / CONFIG.network.classes}
        for panel in known.get(name, [name]):
            panels[panel] = (inputs, dict(settings))
        if name not in known:
            settings["title"] = experiment.title or name.replace("_", " ")
            settings["module"] = "sweep_experiment" if experiment.vary else "named_experiment"
            panels[name] = (inputs, settings)
    return panels


# panel -> (named input files, settings); settings may name the module, if it is not the panel's
PANELS = baseline_panels() | experiment_panels()


def panel_files(panel):
    return [FIGURES / f"{panel}.{suffix}" for suffix in FORMATS]


def panel_module(wildcards):
    return PANELS[wildcards.panel][1].get("module", wildcards.panel)


def weight_labels(inputs):
    """Labels of the conditions whose weights a panel shows."""
    return {run.condition: run.label for run in runs_of("baseline") if "weights" in inputs}


def panel_hash(wildcards):
    return script_hash("panel.py", f"spikeloc.plots.{panel_module(wildcards)}")


rule example_stimuli:
    """One sample at each of several IPDs."""
    output:
        arrays=ARRAYS / "example_stimuli.npz",
    log:
        LOGS / "arrays/example_stimuli.log",
    benchmark:
        BENCHMARKS / "arrays/example_stimuli.jsonl"
    resources:
        mem_mb=500,
        runtime=5,
    params:
        stimulus=lambda wildcards: shown("free").parameters.stimulus.model_dump(),
        seed=CONFIG.seeds[0],
        code=script_hash("example_stimuli.py"),
    message:
        "Example stimuli"
    script:
        "../scripts/example_stimuli.py"


rule example_trial:
    """One trial of one trained network, step by step."""
    input:
        weights=lambda wildcards: run_folder(shown("dale-0.5")) / "weights.safetensors",
    output:
        arrays=ARRAYS / "example_trial.npz",
    log:
        LOGS / "arrays/example_trial.log",
    benchmark:
        BENCHMARKS / "arrays/example_trial.jsonl"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        code=script_hash("example_trial.py"),
    message:
        "Example trial"
    script:
        "../scripts/example_trial.py"


rule panel:
    """One panel: SVG for the paper, PNG to look at, PDF to send."""
    input:
        unpack(lambda wildcards: PANELS[wildcards.panel][0]),
    output:
        **{suffix: FIGURES / f"{{panel}}.{suffix}" for suffix in FORMATS},
    log:
        LOGS / "figures/{panel}.log",
    benchmark:
        BENCHMARKS / "figures/{panel}.jsonl"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        module=panel_module,
        labels=lambda wildcards: weight_labels(PANELS[wildcards.panel][0]),
        settings=lambda wildcards: {
            key: value for key, value in PANELS[wildcards.panel][1].items() if key != "module"
        },
        code=panel_hash,
    message:
        "Panel {wildcards.panel}"
    script:
        "../scripts/panel.py"
