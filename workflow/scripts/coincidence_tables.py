"""Join the results of the hand-built localiser at all envelope powers."""

from spikeloc.decoders.coincidence_tables import joined_tuning, summary_table
from spikeloc.io.files import read_arrays, write_arrays
from spikeloc.io.job import running
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_table, write_table
from spikeloc.statistics.tables import join

with running(snakemake):
    scored, tried = table("coincidence"), table("coincidence_search")
    scores = join(read_table(path, scored) for path in snakemake.input.scores)
    search = join(read_table(path, tried) for path in snakemake.input.search)
    write_table(snakemake.output.scores, scores, scored)
    write_table(snakemake.output.summary, summary_table(scores), table("coincidence_summary"))
    write_table(snakemake.output.search, search, tried)
    tuning = joined_tuning([read_arrays(path) for path in snakemake.input.tuning])
    write_arrays(snakemake.output.tuning, **tuning)
