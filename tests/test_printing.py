"""How problems are printed: the excerpt, the carets, and nothing that a terminal would obey."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from allegata.rules import Place, Problem, Related, Severity, shortened
from allegata.rules.printing import as_github, print_problems, summary


def problem(place: Place, **details: object) -> Problem:
    fields = {"code": "ENUM_UNKNOWN", "severity": "error", "message": "m"} | details
    return Problem.model_validate({"place": place, **fields})


def printed(*problems: Problem) -> str:
    out = StringIO()
    print_problems(problems, Console(file=out, width=80, markup=False, emoji=False))
    return out.getvalue()


def test_a_problem_says_what_where_and_how_to_mend_it(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("roles:\n  - {stance: denys}\n", encoding="utf-8")
    place = Place(file=str(file), line=2, column=14, end_line=2, end_column=19)
    first = Related(place=Place(file="b.yaml", line=7, column=3), message="the first one")
    assert printed(
        problem(
            place,
            message="stance is not [bold]one[/] of its codes",
            record="clm-a",
            field="stance",
            fix="write denies",
            related=[first],
        )
    ) == (
        "error[ENUM_UNKNOWN]: stance is not [bold]one[/] of its codes\n"
        f"  --> {file}:2:14  clm-a · stance\n"
        "  |\n"
        "2 |   - {stance: denys}\n"
        "  |              ^^^^^\n"
        "  see b.yaml:7:3: the first one\n"
        "  fix: write denies\n"
        "\n"
    )


@pytest.mark.parametrize(
    ("line", "start", "end", "shown", "carets"),
    [
        ("a: bc", 3, 5, "a: bc", "   ^^"),
        ("a: b", 4, 4, "a: b", "    ^"),
        ("字: 😀b", 3, 4, "字: 😀b", "    ^^"),
        ("\ta: b", 4, 5, "\\u0009a: b", "         ^"),
        ("a: \x1b[31m", 3, 8, "a: \\u001b[31m", "   ^^^^^^^^^^"),
        ("a: \u202eb", 3, 5, "a: \\u202eb", "   ^^^^^^^"),
        ("a" * 300, 0, 300, "a" * 100, "^" * 100),
        ("a" * 300, 200, 201, "…" + "a" * 100, " " * 51 + "^"),
    ],
)
def test_carets_stand_below_what_is_meant(
    line: str, start: int, end: int, shown: str, carets: str, tmp_path: Path
) -> None:
    assert excerpt(tmp_path / "a.yaml", line, start, end) == (shown, carets)


def excerpt(file: Path, line: str, start: int, end: int) -> tuple[str, str]:
    file.write_bytes(f"x\n{line}\ny\n".encode())
    place = Place(file=str(file), line=2, column=start + 1, end_line=2, end_column=end + 1)
    lines = printed(problem(place)).split("\n")
    return lines[3].removeprefix("2 | "), lines[4].removeprefix("  | ")


@settings(max_examples=60)
@given(st.text("ab é字😀\t\x1b\u200b", min_size=1, max_size=250), st.data())
def test_carets_cover_the_cells_of_the_value(
    tmp_path_factory: pytest.TempPathFactory, line: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(line) - 1))
    end = data.draw(st.integers(start + 1, len(line)))
    shown, carets = excerpt(tmp_path_factory.getbasetemp() / "cells.yaml", line, start, end)
    cells = "".join(char * cell_len(char) for char in shown)
    meant = "".join(char * cell_len(char) for char in shortened(line[start:end], 1000))
    below = cells[len(carets) - len(carets.lstrip()) : len(carets)]
    assert set(carets.lstrip()) == {"^"}
    assert meant.startswith(below)
    assert below
    assert below == meant or len(line) > 50


@pytest.mark.parametrize(
    "content",
    [b"a\r\nbc: d\r\n", b"a\rbc: d\r", b"\xef\xbb\xbfa\nbc: d\n", b"a\x0b\x0c\x1c\x85\nbc: d\n"],
    ids=["CRLF", "CR", "BOM", "other separators"],
)
def test_lines_are_those_that_the_reader_counted(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(content)
    place = Place(file=str(file), line=2, column=5, end_line=2, end_column=6)
    assert "2 | bc: d\n  |     ^\n" in printed(problem(place))


def test_a_value_of_several_lines_is_shown_by_its_first(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: [1,\n  2]\n", encoding="utf-8")
    place = Place(file=str(file), line=1, column=4, end_line=2, end_column=5)
    assert "1 | a: [1,\n  |    ^^^\n" in printed(problem(place))


@pytest.mark.parametrize("line", [3, 99])
def test_a_place_without_a_line_has_no_excerpt(line: int, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a\n", encoding="utf-8")
    missing = Place(file=str(tmp_path / "gone.yaml"), line=1)
    for place in (Place(file=str(file), line=line), Place(file=str(tmp_path)), missing):
        assert printed(problem(place)).count("\n") == 3


def test_names_of_files_are_shown_without_what_a_terminal_obeys() -> None:
    name = "a\x1b[31m\n\x9b\u202e.yaml"
    text = printed(
        problem(Place(file=name), related=[Related(place=Place(file=name), message="m")])
    )
    assert text.count("a\\u001b[31m\\u000a\\u009b\\u202e.yaml") == 2
    assert "\x1b" not in text


def test_summaries_count_in_words() -> None:
    assert summary(Counter(), 0, 0) == "no problems: 0 records in 0 files"
    assert summary(Counter(ENUM_UNKNOWN=1), 1, 1) == "1 error: 1 record in 1 file"
    assert summary(Counter(ENUM_UNKNOWN=2, RECORD_UNUSED=1234), 2, 1500) == (
        "2 errors, 1,234 warnings: 1,500 records in 2 files"
    )
    assert {severity.value for severity in Severity} == {"error", "warning"}


def test_github_annotations() -> None:
    place = Place(file="a:b.yaml", line=2, column=3, end_line=4, end_column=5)
    assert as_github([problem(place, message="50%\nof", fix="write x")]) == (
        "::error file=a%3Ab.yaml,line=2,col=3,endLine=4,endColumn=5,title=ENUM_UNKNOWN"
        "::50%25%0Aof - write x\n"
    )
    assert as_github([]) == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a b", "a b"),
        ("a\nb\x00", "a\\u000ab\\u0000"),
        ("\x1b[31m\x9b\u202e\ud800", "\\u001b[31m\\u009b\\u202e\\ud800"),
        ("\U000e0001", "\ufffd"),
        ("x" * 81, "x" * 79 + "…"),
        (12, "12"),
        (None, "None"),
    ],
)
def test_values_are_shortened_for_a_line(value: object, expected: str) -> None:
    assert shortened(value) == expected


@given(st.text())
def test_what_is_shortened_is_printable(text: str) -> None:
    assert shortened(text).isprintable()
