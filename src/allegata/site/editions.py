"""The versions of a site: the latest release at its root, earlier ones below ``r/<version>/``.

A page links to the list of all releases, and to the same page of the latest release where it is of
an earlier one. What came after it a page cannot know: ``versions.json`` at the root tells, which
the packaged script reads. So a site of an earlier release stays as it is when a new one comes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from importlib.metadata import version as installed
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from allegata.releasing import CatalogEntry, Release, catalog_around
from allegata.releasing.catalog import ordinal
from allegata.site.machine.feed import FEED
from allegata.site.words import day_in_words

_IN_HEADER = re.compile(
    '<form class="md-header__option"|<label class="md-header__button md-icon" for="__search"'
)
"""What comes after the title in the header of the theme Material."""
VERSIONS = "versions.json"
"""What tells pages of other versions, at the root of the whole site."""


def place_of(version: str) -> str:
    """Where the site of an earlier release is, from the root.

    >>> place_of("2026.10.0")
    'r/2026.10.0/'
    """
    return f"r/{version}/"


@dataclass(frozen=True)
class Edition:
    """Which release a site shows, and where it stands among the others."""

    version: str
    """The release."""
    day: date
    """Its day."""
    earlier: bool = False
    """Whether it is below ``r/``, and there is a later one at the root."""

    def root(self, url: str) -> str:
        """What leads from a page of this site to the root of the whole one.

        >>> Edition("2026.10.0", date(2026, 10, 1), earlier=True).root("events/")
        '../../../'
        """
        return "../" * (url.count("/") + (2 if self.earlier else 0))

    def around(self, output: str, url: str) -> str:
        """A framed page with what it says of versions.

        Args:
            output: The page.
            url: Its address, from its site's root.
        """
        root = self.root(url)
        head = (
            # The theme takes what is an alternate and nothing else for another language.
            '<link rel="alternate feed" type="application/atom+xml" title="Releases and changes" '
            f'href="{root}{FEED}">'
        )
        if self.earlier:
            head += '<meta name="robots" content="noindex">'
            output = _before(output, '<div data-md-component="announce">', self._banner(url, root))
        output = output.replace("</head>", f"{head}</head>", 1)
        found = _IN_HEADER.search(output)
        at = found.start() if found else output.rfind("</body>")
        return output[:at] + self._selector(url, root) + output[at:]

    def _banner(self, url: str, root: str) -> str:
        return (
            '<aside class="al-edition" aria-label="Version"><p class="al-edition__text">'
            f"This is release {self.version} of {day_in_words(self.day)}. There is a newer one. "
            f'<a href="{escape(root + url)}" data-newest>This page in the newest release</a>'
            "</p></aside>"
        )

    def _selector(self, url: str, root: str) -> str:
        return (
            f'<div class="al-versions" data-root="{root}" data-page="{escape(url)}" '
            f'data-version="{self.version}">'
            f'<a href="{root}data/#releases">Release {self.version}</a></div>'
        )


def edition_of(release: Release) -> Edition:
    """The edition of a release that is at the root."""
    return Edition(release.version, release.manifest.date)


def earlier_than(release: Release, most: int | None = None) -> list[CatalogEntry]:
    """The earlier releases that a site can show, the newest first.

    Args:
        release: The release at the root. Its catalog lies beside it, or there are none.
        most: How many; all that stand without it.
    """
    catalog = catalog_around(release.path)
    found = [
        entry
        for entry in (catalog.releases if catalog else [])
        if entry.stands and ordinal(entry.version) < ordinal(release.version)
    ]
    found.sort(key=lambda entry: ordinal(entry.version), reverse=True)
    return found[:most]


def signature(entry: CatalogEntry, site: Mapping[str, Any]) -> str:
    """What the site of an earlier release is made from, as a hash: equal, it need not be made.

    The pages by hand do not count: an earlier release keeps those that it was shown with.

    Args:
        entry: The release in the catalog.
        site: What the site's configuration says that its pages depend on.
    """
    made_by = {name: installed(name) for name in ("mkdocs", "mkdocs-material", "jinja2")}
    parts = [entry.sha256, entry.status.value, dict(site), made_by, _own_files()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def versions_json(
    edition: Edition, earlier: Iterable[CatalogEntry], signatures: Mapping[str, str]
) -> bytes:
    """The file that tells pages of the versions of the site, the newest first."""
    told = [{"version": edition.version, "date": edition.day.isoformat(), "path": ""}]
    told += [
        {
            "version": entry.version,
            "date": entry.date.isoformat(),
            "path": place_of(entry.version),
            "signature": signatures[entry.version],
        }
        for entry in earlier
    ]
    return (json.dumps({"versions": told}, indent=2) + "\n").encode()


def signatures_in(site: Path) -> dict[str, str]:
    """What the earlier versions in a site that is there were made from, by version."""
    try:
        told = json.loads((site / VERSIONS).read_bytes())["versions"]
        return {one["version"]: one["signature"] for one in told if "signature" in one}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _own_files() -> str:
    digest = hashlib.sha256()
    _add_files(digest, files("allegata.site"))
    return digest.hexdigest()


def _add_files(digest: Any, folder: Traversable) -> None:
    for one in sorted(folder.iterdir(), key=lambda path: path.name):
        if one.is_dir() and one.name != "__pycache__":
            _add_files(digest, one)
        elif one.is_file():
            content = one.read_bytes()
            digest.update(f"{one.name} {len(content)}\n".encode() + content)


def _before(output: str, mark: str, added: str) -> str:
    return output.replace(mark, added + mark, 1)
