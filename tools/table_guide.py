"""Print the guide to all tables of results, docs/tables.md: `make schema`."""

from spikeloc.metrics.declared import METRICS
from spikeloc.statistics.declared_tables import tables
from spikeloc.statistics.schema import Column, Table

HEAD = """# Tables of results

This file is written by `make schema` from `spikeloc/statistics/declared_tables` and
`spikeloc/metrics/declared.py`. Paths are below `results/`. All tables are CSV files in UTF-8, with
one line of names; numbers have as many digits as they need to be read back unchanged, and a missing
value is an empty cell. Columns of the key are marked with an asterisk: no two rows have the same.

"""
METRICS_HEAD = """## Metrics of a network

They are columns of `runs.csv` and rows of `summary.csv` and `comparisons.csv`. Networks that
diverged have none.

| metric | meaning | unit | known of |
|---|---|---|---|
"""


def column_row(column: Column, table: Table) -> str:
    """A column's row in the guide."""
    key = "\\*" if column.name in table.key else ""
    kind = column.kind + (", may be empty" if column.may_be_empty else "")
    return f"| `{column.name}`{key} | {column.meaning} | {column.unit} | {kind} |\n"


def section(table: Table) -> str:
    """A table's section."""
    rows = "".join(column_row(column, table) for column in table.columns)
    further = f"\nFurther columns: {table.further}.\n" if table.further else ""
    head = f"## {table.name}\n\n{table.meaning} Files: {table.file}.\n\n"
    return f"{head}| column | meaning | unit | type |\n|---|---|---|---|\n{rows}{further}\n"


def guide() -> str:
    """The text of docs/tables.md."""
    metrics = "".join(
        f"| `{each.name}` | {each.meaning} | {each.unit} | {each.known_of} |\n" for each in METRICS
    )
    sections = "".join(section(table) for table in tables().values())
    return f"{HEAD}{METRICS_HEAD}{metrics}\n{sections}".rstrip() + "\n"


if __name__ == "__main__":
    print(guide(), end="")
