"""Measure a training step here, in other simulators, and of the bare kernel: `make bench-others`.

Two processes, each on one core and with one thread, measure all entries in turn, several times:
the first one alone, then both at once. ``python benchmarks/others.py [OUTPUT]`` writes the medians
to results/benchmarks/others.json (or OUTPUT), and prints the table of README.md from them.
"""

import ctypes
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from spikeloc.config.parameters import StimulusParameters
from spikeloc.io.environment import THREADS, keep_memory
from spikeloc.io.files import write_text

ROOT = Path(__file__).parents[1]
OUTPUT = "results/benchmarks/others.json"
LIBRARY = ROOT / "build/bare_kernel.so"
BATCH, BATCHES, SEEDS = 64, 8, 10
EPOCHS = 5  # jobs train for 10 to 30 epochs, so work done once per job counts less in them
REPEATS = 3
STIMULUS = StimulusParameters()
SECONDS = 0.3  # processor time of one measurement
PACKAGES = ("spyx", "jax", "torch", "spikingjelly", "snntorch")
IMMEDIATE = "spike and reset to 0 in the step that crosses the threshold"
# by entry: what it is, and how its network differs from the notebooks'
DIFFERENCES = {
    "native": ("spikeloc, ensemble of 10", "none; weights obey Dale's principle"),
    "native_single": ("spikeloc, single network", "none; weights obey Dale's principle"),
    "spyx": (
        "Spyx {spyx} (JAX {jax})",
        "spike a step late; the threshold is subtracted; leaks are trained too",
    ),
    "compiled": ("the notebooks' loop, `torch.compile` (torch {torch})", "none"),
    "spikingjelly": ("SpikingJelly {spikingjelly} (torch)", IMMEDIATE),
    "snntorch": ("snnTorch {snntorch}", f"{IMMEDIATE}, without gradient through the reset"),
    "naive": ("the notebooks' loop (torch {torch})", "none"),
    "bare": ("the bare kernel: row additions of our core alone", "no neuron, no learning"),
}


def compile_bare() -> None:
    """Compile the bare kernel for this machine."""
    LIBRARY.parent.mkdir(exist_ok=True)
    flags = "-O3 -march=native -std=c++17 -ffp-contract=off -fno-strict-aliasing -Wno-psabi"
    compiler = os.environ.get("CXX", "c++")
    source = str(ROOT / "benchmarks/bare_kernel.cpp")
    include = f"-I{ROOT / 'src/spikeloc/native'}"
    command = [compiler, *flags.split(), include, "-shared", "-fPIC", "-o", str(LIBRARY), source]
    subprocess.run(command, check=True)


def bare_entry(samples: int, steps: int, inputs: int) -> tuple[Callable[[], object], int]:
    """The row additions of ten training steps."""
    add_rows = ctypes.CDLL(str(LIBRARY)).add_rows
    size = [ctypes.c_size_t(each) for each in (samples, steps, inputs)]
    return lambda: [add_rows(*size) for _ in range(10)], 10


def own_entries(samples: int, seeds: int) -> dict[str, tuple[Callable[[], object], int]]:
    """Ours: for each entry, a function, and how many steps of one network it trains."""
    import spikeloc

    data = [spikeloc.LocalisationDataset(STIMULUS, samples, seed) for seed in range(1, seeds + 1)]
    training = spikeloc.TrainingParameters(
        epochs=EPOCHS, validate_each_epoch=False, weights_kept="last"
    )

    def entry(count: int) -> tuple[Callable[[], object], int]:
        def work() -> None:
            spikeloc.train(network(range(1, count + 1)), data[:count], training=training)

        return work, EPOCHS * -(-samples // training.batch_size) * count

    return {"native": entry(seeds), "native_single": entry(1)}


def simulator_entries() -> dict[str, tuple[Callable[[], object], int]]:
    """The same of the other simulators, on the data and from the weights of our seed 1."""
    import torch
    from other_simulators import SIMULATORS

    import spikeloc

    torch.set_num_threads(1)
    ours = network([1])
    weights = [ours.signed_weights()[name][0].detach() for name in ("w1", "w2")]
    data = spikeloc.LocalisationDataset(STIMULUS, BATCH * BATCHES, 1)
    spikes = torch.from_numpy(data.spikes.unpack()).float()
    dense = list(zip(spikes.split(BATCH), data.targets.split(BATCH), strict=True))

    def entry(simulator: Any) -> tuple[Callable[[], object], int]:
        batches = [simulator.batch(*each) for each in dense]
        return lambda: [simulator.step(*batch) for batch in batches], len(batches)

    return {name: entry(make(*weights, ours.alpha)) for name, make in SIMULATORS.items()}


def network(seeds: Iterable[int]) -> Any:
    """Ours: obeys Dale's principle at an inhibitory fraction of one half, as in the paper."""
    import spikeloc

    dale = spikeloc.LayerParameters(signs="dale", inhibitory_fraction=0.5)
    parameters = spikeloc.NetworkParameters(w1=dale, w2=dale)
    return spikeloc.SpikingNetwork(parameters, STIMULUS, seed=list(seeds))


def spike_trains() -> dict[str, str]:
    """The spikes of a unit with alpha = 1/2 and a constant drive of 3/4 in 12 steps, by entry."""
    import torch
    from other_simulators import SIMULATORS

    import spikeloc

    w1, w2 = torch.tensor([[0.75]]), torch.tensor([[1.0, -1.0]])
    made = {
        name: make(w1, w2, 0.5).hidden(torch.ones(1, 12, 1)) for name, make in SIMULATORS.items()
    }
    sizes = {"hidden_units": 1, "classes": 2, "tau_ms": 1.4426950408889634}
    stimulus = StimulusParameters(fibres_per_ear=1)
    weights = {"w1": torch.tensor([[0.75], [0.0]]), "w2": w2}
    parameters = spikeloc.NetworkParameters.model_validate(sizes)
    network = spikeloc.SpikingNetwork(parameters, stimulus, weights=weights)
    made["native"] = network(torch.ones(1, 12, 2), record=True).hidden_spikes
    return {
        name: "".join(str(int(each)) for each in spikes.flatten().tolist())
        for name, spikes in made.items()
    }


def serve(core: int) -> None:
    """Measure the entries that standard input names, on one core; the answers are lines of JSON."""
    os.sched_setaffinity(0, {core})
    keep_memory()
    entries = own_entries(BATCH * BATCHES, SEEDS) | simulator_entries()
    entries["bare"] = bare_entry(BATCH, 100, 200)
    for work, _ in entries.values():
        for _ in range(2):  # Spyx compiles twice
            work()
    answer(list(entries))
    for line in sys.stdin:
        if line.strip() == "spikes":
            answer(spike_trains())
        else:
            answer(measure(*entries[line.strip()]))


def answer(value: object) -> None:
    print("=" + json.dumps(value), flush=True)


def measure(work: Callable[[], object], steps: int, limit: float = SECONDS) -> dict[str, float]:
    """Milliseconds of wall time and of processor time for a step of one network."""
    done, wall, busy = 0, time.perf_counter(), time.process_time()
    while not done or time.process_time() - busy < limit:
        work()
        done += steps
    wall, busy = time.perf_counter() - wall, time.process_time() - busy
    return {"wall_ms": 1000 * wall / done, "cpu_ms": 1000 * busy / done}


class Worker:
    """A process that measures on one core."""

    def __init__(self, core: int) -> None:
        command = [sys.executable, __file__, "--serve", str(core)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, name: str) -> None:
        assert self.process.stdin
        print(name, file=self.process.stdin, flush=True)

    def answer(self) -> Any:
        """The next answer; other lines are messages of the simulators."""
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("="):
                return json.loads(line[1:])
        raise SystemExit("bench-others: a process has stopped, see above")


def alternate(names: Iterable[str], workers: list[Worker]) -> dict[str, dict[str, list[float]]]:
    """The measurements of each entry on the first core alone and on all cores at once."""
    found: dict[str, dict[str, list[float]]] = {}
    for _ in range(REPEATS):
        for name in names:
            entry = found.setdefault(name, {})
            for asked, prefix in ((workers[:1], "one"), (workers, "all")):
                for worker in asked:
                    worker.ask(name)
                answers = [worker.answer() for worker in asked]
                for kind in ("wall_ms", "cpu_ms"):
                    rate = sum(1000 / each[kind] for each in answers)  # steps per second
                    entry.setdefault(f"{prefix}_{kind[:-3]}_per_s", []).append(rate)
    return found


def summary(
    found: dict[str, dict[str, list[float]]], spikes: dict[str, str], versions: dict[str, str]
) -> dict[str, Any]:
    """The medians, as the file has them; ``versions`` of PACKAGES."""
    entries = {}
    for name, (title, differs) in DIFFERENCES.items():
        rates = {kind: statistics.median(each) for kind, each in found[name].items()}
        entries[name] = {
            "name": title.format(**versions),
            "cpu_ms": 1000 / rates["one_cpu_per_s"],
            "wall_ms": 1000 / rates["one_wall_per_s"],
            "both_cores_cpu_per_s": rates["all_cpu_per_s"],
            "both_cores_wall_per_s": rates["all_wall_per_s"],
            "spikes": spikes.get(name.removesuffix("_single"), ""),
            "differences": differs,
            "rates": found[name],
        }
    return {"processor": processor(), "repeats": REPEATS, "entries": entries}


def processor() -> str:
    """The name of this machine's processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    return next((x.partition(": ")[2] for x in lines if x.startswith("model name")), "unknown")


def main(output: str) -> None:
    """Measure, print the table and write the file."""
    compile_bare()
    os.environ.update(dict.fromkeys(THREADS, "1"))
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    workers = [Worker(core) for core in sorted(os.sched_getaffinity(0))[:2]]
    names, *_ = [worker.answer() for worker in workers]
    workers[0].ask("spikes")
    spikes = workers[0].answer()
    versions = {name: version(name).partition("+")[0] for name in PACKAGES}
    results = summary(alternate(names, workers), spikes, versions)
    for worker in workers:
        worker.process.communicate()
    write_text(output, json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(int(sys.argv[2]))
    else:
        main(*(sys.argv[1:2] or [OUTPUT]))
