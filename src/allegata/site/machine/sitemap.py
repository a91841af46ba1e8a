"""The pages of a site for search engines (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from allegata.describing.dataset.xml import element, xml_bytes
from allegata.site.machine.addresses import address

_MOST = 50_000  # which a file may name
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def write_sitemap(folder: Path, site: str | None, pages: Sequence[str], day: str) -> None:
    """Write ``sitemap.xml`` and its compressed copy; of very many pages, an index of several.

    Args:
        folder: The folder of the site.
        site: Where it will be; without that a sitemap can name no page.
        pages: The pages, from the site's root.
        day: The day of the release, which is that of each page.
    """
    named = sorted(pages) if site else []
    if len(named) <= _MOST:
        _write(folder / "sitemap.xml", _names("urlset", "url", site, named, day))
        return
    parts = []
    for number, start in enumerate(range(0, len(named), _MOST), start=1):
        parts.append(f"sitemap-{number}.xml")
        some = named[start : start + _MOST]
        _write(folder / parts[-1], _names("urlset", "url", site, some, day))
    _write(folder / "sitemap.xml", _names("sitemapindex", "sitemap", site, parts, day))


def robots(site: str | None) -> str:
    r"""What ``robots.txt`` says (RFC 9309): everything may be read, and where the sitemap is.

    >>> robots("https://example.org/")
    'User-agent: *\nAllow: /\n\nSitemap: https://example.org/sitemap.xml\n'
    """
    return "\n".join(_robots(site)) + "\n"


def _robots(site: str | None) -> Iterator[str]:
    yield from ("User-agent: *", "Allow: /")
    if site:
        yield from ("", f"Sitemap: {address(site, 'sitemap.xml')}")


def _names(root: str, each: str, site: str | None, paths: Sequence[str], day: str) -> bytes:
    top = ET.Element(root, {"xmlns": _NAMESPACE})
    for path in paths:
        one = element(top, each)
        element(one, "loc", address(site, path))
        element(one, "lastmod", day)
    return xml_bytes(top)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with path.with_suffix(".xml.gz").open("wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as out:
        out.write(content)
