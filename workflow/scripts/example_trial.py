"""Run one trained network on one sample and keep everything that happens in it."""

from pathlib import Path

from spikeloc.io.checksums import checked_files
from spikeloc.io.files import write_arrays
from spikeloc.io.job import job_log

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    from spikeloc.analysis.trial import example_trial
    from spikeloc.networks.loaded_run import (
        load_run,  # imports torch: what it warns of belongs into the log
    )

    run = load_run(Path(snakemake.input.weights).parent)
    write_arrays(snakemake.output.arrays, **example_trial(run))
