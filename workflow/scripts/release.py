"""Pack the files that panels and documents are made from."""

import json
from pathlib import Path

from spikeloc.config.yaml_files import read_yaml
from spikeloc.io.job import running
from spikeloc.release.archive import pack
from spikeloc.release.crate import METADATA, WORKFLOW, crate_metadata

config, provenance = snakemake.input.config, snakemake.input.provenance
made = sorted([*snakemake.input.results, provenance])

with running(snakemake, [config, *made]):
    metadata = crate_metadata(
        json.loads(Path(provenance).read_text(encoding="utf-8")),
        read_yaml(snakemake.input.citation),
        config,
        made,
    )
    contents = {path: Path(path).read_bytes() for path in [WORKFLOW, config, *made]}
    contents[METADATA] = metadata.encode()
    pack(snakemake.output.archive, contents, snakemake.params.settings)
