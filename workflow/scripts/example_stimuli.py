"""Draw one sample at each of several IPDs."""

from spikeloc.config.parameters import StimulusParameters
from spikeloc.io.files import write_arrays
from spikeloc.io.job import running
from spikeloc.stimulus.examples import example_stimuli

with running(snakemake):
    stimulus = StimulusParameters.model_validate(snakemake.params.stimulus)
    write_arrays(snakemake.output.arrays, **example_stimuli(stimulus, snakemake.params.seed))
