"""The models themselves, used as most would use them: one record after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from benchmarks.peers import Job, Outcome

_BATCH = 10_000


def judged(job: Job) -> Outcome:
    """Each line judged by the model of claims."""
    from pydantic import ValidationError

    from allegata.schema import Claim

    rejected = 0
    with job.source.open("rb") as lines:
        for line in lines:
            try:
                Claim.model_validate_json(line)
            except ValidationError:
                rejected += 1
    return Outcome(rejected)


def written(job: Job) -> Outcome:
    """Each line judged, dumped to plain values, and these made into Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pydantic import ValidationError

    from allegata.schema import Claim

    rejected = 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal rejected
        with job.source.open("rb") as lines:
            for line in lines:
                try:
                    yield Claim.model_validate_json(line).model_dump(by_alias=False)
                except ValidationError:
                    rejected += 1

    writer = None
    for batch in _batches(rows()):
        table = pa.Table.from_pylist(batch, schema=_schema())
        writer = writer or pq.ParquetWriter(
            job.out / "claims.parquet", table.schema, compression="zstd"
        )
        writer.write_table(table)
    if writer:
        writer.close()
    return Outcome(rejected)


def _schema() -> Any:
    import pyarrow as pa

    from allegata.schema import Claim
    from allegata.tables import record_schema

    schema = record_schema("claims").remove_metadata()
    for name, (child, _) in Claim.children().items():
        struct = pa.struct(list(record_schema(child.table).remove_metadata()))
        schema = schema.append(pa.field(name, pa.list_(struct)))
    return schema


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    return iter(lambda: list(islice(left, _BATCH)), [])
