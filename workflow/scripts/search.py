"""Search for good settings of one recipe."""

from spikeloc.config.parameters import RunParameters
from spikeloc.config.search.settings import Search
from spikeloc.io.files import write_table
from spikeloc.io.job import running

with running(snakemake):
    # imports torch, whose errors belong in the log
    from spikeloc.training.successive_halving import search_table

    runs = [RunParameters.model_validate(run) for run in snakemake.params.runs]
    search = Search.model_validate(snakemake.params.search)
    table = search_table(search, runs, print, snakemake.params.backend)
    table.insert(0, "recipe", snakemake.wildcards.recipe)
    write_table(snakemake.output.search, table)
