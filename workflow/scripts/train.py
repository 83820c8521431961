"""Train a stack of networks, evaluate it, and write its files."""

from spikeloc.joblog import job_log
from spikeloc.parameters import RunParameters
from spikeloc.seals import sealed

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    from spikeloc.stacks import run_stack  # imports torch: what it warns of belongs into the log

    run_stack(
        RunParameters.model_validate(snakemake.params.run),
        list(snakemake.params.seeds),
        list(snakemake.input.manifests),
        dict(snakemake.output.items()),
        snakemake.params.device,
        snakemake.params.backend,
        list(snakemake.input.searched),
    )
