"""The base tables as they are published, made as publishing makes them."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from allegata.engines import Embedded
from allegata.releasing import Release, create_before, create_ledger
from allegata.tables import base_tables, record_schema


def with_ledger(
    tables: Mapping[str, pa.Table], previous: Release | None, version: str, note: str | None = None
) -> dict[str, pa.Table]:
    """Tables made from records, as a release after another one holds them."""
    with Embedded(reads=[previous.path] if previous else []) as session:
        for name in base_tables():
            rows = tables.get(name, record_schema(name).empty_table())
            session.register(name, rows.select(record_schema(name).names))
        if previous:
            create_before(session, previous)
        create_ledger(session, version, has_previous=previous is not None, note=note)
        return {name: session.fetch(f"SELECT * FROM ledger_{name}") for name in tables}
