"""The releases up to the one at hand: a list of all, and what changed from any to any later one."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, groupby
from operator import attrgetter

from allegata.comparing import Difference, RecordDifference, diff
from allegata.comparing.output import schema_words, telling, visible
from allegata.releasing import (
    CatalogEntry,
    Op,
    Release,
    ReleaseError,
    WithdrawnRelease,
    catalog_around,
    open_release,
)
from allegata.releasing.catalog import ordinal
from allegata.site.page import Page
from allegata.site.pages.subject import Batch, Subject

MOST_RECORDS = 300
"""So many records that differ are told of one by one on a page."""
_COMPARED = 6
"""Each two of so many releases, the newest, are compared; others with the one before."""
_MOST_ROWS = 500_000
"""Up to so many rows more pairs are compared than each release with the one before."""


@dataclass(frozen=True)
class Compared:
    """How two releases differ, as a page shows it."""

    difference: Difference
    by_op: dict[str, list[tuple[str, list[RecordDifference]]]]
    """What became of records -> table -> the records."""
    left: int
    """How many records are not told of."""
    propositions: Batch
    """Those that are told of and that the release at hand has, with who speaks to them."""


def pages(subject: Subject) -> Iterator[Page]:
    """The list of releases, and the comparisons of two."""
    releases = _releases(subject)
    pairs = _pairs(releases)
    entries = _entries(subject)
    yield subject.page(
        "releases.html",
        "releases/",
        "Releases",
        "All releases of the dataset, what changed in each, and any two compared.",
        is_index=True,
        entries=entries,
        opened={one.version for one in releases},
        pairs=pairs,
        pair_url=pair_url,
    )
    for old, new in pairs:
        compared = compare(subject, old, new)
        url = pair_url(old.version, new.version)
        title = f"From release {old.version} to {new.version}"
        yield compared.propositions.page(
            "comparison.html",
            url,
            title,
            f"What release {new.version} adds to, changes in and drops from {old.version}.",
            trail=[("Releases", "releases/"), (new.version, f"releases/{new.version}/")],
            code=f"since {old.version}",
            compared=compared,
            **_HELP,
        )
        compared.difference.__exit__(None, None, None)


_HELP = {"schema_words": schema_words, "telling": telling, "visible": visible}


def pair_url(old: str, new: str) -> str:
    """The page that compares two releases, from the site's root.

    >>> pair_url("2026.10.0", "2026.11.0")
    'releases/2026.11.0/since-2026.10.0/'
    """
    return f"releases/{new}/since-{old}/"


def since_before(subject: Subject, version: str) -> tuple[str, str] | None:
    """The release before another, and the page that tells what changed since.

    Args:
        subject: The release at hand.
        version: It, or an earlier one.

    Returns:
        The version before, and the page from the site's root; nothing where there is no such page.
    """
    for old, new in _pairs(_releases(subject)):
        if new.version == version:
            return old.version, pair_url(old.version, new.version)
    return None


def compare(subject: Subject, old: Release, new: Release) -> Compared:
    """How two releases differ, with at most ``MOST_RECORDS`` records one by one."""
    difference = diff(old, new)
    records = list(difference.records(MOST_RECORDS))
    by_op = {
        op.value: [
            (table, list(found))
            for table, found in groupby(
                (one for one in records if one.op is op), attrgetter("table")
            )
        ]
        for op in (Op.MOD, Op.DEL, Op.ADD)
    }
    told = {one.id for one in records if one.table == "propositions"}
    known = [row["id"] for row in subject.store.of("propositions", "id", told)]
    return Compared(
        difference, by_op, difference.count - len(records), subject.listed("propositions", known)
    )


def _entries(subject: Subject) -> list[CatalogEntry]:
    catalog = catalog_around(subject.release.path)
    here = ordinal(subject.manifest.version)
    entries = catalog.releases if catalog else []
    return [one for one in entries if ordinal(one.version) <= here]


def _releases(subject: Subject) -> list[Release]:
    """The releases whose files are at hand, the newest first; that of the site is among them."""
    found = []
    for entry in _entries(subject):
        if entry.version == subject.manifest.version:
            found.append(subject.release)
        elif not entry.tombstone:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", WithdrawnRelease)
                try:
                    found.append(open_release(subject.release.path.parent / entry.version))
                except (ReleaseError, OSError):
                    continue  # it was not brought here, or is of a schema that is not read any more
    return found or [subject.release]


def _pairs(releases: list[Release]) -> list[tuple[Release, Release]]:
    """Which two are compared, the older of each first."""
    found = list(zip(releases[1:], releases, strict=False))
    rows = sum(table.rows for one in releases[:_COMPARED] for table in one.manifest.tables)
    if rows <= _MOST_ROWS:
        every = [(old, new) for new, old in combinations(releases[:_COMPARED], 2)]
        found += [pair for pair in every if pair not in found]
    return found
