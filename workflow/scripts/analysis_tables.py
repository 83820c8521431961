"""Join the analyses of all networks, and summarise them over seeds."""

from spikeloc.analysis.tables import (
    evidence_table,
    in_order,
    ipd_error_table,
    statistics_summary,
    timing_table,
    trough_table,
    tuning_table,
)
from spikeloc.io.files import read_arrays, write_arrays, write_table
from spikeloc.io.job import running
from spikeloc.statistics.tables import join, read_experiment_table

with running(snakemake):
    output = snakemake.output

    def joined(name):
        parts = join(map(read_experiment_table, snakemake.input[name]))
        return in_order(parts, list(snakemake.params.paths))

    units, evidence = joined("units"), joined("evidence")
    write_table(output.units, units)
    write_table(output.tuning, tuning_table(units))
    write_table(output.statistics, statistics_summary(joined("statistics")))
    write_table(output.timing, timing_table(joined("timing")))
    write_table(output.evidence, evidence_table(evidence))
    write_table(output.trough, trough_table(evidence))
    write_table(output.ipd_errors, ipd_error_table(joined("confusion")))
    curves = {}
    for path in snakemake.input.curves:
        curves |= read_arrays(path)
    write_arrays(output.curves, **curves)
