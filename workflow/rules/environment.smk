"""The sources that run are those beside the Snakefile, whatever environment is active."""

import gc
import re
import sys
from pathlib import Path

# A plan has hundreds of thousands of objects and hardly any garbage. Python looks for garbage again
# from the first job on.
gc.freeze()
gc.disable()

ROOT = Path(workflow.current_basedir.get_path_or_uri(secret_free=True)).parents[1].resolve()

if re.search(r"""[\s"$&'()*;<>?[\\`{|]""", sys.executable):  # Snakemake does not quote it
    raise WorkflowError(
        f"Snakemake cannot run in the environment of {sys.executable}: make one in a path without "
        "spaces, quotes and other characters of the shell"
    )
if Path.cwd().resolve() != ROOT:
    raise WorkflowError(f"start snakemake in the project's folder, {ROOT}")
try:
    from spikeloc.io.errors import InputError
    from spikeloc.io.files import check_writable
    from spikeloc.io.sources import check_folder
except ImportError as error:  # no package at all, or another version of it
    raise WorkflowError(f"use this folder's own environment (`make env`): {error}") from None
try:
    check_folder(ROOT)
    check_writable([ROOT])  # even a dry run needs .snakemake there
except InputError as error:
    raise WorkflowError(str(error)) from None
