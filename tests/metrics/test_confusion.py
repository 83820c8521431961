"""Which class is mistaken for which."""

import numpy as np

from spikeloc.metrics.confusion import confusion_shares


def test_confusion_of_several_networks() -> None:
    counts = np.array([[[3, 0], [1, 0]], [[1, 1], [1, 3]]])
    assert confusion_shares(counts).tolist() == [
        [[0.75, 0.0], [0.25, 0.0]],  # class 1 never came
        [[0.5, 0.25], [0.5, 0.75]],
    ]
