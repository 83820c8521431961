"""Parameters of one run: stimulus, network and training, with units in the names."""

from spikeloc.config.parameters.run import (
    MAX_SAMPLES,
    Backend,
    DataSetName,
    Nesting,
    NetworkParameters,
    ObserverParameters,
    OverTime,
    Readout,
    Reset,
    RunParameters,
    StimulusParameters,
    Surrogate,
    TrainingParameters,
)

__all__ = [
    "MAX_SAMPLES",
    "Backend",
    "DataSetName",
    "Nesting",
    "NetworkParameters",
    "ObserverParameters",
    "OverTime",
    "Readout",
    "Reset",
    "RunParameters",
    "StimulusParameters",
    "Surrogate",
    "TrainingParameters",
]
