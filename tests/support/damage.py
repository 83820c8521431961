"""What a bad disk, or a hand that moves files, does to a file."""

import os
from pathlib import Path

from spikeloc.io.checksums import checksum_path


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


def swap_with_checksums(path: Path, other: Path) -> None:
    """Let two files change places with their checksums."""
    swap(path, other)
    swap(checksum_path(path), checksum_path(other))
