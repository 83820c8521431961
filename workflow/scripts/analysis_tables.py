"""Join the analyses of all networks, and summarise them over seeds."""

from spikeloc.analysis.summary_tables import (
    binaural_table,
    evidence_table,
    in_order,
    ipd_error_table,
    statistics_summary,
    timing_table,
    trough_table,
    tuning_table,
)
from spikeloc.io.files import read_arrays, write_arrays
from spikeloc.io.job import running
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_table, write_table
from spikeloc.statistics.tables import join

with running(snakemake):
    output = snakemake.output

    def joined(paths, name):
        parts = join(read_table(path, table(name)) for path in paths)
        return in_order(parts, list(snakemake.params.paths))

    inputs = snakemake.input
    units = joined(inputs.units, "units")
    binaural = joined(inputs.binaural, "binaural_units")
    statistics = joined(inputs.statistics, "network_statistics")
    timing = joined(inputs.timing, "network_timing")
    evidence = joined(inputs.evidence, "network_evidence")
    confusion = joined(inputs.confusion, "confusion")
    write_table(output.units, units, table("units"))
    write_table(output.tuning, tuning_table(units), table("tuning"))
    write_table(output.binaural, binaural_table(binaural), table("binaural"))
    write_table(output.statistics, statistics_summary(statistics), table("unit_statistics"))
    write_table(output.timing, timing_table(timing), table("timing"))
    write_table(output.evidence, evidence_table(evidence), table("evidence"))
    write_table(output.trough, trough_table(evidence), table("evidence_trough"))
    write_table(output.ipd_errors, ipd_error_table(confusion), table("ipd_errors"))
    curves = {}
    for path in snakemake.input.curves:
        curves |= read_arrays(path)
    write_arrays(output.curves, **curves)
