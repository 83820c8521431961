"""Write the origin of the results, the machine, and the times of all rules."""

import json
from pathlib import Path

from spikeloc.io.files import write_text
from spikeloc.io.job import running
from spikeloc.release.provenance import checkout, machine, span, times, total

with running(snakemake):
    benchmarks = list(map(Path, snakemake.params.folders)), snakemake.params.patterns
    rules = times(*benchmarks)
    content = {
        **json.loads(Path(snakemake.input.origin).read_text(encoding="utf-8")),
        **checkout(Path.cwd()),
        "machine": machine(snakemake.params.backend, snakemake.params.device),
        **span(*benchmarks),
        "wall_seconds": total(rule["wall_seconds"] for rule in rules.values()),
        "cpu_seconds": total(rule["cpu_seconds"] for rule in rules.values()),
        "rules": rules,
    }
    write_text(snakemake.output.provenance, json.dumps(content, indent=1) + "\n")
