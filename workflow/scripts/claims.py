"""Decide every claim from the tables."""

from spikeloc.io.job import running
from spikeloc.paper.claims import claims_table, read_claims
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_tables, write_table

with running(snakemake, snakemake.input.tables):
    paths = {}
    for name, path in zip(snakemake.params.names, snakemake.input.tables, strict=True):
        paths.setdefault(name, []).append(path)
    tables = {name: read_tables(parts, table(name)) for name, parts in paths.items()}
    claims = claims_table(read_claims(snakemake.input.claims), tables)
    write_table(snakemake.output.claims, claims, table("claims"))
