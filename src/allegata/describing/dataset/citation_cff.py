"""``CITATION.cff``: Citation File Format, version 1.2.0.

https://github.com/citation-file-format/citation-file-format/blob/1.2.0/schema-guide.md
"""

from __future__ import annotations

from typing import Any

import yaml

from allegata.describing.dataset.facts import (
    KNOWN_LICENCES,
    email,
    is_person,
    name_parts,
    orcid_url,
)
from allegata.releasing import Manifest
from allegata.schema.dataset import Creator


def citation_cff(manifest: Manifest) -> bytes:
    """How to cite the release, for citation managers and code hosts."""
    dataset, terms = manifest.dataset, manifest.dataset.licence
    known = terms.id in KNOWN_LICENCES
    mail = email(dataset)
    told = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them as below.",
        "type": "dataset",
        "title": dataset.title,
        "abstract": dataset.description,
        "authors": [_author(creator) for creator in dataset.creators],
        **({"contact": [{"name": dataset.publisher, "email": mail}]} if mail else {}),
        "version": manifest.version,
        "date-released": manifest.date,
        **({"doi": dataset.doi} if dataset.doi else {}),
        **({"url": dataset.homepage} if dataset.homepage else {}),
        **({"keywords": list(dict.fromkeys(dataset.keywords))} if dataset.keywords else {}),
        **({"license": terms.id} if known else {"license-url": terms.url}),
        **({"commit": manifest.source_commit} if manifest.source_commit else {}),
    }
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=88).encode()


def _author(creator: Creator) -> dict[str, Any]:
    """A person, where the parts of the name are known; else an entity, whose name is one."""
    name, orcid = name_parts(creator), orcid_url(creator)
    also = {
        **({"orcid": orcid} if orcid else {}),
        **({"website": creator.url} if creator.url else {}),
    }
    if not (is_person(creator) and name.given):
        return {"name": creator.name, **also}
    place = {"affiliation": creator.affiliation} if creator.affiliation else {}
    return {"family-names": name.family, "given-names": name.given, **place, **also}
