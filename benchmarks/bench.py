"""Measure the time of a training step: the notebooks' loop, the reference, the native core, and the
matrix products alone.

All are measured in turn, several times, on one thread; the results are medians. The native core is
measured per network in an ensemble of 10, as jobs use it, and on a single network. ``python
benchmarks/bench.py [OUTPUT]`` writes results/benchmarks/training.json (or OUTPUT) and prints a
table. ``--worker NAME`` runs one implementation for a few seconds and prints its networks times
steps per second, to measure two processes on two cores.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from spikeloc.io.environment import keep_memory, pin_numerics

pin_numerics()  # before torch is imported
keep_memory()

import torch
from naive import NaiveNetwork

from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.io.files import write_text
from spikeloc.metrics.evaluation import evaluate, mean_loss
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.networks.spiking_network import SpikingNetwork
from spikeloc.stimulus.generator import DataSet, make_data_set
from spikeloc.training.train import train

OUTPUT = "results/benchmarks/training.json"
BATCH = 64
SEEDS = 10
EPOCHS = 5  # jobs train for 10 to 30 epochs, so work done once per job counts less in them
REPEATS = 5
WORKER_SECONDS = 5.0
CPU = torch.device("cpu")


def parameters(samples: int, epochs: int, validate: bool = False) -> RunParameters:
    """The Dale network of the paper at an inhibitory fraction of 0.5."""
    layer = {"signs": "dale", "inhibitory_fraction": 0.5}
    training = {
        "epochs": epochs,
        "training_samples": samples,
        "validation_samples": samples,
        "validate_each_epoch": validate,
        "weights_kept": "best" if validate else "notebook",
    }
    return RunParameters.model_validate(
        {"network": {"w1": layer, "w2": layer}, "training": training}
    )


def ensemble_data(data: list[DataSet], run: RunParameters) -> EnsembleData:
    """Data sets of an ensemble on the CPU."""
    return EnsembleData.from_data_sets(data, run.network.classes, CPU)


def ensemble(run: RunParameters, networks: int, backend: Backend = "auto") -> SpikingNetwork:
    """Networks of seeds 0, 1, ... before training."""
    return SpikingNetwork(run.network, run.stimulus, range(networks), backend)


def naive_network(run: RunParameters) -> NaiveNetwork:
    """The notebooks' network with the weights and signs of seed 0."""
    network = SpikingNetwork(run.network, run.stimulus, seed=0)
    layers = [network.parametrizations[name] for name in ("w1", "w2")]
    w1, w2 = (each.original.detach() for each in layers)
    return NaiveNetwork(w1, w2, tuple(each[0].sign for each in layers), network.alpha)


class Contestants:
    """The implementations that are measured."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.run = parameters(BATCH * steps, EPOCHS)
        run, seeds = self.run, range(SEEDS)
        made = [make_data_set(run.stimulus, seed, "training", BATCH * steps) for seed in seeds]
        self.ensemble = ensemble_data(made, run)
        self.single = ensemble_data(made[:1], run)
        self.dense = [
            (batch.spikes.unpacked()[0], batch.target[0]) for batch in self.single.batches(BATCH)
        ]
        self.network = naive_network(run)
        self.weights = ensemble(run, SEEDS).signed_weights()
        self.evaluated = SpikingNetwork(run.network, run.stimulus, seeds, "native", self.weights)

    def naive(self) -> None:
        for x, y in self.dense:
            self.network.step(x, y)

    def naive_eval(self) -> None:
        with torch.no_grad():
            for x, _ in self.dense:
                self.network.evaluate(x)

    def train(self, backend: Backend, data: EnsembleData) -> None:
        train(ensemble(self.run, data.networks, backend), data, training=self.run.training)

    def native_eval(self) -> None:
        mean_loss(self.evaluated, self.ensemble)

    def dense_products(self) -> None:
        """The two products that every dense implementation needs: h, and dW1 from dh."""
        w1 = self.weights["w1"][0]
        for x, _ in self.dense:
            rows = x.flatten(0, 1)
            h = rows @ w1
            rows.T @ h

    def by_name(self) -> dict[str, tuple[Callable[[], None], int]]:
        """For each result, its function and the number of steps of one network that it makes."""
        one, all_of_them = self.steps, self.steps * SEEDS
        trained = EPOCHS * one
        return {
            "naive_ms": (self.naive, one),
            "reference_ms": (lambda: self.train("reference", self.single), trained),
            "native_ms": (lambda: self.train("native", self.ensemble), trained * SEEDS),
            "native_single_ms": (lambda: self.train("native", self.single), trained),
            "dense_ms": (self.dense_products, one),
            "naive_eval_ms": (self.naive_eval, one),
            "native_eval_ms": (self.native_eval, all_of_them),
        }


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(contestants: Contestants) -> dict[str, float]:
    """Milliseconds per step of one network for each implementation: median of repeats in turn."""
    measured = contestants.by_name()
    for work, _ in measured.values():
        work()  # warm up: imports and memory
    times: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(REPEATS):
        for name, (work, steps) in measured.items():
            times[name].append(1000 * seconds(work) / steps)
    return {name: statistics.median(each) for name, each in times.items()}


def check_losses(steps: int = 12) -> float:
    """The largest relative difference between losses of the naive loop and the reference."""
    run = parameters(BATCH, epochs=steps)
    data = ensemble_data([make_data_set(run.stimulus, 0, "training", BATCH)], run)
    (reference,) = train(ensemble(run, 1, "reference"), data, training=run.training)
    network = naive_network(run)
    (batch,) = data.batches(BATCH)
    naive = [network.step(batch.spikes.unpacked()[0], batch.target[0]) for _ in range(steps)]
    return max(abs(a - b) / b for a, b in zip(naive, reference.train_loss, strict=True))


def generator_speedup(samples: int = 256) -> float:
    """The speed of the native core at drawing spikes, relative to numpy."""
    stimulus = parameters(BATCH, 1).stimulus
    times: dict[Backend, list[float]] = {"native": [], "reference": []}
    for _ in range(REPEATS):
        for backend, each in times.items():
            draw = lambda: make_data_set(stimulus, 0, "training", samples, 0, backend)  # noqa: E731, B023
            each.append(seconds(draw))
    return statistics.median(times["reference"]) / statistics.median(times["native"])


def condition_seconds() -> float:
    """Seconds for a whole condition of 10 seeds: data, training with validation, evaluation."""

    def condition() -> None:
        run = parameters(4096, run_epochs, validate=True)
        data = {
            purpose: ensemble_data(
                [make_data_set(run.stimulus, seed, purpose, samples) for seed in range(SEEDS)], run
            )
            for purpose, samples in run.data_sizes().items()
        }
        networks = ensemble(run, SEEDS)
        train(networks, data["training"], data["validation"], run.training)
        for each in data.values():
            evaluate(networks, each)

    run_epochs = RunParameters().training.epochs
    return seconds(condition)


def worker(name: str) -> None:
    """Print the networks times steps per second of one implementation."""
    contestants = Contestants(8)
    work, at_once = contestants.by_name()[name]
    work()
    started, steps = time.perf_counter(), 0
    while time.perf_counter() - started < WORKER_SECONDS:
        work()
        steps += at_once
    print(steps / (time.perf_counter() - started))


def both_cores(name: str) -> float:
    """Networks times steps per second of two processes that run at the same time."""
    command = [sys.executable, __file__, "--worker", name]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    return sum(float(each.communicate()[0]) for each in workers)


def table(results: dict[str, float]) -> str:
    """The results as a table in text."""
    lines = [f"{'one thread, batch 64, 200-30-12, 100 steps':44}{'ms':>9}{'naive / it':>12}"]
    for name, milliseconds in results.items():
        if name.endswith("_ms"):
            against = results["naive_eval_ms" if "eval" in name else "naive_ms"]
            lines.append(f"{name[:-3]:44}{milliseconds:9.3f}{against / milliseconds:12.1f}")
    lines += [f"{k:44}{v:9.3g}" for k, v in results.items() if not k.endswith("_ms")]
    return "\n".join(lines)


def main(output: str) -> None:
    """Measure all implementations, print the results and write them to ``output``."""
    results: dict[str, float] = {"loss_difference": check_losses()}
    results |= measure(Contestants(64))
    results["speedup_train"] = results["naive_ms"] / results["native_ms"]
    results["speedup_eval"] = results["naive_eval_ms"] / results["native_eval_ms"]
    results["generator_speedup"] = generator_speedup()
    for name in ("naive", "native"):
        results[f"{name}_both_cores_per_s"] = both_cores(f"{name}_ms")
    results["condition_s"] = condition_seconds()
    print(table(results))
    write_text(output, json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    if sys.argv[1:2] == ["--worker"]:
        worker(sys.argv[2])
    else:
        main(*(sys.argv[1:2] or [OUTPUT]))
