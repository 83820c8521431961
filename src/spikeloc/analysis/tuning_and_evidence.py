"""Tuning, firing rates, weights and evidence of trained networks, all tested with the same trials
(docs/model.md, "Analysis of trained networks")."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from spikeloc.analysis.binaural import binaural_units
from spikeloc.analysis.evidence import CycleSums, bin_centres_deg, evidence_by_step, phase_bins
from spikeloc.analysis.tuning import Floats, ipd_grid_rad, tuning_curves, tuning_trials, unit_table
from spikeloc.analysis.unit_statistics import statistics_table
from spikeloc.config.parameters import Backend, StimulusParameters
from spikeloc.decoders.fisher import information_over_cycle
from spikeloc.networks.ensemble_data import UNPACKED_SAMPLES, EnsembleData
from spikeloc.networks.loaded_run import LoadedRun
from spikeloc.networks.spiking_network import SpikingNetwork
from spikeloc.stimulus.generator import DataSet


@dataclass(frozen=True)
class UnitAnalysis:
    """What was found in an ensemble: tables with one row for each unit, for each hidden unit, for
    each network, and for each network and phase, and tuning curves (networks, units, ipds) by
    layer."""

    units: pd.DataFrame
    binaural: pd.DataFrame
    statistics: pd.DataFrame
    evidence: pd.DataFrame
    curves: dict[str, Floats]


def make_trials(
    stimulus: StimulusParameters, seeds: list[int], ipds: int, trials: int, backend: Backend
) -> dict[int, DataSet]:
    """Each seed's trials, ``trials`` at each of ``ipds`` IPDs."""
    return {seed: tuning_trials(stimulus, seed, ipds, trials, backend) for seed in seeds}


@torch.no_grad()
def analyse(run: LoadedRun, data: Mapping[int, DataSet], ipds: int) -> UnitAnalysis:
    """Run each network of an ensemble on its own seed's trials, as :func:`make_trials` gives them.

    The plain reference computes, because the native core keeps no spike times.
    """
    network, stimulus = run.network, run.parameters.stimulus
    assert isinstance(network, SpikingNetwork)
    own = [data[seed] for seed in run.seeds]
    together = EnsembleData.from_data_sets(own, network.classes, torch.device("cpu"))
    bins = np.stack([phase_bins(stimulus, each.trials) for each in own])
    sums = CycleSums.empty(len(own))
    counts: list[Tensor] = []
    logits: list[Tensor] = []
    for batch in together.batches(UNPACKED_SAMPLES):
        output = network.run_reference(batch.spikes)
        by_step = evidence_by_step(network, output)
        first = UNPACKED_SAMPLES * len(counts)
        sums.add(bins[:, first : first + UNPACKED_SAMPLES], by_step)
        assert output.hidden_spikes is not None  # there was evidence
        counts.append(output.hidden_spikes.sum(2))
        logits.append(output.logits)
    spikes = torch.cat(counts, dim=1).numpy()
    potential_sums = torch.cat(logits, dim=1).numpy() / network.logit_scale
    curves = {
        "hidden": tuning_curves(spikes, ipds),
        "output": tuning_curves(potential_sums, ipds),
    }
    weights = {name: each.numpy() for name, each in network.signed_weights().items()}
    evidence = sums.table()
    information = information_over_cycle(
        stimulus, np.radians(bin_centres_deg()), ipd_grid_rad(ipds)
    )
    evidence["information"] = np.tile(information / information.mean(), len(own))
    units = unit_table(curves, silent=spikes.sum(axis=1) == 0)
    return UnitAnalysis(
        units=units,
        binaural=binaural_units(network, stimulus, units),
        statistics=statistics_table(weights, spikes, stimulus.duration_ms),
        evidence=evidence,
        curves=curves,
    )
