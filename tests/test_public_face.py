"""What `import spikeloc` brings along."""

import subprocess
import sys

FACE = """
import sys

import spikeloc

for name in spikeloc.__all__:
    getattr(spikeloc, name)
print(*sys.modules)
"""
# Slow to import, or not installed with the package alone.
KEPT_OUT = {"pandas", "scipy", "torch._dynamo", "sympy", "matplotlib", "seaborn", "snakemake"}
KEPT_OUT |= {"rocrate", "typst"}


def test_the_public_face_imports_torch_and_little_else() -> None:
    run = subprocess.run([sys.executable, "-c", FACE], capture_output=True, text=True, check=True)
    imported = set(run.stdout.split())
    assert "torch" in imported
    assert not imported & KEPT_OUT
