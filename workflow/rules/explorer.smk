"""The interactive page: all results, and networks that run in the reader's browser."""

from spikeloc.plots.explorer.page import sources
from spikeloc.plots.explorer.settings import settings as explorer_settings
from spikeloc.plots.explorer.settings import weight_files


rule explored_networks:
    """Take the networks that the page holds out of their ensembles."""
    input:
        weights=sorted({*weight_files(PLAN).values()}),
    output:
        networks=ARRAYS / "explored_networks.npz",
    log:
        LOGS / "arrays/explored_networks.log",
    benchmark:
        BENCHMARKS / "arrays/explored_networks.jsonl"
    localrule: True
    params:
        files=weight_files(PLAN),
        code=code("explored_networks"),
    message:
        "Networks of the interactive page"
    script:
        "../scripts/explored_networks.py"


rule explorer:
    """Make the page, one file of HTML with everything in it."""
    input:
        **PLAN.explorer_inputs(),
        origin=rules.origin.output.origin,
        sources=[path.relative_to(Path.cwd()) for path in sources()],
    output:
        page=report(
            str(PLAN.explorer_page),
            caption="../report/explorer.rst",
            category="Explorer",
            labels={"page": "explorer"},
        ),
    log:
        LOGS / "figures/explorer.log",
    benchmark:
        BENCHMARKS / "figures/explorer.jsonl"
    localrule: True
    params:
        settings=as_json(explorer_settings(PLAN)),
        code=code("explorer"),
    message:
        "{output.page}"
    script:
        "../scripts/explorer.py"
