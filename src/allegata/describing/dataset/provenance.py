"""``provenance.intoto.json``: how the release was made, as an in-toto statement.

https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md, with the predicate of SLSA
provenance, version 1 (https://slsa.dev/spec/v1.0/provenance). It is not signed; whoever publishes
the release may sign it. Its subjects are the files written before it, which is all but the
manifest, which lists it, and ``SHA256SUMS``.
"""

from __future__ import annotations

from typing import Any

from allegata.releasing import Manifest
from allegata.releasing.manifest import json_bytes

_TYPE = "urn:allegata:publish:1"


def provenance(manifest: Manifest) -> bytes:
    """The statement.

    Args:
        manifest: That of the release, with every file that is to be a subject.
    """
    return json_bytes(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [
                {"name": file.path, "digest": {"sha256": file.sha256}}
                for file in sorted(manifest.files, key=lambda file: file.path)
            ],
            "predicateType": "https://slsa.dev/provenance/v1",
            "predicate": {
                "buildDefinition": _definition(manifest),
                "runDetails": {
                    "builder": {"id": "urn:allegata:builder", "version": manifest.tools},
                },
            },
        }
    )


def _definition(manifest: Manifest) -> dict[str, Any]:
    name, commit = manifest.dataset.name, manifest.source_commit
    records = {"uri": f"urn:allegata:records:{name}"}
    return {
        "buildType": _TYPE,
        "externalParameters": {"dataset": name, "version": manifest.version},
        "internalParameters": {
            "SOURCE_DATE_EPOCH": str(manifest.source_date_epoch),
            "schemaVersion": manifest.schema_version,
        },
        "resolvedDependencies": [{**records, "digest": {"gitCommit": commit}}] if commit else [],
    }
