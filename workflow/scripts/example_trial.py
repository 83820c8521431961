"""Run one trained network on one sample, and write its spikes and potentials."""

from pathlib import Path

from spikeloc.io.files import write_arrays
from spikeloc.io.job import running

with running(snakemake):
    # these import torch, whose errors belong in the log
    from spikeloc.analysis.example_trial import example_trial
    from spikeloc.networks.loaded_run import load_run

    run = load_run(Path(snakemake.input.weights).parent)
    write_arrays(snakemake.output.arrays, **example_trial(run))
