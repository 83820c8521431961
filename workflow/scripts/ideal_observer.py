"""Measure the ideal observer of one stimulus."""

from spikeloc.files import write_table
from spikeloc.joblog import job_log
from spikeloc.parameters import StimulusParameters
from spikeloc.seals import sealed

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    from spikeloc.observer_scores import observer_table  # imports torch: warnings go to the log

    table = observer_table(
        StimulusParameters.model_validate(snakemake.params.observed["stimulus"]),
        snakemake.params.observed["classes"],
        **snakemake.params.settings,
        backend=snakemake.params.backend,
    )
    write_table(snakemake.output.observed, table)
