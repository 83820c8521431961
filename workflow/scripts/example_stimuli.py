"""Draw one sample at each of several IPDs."""

from spikeloc.examples import example_stimuli
from spikeloc.files import write_arrays
from spikeloc.joblog import job_log
from spikeloc.parameters import StimulusParameters
from spikeloc.seals import sealed

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    stimulus = StimulusParameters.model_validate(snakemake.params.stimulus)
    write_arrays(snakemake.output.arrays, **example_stimuli(stimulus, snakemake.params.seed))
