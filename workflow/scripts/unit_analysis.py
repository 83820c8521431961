"""Analyse the trained networks of one stimulus on the same trials."""

from pathlib import Path

from spikeloc.io.files import read_table, write_arrays, write_table
from spikeloc.io.job import running
from spikeloc.statistics.tables import join, named

with running(snakemake):
    from spikeloc.analysis.unit_analysis import examine, make_trials  # imports torch
    from spikeloc.networks.loaded_run import load_run

    params, files, output = snakemake.params, snakemake.input, snakemake.output
    loaded = [load_run(Path(path).parent) for path in files.weights]
    seeds = list(dict.fromkeys(seed for run in loaded for seed in run.seeds))
    stimulus = loaded[0].parameters.stimulus
    trials = make_trials(stimulus, seeds, params.ipds, params.trials, params.backend)
    tables = {"units": [], "statistics": [], "evidence": []}
    curves = {}
    for run, path, same in zip(loaded, files.metrics, params.runs, strict=True):
        found, networks = examine(run, trials, params.ipds), read_table(path)
        for names in same:
            for name, parts in tables.items():
                parts.append(named(getattr(found, name), networks, names))
            folder = "{experiment}/{condition}/{variant}".format(**names)
            curves |= {f"{folder}/{layer}": made for layer, made in found.curves.items()}
    for name, parts in tables.items():
        write_table(output[name], join(parts))
    write_arrays(output.curves, **curves)
