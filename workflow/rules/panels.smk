"""One rule for all panels, and rules for the arrays that some of them need."""

from spikeloc.plots.markup import as_json, as_rst


rule example_stimuli:
    """Make one sample at each of several IPDs, of the stimulus of one run."""
    output:
        arrays=RESULTS / "runs/{run}/example_stimuli.npz",
    log:
        LOGS / "runs/{run}/example_stimuli.log",
    benchmark:
        BENCHMARKS / "runs/{run}/example_stimuli.jsonl"
    localrule: True
    params:
        stimulus=lambda wildcards: PLAN.run(wildcards.run).parameters.stimulus.model_dump(),
        seed=CONFIG.seeds[0],
        code=code("example_stimuli"),
    message:
        "Example stimuli of {wildcards.run}"
    script:
        "../scripts/example_stimuli.py"


rule example_trial:
    """Record one trial of one trained network, step by step."""
    input:
        weights=RESULTS / "runs/{run}" / RUN_FILES["weights"],
    output:
        arrays=RESULTS / "runs/{run}/example_trial.npz",
    log:
        LOGS / "runs/{run}/example_trial.log",
    benchmark:
        BENCHMARKS / "runs/{run}/example_trial.jsonl"
    localrule: True
    params:
        code=code("example_trial"),
    message:
        "Example trial of {wildcards.run}"
    script:
        "../scripts/example_trial.py"


rule primer:
    """Simulate the textbook neurons, and compute their closed forms."""
    output:
        arrays=ARRAYS / "primer.npz",
    log:
        LOGS / "arrays/primer.log",
    benchmark:
        BENCHMARKS / "arrays/primer.jsonl"
    localrule: True
    params:
        seed=CONFIG.seeds[0],
        code=code("primer"),
    message:
        "Textbook neurons"
    script:
        "../scripts/primer.py"


rule panel:
    """Draw one panel: SVG for documents, PNG to look at, PDF to send."""
    input:
        unpack(lambda wildcards: PANELS[wildcards.panel].inputs),
    output:
        svg=report(
            str(PLAN.figures / "{panel}.svg"),
            caption="../report/panel.rst",
            category="Figures",
            labels={"panel": "{panel}"},
        ),
        png=PLAN.figures / "{panel}.png",
        pdf=PLAN.figures / "{panel}.pdf",
    log:
        LOGS / "figures/{panel}.log",
    benchmark:
        BENCHMARKS / "figures/{panel}.jsonl"
    localrule: True
    params:
        module=lambda wildcards: PANELS[wildcards.panel].module,
        settings=lambda wildcards: as_json(PANELS[wildcards.panel].settings),
        variants=CONFIG.variant_names,
        caption=lambda wildcards: as_rst(PANELS[wildcards.panel].caption),
        code=lambda wildcards: code("panel", PANELS[wildcards.panel].module),
    message:
        "Panel {wildcards.panel}"
    script:
        "../scripts/panel.py"
