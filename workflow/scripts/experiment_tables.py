"""Join the tables of an experiment's runs, and summarise and compare them over seeds."""

from spikeloc.io.job import running
from spikeloc.statistics.comparisons import comparison_table
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_run_table, write_table
from spikeloc.statistics.summaries import summary_table
from spikeloc.statistics.tables import join, without_diverged

with running(snakemake):
    output = snakemake.output

    def joined(paths, declared):
        runs = zip(paths, snakemake.params.runs, strict=True)
        return join(read_run_table(path, run_names, declared) for path, run_names in runs)

    runs = joined(snakemake.input.metrics, table("runs"))
    write_table(output.runs, runs, table("runs"))
    write_table(output.summary, summary_table(runs), table("summary"))
    comparisons = comparison_table(runs, snakemake.params.reference)
    write_table(output.comparisons, comparisons, table("comparisons"))
    for name in ("history", "confusion"):
        rows = joined(snakemake.input[name], table(name))
        write_table(output[name], without_diverged(rows, runs), table(name))
