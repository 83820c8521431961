"""Exported networks in snnTorch and Norse beside the same networks here: the table of docs/nir.md.

`make test-nir` makes the environment for it. The networks are trained first, and tested on their
test data.
"""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import nir
import norse.torch as norse
import snntorch
import torch
from snntorch.import_nir import import_from_nir
from torch import Tensor

import spikeloc
from spikeloc.config.expansion import expand
from spikeloc.config.loading import load_config
from spikeloc.config.parameters import RunParameters
from spikeloc.networks.network import LocalisationNetwork, NetworkOutput
from spikeloc.networks.nir_export import Integration
from spikeloc.statistics.bootstrap import bootstrap_interval

ROOT = Path(__file__).parents[1]
RUN = "baseline/dale-0.5/corrected"
# config, reset and number of seeds; only the reference trains with an immediate reset, slowly
CASES = [("quick", "late", 10), ("quick", "immediate", 10), ("paper", "late", 10)]
CASES += [("paper", "immediate", 3)]
SNNTORCH_STEP_MS = 0.1  # fixed in snnTorch's reader of NIR, whatever the graph says


def before_readout(graph: nir.NIRGraph) -> nir.NIRGraph:
    """The same graph without its LI node, which snnTorch refuses and Norse leaves out silently."""
    nodes = {name: node for name, node in graph.nodes.items() if name != "readout"}
    edges = [edge for edge in graph.edges if "readout" not in edge]
    return nir.NIRGraph(nodes, [*edges, ("w2", "output")])


def in_norse(graph: nir.NIRGraph, spikes: Tensor) -> tuple[Tensor, Tensor]:
    """Potentials of the readout and hidden spikes, both (samples, steps, units)."""
    module = norse.from_nir(before_readout(graph), dt=graph.metadata["dt"])
    node = graph.nodes["readout"]
    tau, leak = torch.from_numpy(node.tau), torch.from_numpy(node.v_leak)
    readout = norse.LIBoxCell(norse.LIBoxParameters(1 / tau, leak), dt=graph.metadata["dt"])
    state = membrane = None
    potentials, hidden = [], []
    for step in spikes.unbind(1):
        drive, state = module(step, state)
        potential, membrane = readout(drive, membrane)
        potentials.append(potential)
        hidden.append(state.cache["hidden"])
    return torch.stack(potentials, 1), torch.stack(hidden, 1)


def in_snntorch(graph: nir.NIRGraph, spikes: Tensor) -> tuple[Tensor, Tensor]:
    """Potentials of the readout and hidden spikes, both (samples, steps, units)."""
    with contextlib.redirect_stdout(io.StringIO()):  # it tells what it does
        module = import_from_nir(before_readout(graph))
    share = torch.from_numpy(SNNTORCH_STEP_MS / 1000 / graph.nodes["readout"].tau)
    readout = snntorch.Leaky(beta=1 - share, reset_mechanism="none")
    hidden: list[Tensor] = []
    module.hidden.register_forward_hook(lambda _module, _inputs, output: hidden.append(output))
    state, membrane, potentials = None, torch.zeros(len(spikes), len(share)), []
    for step in spikes.unbind(1):
        drive, state = module(step, state)
        _, membrane = readout(share * drive, membrane)
        potentials.append(membrane)
    return torch.stack(potentials, 1), torch.stack(hidden, 1)


SIMULATORS: dict[str, tuple[Callable[..., tuple[Tensor, Tensor]], float | None]] = {
    "snnTorch": (in_snntorch, SNNTORCH_STEP_MS),
    "Norse": (in_norse, None),
}


@torch.no_grad()
def elsewhere(
    name: str, network: LocalisationNetwork, spikes: Tensor, integration: Integration = "euler"
) -> NetworkOutput:
    """What a simulator makes of a network's graph, in the steps in which the network does it."""
    simulate, step_ms = SIMULATORS[name]
    graph = spikeloc.to_nir(network, integration=integration, time_step_ms=step_ms)
    potentials, hidden = simulate(graph, spikes)
    seen = spikes.shape[1] - graph.metadata["steps_to_output"]
    logits = graph.metadata["logit_scale"] * potentials[:, :seen].sum(1)
    return NetworkOutput(logits, hidden[:, : seen + 1].sum(1))


def trained(
    run: RunParameters, seeds: int
) -> tuple[LocalisationNetwork, list[tuple[Tensor, Tensor]]]:
    """Networks of the first seeds, and the spikes and classes of each one's test data."""
    samples = run.samples_by_purpose()
    data = {
        purpose: [
            spikeloc.LocalisationDataset(
                run.stimulus, samples[purpose], seed, purpose, run.network.classes
            )
            for seed in range(1, seeds + 1)
        ]
        for purpose in samples
    }
    network = spikeloc.SpikingNetwork(run.network, run.stimulus, list(range(1, seeds + 1)))
    spikeloc.train(network, data["training"], data["validation"], run.training)
    tests = [(torch.from_numpy(t.spikes.unpack()).float(), t.targets) for t in data["test"]]
    return network, tests


def main() -> None:
    """Train, test here and there, and print the table."""
    print(
        "| size | reset | exported for | simulator | networks | accuracy here, % | there, % "
        "| difference, points [95 %] | hidden rate here, sp/s | there, sp/s | same class, % |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|"
    )
    for config, reset, seeds in CASES:
        runs = {each.path: each for each in expand(load_config(ROOT / f"config/{config}.yaml"))}
        run = runs[RUN].parameters
        parameters = run.network.model_copy(update={"reset": reset})
        network, tests = trained(run.model_copy(update={"network": parameters}), seeds)
        for integration in ("euler",) if reset == "late" else ("euler", "exact"):
            print_rows(f"| {config} | {reset} ", network, tests, integration)


def print_rows(
    start: str,
    network: LocalisationNetwork,
    tests: list[tuple[Tensor, Tensor]],
    integration: Integration,
) -> None:
    """A row for each simulator."""
    seconds = tests[0][0].shape[1] * network.time_step_ms / 1000
    with torch.no_grad():
        singles = [network.single(place) for place in range(len(tests))]
        here = [each(spikes) for each, (spikes, _) in zip(singles, tests, strict=True)]
    for name in SIMULATORS:
        scores = []
        for own, single, (spikes, target) in zip(here, singles, tests, strict=True):
            there = elsewhere(name, single, spikes, integration)
            classes = [each.logits.argmax(1) for each in (own, there)]
            rates = [each.hidden_counts.float().mean() / seconds for each in (own, there)]
            right = [100 * (each == target).float().mean() for each in classes]
            same = 100 * (classes[0] == classes[1]).float().mean()
            scores.append(torch.stack([*right, right[1] - right[0], *rates, same]))
        table = torch.stack(scores).double()
        low, high = bootstrap_interval(table[:, 2].numpy())
        mean = [f"{each:.1f}" for each in table.mean(0).tolist()]
        mean[2] += f" [{low:.1f}, {high:.1f}]"
        print(f"{start}| {integration} | {name} | {len(tests)}", *mean, sep=" | ", end=" |\n")


if __name__ == "__main__":
    main()
