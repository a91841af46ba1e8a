"""``CHANGELOG.md``: what is new in a release, in counts."""

from __future__ import annotations

from collections.abc import Iterator

from allegata.describing.markdown import escaped, table
from allegata.releasing import Manifest


def changelog(manifest: Manifest, previous: Manifest | None = None) -> str:
    """How many rows each table has, and had in the release before."""
    version = manifest.version
    title = f"# {escaped(manifest.dataset.title)}: release {version}\n\n{manifest.date}\n\n"
    if previous is None:
        head, rows = ["table", "rows"], [[f"`{t.name}`", f"{t.rows}"] for t in manifest.tables]
        return f"{title}The first release.\n\n{table(head, rows)}\n"
    said = f"Rows in {version}, and in {previous.version} of {previous.date}:\n\n"
    head = ["table", previous.version, version, "difference", "rows are"]
    schemas = ""
    if previous.schema_version != manifest.schema_version:
        schemas = f"The schema is {manifest.schema_version}; it was {previous.schema_version}.\n\n"
    return f"{title}{schemas}{said}{table(head, _compared(manifest, previous))}\n"


def _compared(manifest: Manifest, previous: Manifest) -> Iterator[list[str]]:
    for entry in manifest.tables:
        before = previous.table(entry.name)
        if before is None:
            yield [f"`{entry.name}`", "", f"{entry.rows}", "", "new table"]
        else:
            same = before.content_hash == entry.content_hash
            difference = f"{entry.rows - before.rows:+d}" if entry.rows != before.rows else "0"
            word = "unchanged" if same else "changed"
            yield [f"`{entry.name}`", f"{before.rows}", f"{entry.rows}", difference, word]
    for before in previous.tables:
        if manifest.table(before.name) is None:
            yield [f"`{before.name}`", f"{before.rows}", "", "", "no longer published"]
