"""Weight files that are damaged, or forged with a checksum that is right, load as they were written
or are refused in one line."""

import json
import struct
import tracemalloc
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from helpers import small_run
from hypothesis import given
from hypothesis import strategies as st

from spikeloc import load_run
from spikeloc.io.errors import InputError
from spikeloc.io.files import RUN_FILES, digest
from spikeloc.io.weight_files import write_weights

RUN = small_run(network={"w1": {"signs": "dale", "inhibitory_fraction": 0.25}})
WEIGHTS: dict[str, npt.NDArray[np.float32]] = {
    "w1": np.arange(2 * 14 * 6, dtype=np.float32).reshape(2, 14, 6) / np.float32(64),
    "w2": np.arange(2 * 6 * 4, dtype=np.float32).reshape(2, 6, 4) / np.float32(-64),
}
TOLD = {"parameters": RUN.model_dump(), "seeds": [3, 8], "networks": [1, 1]}
MEMORY = 1_000_000  # bytes; the file has 2 thousand
DEEP = 100_000


@dataclass(frozen=True)
class Parts:
    """A file of safetensors in its parts: what its header says of the tensors, what is told in its
    metadata, and its data."""

    tensors: dict[str, Any]
    told: Any
    data: bytes

    def checksum(self) -> str:
        """Of the metadata, and of name, shape and bytes of each matrix."""
        hashed = sha256(digest(self.told).encode())
        for name, told in sorted(self.tensors.items()):
            hashed.update(f"{name} {tuple(told['shape'])}".encode())
            hashed.update(self.data[slice(*told["data_offsets"])])
        return hashed.hexdigest()

    def sealed(self) -> bytes:
        """The file with a checksum that is right."""
        return self.with_entries({"spikeloc": json.dumps({**self.told, "sha256": self.checksum()})})

    def with_entries(self, entries: object) -> bytes:
        """The file with other metadata."""
        return self.with_header({"__metadata__": entries, **self.tensors})

    def with_header(self, header: object) -> bytes:
        """The file with another header."""
        text = header if isinstance(header, bytes) else json.dumps(header).encode()
        return struct.pack("<Q", len(text)) + text + self.data


def layout(weights: Mapping[str, Any]) -> Parts:
    tensors, data = {}, b""
    for name, each in weights.items():
        offsets = [len(data), len(data) + each.nbytes]
        tensors[name] = {"dtype": "F32", "shape": list(each.shape), "data_offsets": offsets}
        data += each.tobytes()
    return Parts(tensors, TOLD, data)


WHOLE = layout(WEIGHTS)
HEADER = json.loads(WHOLE.sealed()[8 : -len(WHOLE.data)])
TEXT = json.dumps(HEADER).encode()
ENTRY = HEADER["__metadata__"]["spikeloc"]


def header(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The whole file with a changed header."""
    changed = deepcopy(HEADER)
    change(changed)
    return WHOLE.with_header(changed)


def tensor(**told: object) -> bytes:
    """The whole file with another description of w2."""
    return header(lambda each: each["w2"].update(told))


def told(**changes: Any) -> bytes:
    """A whole file that tells something else in its metadata."""
    return replace(WHOLE, told=TOLD | changes).sealed()


def untold(key: str) -> bytes:
    return replace(WHOLE, told={k: each for k, each in TOLD.items() if k != key}).sealed()


def parameters(*path: str, value: object) -> bytes:
    """A whole file in which one parameter is another."""
    changed = RUN.model_dump()
    *groups, name = path
    group = changed
    for each in groups:
        group = group[each]
    group[name] = value
    return told(parameters=changed)


def weights(**changed: Any) -> bytes:
    """A whole file of other weights; None: without this layer."""
    layers = {name: each for name, each in (WEIGHTS | changed).items() if each is not None}
    return layout(layers).sealed()


def first_weight(name: str, value: float) -> bytes:
    changed = WEIGHTS[name].copy()
    changed[1, 2, 3] = value
    return weights(**{name: changed})


def of_type(name: str, bits: int) -> bytes:
    """A whole file whose w2 is of another type, with as many bytes as that needs."""
    size = WEIGHTS["w2"].size * bits // 8
    start = WEIGHTS["w1"].nbytes
    w2 = {"dtype": name, "shape": [2, 6, 4], "data_offsets": [start, start + size]}
    data = WHOLE.data[:start] + (WHOLE.data[start:] * 2)[:size]
    return replace(WHOLE, tensors=WHOLE.tensors | {"w2": w2}, data=data).sealed()


def nested(levels: int) -> Any:
    made: Any = []
    for _ in range(levels):
        made = [made]
    return made


def length(code: str, value: int) -> bytes:
    return struct.pack(code, value) + WHOLE.sealed()[8:]


def twice(text: str, again: str, offset: int = 0) -> bytes:
    """The whole file with a repeated key: ``again`` before (or after) this text of its header."""
    place = TEXT.index(text.encode()) + offset
    return WHOLE.with_header(TEXT[:place] + again.encode() + TEXT[place:])


def entry(text: str) -> bytes:
    return WHOLE.with_entries({"spikeloc": text})


TYPES = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F4": 4,
    "F6_E2M3": 6, "F6_E3M2": 6, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32,
    "U32": 32, "F64": 64, "I64": 64, "U64": 64, "C64": 64, "f32": 32, "F128": 128, "": 32,
}  # fmt: skip
START, END = WEIGHTS["w1"].nbytes, len(WHOLE.data)
EMPTY = {name: each[:0] for name, each in WEIGHTS.items()}
W2 = json.dumps(HEADER["w2"])

# Files by what is wrong with them.
FILES: dict[str, Callable[[], bytes]] = {
    **{f"of type {name}": partial(of_type, name, bits) for name, bits in TYPES.items()},
    "type missing": lambda: header(lambda each: each["w2"].pop("dtype")),
    "type null": lambda: tensor(dtype=None),
    "type a number": lambda: tensor(dtype=32),
    "w1 of integers": lambda: header(lambda each: each["w1"].update(dtype="I32")),
    # shapes
    "shape missing": lambda: header(lambda each: each["w2"].pop("shape")),
    "negative shape": lambda: tensor(shape=[-2, -6, 4]),
    "shape of floats": lambda: tensor(shape=[2.0, 6.0, 4.0]),
    "shape of text": lambda: tensor(shape="2, 6, 4"),
    "shape beyond integers": lambda: tensor(shape=[2**64, 6, 4]),
    "shape whose product overflows": lambda: tensor(shape=[2**32, 2**32, 4]),
    "shape of nothing and of much": lambda: weights(w2=WEIGHTS["w2"][:0].reshape(0, 2**40, 4)),
    "nothing at a huge shape": lambda: tensor(
        shape=[0, 2**62, 2**62], data_offsets=[START, START]
    ),
    "vector": lambda: weights(w2=WEIGHTS["w2"].ravel()),
    "number": lambda: weights(w2=WEIGHTS["w2"][0, 0, :1].reshape(())),
    "matrix without networks": lambda: weights(w2=WEIGHTS["w2"].reshape(12, 4)),
    "four axes": lambda: weights(w2=WEIGHTS["w2"][None]),
    "transposed": lambda: weights(w1=WEIGHTS["w1"].transpose(0, 2, 1)),
    "other order of axes": lambda: tensor(shape=[2, 4, 6]),
    "other number of networks": lambda: weights(w1=WEIGHTS["w1"][:1], w2=WEIGHTS["w2"][:1]),
    "one network less in w2": lambda: weights(w2=WEIGHTS["w2"][:1]),
    "other number of hidden units": lambda: weights(w2=WEIGHTS["w2"][:, :5]),
    "other number of classes": lambda: weights(w2=WEIGHTS["w2"][..., :3]),
    "no networks": lambda: weights(**EMPTY),
    "no networks and no seeds": lambda: replace(
        layout(EMPTY), told=TOLD | {"seeds": [], "networks": []}
    ).sealed(),
    # layers
    "no layers": lambda: weights(w1=None, w2=None),
    "no w2": lambda: weights(w2=None),
    "surplus layer": lambda: weights(w3=WEIGHTS["w2"]),
    "surplus part of a layer": lambda: weights(w1_ex=WEIGHTS["w1"]),
    "surplus layer without a name": lambda: weights(**{"": WEIGHTS["w2"]}),
    "surplus layer without values": lambda: weights(w3=np.zeros((2, 0, 4), np.float32)),
    "another name": lambda: weights(w2=None, W2=WEIGHTS["w2"]),
    "layers exchanged": lambda: weights(w1=WEIGHTS["w2"], w2=WEIGHTS["w1"]),
    # weights
    "NaN in w1": lambda: first_weight("w1", np.nan),
    "NaN in w2": lambda: first_weight("w2", np.nan),
    "infinite w1": lambda: first_weight("w1", np.inf),
    "infinite w2": lambda: first_weight("w2", -np.inf),
    "finite where NaN is told": lambda: told(not_finite=[1]),
    "NaN where none is told": lambda: replace(
        layout(WEIGHTS | {"w1": np.full_like(WEIGHTS["w1"], np.nan)}),
        told=TOLD | {"not_finite": [1]},
    ).sealed(),
    "another weight": lambda: WHOLE.sealed()[:-1] + b"\0",
    # places in the file
    "overlapping": lambda: tensor(data_offsets=[0, END - START]),
    "overlapping in part": lambda: tensor(data_offsets=[START - 4, END - 4]),
    "beyond the end": lambda: tensor(data_offsets=[START + 4, END + 4]),
    "far beyond the end": lambda: tensor(data_offsets=[2**62, 2**62 + END - START]),
    "offsets beyond integers": lambda: tensor(data_offsets=[START, 2**64]),
    "negative offsets": lambda: tensor(data_offsets=[-4, END - START - 4]),
    "reversed offsets": lambda: tensor(data_offsets=[END, START]),
    "one offset": lambda: tensor(data_offsets=[START]),
    "offsets missing": lambda: header(lambda each: each["w2"].pop("data_offsets")),
    "hole": lambda: replace(
        WHOLE,
        tensors=WHOLE.tensors | {"w2": HEADER["w2"] | {"data_offsets": [START + 4, END + 4]}},
        data=WHOLE.data[:START] + bytes(4) + WHOLE.data[START:],
    ).sealed(),
    "data before the matrices": lambda: WHOLE.sealed()[: -len(WHOLE.data)] + bytes(4) + WHOLE.data,
    "data after the matrices": lambda: WHOLE.sealed() + bytes(4),
    "empty": bytes,
    "seven bytes": lambda: WHOLE.sealed()[:7],
    "length alone": lambda: WHOLE.sealed()[:8],
    "half a header": lambda: WHOLE.sealed()[:300],
    "header alone": lambda: WHOLE.sealed()[: -len(WHOLE.data)],
    "a byte too short": lambda: WHOLE.sealed()[:-1],
    # the header's length
    "length 0": lambda: length("<Q", 0),
    "length too small": lambda: length("<Q", len(TEXT) - 1),
    "length too large": lambda: length("<Q", len(TEXT) + 1),
    "length of 99 MB": lambda: length("<Q", 99_000_000),
    "length of 5 GB": lambda: length("<Q", 5_000_000_000),
    "largest length": lambda: length("<Q", 2**64 - 1),
    "most negative length": lambda: length("<q", -(2**63)),
    "length in the other byte order": lambda: length(">Q", len(TEXT)),
    # the header's text
    "blanks after the header": lambda: WHOLE.with_header(TEXT + b" " * 5),
    "blank before the header": lambda: WHOLE.with_header(b" " + TEXT),
    "NUL after the header": lambda: WHOLE.with_header(TEXT + b"\0"),
    "header without tensors": lambda: WHOLE.with_header({}),
    "header a list": lambda: WHOLE.with_header([HEADER]),
    "header null": lambda: WHOLE.with_header(b"null"),
    "header not UTF-8": lambda: WHOLE.with_header(TEXT.replace(b"w2", b"\xff2")),
    "header with a byte-order mark": lambda: WHOLE.with_header(b"\xef\xbb\xbf" + TEXT),
    "header deeply nested": lambda: WHOLE.with_header(b"[" * DEEP + b"]" * DEEP),
    "tensor deeply nested": lambda: WHOLE.with_header(
        TEXT[:-1] + b', "w3": ' + b"[" * DEEP + b"]" * DEEP + b"}"
    ),
    "tensor a list": lambda: header(lambda each: each.update(w2=["F32", [2, 6, 4], [START, END]])),
    "tensor null": lambda: header(lambda each: each.update(w2=None)),
    "tensor with another key": lambda: tensor(strides=[1, 2, 3]),
    "w2 twice, alike": lambda: twice('"w2"', f'"w2": {W2}, '),
    "w2 twice, first of another shape": lambda: twice(
        '"w2"', f'"w2": {W2.replace("[2, 6, 4]", "[2, 4, 6]")}, '
    ),
    "w2 twice, last of another shape": lambda: twice(
        f'"w2": {W2}', f', "w2": {W2.replace("[2, 6, 4]", "[2, 4, 6]")}', len(f'"w2": {W2}')
    ),
    "w2 twice, last in another place": lambda: twice(
        f'"w2": {W2}', f', "w2": {W2.replace(str(START), "0")}', len(f'"w2": {W2}')
    ),
    "type twice": lambda: twice('"dtype"', '"dtype": "I32", '),
    "metadata twice": lambda: twice('"__metadata__"', '"__metadata__": {"spikeloc": "{}"}, '),
    "entry twice, first another": lambda: twice('"spikeloc"', '"spikeloc": "{}", '),
    "entry twice, last another": lambda: twice('}, "w1"', ', "spikeloc": "{}"'),
    # the metadata
    "no metadata": lambda: header(lambda each: each.pop("__metadata__")),
    "metadata null": lambda: WHOLE.with_entries(None),
    "metadata a list": lambda: WHOLE.with_entries([ENTRY]),
    "metadata empty": lambda: WHOLE.with_entries({}),
    "metadata of others": lambda: WHOLE.with_entries({"format": "pt"}),
    "metadata of others too": lambda: WHOLE.with_entries({"spikeloc": ENTRY, "format": "pt"}),
    "entry a number": lambda: WHOLE.with_entries({"spikeloc": 1}),
    "entry null": lambda: WHOLE.with_entries({"spikeloc": None}),
    "entry not as text": lambda: WHOLE.with_entries({"spikeloc": json.loads(ENTRY)}),
    "entry empty": lambda: entry(""),
    "entry not JSON": lambda: entry("{"),
    "entry null as text": lambda: entry("null"),
    "entry a number as text": lambda: entry("1"),
    "entry a list": lambda: entry(f"[{ENTRY}]"),
    "entry a list of pairs": lambda: entry(json.dumps([*json.loads(ENTRY).items()])),
    "entry deeply nested": lambda: entry("[" * DEEP + "]" * DEEP),
    "entry with a number of many digits": lambda: entry(ENTRY.replace("[3,", f"[{'3' * 5000},")),
    "entry with half a character": lambda: entry(ENTRY.replace('"seeds"', r'"\ud800": 1, "seeds"')),
    "entry with spaces": lambda: entry(ENTRY.replace(": ", " :  ")),
    "entry with seeds twice, first others": lambda: entry(
        ENTRY.replace('"seeds"', '"seeds": [1], "seeds"')
    ),
    "entry with seeds twice, last others": lambda: entry(
        ENTRY.replace('"networks"', '"seeds": [1, 8], "networks"')
    ),
    "no checksum": lambda: entry(json.dumps(TOLD)),
    "checksum null": lambda: entry(json.dumps(TOLD | {"sha256": None})),
    "checksum a list": lambda: entry(json.dumps(TOLD | {"sha256": [1]})),
    "checksum of something else": lambda: entry(json.dumps(TOLD | {"sha256": "0" * 64})),
    "checksum in capitals": lambda: entry(json.dumps(TOLD | {"sha256": WHOLE.checksum().upper()})),
    # what is told in the metadata
    "another key": lambda: told(surplus=1),
    "parameters missing": lambda: untold("parameters"),
    "parameters null": lambda: told(parameters=None),
    "parameters a list": lambda: told(parameters=[]),
    "parameters nested": lambda: told(parameters=nested(100)),
    "parameter misspelt": lambda: parameters("network", "hiden_units", value=6),
    "parameter out of range": lambda: parameters("network", "tau_ms", value=-1.0),
    "parameter NaN": lambda: entry(ENTRY.replace('"tau_ms": 5.0', '"tau_ms": NaN')),
    "parameter infinite": lambda: entry(ENTRY.replace('"tau_ms": 5.0', '"tau_ms": 1e999')),
    "parameter a list": lambda: parameters("network", "tau_ms", value=[5.0]),
    "parameter as text": lambda: parameters("network", "hidden_units", value="6"),
    "parameter of another value": lambda: entry(ENTRY.replace('"tau_ms": 5.0', '"tau_ms": 5.5')),
    "many hidden units": lambda: parameters("network", "hidden_units", value=10_000),
    "many fibres": lambda: parameters("stimulus", "fibres_per_ear", value=10_000),
    "other model": lambda: parameters("network", "model", value="membrane_only"),
    "other signs": lambda: parameters("network", "w1", "method", value="dann"),
    "more networks for each seed": lambda: parameters(
        "nesting", value={"networks": 2, "shared": ["training"]}
    ),
    "seeds missing": lambda: untold("seeds"),
    "seeds null": lambda: told(seeds=None),
    "seeds a number": lambda: told(seeds=3),
    "seeds as text": lambda: told(seeds="38"),
    "seeds in a mapping": lambda: told(seeds={"3": 1, "8": 1}),
    "a seed too few": lambda: told(seeds=[3]),
    "a seed too many": lambda: told(seeds=[3, 8, 9]),
    "a seed twice": lambda: told(seeds=[3, 3]),
    "negative seed": lambda: told(seeds=[-3, 8]),
    "large seed": lambda: told(seeds=[2**63, 8]),
    "seed a fraction": lambda: told(seeds=[3.5, 8]),
    "seed a float": lambda: told(seeds=[3.0, 8]),
    "seed true": lambda: told(seeds=[True, 8]),
    "seed null": lambda: told(seeds=[None, 8]),
    "seed text": lambda: told(seeds=["3", 8]),
    "seed a list": lambda: told(seeds=[[3], 8]),
    "networks missing": lambda: untold("networks"),
    "networks null": lambda: told(networks=None),
    "a network too few": lambda: told(networks=[1]),
    "a network too many": lambda: told(networks=[1, 1, 1]),
    "network 0": lambda: told(networks=[0, 1]),
    "negative network": lambda: told(networks=[1, -1]),
    "network that does not exist": lambda: told(networks=[1, 2]),
    "network true": lambda: told(networks=[True, 1]),
    "network a float": lambda: told(networks=[1.0, 1]),
    "network text": lambda: told(networks=["1", 1]),
    "network a list": lambda: told(networks=[[], 1]),
}  # fmt: skip
HARMLESS = {
    "blanks after the header",
    "blank before the header",
    "tensor a list",
    "tensor with another key",
    "w2 twice, alike",
    "w2 twice, first of another shape",
    "entry twice, first another",
    "entry with spaces",
    "entry with seeds twice, first others",
}


def loads(folder: Path, content: bytes) -> bool:
    """Whether the file loads, exactly as it was written; else it is refused in one line."""
    path = folder / RUN_FILES["weights"]
    path.write_bytes(content)
    try:
        run = load_run(folder)
    except InputError as error:
        assert str(error).startswith(f"{path}: ") and len(str(error)) < len(str(path)) + 400
        return False
    assert run.parameters == RUN and run.network.network_ids == [(3, 1), (8, 1)]
    found = run.network.signed_weights()
    assert [*found] == [*WEIGHTS]
    for name, layer in WEIGHTS.items():
        assert (
            found[name].dtype == torch.float32 and found[name].numpy().tobytes() == layer.tobytes()
        )
    return True


def test_the_parts_are_those_of_a_file(tmp_path: Path) -> None:
    assert loads(tmp_path, WHOLE.sealed())
    write_weights(tmp_path / "written.safetensors", WEIGHTS, TOLD)
    written = (tmp_path / "written.safetensors").read_bytes()
    (size,) = struct.unpack("<Q", written[:8])
    assert json.loads(written[8 : 8 + size]) == HEADER and written[8 + size :] == WHOLE.data


@pytest.mark.parametrize("wrong", FILES)
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path: Path, wrong: str) -> None:
    content = FILES[wrong]()
    assert content != WHOLE.sealed()
    tracemalloc.start()
    try:
        assert loads(tmp_path, content) == (wrong in HARMLESS)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


@given(
    place=st.integers(0, 8 + len(TEXT)), removed=st.integers(0, 40), added=st.binary(max_size=20)
)
def test_no_other_weights_come_of_a_changed_header(
    tmp_path: Path, place: int, removed: int, added: bytes
) -> None:
    content = WHOLE.sealed()
    loads(tmp_path, content[:place] + added + content[place + removed :])
