"""Decide about every claim from the tables."""

from spikeloc.io.checksums import checked_files
from spikeloc.io.files import write_table
from spikeloc.io.job import job_log
from spikeloc.paper.claims import claims_table, read_claims
from spikeloc.statistics.tables import read_experiment_table

with job_log(snakemake.log[0]), checked_files(snakemake.input.tables, snakemake.output):
    paths = zip(snakemake.params.names, snakemake.input.tables, strict=True)
    tables = {name: read_experiment_table(path) for name, path in paths}
    write_table(snakemake.output.claims, claims_table(read_claims(snakemake.input.claims), tables))
