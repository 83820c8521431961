"""Hidden units of every kind once more: a plain loop in torch, for gradients."""

import torch
from torch import Tensor

from spikeloc.networks.neuron import LIFUnits


def spike(excess: Tensor, slope: float) -> Tensor:
    """1 above 0, with the slope of a sigmoid."""
    smooth = torch.sigmoid(slope * excess)
    return (smooth - smooth.detach()) + (excess > 0)


def plain_unit(drive: list[Tensor], units: LIFUnits) -> tuple[list[Tensor], list[Tensor]]:
    """Potentials and spikes of one unit, from its drive in each time step, as the equations are
    written; the slope of a spike is that of a sigmoid."""
    zero = torch.zeros((), dtype=torch.float64)
    v, s, a = [zero], [zero], [zero]
    for t in range(len(drive) - 1):
        recent = [s[t - i].item() for i in range(units.refractory_steps) if t >= i]
        ready = 0.0 if 1 in recent else 1.0
        charged = units.alpha * v[t] + ready * drive[t]
        decayed = units.threshold_alpha * a[t]
        if units.reset == "immediate":
            s.append(ready * spike(charged - (1 + decayed), units.slope))
            v.append(charged * (1 - s[t + 1]))
            a.append(decayed + units.threshold_jump * s[t + 1])
            continue
        s.append(ready * spike(v[t] - (1 + a[t]), units.slope))
        if units.reset == "late":
            v.append(charged * (1 - s[t]))
        else:
            v.append(charged - (1 + a[t]) * s[t])
        a.append(decayed + units.threshold_jump * s[t])
    return v, s
