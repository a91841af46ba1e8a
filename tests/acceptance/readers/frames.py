"""The cells of a frame of pandas."""

from __future__ import annotations

import pandas as pd
from cells import Columns, Rows


def columns_and_rows(frame: pd.DataFrame) -> tuple[Columns, Rows]:
    """Its columns, of which pandas tells no type that would hold for every cell, and its rows."""
    columns = [(name, None) for name in frame.columns]
    values = [[None if pd.isna(v) else native(v) for v in frame[name]] for name in frame.columns]
    return columns, zip(*values, strict=True)


def native(value: object) -> object:
    """The value as Python has it."""
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
