"""Format all numbers that the texts look up."""

import json

from spikeloc.io.files import write_text
from spikeloc.io.job import running
from spikeloc.paper.numbers import paper_numbers
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_tables

with running(snakemake):
    numbers = paper_numbers(
        {name: read_tables(parts, table(name)) for name, parts in snakemake.input.items()},
        snakemake.params.trained_from,
        snakemake.params.counted,
        {**snakemake.params.stimulus, "classes": snakemake.params.classes},
    )
    # Snakemake compares checksums of files up to 1 MB only
    write_text(snakemake.output.numbers, json.dumps(numbers, ensure_ascii=False) + "\n")
