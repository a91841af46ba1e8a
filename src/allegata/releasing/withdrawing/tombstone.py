"""The tombstone: what stays of a release that was taken down, beside its manifest."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from allegata.releasing.catalog import RELEASES, TOMBSTONE, first_fault
from allegata.releasing.errors import NotARelease
from allegata.releasing.manifest import Amount, Published
from allegata.rules import shortened
from allegata.schema.types import AnyId, Sha256, Text, Version

TOMBSTONE_SCHEMA = "tombstone.schema.json"
_MOST = 1_000  # characters of a reason in a message


class RemovedFile(Published):
    """A file that was removed."""

    path: str
    """Where it was, from the publishing folder."""
    bytes: Amount
    """Its size."""
    sha256: Sha256
    """The SHA-256 of its bytes."""


class Tombstone(Published):
    """Why a release was taken down, and what was removed (``tombstone.json``)."""

    version: Version
    """The release."""
    date: date
    """The day on which it was taken down."""
    reason: Text
    """Why."""
    record: AnyId | None
    """The record for whose sake it was taken down, if it was one."""
    removed: list[RemovedFile]
    """The files that were removed, sorted by path."""
    site: bool
    """Whether a site that showed the release was removed as well."""
    records: list[str]
    """The ids of the records that it held, in order, so that none is used again. They are listed
    where it was the newest release; else the release after it knows them."""
    retired: list[str]
    """The ids that had been retracted or merged by then, likewise."""


def tombstone_schema() -> dict[str, Any]:
    """The JSON Schema of a tombstone."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Tombstone.model_json_schema(mode="serialization"),
    }


def read_tombstone(folder: Path) -> Tombstone | None:
    """The tombstone in the folder of a release; None where there is none.

    Raises:
        NotARelease: it is damaged.
    """
    try:
        return Tombstone.model_validate_json((folder / TOMBSTONE).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValidationError as error:
        raise NotARelease(f"{folder / TOMBSTONE} is damaged: {first_fault(error)}") from None


def taken_down(version: str, day: date | None, reason: str | None) -> str:
    """That a release was taken down, when and why, in words."""
    where = f"{RELEASES}/{version}/{TOMBSTONE}"
    return f"release {version} was taken down{_since(day, reason)} ({where} tells what was removed)"


def withdrawn(version: str, day: date | None, reason: str | None) -> str:
    """That a release was withdrawn, when and why, in words."""
    return f"release {version} was withdrawn{_since(day, reason)}"


def _since(day: date | None, reason: str | None) -> str:
    return f"{f' on {day}' if day else ''}: {shortened(reason or 'no reason is given', _MOST)}"
