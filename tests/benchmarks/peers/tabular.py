"""frictionless: a table schema, applied row by row."""

from __future__ import annotations

from benchmarks.peers import Job, Outcome


def frictionless(job: Job) -> Outcome:
    """Validate the file as a resource; the keys are given, since lines leave out what is empty."""
    from frictionless import Resource, Schema, formats, system

    keys = [field["name"] for field in job.fields]
    with system.use_context(trusted=True):
        resource = Resource(
            path=str(job.source),
            format="jsonl",
            encoding="utf-8",
            control=formats.JsonControl(keys=keys, keyed=True),
            schema=Schema.from_descriptor(job.schema("frictionless.json")),
        )
        report = resource.validate(limit_errors=1_000_000)
    return Outcome(report.stats["errors"])
