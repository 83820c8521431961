"""Test the trained networks of one experiment."""

from pathlib import Path

from spikeloc.config.network_tests import NetworkTest
from spikeloc.io.files import read_table, write_table
from spikeloc.io.job import running
from spikeloc.statistics.tables import join, with_run_and_network

with running(snakemake):
    from spikeloc.analysis.network_tests import score_networks
    from spikeloc.networks.loaded_run import load_run  # imports torch

    params, files = snakemake.params, snakemake.input
    tests = {name: NetworkTest.model_validate(test) for name, test in params.tests.items()}
    loaded = [load_run(Path(path).parent, params.backend) for path in files.weights]
    scores = score_networks(loaded, tests, params.backend)
    rows = zip(scores, map(read_table, files.metrics), params.runs, strict=True)
    write_table(snakemake.output.tests, join(with_run_and_network(*each) for each in rows))
