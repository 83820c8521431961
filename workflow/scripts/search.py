"""Search for good settings of one recipe."""

from spikeloc.files import write_table
from spikeloc.joblog import job_log
from spikeloc.parameters import RunParameters
from spikeloc.seals import sealed
from spikeloc.search_parameters import Search

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    from spikeloc.search import search_table  # imports torch: what it warns of goes to the log

    runs = [RunParameters.model_validate(run) for run in snakemake.params.runs]
    search = Search.model_validate(snakemake.params.search)
    table = search_table(search, runs, print, snakemake.params.backend)
    table.insert(0, "recipe", snakemake.wildcards.recipe)
    write_table(snakemake.output.search, table)
