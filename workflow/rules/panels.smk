"""One rule for all panels, and rules for the arrays that some of them need."""

if "example_stimuli" in PANELS:

    rule example_stimuli:
        """Make one sample at each of several IPDs."""
        output:
            arrays=ARRAYS / "example_stimuli.npz",
        log:
            LOGS / "arrays/example_stimuli.log",
        benchmark:
            BENCHMARKS / "arrays/example_stimuli.jsonl"
        localrule: True
        params:
            stimulus=PLAN.run(
                PANELS["example_stimuli"].settings["run"]
            ).parameters.stimulus.model_dump(),
            seed=CONFIG.seeds[0],
            code=code("example_stimuli"),
        message:
            "Example stimuli"
        script:
            "../scripts/example_stimuli.py"


if "trial" in PANELS:

    rule example_trial:
        """Record one trial of one trained network, step by step."""
        input:
            weights=PLAN.run_file(PLAN.run(PANELS["trial"].settings["run"]), "weights"),
        output:
            arrays=ARRAYS / "example_trial.npz",
        log:
            LOGS / "arrays/example_trial.log",
        benchmark:
            BENCHMARKS / "arrays/example_trial.jsonl"
        localrule: True
        params:
            code=code("example_trial"),
        message:
            "Example trial"
        script:
            "../scripts/example_trial.py"


if "primer" in PANELS:

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
        settings=lambda wildcards: PANELS[wildcards.panel].settings,
        caption=lambda wildcards: PANELS[wildcards.panel].caption,
        code=lambda wildcards: code("panel", PANELS[wildcards.panel].module),
    message:
        "Panel {wildcards.panel}"
    script:
        "../scripts/panel.py"
