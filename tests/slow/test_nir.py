"""Exported networks in two simulators that read NIR: `make test-nir`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from configs import ROOT
from helpers import data_sets, ensemble, small_run

import spikeloc
from spikeloc.networks.loaded_run import LoadedRun
from spikeloc.networks.network import LocalisationNetwork

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

IMMEDIATE = {"reset": "immediate"}
FREE = {"initial_scale": 1.5}
DALE = FREE | {"signs": "dale"}
DALE_BY_INTERNEURONS = {"signs": "dale", "method": "dann_subtractive"}
NAMES = ["snnTorch", "Norse"]


@pytest.fixture(scope="module")
def simulators() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "benchmarks/simulators.py"))


def two_units(network: dict[str, Any], w1: float) -> LocalisationNetwork:
    """An input that drives a hidden unit, and one that drives nothing; alpha is 1/2."""
    stimulus = spikeloc.StimulusParameters(fibres_per_ear=1)
    parameters = spikeloc.NetworkParameters.model_validate(
        {"hidden_units": 1, "classes": 2, "tau_ms": 1 / np.log(2), "logit_scale": 0.25} | network
    )
    weights = {"w1": torch.tensor([[w1], [0.0]]), "w2": torch.tensor([[3.0, -1.0]])}
    return spikeloc.SpikingNetwork(parameters, stimulus, weights=weights)


def test_the_graph_by_hand(tmp_path: Path) -> None:
    import nir

    network = two_units(IMMEDIATE, 0.75)
    nir.write(tmp_path / "network.nir", spikeloc.to_nir(network))
    graph = nir.read(tmp_path / "network.nir")
    # a step of 1 ms leaves half, so that Euler's tau is 2 ms, and a drive counts half
    assert graph.nodes["w1"].weight.tolist() == [[1.5, 0]]
    assert graph.nodes["w2"].weight.tolist() == [[6], [-2]]
    for name in ("hidden", "readout"):
        node = graph.nodes[name]
        assert [node.tau[0], node.r[0], node.v_leak[0]] == pytest.approx([0.002, 1, 0])
    hidden = graph.nodes["hidden"]
    assert [hidden.v_threshold[0], hidden.v_reset[0]] == [1, 0]
    assert {*graph.edges} == {
        ("input", "w1"), ("w1", "hidden"), ("hidden", "w2"), ("w2", "readout"),
        ("readout", "output"),
    }  # fmt: skip
    facts = {name: graph.metadata[name] for name in ("dt", "logit_scale", "steps_to_output")}
    assert facts == {"dt": 0.001, "logit_scale": 0.25, "steps_to_output": 2}
    assert graph.metadata["reset"] == "immediate" and "other" not in graph.metadata["note"]
    exact = spikeloc.to_nir(network, integration="exact", time_step_ms=0.1)
    assert np.exp(-1e-4 / exact.nodes["hidden"].tau) == pytest.approx(0.5)
    assert exact.nodes["w1"].weight.tolist() == [[1.5, 0]]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("time_step_ms", "w1"), [(1.0, FREE), (0.5, FREE), (1.0, DALE), (1.0, DALE_BY_INTERNEURONS)]
)
def test_with_an_immediate_reset_simulators_give_our_spikes_and_logits(
    simulators: dict[str, Any], name: str, time_step_ms: float, w1: dict[str, Any]
) -> None:
    run = small_run(stimulus={"time_step_ms": time_step_ms}, network=IMMEDIATE | {"w1": w1})
    network = ensemble(run, [3, 4]).single(1)
    spikes = torch.from_numpy(data_sets(run, [3], "training")[0].spikes.unpack()).float()
    here = network(spikes)
    there = simulators["elsewhere"](name, network, spikes)
    assert here.hidden_counts is not None and 0.5 < here.hidden_counts.mean() < run.stimulus.steps
    assert torch.equal(there.hidden_counts, here.hidden_counts)
    torch.testing.assert_close(there.logits, here.logits, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_with_a_late_reset_they_do_not(simulators: dict[str, Any], name: str) -> None:
    # potentials 0.75, 1.125, 1.3125, 0, 0, ...: two spikes every five steps; there 0.75, 1.125
    # and its reset: a spike every second step
    spikes = torch.zeros(1, 12, 2)
    spikes[:, :, 0] = 1
    late = two_units({}, 0.75)
    here, there = late(spikes), simulators["elsewhere"](name, late, spikes)
    assert here.hidden_counts is not None
    assert here.hidden_counts.item() == 4 and there.hidden_counts.item() == 5
    assert "other spikes" in spikeloc.to_nir(late).metadata["note"]


def test_a_network_of_a_run_is_that_of_its_seed() -> None:
    run = LoadedRun(small_run(), ensemble(small_run(), [3, 4]))
    graphs = [spikeloc.to_nir(run, 4), spikeloc.to_nir(run[4])]
    for name in ("w1", "w2"):
        assert (graphs[0].nodes[name].weight == graphs[1].nodes[name].weight).all()


def test_neither_simulator_knows_the_node_of_the_readout(simulators: dict[str, Any]) -> None:
    import norse.torch as norse
    from snntorch.import_nir import import_from_nir

    graph = spikeloc.to_nir(two_units(IMMEDIATE, 0.75))
    with pytest.raises(ValueError, match="LI"):
        import_from_nir(graph)
    step = torch.tensor([[1.0, 0.0]])
    whole, cut = norse.from_nir(graph), norse.from_nir(simulators["before_readout"](graph))
    assert torch.equal(whole(step)[0], cut(step)[0])
