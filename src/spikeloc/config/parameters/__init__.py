"""Parameters of one run: stimulus, network and training, with units in the names.

The defaults are those of the paper. A value out of range raises pydantic's ``ValidationError`` when
a model is made; :func:`spikeloc.io.errors.first_problem` turns it into one line.
"""

from spikeloc.config.parameters.layers import LayerParameters, SignMethod
from spikeloc.config.parameters.network import (
    NetworkParameters,
    OverTime,
    Readout,
    Reset,
    Surrogate,
)
from spikeloc.config.parameters.run import Backend, DataSetName, Nesting, RunParameters
from spikeloc.config.parameters.stimulus import StimulusParameters
from spikeloc.config.parameters.training import (
    MAX_SAMPLES,
    RatePenaltyParameters,
    RateSearch,
    TrainingParameters,
)

__all__ = [
    "MAX_SAMPLES",
    "Backend",
    "DataSetName",
    "LayerParameters",
    "Nesting",
    "NetworkParameters",
    "OverTime",
    "RatePenaltyParameters",
    "RateSearch",
    "Readout",
    "Reset",
    "RunParameters",
    "SignMethod",
    "StimulusParameters",
    "Surrogate",
    "TrainingParameters",
]
