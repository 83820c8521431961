"""Figures: arrays of single samples and trials, and one rule that draws every panel."""

if baseline_panels():

    rule example_stimuli:
        """One sample at each of several IPDs."""
        output:
            arrays=ARRAYS / "example_stimuli.npz",
        log:
            LOGS / "arrays/example_stimuli.log",
        benchmark:
            BENCHMARKS / "arrays/example_stimuli.jsonl"
        localrule: True
        resources:
            mem_mb=grown(500),
            runtime=grown(5),
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
        localrule: True
        resources:
            mem_mb=grown(1000),
            runtime=grown(5),
        params:
            code=script_hash("example_trial.py"),
        message:
            "Example trial"
        script:
            "../scripts/example_trial.py"

    rule primer:
        """The textbook neurons: simulations and what they should be in closed form."""
        output:
            arrays=ARRAYS / "primer.npz",
        log:
            LOGS / "arrays/primer.log",
        benchmark:
            BENCHMARKS / "arrays/primer.jsonl"
        localrule: True
        resources:
            mem_mb=grown(500),
            runtime=grown(5),
        params:
            seed=CONFIG.seeds[0],
            code=script_hash("primer.py"),
        message:
            "Textbook neurons"
        script:
            "../scripts/primer.py"


rule panel:
    """One panel: SVG for the paper, PNG to look at, PDF to send."""
    input:
        unpack(lambda wildcards: PANELS[wildcards.panel].inputs),
    output:
        svg=report(
            str(FIGURES / "{panel}.svg"),
            caption="../report/panel.rst",
            category="Figures",
            labels={"panel": "{panel}"},
        ),
        png=FIGURES / "{panel}.png",
        pdf=FIGURES / "{panel}.pdf",
    log:
        LOGS / "figures/{panel}.log",
    benchmark:
        BENCHMARKS / "figures/{panel}.jsonl"
    wildcard_constraints:
        panel=any_of(PANELS),
    localrule: True
    resources:
        mem_mb=grown(1000),
        runtime=grown(5),
    params:
        drawn_by=lambda wildcards: PANELS[wildcards.panel].drawn_by,
        settings=lambda wildcards: PANELS[wildcards.panel].settings,
        caption=lambda wildcards: panel_caption(PANELS[wildcards.panel]),
        code=lambda wildcards: panel_hash(PANELS[wildcards.panel]),
    message:
        "Panel {wildcards.panel}"
    script:
        "../scripts/panel.py"
