"""What the site holds, for language models (https://llmstxt.org)."""

from __future__ import annotations

from collections.abc import Iterator

from allegata.describing.markdown import escaped
from allegata.site.machine.addresses import address
from allegata.site.machine.feed import FEED
from allegata.site.machine.form import SCHEMA
from allegata.site.pages.subject import Subject
from allegata.site.words import STANDING, day_in_words

_PAGES = (
    ("Events", "events/", "what is alleged or taken for granted, and who says what about it"),
    ("Actors", "actors/", "who speaks, and who is spoken of"),
    ("Sources", "sources/", "the documents that make or relay the claims"),
    ("Codebook", "codebook/", "every table, column and code, with what it means"),
    ("Rules", "rules/", "what records must satisfy"),
    ("Data", "data/", "all files, with sizes and hashes"),
)


def llms(subject: Subject, site: str | None) -> str:
    """The file ``llms.txt``: what a dataset says of itself stands there as text, not as markup."""
    return "\n".join(_lines(subject, site)) + "\n"


def _lines(subject: Subject, site: str | None) -> Iterator[str]:
    manifest, dataset = subject.manifest, subject.dataset
    release = f"releases/{manifest.version}/"
    yield f"# {escaped(dataset.title)}"
    yield ""
    yield f"> {escaped(dataset.description)}"
    yield ""
    yield STANDING
    yield ""
    yield (
        f"Release {manifest.version} of {day_in_words(manifest.date)}, schema "
        f"{manifest.schema_version}. Licence: {escaped(dataset.licence.name)}. A claim is one "
        "source reporting who takes which stance on a proposition; cite it with its speaker and "
        "its source. Statuses say where those who speak stand, never what is so."
    )
    yield ""
    yield "## Pages"
    yield ""
    for name, path, what in _PAGES:
        yield f"- [{name}]({address(site, path)}): {what}"
    yield ""
    yield "## For programs"
    yield ""
    yield (
        f"- [The newest events]({address(site, 'events/')}): each page of a record has its "
        "records as `index.json` beside it"
    )
    yield f"- [Form of those files]({address(site, SCHEMA)}): a JSON Schema"
    yield f"- [Feed]({address(site, FEED)}): releases, and what is new or changed, as Atom"
    yield f"- [Manifest]({address(site, release + 'manifest.json')}): what the release holds"
    yield ""
    yield "## Optional"
    yield ""
    for table in manifest.tables:
        path = address(site, release + table.path)
        yield f"- [{table.name}]({path}): {table.rows:,} rows, as Parquet"
