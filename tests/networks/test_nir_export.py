"""What cannot be exported to NIR; `make test-nir` tests what can."""

import sys
from typing import Any

import pytest
from helpers import ensemble, small_run

from spikeloc import to_nir
from spikeloc.networks.loaded_run import LoadedRun

DIVISIVE = {"w1": {"signs": "dale", "method": "dann"}}
RUN = small_run()


@pytest.mark.parametrize(
    ("network", "arguments", "message"),
    [
        (ensemble(RUN, [1, 2]), {}, "network: must be a single SpikingNetwork"),
        (ensemble(small_run(network={"model": "membrane_only"}), [1]).single(0), {}, "network: mu"),
        (ensemble(small_run(network=DIVISIVE), [1]).single(0), {}, "network: NIR has no divisive"),
        (ensemble(small_run(network={"tau_ms": 1e-3}), [1]).single(0), {}, "network: its tau_ms"),
        (ensemble(RUN, [1]).single(0), {"integration": "exp"}, "integration: .* not 'exp'"),
        (ensemble(RUN, [1]).single(0), {"time_step_ms": 0}, "time_step_ms: .* not 0"),
        (ensemble(RUN, [1]).single(0), {"seed": 1}, "seed: is for a loaded run"),
        (LoadedRun(RUN, ensemble(RUN, [1, 2])), {}, r"seed: needed, one of \[1, 2\]"),
    ],
)
def test_what_nir_cannot_express_is_refused(
    network: Any, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        to_nir(network, **arguments)


def test_a_seed_that_the_run_does_not_have_is_named() -> None:
    with pytest.raises(KeyError, match="no network of seed 3"):
        to_nir(LoadedRun(RUN, ensemble(RUN, [1, 2])), 3)


def test_without_the_package_nir_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nir", None)
    with pytest.raises(ImportError, match="pip install nir"):
        to_nir(ensemble(RUN, [1]).single(0))
