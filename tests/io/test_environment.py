"""Settings of the process: threads and instruction sets."""

import os
import subprocess
import sys

import pytest

from spikeloc.io.environment import THREADS, pin_numerics
from spikeloc.io.instruction_sets import X86_INSTRUCTIONS, chosen_instructions, has_avx2

REPORT = """
from spikeloc.io.environment import pin_numerics
pin_numerics()
from numpy._core._multiarray_umath import __cpu_features__ as features
import torch
print(torch.backends.cpu.get_cpu_capability())
print(torch.get_num_threads())
print([name for name in ("X86_V4", "AVX512_ICL", "AVX512_SPR") if features[name]])
"""


def report(**variables: str) -> list[str]:
    """Torch's instruction set and threads, and numpy's newer ones, in a process of its own."""
    pinned = {*THREADS, *X86_INSTRUCTIONS}
    environment = {name: value for name, value in os.environ.items() if name not in pinned}
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", REPORT],
        env=environment | variables,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return run.stdout.splitlines()


@pytest.mark.skipif(not has_avx2(), reason="needs AVX2")
@pytest.mark.long
def test_instruction_set_is_pinned_to_avx2() -> None:
    assert report() == ["AVX2", "1", "[]"]


@pytest.mark.skipif(not has_avx2(), reason="needs AVX2")
@pytest.mark.long
def test_instruction_set_that_was_asked_for_stays() -> None:
    asked, threads, _ = report(ATEN_CPU_CAPABILITY="default", OMP_NUM_THREADS="2")
    assert (asked, threads) == ("DEFAULT", "1")


def test_what_the_environment_chooses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in X86_INSTRUCTIONS:
        monkeypatch.delenv(name, raising=False)
    pin_numerics()
    assert chosen_instructions() == {}
    monkeypatch.setenv("MKL_CBWR", "COMPATIBLE")
    pin_numerics()
    assert chosen_instructions() == {"MKL_CBWR": "COMPATIBLE"}
