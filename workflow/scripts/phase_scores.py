"""Test the trained networks of one stimulus at starting phases all round the cycle."""

from pathlib import Path

import pandas as pd

from spikeloc.io.files import read_table, write_table
from spikeloc.io.job import running

with running(snakemake):
    from spikeloc.analysis.phase_effect import phase_table, score_by_phase  # imports torch
    from spikeloc.networks.loaded_run import load_run

    params, files = snakemake.params, snakemake.input
    loaded = [load_run(Path(path).parent, params.backend) for path in files.weights]
    scores = score_by_phase(loaded, params.phases, params.samples, params.backend)
    networks = map(read_table, files.metrics)
    rows = zip(scores, networks, params.runs, strict=True)
    tables = [phase_table(made, own, params.samples, run_names) for made, own, run_names in rows]
    write_table(snakemake.output.scores, pd.concat(tables, ignore_index=True))
