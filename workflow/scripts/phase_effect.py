"""Put the tests of all networks at all phases together, and say how much the phase explains."""

from spikeloc.files import write_table
from spikeloc.joblog import job_log
from spikeloc.phase_variance import phase_curve_table, phase_variance_table
from spikeloc.seals import sealed
from spikeloc.tables import join, read_experiment_table

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    effect = join(map(read_experiment_table, snakemake.input.scores))
    write_table(snakemake.output.effect, effect)
    write_table(snakemake.output.curve, phase_curve_table(effect))
    variance = phase_variance_table(effect, snakemake.params.session_samples)
    write_table(snakemake.output.variance, variance)
