"""The Atom feed: the releases, and what is new or changed in the newest (RFC 4287)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree as ET

from allegata.describing.dataset.xml import element, xml_bytes
from allegata.releasing import CatalogEntry
from allegata.site.machine.addresses import address
from allegata.site.pages.subject import Subject
from allegata.site.words import day_in_words, plain

FEED = "feed.xml"
MOST = 100
"""So many records of the newest release are named."""

# Propositions are left out: none is to stand without who asserts or denies it.
_CHANGED = f"""
    SELECT revisions.record_id, revisions.change, revisions.reason,
        coalesce(events.label, sources.title, actors.name, places.name) AS name,
        CASE
            WHEN events.id IS NOT NULL THEN 'events'
            WHEN sources.id IS NOT NULL THEN 'sources'
            WHEN actors.id IS NOT NULL THEN 'actors'
            ELSE 'places'
        END AS section
    FROM revisions
    LEFT JOIN events ON events.id = revisions.record_id
    LEFT JOIN sources ON sources.id = revisions.record_id
    LEFT JOIN actors ON actors.id = revisions.record_id
    LEFT JOIN places ON places.id = revisions.record_id
    WHERE revisions.release IN (SELECT id FROM wanted)
        AND coalesce(events.id, sources.id, actors.id, places.id) IS NOT NULL
    ORDER BY
        CASE WHEN events.id IS NOT NULL THEN 0 WHEN sources.id IS NOT NULL THEN 1 ELSE 2 END,
        revisions.record_id
    LIMIT {MOST}
"""


@dataclass(frozen=True)
class _Entry:
    key: str
    """What its id is made from; the same for the same thing, whenever the feed is made."""
    title: str
    day: date
    link: str
    summary: str


def feed(subject: Subject, releases: Iterable[CatalogEntry], site: str | None) -> bytes:
    """The feed of a site.

    Args:
        subject: The newest release.
        releases: All releases, the newest first.
        site: Where the site will be, if that is known.
    """
    manifest, dataset = subject.manifest, subject.dataset
    top = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    own = uuid.uuid5(uuid.NAMESPACE_URL, f"allegata:{dataset.name}")
    element(top, "title", dataset.title)
    element(top, "subtitle", "Releases, and what is new or changed in the newest.")
    element(top, "id", own.urn)
    element(top, "updated", _midnight(manifest.date))
    element(element(top, "author"), "name", dataset.publisher)
    element(top, "link", rel="self", type="application/atom+xml", href=address(site, FEED))
    element(top, "link", rel="alternate", type="text/html", href=address(site, ""))
    element(top, "rights", dataset.licence.name)
    for one in (*_of_releases(subject, releases), *_of_records(subject)):
        entry = element(top, "entry")
        element(entry, "title", one.title)
        element(entry, "id", uuid.uuid5(own, one.key).urn)
        element(entry, "updated", _midnight(one.day))
        element(entry, "link", rel="alternate", type="text/html", href=_link(site, one.link))
        element(entry, "summary", one.summary, type="text")
    return xml_bytes(top)


def _of_releases(subject: Subject, releases: Iterable[CatalogEntry]) -> Iterator[_Entry]:
    version, day = subject.manifest.version, subject.manifest.date
    known = {one.version: one for one in releases}
    if version not in known:
        yield _Entry(version, f"Release {version}", day, f"releases/{version}/", _told(day))
    for one in known.values():
        told = _told(one.date)
        if not one.stands:
            told += f" It has been withdrawn: {one.reason or 'no reason is given'}"
        link = f"releases/{one.version}/"
        yield _Entry(one.version, f"Release {one.version}", one.withdrawn or one.date, link, told)


def _told(day: date) -> str:
    return f"Released on {day_in_words(day)}."


def _of_records(subject: Subject) -> Iterator[_Entry]:
    if not subject.store.has("revisions"):
        return
    version, addresses = subject.manifest.version, subject.addresses
    subject.store.give("wanted", [version])
    for row in subject.store.rows(_CHANGED):
        section, name = row["section"], row["record_id"]
        anchor = addresses.anchor(section, name)
        yield _Entry(
            f"{version} {name}",
            f"{row['name'] or name} ({plain(row['change'])})",
            subject.manifest.date,
            addresses.page(section, name) + (f"#{anchor}" if anchor else ""),
            row["reason"] or "",
        )


def _link(site: str | None, link: str) -> str:
    path, _, anchor = link.partition("#")
    return address(site, path) + (f"#{anchor}" if anchor else "")


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
