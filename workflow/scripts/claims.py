"""Decide every claim from the tables."""

from spikeloc.io.job import running
from spikeloc.paper.claims import claims_table, read_claims
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_table, write_table

with running(snakemake, snakemake.input.tables):
    paths = zip(snakemake.params.names, snakemake.input.tables, strict=True)
    tables = {name: read_table(path, table(name)) for name, path in paths}
    claims = claims_table(read_claims(snakemake.input.claims), tables)
    write_table(snakemake.output.claims, claims, table("claims"))
