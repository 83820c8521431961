"""Join the results of the hand-built localiser at all envelope powers."""

from spikeloc.decoders.coincidence_tables import joined_tuning, summary_table
from spikeloc.io.files import read_arrays, read_table, write_arrays, write_table
from spikeloc.io.job import running
from spikeloc.statistics.tables import join

with running(snakemake):
    scores = join(map(read_table, snakemake.input.scores))
    write_table(snakemake.output.scores, scores)
    write_table(snakemake.output.summary, summary_table(scores))
    write_table(snakemake.output.search, join(map(read_table, snakemake.input.search)))
    tuning = joined_tuning([read_arrays(path) for path in snakemake.input.tuning])
    write_arrays(snakemake.output.tuning, **tuning)
