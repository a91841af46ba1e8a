"""Validators that judge one line after the other."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

from benchmarks.peers import Job, Outcome


def msgspec_decode(job: Job) -> Outcome:
    """Each line decoded as a struct that is made from the fields."""
    import msgspec

    decoder = msgspec.json.Decoder(_struct("Claim", job.fields))
    rejected = 0
    with job.source.open("rb") as lines:
        for line in lines:
            try:
                decoder.decode(line)
            except (msgspec.DecodeError, UnicodeError):
                rejected += 1
    return Outcome(rejected)


def _struct(name: str, fields: list[dict[str, Any]]) -> Any:
    import msgspec

    members = []
    for field in sorted(fields, key=lambda field: not field["required"]):
        kind = _type(field)
        if field["required"]:
            members.append((field["name"], kind))
        elif field["nullable"]:
            members.append((field["name"], kind | None, None))
        else:
            members.append((field["name"], kind | msgspec.UnsetType, msgspec.UNSET))
    return msgspec.defstruct(name, members, forbid_unknown_fields=True)


def _type(field: dict[str, Any]) -> Any:
    import msgspec

    if "fields" in field:
        return list[_struct(field["name"].capitalize(), field["fields"])]  # type: ignore[misc]
    if "codes" in field:
        return Literal[tuple(field["codes"])]
    if field["type"] == "date":
        return date
    if field["type"] == "integer":
        return Annotated[int, msgspec.Meta(ge=field["least"], le=field["most"])]
    limits = msgspec.Meta(
        pattern=field.get("pattern"),
        min_length=field.get("shortest"),
        max_length=field.get("longest"),
    )
    return Annotated[str, limits]


def jsonschema(job: Job) -> Outcome:
    """Each line parsed by Python's json, then held against the JSON Schema."""
    import jsonschema_rs

    validator = jsonschema_rs.validator_for(job.schema("claim.schema.json"), validate_formats=True)
    rejected = 0
    with job.source.open("rb") as lines:
        for line in lines:
            try:
                rejected += not validator.is_valid(json.loads(line))
            except ValueError:
                rejected += 1
    return Outcome(rejected)
