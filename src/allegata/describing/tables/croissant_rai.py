"""What ``croissant.json`` says of how the data came about: Croissant RAI 1.0, and PROV-O.

https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html, https://www.w3.org/TR/prov-o/
"""

from __future__ import annotations

from typing import Any

from allegata.describing.dataset.facts import STANDING
from allegata.releasing import Manifest
from allegata.schema.vocabularies import Method


def responsible(manifest: Manifest) -> dict[str, Any]:
    """How the data were collected and coded, and what they cannot be used for."""
    coverage = manifest.dataset.coverage
    methods = [f"{code.value}: {code.rule}" for code in Method]
    return {
        "rai:dataCollection": coverage.sources,
        "rai:dataCollectionTimeframe": [f"{coverage.start}", f"{coverage.end}"],
        "rai:dataAnnotationProtocol": "\n".join([Method.definition(), *methods]),
        **({"rai:dataAnnotationAnalysis": coverage.agreement} if coverage.agreement else {}),
        "rai:dataLimitations": STANDING,
        "rai:dataReleaseMaintenancePlan": (
            "A release never changes; corrections come as a new version."
        ),
    }


def provenance(manifest: Manifest) -> dict[str, Any]:
    """Who answers for the release, what made it, and which release it revises."""
    tools = ", ".join(f"{name} {version}" for name, version in manifest.tools.items())
    commit = f" from commit {manifest.source_commit}" if manifest.source_commit else ""
    derived = {"@id": f"urn:allegata:release:{manifest.dataset.name}:{manifest.previous}"}
    return {
        "prov:wasAttributedTo": [
            {"@type": "prov:Agent", "prov:label": creator.name}
            for creator in manifest.dataset.creators
        ],
        "prov:wasGeneratedBy": {
            "@type": "prov:Activity",
            "prov:label": f"Published{commit} with {tools}",
        },
        **({"prov:wasRevisionOf": derived} if manifest.previous else {}),
    }
