"""Format every number that the paper's text looks up."""

import json

from spikeloc.io.checksums import checked_files
from spikeloc.io.files import write_text
from spikeloc.io.job import job_log
from spikeloc.paper.numbers import paper_numbers
from spikeloc.statistics.tables import read_experiment_table

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    numbers = paper_numbers(
        {name: read_experiment_table(path) for name, path in snakemake.input.items()},
        snakemake.params.trained_from,
        snakemake.params.classes,
    )
    write_text(snakemake.output.numbers, json.dumps(numbers, indent=1, ensure_ascii=False) + "\n")
