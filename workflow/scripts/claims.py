"""Decide every claim from the tables."""

from spikeloc.io.files import write_table
from spikeloc.io.job import running
from spikeloc.paper.claims import claims_table, read_claims
from spikeloc.statistics.tables import read_experiment_table

with running(snakemake, snakemake.input.tables):
    paths = zip(snakemake.params.names, snakemake.input.tables, strict=True)
    tables = {name: read_experiment_table(path) for name, path in paths}
    write_table(snakemake.output.claims, claims_table(read_claims(snakemake.input.claims), tables))
