"""Deltas and `diff` of tables of every column type and of other schemas, and of hostile texts."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import allegata
import differences_by_pandas as by_pandas
from allegata.describing import describe
from allegata.releasing import Release, write_release
from allegata.schema import Dataset
from allegata.tables import Column, Table

Run = Callable[..., Any]
OLD, NEW = "2026.10.0", "2026.11.0"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
DAY = st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31))
TIME = st.datetimes(
    datetime.datetime(1970, 1, 1), datetime.datetime(2100, 1, 1), timezones=st.just(datetime.UTC)
)
VALUES: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "text": (pa.string(), TEXT),
    'odd " name': (pa.string(), TEXT),
    "is_so": (pa.bool_(), st.booleans()),
    "count": (pa.int32(), st.integers(-(2**31), 2**31 - 1)),
    "measure": (pa.float64(), st.floats(allow_nan=False, allow_infinity=False)),
    "day": (pa.date32(), DAY),
    "at": (pa.timestamp("us", "UTC"), TIME),
}
IDS, NUMBERS = st.sampled_from("abcé"), st.integers(0, 12)
ROW = st.fixed_dictionaries({name: st.none() | kind for name, (_, kind) in VALUES.items()})
ROWS = st.dictionaries(st.tuples(IDS, NUMBERS), ROW, max_size=8)


def table(columns: Mapping[str, pa.DataType], key: tuple[str, ...] = ("id", "n")) -> Table:
    types = {"id": pa.string(), "n": pa.int32(), **columns}
    made = (Column(name, kind, name not in key, f"{name}.") for name, kind in types.items())
    return Table("things", "A thing.", key, tuple(made))


SPEC = table({name: kind for name, (kind, _) in VALUES.items()})


def write(out: Path, version: str, spec: Table, rows: list[dict[str, Any]]) -> Release:
    dataset = Dataset.model_validate(
        {
            "name": "things",
            "title": "Things",
            "description": "Things.",
            "schema_version": "1.0.0",
            "licence": {"id": "CC0-1.0", "name": "CC0", "url": "https://example.org/cc0"},
            "creators": [{"name": "A. Coder"}],
            "publisher": "A publisher",
            "lang": "en",
            "window": {"start": "2025-01-01", "end": "2026-12-31"},
            "coverage": {"sources": "None.", "start": "2025-01-01", "end": "2025-12-31"},
        }
    )
    return write_release(
        {"things": pa.Table.from_pylist(rows, spec.schema)},
        {"things": spec},
        dataset,
        out,
        version,
        date=datetime.date(2026, 11, 5),
        describe=describe,
        problems={},
        source_commit=None,
        source_date_epoch=0,
    )


def listed(rows: dict[tuple[str, int], dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": one, "n": n, **row} for (one, n), row in rows.items()]


@settings(max_examples=30)
@given(ROWS, ROWS, st.data())
def test_any_rows_of_any_type(
    before: dict[tuple[str, int], Any], after: dict[tuple[str, int], Any], data: st.DataObject
) -> None:
    for key in before:  # so that rows stay, and differ in one value
        if data.draw(st.booleans()):
            after[key] = dict(before[key])
            if data.draw(st.booleans()):
                name = data.draw(st.sampled_from(list(VALUES)))
                after[key][name] = data.draw(st.none() | VALUES[name][1])
    with TemporaryDirectory() as folder:
        old = write(Path(folder), OLD, SPEC, listed(before))
        new = write(Path(folder), NEW, SPEC, listed(after))
        was, now = (by_pandas.frame(one.path / "data/things.parquet") for one in (old, new))
        key = list(SPEC.key)
        expected = by_pandas.delta(was, now, key)
        path = new.path / "delta/things.parquet"
        assert path.exists() is bool(expected)
        if expected:
            change = by_pandas.frame(path)
            assert change.to_dict("records") == expected
            given_rows = by_pandas.applied(change, was, key).to_dict("records")
            assert given_rows == by_pandas.by_key(now, key).to_dict("records")
        with allegata.diff(old, new) as difference:
            found = {
                (one.table, one.id): {
                    "op": one.op.value,
                    "fields": {
                        f.field: (_value(f.field, f.old), _value(f.field, f.new))
                        for f in one.fields
                    },
                    "parts": {},
                }
                for one in difference.records()
            }
        assert found == by_pandas.records({"things": was}, {"things": now}, {"things": key})


def _value(field: str, value: Any) -> Any:
    if value is not None and field == "day":
        return datetime.date.fromisoformat(value)
    return datetime.datetime.fromisoformat(value) if value is not None and field == "at" else value


class TestOtherSchemas:
    """Each release has what it has, and what only one of them has is told of."""

    ROWS: tuple[dict[str, Any], ...] = (
        {"id": "a", "n": 1, "text": "same", "count": 1},
        {"id": "b", "n": 1, "text": "old", "count": None},
        {"id": "c", "n": 1, "text": "gone", "count": 3},
    )
    LATER: tuple[dict[str, Any], ...] = (
        {"id": "a", "n": 1, "text": "same", "measure": 1.5, "count": None},
        {"id": "b", "n": 1, "text": "new", "measure": None, "count": None},
        {"id": "d", "n": 1, "text": "come", "measure": 2.5, "count": None},
    )
    BEFORE = table({"text": pa.string(), "count": pa.int32()})

    def test_a_column_that_is_new_counts_as_empty_before(self, tmp_path: Path) -> None:
        spec = table({"measure": pa.float64(), "text": pa.string()})
        old = write(tmp_path, OLD, self.BEFORE, list(self.ROWS))
        rows = [
            {name: value for name, value in row.items() if name != "count"} for row in self.LATER
        ]
        new = write(tmp_path, NEW, spec, rows)
        change = by_pandas.frame(new.path / "delta/things.parquet")
        assert change["op"].tolist() == ["mod", "mod", "del", "add"]
        was = by_pandas.frame(old.path / "data/things.parquet")
        brought = was.drop(columns="count").assign(measure=None)[["id", "n", "measure", "text"]]
        now = by_pandas.frame(new.path / "data/things.parquet")
        pd.testing.assert_frame_equal(by_pandas.applied(change, brought, ["id", "n"]), now)
        text = (new.path / "CHANGELOG.md").read_text()
        assert "- `things`: column `measure` new; column `count` gone" in text

        difference = allegata.diff(old, new)
        (told,) = difference.tables
        assert (told.columns_added, told.columns_removed) == (["measure"], ["count"])
        assert (told.added, told.changed, told.removed) == (1, 1, 1)
        assert [
            (one.id, one.op.value, [(field.field, field.old, field.new) for field in one.fields])
            for one in difference.records()
        ] == [
            ("b 1", "mod", [("text", "old", "new")]),
            ("c 1", "del", [("text", "gone", None), ("count", 3, None)]),
            ("d 1", "add", [("measure", None, 2.5), ("text", None, "come")]),
        ]

    def test_a_column_of_another_type_counts_as_new(self, tmp_path: Path) -> None:
        old = write(tmp_path, OLD, self.BEFORE, list(self.ROWS))
        spec = table({"text": pa.string(), "count": pa.float64()})
        new = write(tmp_path, NEW, spec, [{**row, "count": 1.0} for row in self.ROWS])
        entry = new.manifest.delta("things")
        assert entry
        assert (entry.added, entry.changed, entry.removed) == (0, 3, 0)
        assert "column `count` of another type" in (new.path / "CHANGELOG.md").read_text()
        difference = allegata.diff(old, new)
        assert difference.tables[0].columns_retyped == ["count"]
        assert (difference.count, difference.is_same) == (0, False)

    def test_where_a_column_is_only_gone_no_row_differs(self, tmp_path: Path) -> None:
        write(tmp_path, OLD, self.BEFORE, list(self.ROWS))
        rows = [
            {name: value for name, value in row.items() if name != "count"} for row in self.ROWS
        ]
        new = write(tmp_path, NEW, table({"text": pa.string()}), rows)
        assert (new.manifest.deltas, (new.path / "delta").exists()) == ([], False)

    def test_with_another_key_all_begins_anew(self, tmp_path: Path, run: Run) -> None:
        old = write(tmp_path, OLD, self.BEFORE, list(self.ROWS))
        spec = table({"text": pa.string(), "count": pa.int32()}, key=("id",))
        new = write(tmp_path, NEW, spec, list(self.ROWS))
        entry = new.manifest.delta("things")
        assert entry
        assert (entry.added, entry.changed, entry.removed) == (3, 0, 0)
        assert "another key: `id`" in (new.path / "CHANGELOG.md").read_text()
        difference = allegata.diff(old, new)
        assert (difference.tables[0].added, difference.count) == (None, 0)
        assert "another key, not compared" in run("diff", old.path, new.path).out

    def test_a_table_that_only_one_has_is_new_or_gone(self, tmp_path: Path, run: Run) -> None:
        old = write(tmp_path, OLD, self.BEFORE, [])
        without = old.manifest.model_copy(update={"tables": []})
        new = write(tmp_path, NEW, self.BEFORE, list(self.ROWS))
        for sides, op, told in (
            ((Release(old.path, without), new), "add", "new table"),
            ((new, Release(old.path, without)), "del", "no longer published"),
        ):
            difference = allegata.diff(*sides)
            assert [one.op for one in difference.records()] == [op] * 3
            assert not difference.is_same
            from allegata.comparing.output import schema_words

            assert schema_words(difference.tables[0]) == told


HOSTILE = "<script>alert(1)</script>\x1b[31m[red]x[/red]\u202e&amp;\x07"


class TestHostileTexts:
    @pytest.fixture
    def pair(self, tmp_path: Path) -> tuple[Release, Release]:
        spec = table({"text": pa.string(), "<b>\x1b[1m": pa.string()})
        row = {"id": HOSTILE, "n": 1, "text": "one\ntwo", "<b>\x1b[1m": HOSTILE}
        old = write(tmp_path, OLD, spec, [row, {**row, "n": 2}])
        return old, write(tmp_path, NEW, spec, [{**row, "text": HOSTILE}, {**row, "n": 3}])

    def test_a_terminal_shows_them_and_acts_on_nothing(
        self, pair: tuple[Release, Release], run: Run
    ) -> None:
        old, new = pair
        for more in ([], ["--all"]):
            ran = run("diff", old.path, new.path, *more)
            assert ran.code == 0
            assert set("\x1b\x07\u202e").isdisjoint(ran.out + ran.err)
            shown = "".join(ran.out.split())
            assert r"one\u000atwo→<script>alert(1)</script>\u001b[31m[red]x[/red]\u202e" in shown

    def test_a_page_shows_them_as_text(
        self, pair: tuple[Release, Release], run: Run, tmp_path: Path
    ) -> None:
        old, new = pair
        page = tmp_path / "page.html"
        assert run("diff", old.path, new.path, "--out", page).code == 0
        text = page.read_text()
        assert set("\x1b\x07\u202e").isdisjoint(text)
        seen = Seen()
        seen.feed(text)
        assert seen.tags <= {
            *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "h4"),
            *("p", "div", "span", "table", "thead", "tbody", "tr", "th", "td", "del", "ins"),
            "article",
        }
        assert {name for name in seen.attributes if name.startswith("on")} == set()
        assert seen.attributes.isdisjoint({"href", "src", "style"})
        assert "<script>alert(1)</script>\\u001b[31m[red]x[/red]\\u202e&amp;\\u0007" in seen.text
        assert "one\ntwo" in seen.text
        assert "prefers-color-scheme: dark" in text

    def test_the_changelog_has_no_markup_of_theirs(self, pair: tuple[Release, Release]) -> None:
        text = (pair[1].path / "CHANGELOG.md").read_text()
        assert "| `things` | 2 | 2 | 1 | 1 | 1 |" in text


class Seen(HTMLParser):
    """The elements, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data
