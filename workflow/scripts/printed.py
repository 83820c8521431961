"""Join the printed values of all experiments."""

from spikeloc.io.job import running
from spikeloc.paper.printed import Repeated, printed_losses, printed_table
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import write_table

with running(snakemake, []):
    experiments = {name: Repeated(**each) for name, each in snakemake.params.experiments.items()}
    files = dict(zip(experiments, snakemake.input.printed, strict=True))
    printed = printed_table(files, experiments)
    write_table(snakemake.output.printed, printed, table("printed"))
    write_table(snakemake.output.losses, printed_losses(printed), table("printed_losses"))
