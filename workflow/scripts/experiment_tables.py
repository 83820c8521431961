"""Join the tables of an experiment's runs, and summarise them over seeds."""

from spikeloc.files import write_table
from spikeloc.joblog import job_log
from spikeloc.statistics import summary_table
from spikeloc.tables import RUN_COLUMNS, join, labelled

with job_log(snakemake.log[0]):
    about = snakemake.params.about
    made = {
        name: join(map(labelled, snakemake.input[name], about))
        for name in ("metrics", "history", "confusion")
    }
    runs = made["metrics"][RUN_COLUMNS]
    write_table(snakemake.output.runs, runs)
    write_table(snakemake.output.summary, summary_table(runs))
    write_table(snakemake.output.history, made["history"])
    write_table(snakemake.output.confusion, made["confusion"])
