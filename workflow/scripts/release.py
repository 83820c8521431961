"""Pack the files that panels and documents are made from."""

import json
from pathlib import Path

from spikeloc.config.yaml_files import read_yaml
from spikeloc.io.job import running
from spikeloc.release.archive import PAGE, pack
from spikeloc.release.crate import METADATA, WORKFLOW, crate_metadata

config, provenance = snakemake.input.config, snakemake.input.provenance
made, page = sorted([*snakemake.input.results, provenance]), snakemake.input.explorer

with running(snakemake, [config, *made, *page]):
    on_top = {PAGE: Path(page[0]).read_bytes()} if page else {}
    metadata = crate_metadata(
        json.loads(Path(provenance).read_text(encoding="utf-8")),
        read_yaml(snakemake.input.citation),
        config,
        [*made, *on_top],
    )
    contents = {path: Path(path).read_bytes() for path in [WORKFLOW, config, *made]} | on_top
    contents[METADATA] = metadata.encode()
    pack(snakemake.output.archive, contents, snakemake.params.settings)
