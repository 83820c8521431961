"""Decide about every claim from the tables."""

from spikeloc.claims import claims_table, read_claims
from spikeloc.files import write_table
from spikeloc.joblog import job_log
from spikeloc.seals import sealed
from spikeloc.tables import read_experiment_table

with job_log(snakemake.log[0]), sealed(snakemake.input.tables, snakemake.output):
    paths = zip(snakemake.params.names, snakemake.input.tables, strict=True)
    tables = {name: read_experiment_table(path) for name, path in paths}
    write_table(snakemake.output.claims, claims_table(read_claims(snakemake.input.claims), tables))
