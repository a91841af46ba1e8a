"""Agreement that is published with a release: files that ``allegata agree --out`` wrote."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from allegata.agreeing.model import Agreement
from allegata.reading.files import AGREEMENT, find_agreements
from allegata.releasing import Release, ReleaseError
from allegata.releasing.catalog import first_fault
from allegata.releasing.manifest import RELIABILITY, Role


def agreements_in(folder: Path) -> dict[str, bytes]:
    """What a release of a dataset ships of agreement: path in the release -> content.

    The files are those of the dataset's folder that end in ``.agreement.json``.

    Raises:
        ReleaseError: a file is not what ``allegata agree --format json`` writes, or two have one
            name.
    """
    found: dict[str, bytes] = {}
    for path in find_agreements(folder):
        name = f"{RELIABILITY}/{path.name.removesuffix(AGREEMENT)}.json"
        content = path.read_bytes()
        try:
            Agreement.model_validate_json(content)
        except ValidationError as error:
            raise ReleaseError(
                f"{path} is not what `allegata agree --format json` writes: {first_fault(error)}"
            ) from None
        if name in found:
            raise ReleaseError(f"{path}: another file of the dataset has the same name")
        found[name] = content
    return found


def agreements_of(release: Release) -> list[tuple[str, Agreement]]:
    """The results that a release ships: the path of each in the release, and what it says.

    Raises:
        ReleaseError: a file is damaged.
    """
    paths = [file.path for file in release.manifest.files if file.role is Role.RELIABILITY]
    try:
        return [
            (path, Agreement.model_validate_json((release.path / path).read_bytes()))
            for path in paths
        ]
    except ValidationError as error:
        raise ReleaseError(f"{release.path}/{RELIABILITY}: {first_fault(error)}") from None
