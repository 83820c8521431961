"""What a bad disk, or a hand that moves files, does to a file."""

import os
from pathlib import Path

from spikeloc.seals import seal_of


def flip(path: Path) -> None:
    """Change one bit."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path: Path) -> None:
    """Lose the last byte."""
    os.truncate(path, path.stat().st_size - 1)


def swap(path: Path, other: Path) -> None:
    """Let two files change places, by copying: both are newer than what was made from them."""
    aside = path.with_name("aside")
    path.rename(aside)
    other.rename(path)
    aside.rename(other)
    for each in (path, other):
        each.touch()


def swap_sealed(path: Path, other: Path) -> None:
    """Let two files change places with their seals."""
    swap(path, other)
    swap(seal_of(path), seal_of(other))
