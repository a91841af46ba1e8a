"""polars, and the frameworks that validate its frames.

A frame of claims is read with its schema given and split into three: the claims, their hops and
their quotes, as the published tables are. Each is validated by a schema made from the fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from benchmarks.peers import Job, Outcome

Field = dict[str, Any]


def polars_sink(job: Job) -> Outcome:
    """Scan, and sink to Parquet."""
    import polars as pl

    scan = pl.scan_ndjson(job.source, schema=_schema(job.fields))
    scan.sink_parquet(job.out / "claims.parquet", compression="zstd")
    return Outcome(0)


def dataframely(job: Job) -> Outcome:
    """Schemas as classes; the failing rows are separated from the others."""
    import dataframely as dy

    rejected = 0
    for name, frame, fields in _frames(job):
        columns = {field["name"]: _dataframely_column(dy, field) for field in fields}
        good, failed = type(name, (dy.Schema,), columns).filter(frame, cast=True)
        rejected += len(failed)
        good.write_parquet(job.out / f"{name}.parquet", compression="zstd")
    return Outcome(rejected)


def _dataframely_column(dy: Any, field: Field) -> Any:
    nullable = not field["required"]
    if "codes" in field:
        return dy.Enum(field["codes"], nullable=nullable)
    if field["type"] == "integer":
        return dy.Int64(nullable=nullable, min=field["least"], max=field["most"])
    if field["type"] == "date":
        return dy.Date(nullable=nullable)
    return dy.String(
        nullable=nullable,
        regex=field.get("pattern"),
        min_length=field.get("shortest"),
        max_length=field.get("longest"),
    )


def pandera(job: Job) -> Outcome:
    """Schemas as objects, with all errors collected."""
    import pandera.polars as pa
    from pandera.errors import SchemaErrors

    rejected = 0
    for name, frame, fields in _frames(job):
        columns = {
            field["name"]: pa.Column(
                _dtype(field), list(_pandera_checks(pa, field)), nullable=not field["required"]
            )
            for field in fields
        }
        try:
            frame = pa.DataFrameSchema(columns, strict=True).validate(frame, lazy=True)
        except SchemaErrors as errors:
            rejected += len(errors.failure_cases)
        frame.write_parquet(job.out / f"{name}.parquet", compression="zstd")
    return Outcome(rejected)


def _pandera_checks(pa: Any, field: Field) -> Iterator[Any]:
    if "codes" in field:
        yield pa.Check.isin(field["codes"])
    if "pattern" in field:
        yield pa.Check.str_matches(field["pattern"])
    if "longest" in field:
        yield pa.Check.str_length(field.get("shortest", 0), field["longest"])
    if "least" in field:
        yield pa.Check.in_range(field["least"], field["most"])


def patito(job: Job) -> Outcome:
    """Schemas as pydantic models, applied to whole frames."""
    import patito as pt
    from pydantic import create_model

    rejected = 0
    for name, frame, fields in _frames(job):
        members: dict[str, Any] = {field["name"]: _patito_field(pt, field) for field in fields}
        model = create_model(name, __base__=pt.Model, **members)
        try:
            model.validate(frame)
        except pt.exceptions.DataFrameValidationError as errors:
            rejected += len(errors.errors())
        frame.write_parquet(job.out / f"{name}.parquet", compression="zstd")
    return Outcome(rejected)


def _patito_field(pt: Any, field: Field) -> tuple[Any, Any]:
    kind: Any = {"string": str, "integer": int, "date": date}[field["type"]]
    if "codes" in field:
        kind = Literal[tuple(field["codes"])]
    names = {"pattern": "pattern", "shortest": "min_length", "longest": "max_length"}
    names |= {"least": "ge", "most": "le"}
    limits = {names[key]: field[key] for key in names if key in field}
    if field["required"]:
        return (kind, pt.Field(**limits))
    return (kind | None, pt.Field(default=None, **limits))


def _dtype(field: Field) -> Any:
    import polars as pl

    if "fields" in field:
        return pl.List(pl.Struct({one["name"]: _dtype(one) for one in field["fields"]}))
    return {"string": pl.String, "integer": pl.Int64, "date": pl.Date}[field["type"]]


def _schema(fields: list[Field]) -> dict[str, Any]:
    """How claims are read; a day is read as text, since polars reads no dates from JSON."""
    import polars as pl

    return {
        field["name"]: pl.String if field["type"] == "date" else _dtype(field) for field in fields
    }


def _frames(job: Job) -> Iterator[tuple[str, Any, list[Field]]]:
    """The claims, their hops and their quotes, each with its fields."""
    import polars as pl

    frame = pl.read_ndjson(job.source, schema=_schema(job.fields))
    days = [field["name"] for field in job.fields if field["type"] == "date"]
    flat = [field for field in job.fields if "fields" not in field]
    yield (
        "claims",
        frame.select([field["name"] for field in flat]).with_columns(pl.col(days).str.to_date()),
        flat,
    )
    for field in job.fields:
        if "fields" in field:
            name = field["name"]
            some = frame.select(name).filter(pl.col(name).list.len() > 0)
            yield name, some.explode(name).unnest(name), field["fields"]
