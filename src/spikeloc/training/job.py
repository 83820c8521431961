"""A training job: from a manifest to the files of a trained and evaluated ensemble."""

import math
from collections.abc import Mapping
from pathlib import Path

from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.io.environment import prepared_device
from spikeloc.io.files import copy_file, read_table, write_table
from spikeloc.metrics.evaluation import evaluate
from spikeloc.networks.membrane_only import build_network
from spikeloc.training.data import ensemble_data
from spikeloc.training.learning_rates import at_chosen_rate, given_rate
from spikeloc.training.results import save_run
from spikeloc.training.train import train


def train_and_evaluate(
    run: RunParameters,
    seeds: list[int],
    manifest: str | Path,
    outputs: Mapping[str, str | Path],
    device: str,
    backend: Backend,
    rates: str | Path | None = None,
) -> None:
    """Train the networks of each seed, evaluate the weights that are kept, and write all files.

    Args:
        run: parameters of the networks and their training.
        seeds: of the networks.
        manifest: of the seeds' stimuli.
        outputs: path by name, as for :func:`spikeloc.training.results.save_run`.
        device: "cpu" or "cuda".
        backend: what computes; see :func:`spikeloc.native.use_native`.
        rates: the table that :func:`spikeloc.training.learning_rates.search_rate` has written, if
            the run has a ``rate_search``.

    Raises:
        InputError: the manifest is damaged or belongs to another stimulus or seed, or there is no
            such device.
    """
    torch_device = prepared_device(device)
    print("seeds", *seeds)
    if run.rate_search is None:
        write_table(outputs["rates"], given_rate(run.training.learning_rate))
    else:
        assert rates is not None
        copy_file(rates, outputs["rates"])
        run = at_chosen_rate(run, read_table(rates))
    network_ids = run.nesting.network_ids(seeds)
    data = ensemble_data(run, seeds, manifest, torch_device, backend)
    network = build_network(run.network, run.stimulus, network_ids, backend).to(torch_device)
    start = network.signed_weights()
    on = {"start": evaluate(network, data["test"])}
    progress = train(network, data["training"], data.get("validation"), run.training, print)
    on |= {purpose: evaluate(network, each) for purpose, each in data.items()}
    for each, loss in zip(progress, on["training"].loss, strict=True):
        # the very last step may diverge without any effect on the losses of the epochs
        each.diverged |= not math.isfinite(loss)
    save_run(outputs, network, start, progress, run, on)
