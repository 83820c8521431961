"""Every table of ``results/``: its columns in order, what they mean, their units and types."""

from spikeloc.statistics.declared_tables.runs import table, tables

__all__ = ["table", "tables"]
