"""Choose the hand-built localiser's detectors for one envelope power, and test them."""

from spikeloc.config.coincidence import Coincidence
from spikeloc.config.parameters import RunParameters
from spikeloc.io.files import write_arrays, write_table
from spikeloc.io.job import running

with running(snakemake):
    from spikeloc.decoders.coincidence_scores import choose_and_score  # imports torch

    params = snakemake.params
    runs = {name: RunParameters.model_validate(run) for name, run in params.runs.items()}
    blocks = len(snakemake.input.manifests) // len(runs)
    manifests = {
        name: snakemake.input.manifests[index * blocks : (index + 1) * blocks]
        for index, name in enumerate(runs)
    }
    grid = Coincidence.model_validate(params.grid)
    outcome = choose_and_score(runs, manifests, list(params.seeds), grid, params.backend)
    write_table(snakemake.output.search, outcome.search)
    write_table(snakemake.output.scores, outcome.scores)
    write_arrays(snakemake.output.tuning, **outcome.tuning)
