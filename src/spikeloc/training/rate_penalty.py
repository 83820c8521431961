"""A penalty on hidden firing rates outside a band: docs/model.md, "Training"."""

from torch import Tensor

from spikeloc.config.parameters import RatePenaltyParameters


def rate_penalty(
    hidden_counts: Tensor, seconds: float, parameters: RatePenaltyParameters
) -> Tensor:
    """What each network's loss is raised by, (networks,).

    It is the mean over hidden units of the squared distance of their rate from the band, times the
    weight. A unit's rate is its mean over the batch.

    Args:
        hidden_counts: spikes of each unit in each sample (networks, samples, hidden).
        seconds: duration of a sample.
        parameters: the band, in spikes/s, and the weight.
    """
    rate_hz = hidden_counts.mean(1) / seconds
    outside_hz = rate_hz - rate_hz.clamp(parameters.min_hz, parameters.max_hz)
    return parameters.weight * outside_hz.square().mean(1)
