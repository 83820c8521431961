"""Test the trained networks of one stimulus on spikes that were moved in time."""

from pathlib import Path

from spikeloc.io.checksums import checked_files
from spikeloc.io.files import read_table, write_table
from spikeloc.io.job import job_log
from spikeloc.statistics.tables import join, named

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    from spikeloc.analysis.timing import timing_tables
    from spikeloc.networks.loaded_run import load_run  # imports torch

    params, files = snakemake.params, snakemake.input
    runs = [load_run(Path(path).parent) for path in files.weights]
    tables = timing_tables(runs, params.samples, params.backend)
    rows = zip(tables, map(read_table, files.metrics), params.about, strict=True)
    parts = [named(table, own, about) for table, own, alike in rows for about in alike]
    write_table(snakemake.output.timing, join(parts))
