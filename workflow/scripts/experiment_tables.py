"""Join the tables of an experiment's runs, and summarise and compare them over seeds."""

from spikeloc.io.files import write_table
from spikeloc.io.job import running
from spikeloc.statistics.comparisons import comparison_table
from spikeloc.statistics.summaries import summary_table
from spikeloc.statistics.tables import RUN_COLUMNS, join, labelled, without_diverged

with running(snakemake):
    run_names = snakemake.params.runs
    made = {
        name: join(map(labelled, snakemake.input[name], run_names))
        for name in ("metrics", "history", "confusion")
    }
    runs = made["metrics"][RUN_COLUMNS]
    write_table(snakemake.output.runs, runs)
    write_table(snakemake.output.summary, summary_table(runs))
    write_table(snakemake.output.comparisons, comparison_table(runs, snakemake.params.reference))
    for name in ("history", "confusion"):
        write_table(snakemake.output[name], without_diverged(made[name], runs))
