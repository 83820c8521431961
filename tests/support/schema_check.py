"""Does a table have the columns, types and keys that are declared for it?"""

import pandas as pd

from spikeloc.statistics.schema import Table


def assert_matches_schema(frame: pd.DataFrame, table: Table) -> None:
    """The frame's columns are the table's, in order, of their types; no two rows have one key."""
    assert list(frame) == table.in_order(list(frame))
    for column in table.columns:
        values = frame[column.name]
        match column.kind:
            case "text":
                assert values.map(lambda value: isinstance(value, str)).all(), column.name
            case "number":
                assert pd.api.types.is_numeric_dtype(values), column.name
            case "whole number":
                assert pd.api.types.is_integer_dtype(values), column.name
            case "true or false":
                assert pd.api.types.is_bool_dtype(values), column.name
        if column.kind in ("whole number", "true or false") and not column.may_be_empty:
            assert values.notna().all(), column.name
    assert not frame.duplicated(list(table.key)).any(), f"{table.name}: two rows have one key"
