"""Whether the manifest is one, agrees with files and schema, and is pointed to as it is."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
from pydantic import ValidationError

from allegata.releasing import Catalog, Manifest, Status, manifest_schema
from allegata.releasing.catalog import (
    CATALOG,
    LATEST,
    MANIFEST,
    MANIFEST_SCHEMA,
    Latest,
    first_fault,
    manifest_path,
    ordinal,
)
from allegata.releasing.manifest import Role
from allegata.releasing.writing import MAPS, SHEETS
from allegata.storage import Missing, Place
from allegata.verifying.files import Files
from allegata.verifying.finding import Finding
from allegata.version import __version__

_MOST_SCHEMA_FAULTS = 20


def read_manifest(files: Files) -> tuple[Manifest | None, list[Finding]]:
    """The manifest, as far as it is one; and what is wrong with it in itself."""
    content = files.text(MANIFEST)
    if content is None:
        return None, [Finding("MANIFEST_MISSING", "the release has no manifest", MANIFEST)]
    findings = list(_against_schema(files, content))
    try:
        return Manifest.model_validate_json(content), findings
    except (ValidationError, RecursionError) as error:
        fault = first_fault(error) if isinstance(error, ValidationError) else "too deeply nested"
        wrong = Finding("MANIFEST_WRONG", f"the manifest is damaged: {fault}", MANIFEST)
        return None, [wrong, *findings]


def agrees_with_files(files: Files, manifest: Manifest) -> Iterator[Finding]:
    """Whether the manifest lists the files that SHA256SUMS lists, as they are."""
    of = {entry.path: entry for entry in manifest.files}
    twice = [path for path, n in Counter(one.path for one in manifest.files).items() if n > 1]
    listed = {path: sha for path, sha in files.listed.items() if path != MANIFEST}
    for path in sorted({*of} | {*listed}):
        faults = []
        if path in twice:
            faults.append("is listed twice in the manifest")
        if path not in of:
            faults.append("is listed in SHA256SUMS, and not in the manifest")
        elif path not in listed:
            faults.append("is listed in the manifest, and not in SHA256SUMS")
        elif listed[path] != of[path].sha256:
            faults.append("has another SHA-256 in the manifest than in SHA256SUMS")
        one = files.received.get(path)
        if one and path in of and one.bytes != of[path].bytes:
            faults.append(f"has {one.bytes:,} bytes, and by the manifest {of[path].bytes:,}")
        for fault in faults:
            yield Finding("MANIFEST_FILES", f"{path} {fault}", path)
    if [entry.path for entry in manifest.files] != sorted(of) and not twice:
        yield Finding("MANIFEST_FILES", "the files are not sorted by path", MANIFEST)
    yield from _tables_have_files(manifest, of)


def _tables_have_files(manifest: Manifest, of: dict[str, Any]) -> Iterator[Finding]:
    names = Counter(entry.name for entry in manifest.tables)
    for entry in manifest.tables:
        file = of.get(entry.path)
        if names[entry.name] > 1:
            fault = "is named twice"
        elif file is None:
            fault = f"has a file that the manifest does not list, {entry.path}"
        elif file.role is not Role.DATA:
            fault = f"has a file that is not listed as data, {entry.path}"
        else:
            continue
        yield Finding(
            "MANIFEST_TABLES", f"the table {entry.name} {fault}", MANIFEST, table=entry.name
        )
    listed = {file.path for file in manifest.files}
    endings = {SHEETS: "csv", MAPS: "parquet"}
    copies = {
        f"{at}/{table.name}.{end}" for table in manifest.tables for at, end in endings.items()
    }
    named = {
        Role.DATA: {entry.path for entry in manifest.tables} | (copies & listed),
        Role.DELTA: {entry.path for entry in manifest.deltas},
    }
    for role, paths in named.items():
        for path in sorted({file.path for file in manifest.files if file.role is role} ^ paths):
            if not (role is Role.DATA and path in paths):  # has been told of above
                yield Finding(
                    "MANIFEST_TABLES", f"{path} is of no table, or not listed as {role}", path
                )
    if manifest.licence != manifest.dataset.licence.id:
        yield Finding(
            "MANIFEST_WRONG",
            "the licence of the manifest is not that of its dataset",
            MANIFEST,
            expected=manifest.dataset.licence.id,
            found=manifest.licence,
        )


def _against_schema(files: Files, content: bytes) -> Iterator[Finding]:
    published = files.text(MANIFEST_SCHEMA)
    if published is None:
        return  # a missing file has its own finding, unless nobody has listed it
    try:
        schema, document = json.loads(published), json.loads(content)
        validator = jsonschema_rs.validator_for(schema, retriever=_nothing_else)
    except (ValueError, RecursionError) as error:
        told = f"{str(error)[:200]}"
        yield Finding("SCHEMA_WRONG", f"the manifest or its schema is damaged: {told}", MANIFEST)
        return
    for number, fault in enumerate(validator.iter_errors(document)):
        if number == _MOST_SCHEMA_FAULTS:
            break
        where = ".".join(map(str, fault.instance_path)) or "the manifest"
        yield Finding("SCHEMA_WRONG", f"{where}: {fault.message}", MANIFEST)
    if _made_by(document) == __version__ and schema != json.loads(json.dumps(manifest_schema())):
        yield Finding(
            "SCHEMA_WRONG",
            f"{MANIFEST_SCHEMA} is not the schema of a manifest made by allegata {__version__}",
            MANIFEST_SCHEMA,
        )


def _made_by(document: Any) -> str | None:
    tools = document.get("tools") if isinstance(document, dict) else None
    return tools.get("allegata") if isinstance(tools, dict) else None


def _nothing_else(uri: str) -> Any:
    raise ValueError("a schema refers to nothing outside itself")


def agrees_with_pointers(publishing: Place, files: Files, manifest: Manifest) -> Iterator[Finding]:
    """Whether the catalog and latest.json of the publishing folder name the release as it is."""
    content = files.text(MANIFEST) or b""
    sha256 = hashlib.sha256(content).hexdigest()
    pointers: dict[str, Catalog | Latest | None] = {}
    models: tuple[tuple[str, type[Catalog] | type[Latest]], ...] = (
        (CATALOG, Catalog),
        (LATEST, Latest),
    )
    for name, model in models:
        try:
            pointers[name] = model.model_validate_json(publishing.read(name))
        except Missing:
            yield Finding("POINTER_WRONG", f"there is no {name}", name)
        except ValidationError as error:
            yield Finding("POINTER_WRONG", f"{name} is damaged: {first_fault(error)}", name)
    catalog, latest = pointers.get(CATALOG), pointers.get(LATEST)
    if isinstance(catalog, Catalog):
        yield from _in_catalog(catalog, manifest, sha256)
    if isinstance(latest, Latest):
        yield from _is_latest(latest, catalog, manifest, sha256)


def _in_catalog(catalog: Catalog, manifest: Manifest, sha256: str) -> Iterator[Finding]:
    entry = catalog.entry(manifest.version)
    if entry is None:
        yield Finding("POINTER_WRONG", f"it does not name release {manifest.version}", CATALOG)
        return
    said = {
        "dataset": (manifest.dataset.name, catalog.dataset),
        "sha256": (sha256, entry.sha256),
        "schema_version": (manifest.schema_version, entry.schema_version),
        "date": (manifest.date, entry.date),
        "manifest": (manifest_path(manifest.version), entry.manifest),
    }
    for name, (expected, found) in said.items():
        if expected != found:
            yield Finding(
                "POINTER_WRONG",
                f"the {name} of release {manifest.version} in the catalog is not its own",
                CATALOG,
                expected=str(expected),
                found=str(found),
            )
    yield from _previous_in_catalog(catalog, manifest)


def _previous_in_catalog(catalog: Catalog, manifest: Manifest) -> Iterator[Finding]:
    """The release before it is in the catalog, and there is none between but a withdrawn one."""
    before = ordinal(manifest.previous) if manifest.previous else ()
    between = [
        entry.version
        for entry in catalog.releases
        if before < ordinal(entry.version) < ordinal(manifest.version)
        and entry.status is not Status.WITHDRAWN
    ]
    if between or (manifest.previous and not catalog.entry(manifest.previous)):
        yield Finding(
            "POINTER_WRONG",
            "the manifest names another release before it than the catalog",
            CATALOG,
            expected=between[0] if between else None,
            found=str(manifest.previous),
        )


def _is_latest(
    latest: Latest, catalog: object, manifest: Manifest, sha256: str
) -> Iterator[Finding]:
    if latest.version == manifest.version and latest.sha256 != sha256:
        yield Finding(
            "POINTER_WRONG",
            "the SHA-256 of the manifest is another",
            LATEST,
            expected=sha256,
            found=latest.sha256,
        )
    if isinstance(catalog, Catalog):
        entry = catalog.entry(latest.version)
        if entry is None or entry.sha256 != latest.sha256:
            yield Finding(
                "POINTER_WRONG",
                "it names a release that the catalog does not name so",
                LATEST,
                found=latest.version,
            )
        valid = [one for one in catalog.releases if one.status is not Status.WITHDRAWN]
        newest = max((one.version for one in valid), key=ordinal, default=None)
        if entry and newest and ordinal(latest.version) < ordinal(newest):
            yield Finding(
                "POINTER_WRONG",
                "it does not name the newest release",
                LATEST,
                expected=newest,
                found=latest.version,
            )
