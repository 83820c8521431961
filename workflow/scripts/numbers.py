"""Format every number that the paper's text looks up."""

import json

from spikeloc.files import write_text
from spikeloc.joblog import job_log
from spikeloc.numbers import paper_numbers
from spikeloc.seals import sealed
from spikeloc.tables import read_experiment_table

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    numbers = paper_numbers(
        {name: read_experiment_table(path) for name, path in snakemake.input.items()},
        snakemake.params.trained_from,
        snakemake.params.classes,
    )
    write_text(snakemake.output.numbers, json.dumps(numbers, indent=1, ensure_ascii=False) + "\n")
