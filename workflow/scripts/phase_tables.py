"""Join the tests of all networks at all phases, and compute the variance that phase explains."""

from spikeloc.analysis.phase_variance import phase_curve_table, phase_variance_table
from spikeloc.io.files import write_table
from spikeloc.io.job import running
from spikeloc.statistics.tables import join, read_experiment_table

with running(snakemake):
    effect = join(map(read_experiment_table, snakemake.input.scores))
    write_table(snakemake.output.effect, effect)
    write_table(snakemake.output.curve, phase_curve_table(effect))
    variance = phase_variance_table(effect, snakemake.params.session_samples)
    write_table(snakemake.output.variance, variance)
