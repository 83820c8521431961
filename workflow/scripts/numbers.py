"""Format every number that the paper's text looks up."""

import json

from spikeloc.files import read_table, write_text
from spikeloc.joblog import job_log
from spikeloc.numbers import paper_numbers
from spikeloc.tables import read_experiment_table

with job_log(snakemake.log[0]):
    numbers = paper_numbers(
        read_experiment_table(snakemake.input.runs),
        read_experiment_table(snakemake.input.summary),
        read_experiment_table(snakemake.input.comparisons),
        read_table(snakemake.input.printed),
        list(snakemake.params.distinct),
        snakemake.params.classes,
    )
    write_text(snakemake.output.numbers, json.dumps(numbers, indent=1, ensure_ascii=False) + "\n")
