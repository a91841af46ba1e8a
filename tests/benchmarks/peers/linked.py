"""LinkML: a schema compiled to JSON Schema, applied to each object."""

from __future__ import annotations

import json

from benchmarks.peers import Job, Outcome


def linkml(job: Job) -> Outcome:
    """Validate each line as an instance of the class of claims."""
    from linkml.validator import Validator
    from linkml.validator.plugins import JsonschemaValidationPlugin

    validator = Validator(
        str(job.derived / "linkml.yaml"), [JsonschemaValidationPlugin(closed=True)]
    )
    rejected = 0
    with job.source.open("rb") as lines:
        for line in lines:
            try:
                found = next(iter(validator.iter_results(json.loads(line), "Claim")), None)
                rejected += found is not None
            except ValueError:
                rejected += 1
    return Outcome(rejected)
