"""The codebook: every table, column and code, from the specifications and the release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from allegata.deriving import derived_tables
from allegata.schema import MODELS, Vocabulary
from allegata.site.addresses import VIEWER
from allegata.site.figures import Profile, profiles
from allegata.site.page import Page
from allegata.site.pages.subject import Subject
from allegata.site.scripting import APART, MISSING, data_for, first_rows, scripts_for
from allegata.tables import Column, Table, base_tables
from allegata.tables.content_hash import type_name

_EXAMPLES = """
    SELECT codebook."table", codebook.field, codebook.value, facts.claim_id, facts.section,
        facts.home, shown.claim_id IS NOT NULL AS placed
    FROM codebook
    JOIN facts ON facts.claim_id = codebook.example_claim_id
    LEFT JOIN shown ON shown.claim_id = facts.claim_id AND shown.part = 'home'
"""
_Examples = dict[str, dict[str, str]]
_LEVELS = ("propositions", "statements", "claims")


@dataclass(frozen=True)
class PublishedTable:
    """A table as specified and as released."""

    name: str
    definition: str
    key: tuple[str, ...]
    rows: int
    bytes: int
    sha256: str
    content_hash: str
    file: str
    """Its Parquet file, from the site's root."""
    sheet: str | None
    """Its CSV file, if it has one."""


@dataclass(frozen=True)
class PublishedColumn:
    """A column as specified and as released."""

    name: str
    kind: str
    """The name of its type."""
    nullable: bool
    description: str
    is_reference: bool
    refers_to: str | None
    record_key: str | None
    """The key that it has in record files."""
    derived: bool
    vocabulary: type[Vocabulary] | None
    counts: dict[str, int]
    """How often each code occurs."""
    examples: dict[str, str]
    """The address of a claim that shows a code, from the site's root and with its fragment."""
    profile: Profile
    """What stands in it."""

    def share(self, code: str) -> float:
        """How often a code occurs, where the most frequent one is 100."""
        most = max(self.counts.values(), default=0)
        return round(100 * self.counts.get(code, 0) / most, 1) if most else 0.0


def pages(subject: Subject) -> Iterator[Page]:
    """The pages of the codebook."""
    tables = published_tables(subject)
    yield subject.page(
        "codebook.html",
        "codebook/",
        "Codebook",
        "Every table, column and code, with what it means.",
        is_index=True,
        levels=[table for name in _LEVELS for table in tables if table.name == name],
        groups=(
            ("derived", "Derived tables", [t for t in tables if t.name not in MODELS]),
            ("tables", "Base tables", [t for t in tables if t.name in MODELS]),
        ),
    )
    examples = _examples(subject)
    for table in tables:
        yield _page(subject, table, examples.get(table.name, {}))


def published_tables(subject: Subject) -> list[PublishedTable]:
    """The tables of the release, as specified and as released."""
    specs = {**base_tables(), **derived_tables()}
    files = {file.path: file for file in subject.manifest.files}
    place = f"releases/{subject.manifest.version}/"
    return [
        PublishedTable(
            name=entry.name,
            definition=specs[entry.name].definition if entry.name in specs else "",
            key=tuple(entry.key),
            rows=entry.rows,
            bytes=files[entry.path].bytes,
            sha256=files[entry.path].sha256,
            content_hash=entry.content_hash,
            file=f"{place}{entry.path}",
            sheet=f"{place}{sheet}" if (sheet := f"csv/{entry.name}.csv") in files else None,
        )
        for entry in subject.manifest.tables
    ]


def _page(subject: Subject, table: PublishedTable, examples: _Examples) -> Page:
    spec = {**base_tables(), **derived_tables()}.get(table.name)
    nested = spec.model.children() if spec and spec.model else {}
    return subject.page(
        "codebook_table.html",
        f"codebook/{table.name}/",
        table.name,
        table.definition,
        trail=[("Codebook", "codebook/")],
        code=table.name,
        table=table,
        columns=list(_columns(subject, table.name, spec, examples)),
        names_left_out=[name for one, name in sorted(APART) if one == table.name],
        first_rows=first_rows(subject, table.name),
        release_data=data_for(subject, f"codebook/{table.name}/", [table.name], rows=True),
        scripts=scripts_for(subject, f"codebook/{table.name}/"),
        missing=MISSING,
        nested=[(key, child.table) for key, (child, _) in nested.items()],
    )


def _columns(
    subject: Subject, name: str, spec: Table | None, examples: _Examples
) -> Iterator[PublishedColumn]:
    specified = {column.name: column for column in spec.columns} if spec else {}
    found = profiles(subject.store, name)
    for field in subject.store.schema(name):
        column = specified.get(field.name)
        coded = column.vocabulary if column else None
        yield PublishedColumn(
            name=field.name,
            kind=type_name(field.type),
            nullable=field.nullable,
            description=(field.metadata or {}).get(b"description", b"").decode(),
            is_reference=bool(column and column.is_reference),
            refers_to=column.refers_to if column else None,
            record_key=_record_key(spec, column),
            derived=bool(spec and spec.model),
            vocabulary=coded,
            counts=subject.store.counts(name, field.name) if coded else {},
            examples=examples.get(field.name, {}),
            profile=found[field.name],
        )


def _examples(subject: Subject) -> dict[str, _Examples]:
    """Table -> column -> code -> where a claim is shown that has it, as ``codebook`` names it."""
    if not subject.store.has("codebook"):
        return {}
    found: dict[str, _Examples] = {}
    for row in subject.store.rows(_EXAMPLES):
        page = subject.addresses.page(row["section"], row["home"]) if row["placed"] else VIEWER
        of_column = found.setdefault(row["table"], {}).setdefault(row["field"], {})
        of_column[row["value"]] = f"{page}#{row['claim_id']}"
    return found


def _record_key(spec: Table | None, column: Column | None) -> str | None:
    if not (spec and spec.model and column and column.field):
        return None
    return spec.model.columns()[column.field].alias or column.field
