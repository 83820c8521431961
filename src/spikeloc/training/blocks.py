"""The files of a run, joined from those of its blocks of seeds.

The bytes are those that an ensemble of all seeds would have written, since no bit of a network
depends on the others.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spikeloc.io.files import copy_file, read_arrays, write_arrays, write_text
from spikeloc.io.weight_files import ensemble_metadata, read_weights, write_weights


def join_blocks(
    blocks: Mapping[str, Sequence[str | Path]], outputs: Mapping[str, str | Path]
) -> None:
    """Join the networks of blocks, in their order.

    Args:
        blocks: paths by name (weights, history, ...), one for each block.
        outputs: path by name.

    Raises:
        InputError: a file is missing or damaged.
    """
    read = [read_weights(path) for path in blocks["weights"]]
    layers = _joined([own for _, own in read])
    seeds, networks = ([n for own, _ in read for n in own[key]] for key in ("seeds", "networks"))
    metadata = ensemble_metadata(layers, read[0][0]["parameters"], seeds, networks)
    write_weights(outputs["weights"], layers, metadata)
    predictions = _joined([read_arrays(path) for path in blocks["predictions"]])
    write_arrays(outputs["predictions"], **predictions)
    for name in ("history", "metrics", "confusion"):
        head, *others = [Path(path).read_text(encoding="utf-8") for path in blocks[name]]
        write_text(outputs[name], head + "".join(each.partition("\n")[2] for each in others))
    copy_file(blocks["rates"][0], outputs["rates"])  # all blocks are trained at the same rate


def _joined(blocks: Sequence[Mapping[str, npt.NDArray[Any]]]) -> dict[str, npt.NDArray[Any]]:
    """Each array of the blocks, whose first axis are the networks."""
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
