"""Settings of the process that decide the last bits of a result, and its speed; its device."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from spikeloc.io.errors import InputError
from spikeloc.io.instruction_sets import X86_INSTRUCTIONS, has_avx2

if TYPE_CHECKING:
    import torch

THREADS = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS"]


def pin_numerics() -> None:
    """Give this process and its children one thread each and a fixed instruction set.

    Call it before numpy and torch are imported. Jobs run side by side, so more threads would only
    compete for cores. Products, exp and Adam differ in their last bits between instruction sets:
    AVX2, which x86-64 processors have had since 2013, is chosen where it is available. A choice
    that the environment already makes is kept; a run's provenance says so.
    """
    os.environ.update(dict.fromkeys(THREADS, "1"))
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # deterministic products on CUDA
    if has_avx2():
        for name, value in X86_INSTRUCTIONS.items():
            os.environ.setdefault(name, value)


def keep_memory() -> None:
    """Keep freed memory for the next batch instead of returning it to the system.

    Otherwise the system maps the memory of every batch again, which takes up to a third of a
    training step. Only glibc's allocator has this setting; others are left as they are.
    """
    trim_threshold, map_threshold = -1, -3  # malloc.h
    try:
        libc = ctypes.CDLL(None)
        libc.mallopt(map_threshold, 32 << 20)  # the largest value that it accepts
        libc.mallopt(trim_threshold, 1 << 30)
    except (OSError, TypeError, AttributeError):
        return


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute on one thread: more of them only slow such small networks down, on a busy
    machine many times."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def check_device(device: str) -> None:
    """Check that torch can compute on a kind of device, "cpu" or "cuda".

    Raises:
        InputError: it cannot; the message says why not.
    """
    if device == "cpu":
        return
    import torch  # here, because most rules of the workflow do without

    try:  # unlike is_available, init says why not
        torch.cuda.init()  # type: ignore[no-untyped-call]
    except (AssertionError, RuntimeError) as error:
        reason = str(error).strip().split("\n")[0]
        raise InputError(
            f"device: {device} is configured, but this machine has no CUDA device that torch can "
            f"use ({reason})"
        ) from None


def prepared_device(device: str) -> "torch.device":
    """Set this process to train on a kind of device, "cpu" or "cuda".

    Raises:
        InputError: there is no such device.
    """
    check_device(device)
    import torch

    torch.set_deterministic_debug_mode("error")  # use_deterministic_algorithms imports the compiler
    # every tensor that is made empty is written in full before it is read
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    keep_memory()
    return torch.device(device)
