"""Turn what the notebooks printed into tables."""

from spikeloc.files import write_table
from spikeloc.joblog import job_log
from spikeloc.printed import printed_losses, printed_table, read_printed
from spikeloc.seals import sealed

with job_log(snakemake.log[0]), sealed([], snakemake.output):
    results = read_printed(snakemake.input.results)
    write_table(snakemake.output.printed, printed_table(results))
    write_table(snakemake.output.losses, printed_losses(results))
