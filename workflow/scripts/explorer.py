"""Make the interactive page."""

import json
from pathlib import Path

from spikeloc.io.files import read_arrays
from spikeloc.io.job import running
from spikeloc.plots.explorer.contents import contents
from spikeloc.plots.explorer.page import write_page
from spikeloc.plots.inputs import read_inputs
from spikeloc.release.provenance import commit_in_words

given = dict(snakemake.input.items())
sources, origin, networks = (given.pop(name) for name in ("sources", "origin", "networks"))
made = [path for path in snakemake.input if path not in sources]

with running(snakemake, made):
    shown = contents(
        json.loads(snakemake.params.settings),
        read_inputs(given),
        read_arrays(networks),
        json.loads(Path(origin).read_text(encoding="utf-8")),
        commit_in_words(Path.cwd()),
    )
    write_page(snakemake.output.page, shown)
