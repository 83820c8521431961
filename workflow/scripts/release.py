"""Pack what panels and paper are drawn from."""

import json
from pathlib import Path

from spikeloc.crate import METADATA, WORKFLOW, crate_metadata
from spikeloc.joblog import job_log
from spikeloc.loading import read_yaml
from spikeloc.release import pack
from spikeloc.seals import sealed

with job_log(snakemake.log[0]), sealed(snakemake.input.results, snakemake.output):
    config, provenance = snakemake.input.config, snakemake.input.provenance
    made = sorted(set(snakemake.input.results) - {config})
    about = crate_metadata(
        json.loads(Path(provenance).read_text(encoding="utf-8")),
        read_yaml(snakemake.input.citation),
        config,
        made,
    )
    contents = {path: Path(path).read_bytes() for path in [WORKFLOW, config, *made]}
    contents[METADATA] = about.encode()
    pack(snakemake.output.archive, contents, snakemake.params.name, snakemake.params.config)
