"""Files that a panel is drawn from, as its function receives them."""

from pathlib import Path

import numpy as np

from spikeloc.io.weight_files import write_weights
from spikeloc.plots.inputs import read_inputs


def test_weights_of_runs_with_the_same_condition_are_all_kept(tmp_path: Path) -> None:
    runs = ["e/free/published", "e/free/corrected", "f/free/corrected"]
    files = [tmp_path / "results/runs" / run / "weights.safetensors" for run in runs]
    for number, path in enumerate(files):
        path.parent.mkdir(parents=True)
        write_weights(path, {"w1": np.full((2, 3, 4), number, np.float32)}, {})
    weights = read_inputs({"weights": [str(path) for path in files]})["weights"]
    assert [(run, layers["w1"][0, 0]) for run, layers in weights.items()] == [
        (run, number) for number, run in enumerate(runs)
    ]
