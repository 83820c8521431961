"""Instruction sets, which decide the last bits of a result."""

import os
import platform
from pathlib import Path

X86_INSTRUCTIONS = {
    "ATEN_CPU_CAPABILITY": "avx2",  # torch
    "MKL_CBWR": "AVX2",  # torch's products
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",  # numpy's exp, log, powers
    "OPENBLAS_CORETYPE": "Haswell",  # numpy's and scipy's products
}


def chosen_instructions() -> dict[str, str]:
    """What the environment says about instruction sets against the pinned ones, by variable;
    the last bits of results may then differ from those of other machines."""
    own = X86_INSTRUCTIONS if has_avx2() else {}
    found = {name: os.environ[name] for name in X86_INSTRUCTIONS if name in os.environ}
    return {name: value for name, value in found.items() if value != own.get(name)}


def has_avx2() -> bool:
    """Whether this is an x86-64 processor with AVX2."""
    if platform.machine() not in {"x86_64", "AMD64"}:
        return False
    try:
        return " avx2 " in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:  # not Linux: leave the choice to torch
        return False
