"""Test the trained networks of one stimulus at starting phases all round the cycle."""

from pathlib import Path

from spikeloc.files import read_table, write_table
from spikeloc.joblog import job_log
from spikeloc.seals import sealed
from spikeloc.tables import join

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    from spikeloc.phase_effect import phase_table, score_by_phase  # imports torch
    from spikeloc.runs import load_run

    params, files = snakemake.params, snakemake.input
    runs = [load_run(Path(path).parent) for path in files.weights]
    scores = score_by_phase(runs, params.phases, params.samples, params.backend)
    networks = map(read_table, files.metrics)
    rows = zip(scores, networks, params.about, strict=True)
    tables = [phase_table(made, own, params.samples, about) for made, own, about in rows]
    write_table(snakemake.output.scores, join(tables))
