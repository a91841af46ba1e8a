"""What several formats ask of a dataset, answered once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from allegata.schema import Dataset
from allegata.schema.dataset import Creator

STANDING = (
    "These data record who said what, through whom, and when. They do not say what is so: "
    "an event is listed because it was told of, and a claim because a source carries it."
)
"""What a reader of any description must know."""

KNOWN_LICENCES = frozenset(
    {
        "CC0-1.0",
        *(f"CC-BY{kind}-{v}" for kind in ("", "-SA", "-NC", "-NC-SA") for v in ("3.0", "4.0")),
        "ODbL-1.0",
        "ODC-By-1.0",
        "PDDL-1.0",
        "MIT",
        "Apache-2.0",
    }
)
"""Licences of data whose SPDX identifiers every format knows."""


class Name(NamedTuple):
    """A creator's name in parts; ``given`` is empty where it is not written as *family, given*."""

    family: str
    given: str


def is_person(creator: Creator) -> bool:
    """Whether a creator is known to be a person: bodies have no ORCID iD and no affiliation."""
    return bool(creator.orcid or creator.affiliation)


def name_parts(creator: Creator) -> Name:
    """The parts of a person's name, as far as the dataset tells them apart.

    >>> name_parts(Creator(name="Lovelace, Ada", affiliation="London"))
    Name(family='Lovelace', given='Ada')
    """
    family, comma, given = creator.name.partition(", ")
    return Name(family, given) if comma and is_person(creator) else Name(creator.name, "")


def orcid_url(creator: Creator) -> str | None:
    """The address of a person's ORCID iD."""
    return f"https://orcid.org/{creator.orcid}" if creator.orcid else None


def email(dataset: Dataset) -> str | None:
    """The address for mail, where the contact is one."""
    found = dataset.contact or ""
    return found if re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+[.][A-Za-z]{2,}", found) else None


def licence_name(identifier: str) -> dict[str, str]:
    """The ``name`` of a licence in a Data Package, where it has the form of one."""
    return {"name": identifier} if re.fullmatch(r"[-a-zA-Z0-9._]+", identifier) else {}


def contributors(dataset: Dataset) -> Iterator[dict[str, Any]]:
    """The contributors of a Data Package: creators, publisher, contact."""
    for creator in dataset.creators:
        name = name_parts(creator)
        yield {
            "title": creator.name,
            **({"givenName": name.given, "familyName": name.family} if name.given else {}),
            **({"path": creator.url or orcid_url(creator)} if creator.url or creator.orcid else {}),
            **({"organization": creator.affiliation} if creator.affiliation else {}),
            "roles": ["creator"],
        }
    mail = email(dataset)
    yield {
        "title": dataset.publisher,
        **({"email": mail} if mail else {}),
        "roles": ["publisher", *(["contact"] if mail else [])],
    }
