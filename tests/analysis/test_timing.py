"""What a readout makes of hidden spikes, and of their counts alone."""

import math

import numpy as np
import pytest
import torch
from helpers import BACKENDS, small_run, start_network

from spikeloc.analysis.timing import PURPOSE, timing_tables
from spikeloc.config.parameters import Backend
from spikeloc.networks.loaded_run import LoadedRun
from spikeloc.stimulus.generator import make_data_set


def loaded(backend: Backend = "auto", phase: str = "per_sample") -> LoadedRun:
    run = small_run({"phase": phase})
    return LoadedRun(run, start_network(run, [3, 8], 4.0, backend))


@pytest.mark.parametrize("phase", ["per_sample", "per_dataset"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_scores_are_those_of_spikes_and_of_counts(backend: Backend, phase: str) -> None:
    run = loaded(backend, phase)
    (table,) = timing_tables([run], 40, backend)
    assert table["control"].tolist() == ["spikes"] * 2 + ["hidden_counts"] * 2
    for place, seed in enumerate(run.seeds):
        data = make_data_set(run.parameters.stimulus, seed, PURPOSE, 40)
        true = ((data.trials.ipd_rad / math.pi + 0.5) * 4).astype(int)
        own = table[table["network_index"] == place].set_index("control")["accuracy"]
        estimated = run(data.spikes).logits[place].argmax(1).numpy()
        assert own["spikes"] == pytest.approx(100 * np.mean(estimated == true))
        hidden = run(data.spikes).hidden_spikes
        assert hidden is not None
        w2 = run.network.signed_weights()["w2"][place]
        decided = (hidden[place].sum(1) @ w2).argmax(1).numpy()
        assert own["hidden_counts"] == pytest.approx(100 * np.mean(decided == true))


def test_silent_networks_do_not_care() -> None:
    run = loaded()
    torch.nn.init.zeros_(run.network.w1)
    (table,) = timing_tables([run], 40)
    assert (table.groupby("network_index")["accuracy"].nunique() == 1).all()


def test_runs_of_several_stimuli_are_refused() -> None:
    run = small_run({"rate_max_hz": 300.0})
    other = LoadedRun(run, start_network(run, [3]))
    with pytest.raises(ValueError, match="several stimuli"):
        timing_tables([loaded(), other], 10)
