"""The decay of the learning rate during training: docs/model.md, "Training".

For :class:`torch.optim.lr_scheduler.LambdaLR`; torch's own schedules compute it step by step, and
accumulate rounding errors.
"""

import math

from spikeloc.config.parameters import TrainingParameters

FINAL_SHARE = 0.01  # of the learning rate, at the end of an exponential decay


def rate_factor(training: TrainingParameters, epoch: int) -> float:
    """The factor of the learning rate in an epoch (from 0).

    ``cosine``: half a cosine from 1 to almost 0 over all epochs (Loshchilov & Hutter 2017, "SGDR",
    ICLR, without restarts); ``exponential``: from 1 towards 0.01.
    """
    progress = epoch / training.epochs
    if training.learning_rate_decay == "cosine":
        return (1 + math.cos(math.pi * progress)) / 2
    if training.learning_rate_decay == "exponential":
        return FINAL_SHARE**progress
    return 1.0
