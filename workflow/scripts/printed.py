"""Turn what the notebooks printed into tables."""

from spikeloc.io.checksums import checked_files
from spikeloc.io.files import write_table
from spikeloc.io.job import job_log
from spikeloc.paper.printed import printed_losses, printed_table, read_printed

with job_log(snakemake.log[0]), checked_files([], snakemake.output):
    results = read_printed(snakemake.input.results)
    write_table(snakemake.output.printed, printed_table(results))
    write_table(snakemake.output.losses, printed_losses(results))
