"""Test the trained networks of one stimulus at starting phases all round the cycle."""

from pathlib import Path

from spikeloc.io.checksums import checked_files
from spikeloc.io.files import read_table, write_table
from spikeloc.io.job import job_log
from spikeloc.statistics.tables import join

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    from spikeloc.analysis.phase_effect import phase_table, score_by_phase  # imports torch
    from spikeloc.networks.loaded_run import load_run

    params, files = snakemake.params, snakemake.input
    runs = [load_run(Path(path).parent) for path in files.weights]
    scores = score_by_phase(runs, params.phases, params.samples, params.backend)
    networks = map(read_table, files.metrics)
    rows = zip(scores, networks, params.about, strict=True)
    tables = [phase_table(made, own, params.samples, about) for made, own, about in rows]
    write_table(snakemake.output.scores, join(tables))
