"""When training stops, which weights it keeps, and that networks leave each other alone."""

import math
from collections.abc import Sequence
from typing import Any

import pytest
import torch
from helpers import (
    CPU,
    Trained,
    data_sets,
    ensemble,
    ensemble_data,
    small_run,
    start_network,
    start_weights,
    train_ensemble,
)
from hypothesis import given
from hypothesis import strategies as st

from spikeloc.config.parameters import RunParameters, TrainingParameters
from spikeloc.metrics.evaluation import evaluate
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.networks.initial_weights import uniform_weights
from spikeloc.training.train import Progress, keeps_best, should_stop, train

SEEDS = [1, 2, 3, 4]
# a rate at which validation losses go up and down, so that best and last epochs differ
RESTLESS = {"learning_rate": 0.3, "epochs": 10, "weights_kept": "notebook"}


def stops_after(losses: Sequence[float], patience: int = 10) -> int | None:
    """The epoch after which a loss curve stops training."""
    epochs = range(len(losses))
    return next((e for e in epochs if should_stop(losses[: e + 1], patience)), None)


def plainly_stops_after(losses: Sequence[float], patience: int) -> int | None:
    for epoch in range(len(losses)):
        first = epoch - patience + 1  # of the last `patience` losses
        if epoch > patience and all(losses[first] <= losses[e] for e in range(first, epoch + 1)):
            return epoch
    return None


def assert_same_network(one: Trained, n: int, other: Trained, m: int) -> None:
    assert one.progress[n] == other.progress[m]
    for name, layer in one.weights.items():
        assert torch.equal(layer[n], other.weights[name][m])


@pytest.mark.parametrize(
    ("losses", "epoch"),
    [
        # smallest at epoch 4: it is the first of the last 10, epochs 4 .. 13, after epoch 13
        ([5, 4, 3, 2, 1] + [2] * 20, 13),
        # smallest at epoch 0: the last 10 start there after epoch 9, but e > 10 is not yet true.
        # After epoch 11 they are 2 .. 11, of which epoch 2 is the smallest
        ([0, 4, 1] + [3] * 20, 11),
        # a tie: 1 at epochs 3 and 8; the first minimum counts, 3 + 9 = 12
        ([4, 3, 2, 1, 5, 5, 5, 5, 1] + [5] * 20, 12),
        # flat: the first of equals is the smallest, as soon as e > 10
        ([2] * 20, 11),
        # ever better: never
        (list(range(40, 0, -1)), None),
        # too short to stop
        ([1] + [2] * 10, None),
        # a better epoch (5) before the last 10 is forgotten: epoch 13 is the smallest of 13 .. 22,
        # and after no earlier epoch is the first of ten the smallest
        ([9, 8, 7, 6, 5, 5.5, *[5.4 - 0.1 * i for i in range(8)], *[5.0] * 9], 22),
    ],
)
def test_training_stops_after_the_epoch_worked_out_by_hand(
    losses: list[float], epoch: int | None
) -> None:
    assert stops_after(losses) == epoch


@given(losses=st.lists(st.integers(0, 5), max_size=30), patience=st.integers(1, 12))
def test_training_stops_as_the_definition_says(losses: list[float], patience: int) -> None:
    assert stops_after(losses, patience) == plainly_stops_after(losses, patience)


@pytest.mark.parametrize(
    ("losses", "best"), [([], None), ([3], 0), ([3, 1, 2], 1), ([2, 1, 3, 1], 1)]
)
def test_the_best_epoch_is_the_first_minimum(losses: list[float], best: int | None) -> None:
    assert Progress(val_loss=losses).best_epoch == best


@pytest.mark.parametrize(
    ("kept", "stopped", "best"),
    [
        ("best", False, True),
        ("best", True, True),
        ("notebook", False, False),
        ("notebook", True, True),
    ],
)
def test_which_weights_are_kept(kept: Any, stopped: bool, best: bool) -> None:
    assert (
        keeps_best(Progress(stopped_early=stopped), TrainingParameters(weights_kept=kept)) is best
    )


def test_without_validation_the_last_weights_have_one_name() -> None:
    plain = {"validate_each_epoch": False, "epochs": 2}
    last, notebook = (small_run(training=plain | {"weights_kept": k}) for k in ("last", "notebook"))
    assert last.network_name([1]) == notebook.network_name([1])
    assert last.normalised() == notebook.normalised() == notebook
    assert_same_network(train_ensemble(last, [1]), 0, train_ensemble(notebook, [1]), 0)
    validated = (small_run(training={"weights_kept": kept}) for kept in ("last", "notebook"))
    assert len({each.network_name([1]) for each in validated}) == 2


def last_weights_after(epochs: int, **training: Any) -> Trained:
    """Training cut short: the weights as they were after so many epochs."""
    return train_ensemble(small_run(training={**RESTLESS, **training, "epochs": epochs}), SEEDS)


def validation_losses(trained: Trained, run: RunParameters) -> list[float]:
    return evaluate(trained.network, ensemble_data(run, SEEDS, "validation")).loss.tolist()


def test_validation_losses_are_those_of_the_weights_after_each_epoch() -> None:
    run = small_run(training=RESTLESS)
    whole = train_ensemble(run, SEEDS)
    for epoch in (0, 4, 9):
        expected = validation_losses(last_weights_after(epoch + 1), run)
        assert [each.val_loss[epoch] for each in whole.progress] == pytest.approx(expected)


def test_best_keeps_the_weights_of_the_best_epoch() -> None:
    trained = train_ensemble(small_run(training={**RESTLESS, "weights_kept": "best"}), SEEDS)
    for n, each in enumerate(trained.progress):
        best = min(range(10), key=lambda epoch: each.val_loss[epoch])
        assert len(each.val_loss) == len(each.train_loss) == 10 and each.best_epoch == best
        expected = last_weights_after(best + 1).weights
        for name, layer in trained.weights.items():
            assert torch.equal(layer[n], expected[name][n])
    assert {each.best_epoch for each in trained.progress} - {9}  # not the last one anyway


def test_notebook_keeps_the_last_weights_of_a_whole_training() -> None:
    run = small_run(training=RESTLESS)
    trained = train_ensemble(run, SEEDS)
    last = [each.val_loss[-1] for each in trained.progress]
    assert not any(each.stopped_early for each in trained.progress)
    assert last != [min(each.val_loss) for each in trained.progress]
    assert validation_losses(trained, run) == pytest.approx(last)


def test_early_stopping_follows_each_networks_own_losses() -> None:
    whole = train_ensemble(small_run(training={**RESTLESS, "patience_epochs": 1000}), SEEDS)
    stopping = train_ensemble(small_run(training={**RESTLESS, "patience_epochs": 2}), SEEDS)
    ends = set()
    for n, (free, each) in enumerate(zip(whole.progress, stopping.progress, strict=True)):
        end = plainly_stops_after(free.val_loss, patience=2)
        epochs = 10 if end is None else end + 1
        assert each.stopped_early == (end is not None) and not each.diverged
        assert each.val_loss == free.val_loss[:epochs] and len(each.train_loss) == epochs
        ends.add(epochs)
        # notebook: the best weights of a network that stopped early, the last ones otherwise
        assert each.best_epoch is not None
        kept = epochs if end is None else each.best_epoch + 1
        expected = last_weights_after(kept, patience_epochs=1000).weights
        for name, layer in stopping.weights.items():
            assert torch.equal(layer[n], expected[name][n])
    assert len(ends) > 1 and min(ends) < 9  # some went on while others had stopped


@pytest.mark.parametrize("network", [{}, {"w1": {"signs": "dale"}}, {"model": "membrane_only"}])
def test_an_ensemble_trains_bitwise_as_its_networks(network: dict[str, Any]) -> None:
    run = small_run(network=network, training={**RESTLESS, "patience_epochs": 2})
    together = train_ensemble(run, SEEDS)
    for n, seed in enumerate(SEEDS):
        assert_same_network(together, n, train_ensemble(run, [seed]), 0)
    other_order = train_ensemble(run, [3, 1])
    assert_same_network(other_order, 0, together, 2)
    assert_same_network(other_order, 1, together, 0)


def test_training_again_gives_the_same_bits() -> None:
    run = small_run()
    first, second = train_ensemble(run, SEEDS), train_ensemble(run, SEEDS)
    for n in range(len(SEEDS)):
        assert_same_network(first, n, second, n)


@pytest.mark.parametrize("batch_size", [1, 13, 48, 64])
def test_every_sample_counts_once_whatever_the_batches(batch_size: int) -> None:
    # a rate of next to nothing: the epoch's loss is the mean over all samples at the start
    training = {"learning_rate": 1e-30, "batch_size": batch_size, "epochs": 2}
    run = small_run(network={"logit_scale": 1.0}, training=training)
    start = evaluate(start_network(run, SEEDS), ensemble_data(run, SEEDS)).loss
    for each, expected in zip(train_ensemble(run, SEEDS).progress, start, strict=True):
        assert each.train_loss == pytest.approx([expected] * 2, rel=1e-6)


def test_each_epoch_is_reported() -> None:
    lines: list[str] = []
    run = small_run(training={"epochs": 2})
    data, validation = ensemble_data(run, [1]), ensemble_data(run, [1], "validation")
    train(ensemble(run, [1]), data, validation, run.training, lines.append)
    assert [line.split(":")[0] for line in lines] == ["epoch 1/2", "epoch 2/2"]


def test_a_network_that_diverges_leaves_the_others_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = small_run(training=RESTLESS)
    healthy = train_ensemble(run, SEEDS)

    def broken_for_seed_2(name: str, shape: tuple[int, int], *network_id: int) -> torch.Tensor:
        return uniform_weights(name, shape, *network_id) * (math.nan if network_id[0] == 2 else 1)

    monkeypatch.setattr("spikeloc.networks.initial_weights.uniform_weights", broken_for_seed_2)
    trained = train_ensemble(run, SEEDS)
    assert [each.diverged for each in trained.progress] == [False, True, False, False]
    assert len(trained.progress[1].train_loss) == 1 and not trained.progress[1].stopped_early
    for n in (0, 2, 3):
        assert_same_network(trained, n, healthy, n)


def test_a_network_whose_validation_loss_ends_has_diverged_not_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # after epoch 3 the last two are 1 and nothing: the first minimum is the first of them
    losses = iter([[3.0], [2.0], [1.0], [math.nan]])
    monkeypatch.setattr("spikeloc.training.train.mean_loss", lambda *_: next(losses))
    run = small_run(training={"epochs": 10, "patience_epochs": 2})
    (progress,) = train_ensemble(run, [1]).progress
    assert progress.diverged and not progress.stopped_early and len(progress.val_loss) == 4


def test_weights_beyond_floats_diverge() -> None:
    # the second network sees no spikes: its gradients are 0 and its loss is ln 4 for ever
    training = {"learning_rate": 3e37, "epochs": 4}
    run = small_run(network={"logit_scale": 100.0}, training=training)
    quiet = run.model_copy(
        update={"stimulus": run.stimulus.model_copy(update={"rate_max_hz": 0.0})}
    )

    def mixed(purpose: str) -> EnsembleData:
        sets = [*data_sets(run, [1], purpose), *data_sets(quiet, [2], purpose)]
        return EnsembleData.from_data_sets(sets, 4, CPU)

    network = ensemble(run, [1, 2])
    loud, silent = train(network, mixed("training"), mixed("validation"), run.training)
    assert loud.diverged and len(loud.train_loss) < 4
    assert not silent.diverged and silent.train_loss == pytest.approx([math.log(4)] * 4)
    for name, layer in start_weights(run, [2]).items():
        assert torch.equal(network.signed_weights()[name][1], layer[0])
