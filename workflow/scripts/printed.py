"""Join the printed values of all experiments."""

from spikeloc.io.files import write_table
from spikeloc.io.job import running
from spikeloc.paper.printed import printed_losses, printed_table

with running(snakemake, []):
    files = dict(zip(snakemake.params.experiments, snakemake.input.printed, strict=True))
    printed = printed_table(files)
    write_table(snakemake.output.printed, printed)
    write_table(snakemake.output.losses, printed_losses(printed))
