"""Test the trained networks of one stimulus on spikes that were moved in time."""

from pathlib import Path

from spikeloc.io.files import read_table, write_table
from spikeloc.io.job import running
from spikeloc.statistics.tables import join, named

with running(snakemake):
    from spikeloc.analysis.timing import timing_tables
    from spikeloc.networks.loaded_run import load_run  # imports torch

    params, files = snakemake.params, snakemake.input
    loaded = [load_run(Path(path).parent) for path in files.weights]
    tables = timing_tables(loaded, params.samples, params.backend)
    rows = zip(tables, map(read_table, files.metrics), params.runs, strict=True)
    parts = [named(table, own, names) for table, own, same in rows for names in same]
    write_table(snakemake.output.timing, join(parts))
