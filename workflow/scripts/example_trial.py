"""Run one trained network on one sample and keep everything that happens in it."""

from pathlib import Path

from spikeloc.files import write_arrays
from spikeloc.joblog import job_log
from spikeloc.seals import sealed

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    from spikeloc.runs import load_run  # imports torch: what it warns of belongs into the log
    from spikeloc.trial import example_trial

    run = load_run(Path(snakemake.input.weights).parent)
    write_arrays(snakemake.output.arrays, **example_trial(run))
