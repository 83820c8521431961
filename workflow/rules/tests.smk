"""Tests of trained networks, if an experiment has the key `tests`."""


rule tests:
    """Test an experiment's networks on other stimuli, with noisy weights, or after lesions."""
    input:
        weights=lambda w: [PLAN.run_file(run, "weights") for run in PLAN.runs_of(w.experiment)],
        metrics=lambda w: [PLAN.run_file(run, "metrics") for run in PLAN.runs_of(w.experiment)],
    output:
        tests=RESULTS / "runs/{experiment}/tests.csv",
    log:
        LOGS / "experiments/{experiment}/tests.log",
    benchmark:
        BENCHMARKS / "experiments/{experiment}/tests.jsonl"
    resources:
        mem_mb=grown(1600),
        runtime=grown(20),
    params:
        runs=lambda w: [
            run.columns("experiment", "condition", "label", "variant")
            for run in PLAN.runs_of(w.experiment)
        ],
        tests=lambda w: CONFIG.experiments[w.experiment].model_dump()["tests"],
        backend=CONFIG.backend,
        code=code("tests"),
    message:
        "Tests of the networks of {wildcards.experiment}"
    script:
        "../scripts/tests.py"


rule tests_summary:
    """The tests of an experiment's networks, summarised over seeds."""
    input:
        tests=rules.tests.output.tests,
    output:
        summary=RESULTS / "runs/{experiment}/tests_summary.csv",
    log:
        LOGS / "experiments/{experiment}/tests_summary.log",
    benchmark:
        BENCHMARKS / "experiments/{experiment}/tests_summary.jsonl"
    localrule: True
    params:
        code=code("tests_summary"),
    message:
        "Summary of the tests of {wildcards.experiment}"
    script:
        "../scripts/tests_summary.py"


rule tests_tables:
    """Tables of the tests of all experiments."""
    input:
        tests=PLAN.test_files("tests"),
        tests_summary=PLAN.test_files("tests_summary"),
    output:
        tests=table("tests"),
        tests_summary=table("tests_summary"),
    log:
        LOGS / "tables/tests.log",
    benchmark:
        BENCHMARKS / "tables/tests.jsonl"
    localrule: True
    params:
        code=code("tables"),
    message:
        "Tables of tests"
    script:
        "../scripts/tables.py"
