"""Settings of every test: one thread, one instruction set, the same examples each time."""

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

from spikeloc.environment import pin_numerics

pin_numerics()  # before any test imports torch
sys.path.insert(0, str(Path(__file__).parent))  # for `import helpers`

settings.register_profile(
    "spikeloc",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("spikeloc")
