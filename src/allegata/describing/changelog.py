"""``CHANGELOG.md``: what is new in a release, in counts, by record, and in the schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from allegata.comparing import schema_differences
from allegata.describing.markdown import escaped, table
from allegata.releasing import Manifest, Revised


def changelog(
    manifest: Manifest, previous: Manifest | None = None, revised: Sequence[Revised] = ()
) -> str:
    """What differs from the release before.

    Args:
        manifest: That of the release.
        previous: That of the release before.
        revised: What became of records in the release, and why.
    """
    parts = [f"# {escaped(manifest.dataset.title)}: release {manifest.version}", f"{manifest.date}"]
    if previous is None:
        rows = ([f"`{t.name}`", f"{t.rows}"] for t in manifest.tables)
        parts += ["The first release.", table(["table", "rows"], rows)]
    else:
        parts.append(f"What differs from {previous.version} of {previous.date}.")
        parts += ["## Rows", _counted(manifest, previous)]
        parts += ["## Records", *_records(revised)]
        parts += ["## Schema", *_schema(manifest, previous)]
    parts += ["## Coverage", *_coverage(manifest, previous)]
    return "\n\n".join(parts) + "\n"


def _counted(manifest: Manifest, previous: Manifest) -> str:
    head = ["table", previous.version, manifest.version, "added", "changed", "removed", ""]
    return table(head, _rows(manifest, previous))


def _rows(manifest: Manifest, previous: Manifest) -> Iterator[list[str]]:
    for one in schema_differences(previous, manifest):
        delta = manifest.delta(one.name)
        counts = [delta.added, delta.changed, delta.removed] if delta else [0, 0, 0]
        word = "" if delta else "unchanged"
        if one.old is None:
            word = "new table"
        elif one.new is None:
            counts, word = [0, 0, one.old.rows], "no longer published"
        old, new = (f"{entry.rows}" if entry else "" for entry in (one.old, one.new))
        yield [f"`{one.name}`", old, new, *(f"{count}" for count in counts), word]


def _records(revised: Sequence[Revised]) -> Iterator[str]:
    """The records that revisions speak of, by what became of them and then by the reason."""
    if not revised:
        yield "No record was added, changed, merged or retracted."
    for one in revised:
        yield f"### {one.change.capitalize()}: {one.count}"
        lines, left = [], one.count
        for reason in one.reasons:
            told = [
                f"`{record}`" + (f" into `{into}`" if into else "")
                for record, into in reason.records
            ]
            if more := reason.count - len(told):
                told.append(f"and {more} more")
            lines.append(f"- {', '.join(told)}: {escaped(reason.reason)}")
            left -= reason.count
        if left:
            lines.append(f"- For other reasons: {left}")
        yield "\n".join(lines)


def _schema(manifest: Manifest, previous: Manifest) -> Iterator[str]:
    if previous.schema_version == manifest.schema_version:
        yield f"The schema is {manifest.schema_version}, as it was."
    else:
        yield f"The schema is {manifest.schema_version}; it was {previous.schema_version}."
    differing = [one for one in schema_differences(previous, manifest) if not one.is_same]
    if differing:
        yield "\n".join(f"- `{one.name}`: {'; '.join(one.words)}" for one in differing)


def _coverage(manifest: Manifest, previous: Manifest | None) -> Iterator[str]:
    yield f"What was read for this release: {_covered(manifest)}"
    if previous and previous.dataset.coverage != manifest.dataset.coverage:
        yield f"For the release before it was: {_covered(previous)}"


def _covered(manifest: Manifest) -> str:
    coverage = manifest.dataset.coverage
    return f"{escaped(coverage.sources)} ({coverage.start} to {coverage.end})"
