"""Record files written by programs: one canonical layout, and changes that leave the rest alone."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegata.curating import Document, NotEditable
from allegata.reading import read
from allegata.schema import MODELS

Run = Callable[..., Any]

ROOT = Path(__file__).parent.parent
FICTIONAL = ROOT / "tests" / "fictional"
FILES = sorted([*(ROOT / "data").rglob("*.yaml"), *FICTIONAL.rglob("*.yaml")])
MESSY = """\
# yaml-language-server: $schema=x.json
---

# Who speaks.
actors:   # of all


- name: 'Ann: the "first"'   # her name
  # what she is
  kind:   person
  id:
    act-a
  aliases: [ {lang: en,
     alias: "No"}, # two of them
     {alias: 0x10} ]
    # behind the aliases

  # behind Ann
-
  id: act-b
  note: |
    One line.

    Another.
  name: >-   # folded
    a long
    name
  kind: state
# last
"""
TIDY = """\
# yaml-language-server: $schema=x.json

# Who speaks.
actors:  # of all

  - id: act-a
    # what she is
    kind: person
    name: "Ann: the \\"first\\""  # her name
    aliases:
      - {alias: "No", lang: en}  # two of them
      - {alias: 0x10}
    # behind the aliases

    # behind Ann
  - id: act-b
    kind: state
    name: a long name  # folded
    note: |
      One line.

      Another.
# last
"""


def test_the_layout_of_a_messy_file() -> None:
    assert Document(MESSY).formatted() == TIDY


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_is_not_changed_stays_to_the_byte(file: Path) -> None:
    assert Document.read(file).text() == file.read_text()


@pytest.mark.parametrize("folder", [ROOT / "data", FICTIONAL], ids=["data", "fictional"])
def test_layout_changes_no_record(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    for file in copy.rglob("*.yaml"):
        document = Document.read(file)
        file.write_text(document.formatted())
        assert Document.read(file).formatted() == file.read_text()
    before, after = read([folder]), read([copy])
    assert after.problems == []
    assert after.dataset == before.dataset
    for table in MODELS:
        assert after.table(table).equals(before.table(table)), table


def test_the_data_of_this_project_is_laid_out_so(run: Run) -> None:
    assert run("format", ROOT / "data", "--check").code == 0


# Any file


KEYS = st.sampled_from(
    ["id", "name", "kind", "note", "aliases", "no", "a b", "12", "#x", "x: y", "é", "-", "~"]
)
TEXTS = st.one_of(
    st.text(alphabet="ab 'é\"#:-,[]{}\n\t\\&*!|>%@`0.é😀\u00a0", max_size=30),
    st.sampled_from(
        [
            "no",
            "12:30",
            "0o17",
            "1e3",
            "2025-01-01",
            "~",
            "null",
            "=",
            "<<",
            "...",
            "a: b",
            " #",
            "yes",
        ]
    ),
    st.text(alphabet="word ", min_size=90, max_size=230),
    st.text(max_size=10).filter(lambda text: not re.search("[\ud800-\udfff]", text)),
)
SCALARS = st.one_of(
    TEXTS, st.integers(-9, 10**6), st.booleans(), st.none(), st.floats(allow_nan=False)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
TABLES = st.dictionaries(
    st.sampled_from(["actors", "sources", "events"]),
    st.lists(st.dictionaries(KEYS, VALUES, max_size=5), min_size=1, max_size=3),
    min_size=1,
    max_size=2,
)


def plain_of(text: str) -> Any:
    from allegata.reading.files import parse

    problems: list[Any] = []
    node = parse(Path("a.yaml"), text.encode(), lambda *found: problems.append(found))
    assert problems == []
    assert node is not None
    return node.plain()


def without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_none(one) for key, one in value.items() if one is not None}
    return [without_none(one) for one in value] if isinstance(value, list) else value


def written(tables: dict[str, list[dict[str, Any]]]) -> str:
    document = Document("")
    for table, records in tables.items():
        for record in records:
            document.append(table, record)
    return document.text()


@given(TABLES)
@settings(max_examples=60)
def test_what_is_written_is_read_as_it_was_given(tables: dict[str, Any]) -> None:
    text = written(tables)
    assert plain_of(text) == without_none(tables)
    assert Document(text).formatted() == text


@given(tables=TABLES, data=st.data())
@settings(max_examples=60)
def test_comments_anywhere_stay_and_layout_comes_to_rest(
    tables: dict[str, Any], data: st.DataObject
) -> None:
    lines = written(tables).split("\n")[:-1]
    within = re.compile(r"[^#\"]*[\w\]}]$")
    spoiled = False
    for number in range(len(lines)):
        spoiled = spoiled or bool(re.search(r"(?:^|[ -])[|>]-?$", lines[number]))
        if not spoiled and within.match(lines[number]) and data.draw(st.integers(0, 5)) == 0:
            lines[number] += f"   # at the end of {number}"
    for number in range(len(lines), 0, -1):
        if not spoiled and data.draw(st.integers(0, 5)) == 0:
            indent = " " * data.draw(st.integers(0, 8))
            lines.insert(number, f"{indent}# before {number}" if indent else "")
    text = "\n".join(lines) + "\n"
    document = Document(text)
    tidy = document.formatted()
    assert plain_of(tidy) == plain_of(text)
    assert Counter(re.findall("# (?:at the end|before).*", tidy)) == Counter(
        re.findall("# (?:at the end|before).*", text)
    )
    assert Document(tidy).formatted() == tidy
    assert plain_of(document.text()) == plain_of(text)


@given(tables=TABLES, key=KEYS, value=SCALARS)
@settings(max_examples=40)
def test_a_change_changes_one_value(tables: dict[str, Any], key: str, value: Any) -> None:
    text = "# head\n" + written(tables)
    table = next(iter(tables))
    document = Document(text)
    document.root.records(table)[0].set(key, value)
    expected = plain_of(text)
    expected[table][0][key] = value
    assert plain_of(document.text()) == expected
    document.root.records(table)[0].remove(key)
    del expected[table][0][key]
    assert plain_of(document.text()) == expected


# Changes in place


def test_a_change_leaves_the_rest_to_the_byte() -> None:
    document = Document(MESSY)
    document.find("act-b").set("country", "RU")
    document.append("actors", {"id": "act-c", "kind": "state", "name": "C"})
    text = document.text()
    assert text.startswith(
        MESSY[MESSY.index("- name") : MESSY.index("    # behind the")], text.index("- name")
    )
    assert "  kind: state\n  country: RU\n" in text
    assert "- id: act-c\n  kind: state\n  name: C\n" in text
    assert Counter(re.findall("#.*", text)) == Counter(re.findall("#.*", MESSY))


def test_keys_take_the_place_that_the_model_gives_them() -> None:
    document = Document("actors:\n  - id: act-a\n    # of her\n    note: n  # end\n    x: 1\n")
    document.find("act-a").set("name", "Ann")
    document.find("act-a").append("aliases", {"lang": "en", "alias": "A"})
    assert document.text() == (
        "actors:\n  - id: act-a\n    name: Ann\n    # of her\n    note: n  # end\n"
        "    aliases:\n      - {alias: A, lang: en}\n    x: 1\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "actors: [",
        "actors: &a []",
        "a: 1\na: 2\n",
        "- a\n",
        "# only\n",
        "a: !x 1\n",
        "a: 1\n---\nb: 2\n",
    ],
)
def test_what_cannot_be_read_is_not_written(text: str) -> None:
    with pytest.raises(NotEditable):
        Document(text)


# On the command line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "actors.yaml"
    path.write_text(MESSY)
    path.chmod(0o640)
    return path


def test_check_and_diff_change_nothing(file: Path, run: Run) -> None:
    ran = run("format", file, "--check", "--diff")
    assert ran.code == 1
    assert ran.out.startswith(f"--- {file}\n+++ {file}\n@@ ")
    assert file.read_text() == MESSY


def test_files_are_laid_out_in_place(file: Path, run: Run) -> None:
    assert run("format", file.parent).code == 0
    assert (file.read_text(), file.stat().st_mode & 0o777) == (TIDY, 0o640)
    assert run("format", file.parent, "--check") == (0, "", "would change 0 of 1 files\n")
    assert [path.name for path in file.parent.iterdir()] == ["actors.yaml"]


def test_a_file_that_cannot_be_read_is_left_and_told(file: Path, run: Run) -> None:
    bad = file.with_name("bad.yaml")
    bad.write_text("actors: [\n")
    ran = run("format", file.parent)
    assert ran.code == 1
    assert "FILE_SYNTAX" in ran.err
    assert (bad.read_text(), file.read_text()) == ("actors: [\n", TIDY)


def test_a_path_that_is_not_there(tmp_path: Path, run: Run) -> None:
    assert run("format", tmp_path / "none").code == 3
