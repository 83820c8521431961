"""Analyse the trained networks of one stimulus on the same trials."""

from pathlib import Path

from spikeloc.config.run_names import run_path
from spikeloc.io.files import read_table, write_arrays, write_table
from spikeloc.io.job import running
from spikeloc.statistics.tables import join, with_run_and_network

with running(snakemake):
    from spikeloc.analysis.tuning_and_evidence import analyse, make_trials  # imports torch
    from spikeloc.networks.loaded_run import load_run

    params, files, output = snakemake.params, snakemake.input, snakemake.output
    loaded = [load_run(Path(path).parent, params.backend) for path in files.weights]
    seeds = list(dict.fromkeys(seed for run in loaded for seed in run.seeds))
    stimulus = loaded[0].parameters.stimulus
    trials = make_trials(stimulus, seeds, params.ipds, params.trials, params.backend)
    tables = {"units": [], "binaural": [], "statistics": [], "evidence": []}
    curves = {}
    for run, metrics, alike in zip(loaded, files.metrics, params.runs, strict=True):
        found, networks = analyse(run, trials, params.ipds), read_table(metrics)
        for run_names in alike:
            for name, parts in tables.items():
                parts.append(with_run_and_network(getattr(found, name), networks, run_names))
            curves |= {
                f"{run_path(run_names)}/{layer}": made for layer, made in found.curves.items()
            }
    for name, parts in tables.items():
        write_table(output[name], join(parts))
    write_arrays(output.curves, **curves)
