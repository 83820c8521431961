"""Every table of ``results/``: its columns in order, what they mean, their units and types.

``docs/tables.md`` is made from it. Jobs that take long write what they find, so that an edit of
this folder does not repeat them; the short jobs that join tables read and write by what is declared
here.
"""

from spikeloc.statistics.declared_tables.analyses import ANALYSIS_TABLES
from spikeloc.statistics.declared_tables.observers import OBSERVER_TABLES
from spikeloc.statistics.declared_tables.phases import PHASE_TABLES
from spikeloc.statistics.declared_tables.printed import PRINTED_TABLES
from spikeloc.statistics.declared_tables.runs import run_tables
from spikeloc.statistics.schema import Table

OTHERS = (*OBSERVER_TABLES, *PHASE_TABLES, *ANALYSIS_TABLES, *PRINTED_TABLES)


def tables() -> dict[str, Table]:
    """Every table, by name."""
    return {each.name: each for each in (*run_tables(), *OTHERS)}


def table(name: str) -> Table:
    """The table of this name."""
    return tables()[name]
