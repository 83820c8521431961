"""Write the spikes, IPDs and starting phases of a manifest's data sets to one npz file."""

from spikeloc.config.parameters import StimulusParameters
from spikeloc.io.files import write_arrays
from spikeloc.io.job import running
from spikeloc.stimulus.manifests import read_data_sets

with running(snakemake):
    ((_, data_sets),) = read_data_sets(
        snakemake.input.manifest,
        StimulusParameters.model_validate(snakemake.params.stimulus),
        [int(snakemake.wildcards.seed)],
        snakemake.params.sizes,
        snakemake.params.backend,
    )
    arrays = {}
    for purpose, data in data_sets.items():
        arrays[f"{purpose}_bits"] = data.spikes.bits
        arrays[f"{purpose}_ipd_rad"] = data.trials.ipd_rad
        arrays[f"{purpose}_phase_cycles"] = data.trials.phase_cycles
    write_arrays(snakemake.output.spikes, fibres=data.spikes.fibres, **arrays)
