"""Draw one sample at each of several IPDs."""

from spikeloc.config.parameters import StimulusParameters
from spikeloc.io.checksums import checked_files
from spikeloc.io.files import write_arrays
from spikeloc.io.job import job_log
from spikeloc.stimulus.examples import example_stimuli

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    stimulus = StimulusParameters.model_validate(snakemake.params.stimulus)
    write_arrays(snakemake.output.arrays, **example_stimuli(stimulus, snakemake.params.seed))
