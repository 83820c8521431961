"""spikeloc: spiking neural networks that localise sound, as a reproducible paper pipeline."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spikeloc.networks.loaded_run import LoadedRun, load_run

__all__ = ["LoadedRun", "load_run"]


def __getattr__(name: str) -> Any:
    # late, because it imports torch, which most rules of the workflow do without
    if name in __all__:
        from spikeloc.networks import loaded_run

        return getattr(loaded_run, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
