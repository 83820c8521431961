"""Test the trained networks of one stimulus on spikes that were moved in time."""

from pathlib import Path

from spikeloc.files import read_table, write_table
from spikeloc.joblog import job_log
from spikeloc.seals import sealed
from spikeloc.tables import join, named

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    from spikeloc.runs import load_run  # imports torch
    from spikeloc.timing import timing_tables

    params, files = snakemake.params, snakemake.input
    runs = [load_run(Path(path).parent) for path in files.weights]
    tables = timing_tables(runs, params.samples, params.backend)
    rows = zip(tables, map(read_table, files.metrics), params.about, strict=True)
    parts = [named(table, own, about) for table, own, alike in rows for about in alike]
    write_table(snakemake.output.timing, join(parts))
