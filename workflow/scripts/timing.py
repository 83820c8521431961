"""Test the trained networks of one stimulus with the counts of their hidden spikes alone."""

from pathlib import Path

from spikeloc.io.files import read_table, write_table
from spikeloc.io.job import running
from spikeloc.statistics.tables import join, with_run_and_network

with running(snakemake):
    from spikeloc.analysis.timing import timing_tables
    from spikeloc.networks.loaded_run import load_run  # imports torch

    params, files = snakemake.params, snakemake.input
    loaded = [load_run(Path(path).parent, params.backend) for path in files.weights]
    tables = timing_tables(loaded, params.samples, params.backend)
    rows = zip(tables, map(read_table, files.metrics), params.runs, strict=True)
    parts = [
        with_run_and_network(table, networks, run_names)
        for table, networks, alike in rows
        for run_names in alike
    ]
    write_table(snakemake.output.timing, join(parts))
