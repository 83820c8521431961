"""Join the tests of all networks at all phases, and compute the variance that phase explains."""

from spikeloc.analysis.phase_variance import phase_curve_table, phase_variance_table
from spikeloc.io.job import running
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_table, write_table
from spikeloc.statistics.tables import join

with running(snakemake):
    effect = join(read_table(path, table("phase_effect")) for path in snakemake.input.scores)
    write_table(snakemake.output.effect, effect, table("phase_effect"))
    write_table(snakemake.output.curve, phase_curve_table(effect), table("phase_curve"))
    variance = phase_variance_table(effect, snakemake.params.session_samples)
    write_table(snakemake.output.variance, variance, table("phase_variance"))
