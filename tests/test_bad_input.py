"""Bad input: a clear problem or error, the right exit code, and never a traceback."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from allegata.engines import check
from allegata.reading import read
from allegata.rules import Problem
from allegata.rules.printing import print_problems

Run = Callable[..., Any]

GOOD = "places:\n  - {id: plc-a, kind: site, name: A}\n"


def told(run: Run, *paths: object) -> tuple[int, list[tuple[str, str, int, int]]]:
    """How a check ends and what it finds: (code, message, line, column) each."""
    ran = run("check", *paths, "--format", "json")
    assert "Traceback" not in ran.out + ran.err
    problems = [Problem.model_validate_json(line) for line in ran.out.splitlines()]
    out = StringIO()
    print_problems(problems, Console(file=out))
    assert out.getvalue().count("\n  --> ") == len(problems)
    return ran.code, [(p.code, p.message, p.place.line, p.place.column) for p in problems]


def test_a_missing_folder(run: Run, tmp_path: Path) -> None:
    ran = run("check", tmp_path / "nowhere")
    assert ran == (3, "", f"allegata: {tmp_path}/nowhere: no such file or folder\n")


def test_no_data_folder_here(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("check") == (3, "", "allegata: data: no such file or folder\n")


def test_an_empty_folder_holds_no_records(run: Run, tmp_path: Path) -> None:
    assert run("check", tmp_path) == (0, "", "no problems: 0 records in 0 files\n")


def test_a_path_that_is_too_long(run: Run) -> None:
    ran = run("check", "x" * 300)
    assert ran.code == 3
    assert ran.err.endswith("File name too long\n")


LEVELS = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 20))

CONTENTS: dict[str, tuple[bytes, tuple[str, str, int, int]]] = {
    "empty": (b"", ("FILE_EMPTY", "holds nothing", 1, 1)),
    "blank": (b"\n \n", ("FILE_EMPTY", "holds nothing", 1, 1)),
    "comment": (b"# only\n", ("FILE_EMPTY", "holds nothing", 1, 1)),
    "only a BOM": (b"\xef\xbb\xbf", ("FILE_EMPTY", "holds nothing", 1, 1)),
    "invalid YAML": (
        b"places: [\n",
        ("FILE_SYNTAX", "did not find expected node content", 2, 1),
    ),
    "Latin-1": (
        b"places:\n  - name: Nowogr\xf3d\n",
        ("FILE_ENCODING", "is not UTF-8: byte 0xf3 cannot stand here", 2, 17),
    ),
    "cut within a character": (
        "places: é".encode()[:-1],
        ("FILE_ENCODING", "is not UTF-8: byte 0xc3 cannot stand here", 1, 9),
    ),
    "UTF-16": (
        "places: []".encode("utf-16"),
        ("FILE_ENCODING", "is not UTF-8: byte 0xff cannot stand here", 1, 1),
    ),
    "overlong NUL": (
        b"a: \xc0\x80",
        ("FILE_ENCODING", "is not UTF-8: byte 0xc0 cannot stand here", 1, 4),
    ),
    "surrogate in UTF-8": (
        b"a: \xed\xa0\x80",
        ("FILE_ENCODING", "is not UTF-8: byte 0xed cannot stand here", 1, 4),
    ),
    "NUL": (b"places: []\na: \0\n", ("FILE_ENCODING", "holds a NUL", 2, 4)),
    "escape": (
        b"places: []\na: \x1b[31m\n",
        ("FILE_ENCODING", "holds the control character U+001B", 2, 4),
    ),
    "CRLF": (
        GOOD.replace("\n", "\r\n").encode(),
        ("FILE_ENCODING", "has line ends other than LF (CRLF or CR)", 1, 8),
    ),
    "CR": (
        GOOD.replace("\n", "\r").encode(),
        ("FILE_ENCODING", "has line ends other than LF (CRLF or CR)", 1, 8),
    ),
    "BOM": (
        b"\xef\xbb\xbf" + GOOD.encode(),
        ("FILE_ENCODING", "begins with a byte order mark", 1, 1),
    ),
    "10 MB scalar": (
        b"places:\n  - {id: plc-a, kind: site, name: " + b"x" * 10_000_000 + b"}\n",
        ("FIELD_RANGE", "name has more than 500 characters", 2, 35),
    ),
    "10 MB key": (
        b"? " + b"x" * 10_000_000 + b"\n: []\n",
        ("TABLE_UNKNOWN", f"there is no table {'x' * 481}…", 1, 3),
    ),
    "10 MB id": (
        b"places:\n  - {id: plc-" + b"x" * 10_000_000 + b", kind: site, name: A}\n",
        ("FIELD_RANGE", "id has more than 120 characters", 2, 10),
    ),
    "deep": (b"[" * 1_000_000, ("FILE_SYNTAX", "nests more than 64 levels deep", 1, 66)),
    "a list": (b"- 1\n", ("FILE_SHAPE", "a file maps names of tables to lists of records", 1, 1)),
    "a text": (b"hello\n", ("FILE_SHAPE", "a file maps names of tables to lists of records", 1, 1)),
}


@pytest.mark.parametrize("kind", CONTENTS)
def test_files_with_bad_contents(kind: str, run: Run, tmp_path: Path) -> None:
    content, expected = CONTENTS[kind]
    (tmp_path / "x.yaml").write_bytes(content)
    code, problems = told(run, tmp_path)
    assert code == 1
    assert problems[0] == expected
    assert all(problem[0] in ("FILE_ENCODING", "RECORD_UNUSED") for problem in problems[1:])


def test_a_billion_laughs(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(f"l0: &l0 [lol]\n{LEVELS}", encoding="utf-8")
    code, problems = told(run, tmp_path)
    assert code == 1
    assert {problem[0] for problem in problems} == {"YAML_FEATURE", "TABLE_UNKNOWN"}


def test_json_with_half_a_surrogate_pair(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"places": [{"id": "\\ud800"}]}', encoding="utf-8")
    message = "half of a surrogate pair, U+D800, in a string"
    assert told(run, tmp_path) == (1, [("FILE_SYNTAX", message, 1, 20)])


def test_json_with_a_nul_in_an_id(run: Run, tmp_path: Path) -> None:
    text = '{"places": [{"id": "plc-\\u0000", "kind": "site", "name": "A"}]}'
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    code, problems = told(run, tmp_path)
    assert (code, [problem[0] for problem in problems]) == (1, ["ID_FORMAT"])


# Things that are not files


def unreadable(message: str) -> tuple[int, list[tuple[str, str, int, int]]]:
    return 1, [("FILE_UNREADABLE", message, 1, 1)]


def test_a_folder_named_like_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").mkdir()
    assert told(run, tmp_path) == unreadable("is a folder, not a file")


def test_a_link_to_itself(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").symlink_to(tmp_path / "x.yaml")
    loop = os.strerror(errno.ELOOP)
    assert told(run, tmp_path) == unreadable(f"cannot be read: {loop}")
    assert told(run, tmp_path / "x.yaml") == unreadable(f"cannot be read: {loop}")


def test_a_link_to_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").symlink_to(tmp_path / "gone.yaml")
    assert told(run, tmp_path) == unreadable("cannot be read: No such file or directory")


def test_a_link_to_the_folder_that_it_is_in(run: Run, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "ok.yaml").write_text(GOOD, encoding="utf-8")
    code, problems = told(run, tmp_path)
    assert code == 1
    message = "is a link to a folder; links to folders are not followed"
    assert problems == [("FILE_UNREADABLE", message, 1, 1)]


def test_a_link_to_a_file_is_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("roles: [1]\n", encoding="utf-8")
    (tmp_path / "x.yaml").symlink_to(tmp_path / "elsewhere")
    code, problems = told(run, tmp_path)
    assert (code, [problem[0] for problem in problems]) == (1, ["FILE_SHAPE"])


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_would_be_waited_for_without_end(kind: str, tmp_path: Path) -> None:
    if kind == "pipe":
        os.mkfifo(tmp_path / "x.yaml")
    else:
        (tmp_path / "x.yaml").symlink_to("/dev/zero")
    command = [sys.executable, "-m", "allegata", "check", tmp_path]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=30, check=False)
    assert ran.returncode == 1
    assert ran.stderr.startswith(
        f"error[FILE_UNREADABLE]: cannot be read: not a regular file\n  --> {tmp_path}/x.yaml:1:1\n"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_and_an_unreadable_folder(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(GOOD, encoding="utf-8")
    file.chmod(0)
    assert told(run, tmp_path) == unreadable("cannot be read: Permission denied")
    tmp_path.chmod(0)
    try:
        assert run("check", tmp_path).code == 3
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE])
def test_a_file_that_cannot_be_read(
    number: int, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.yaml").write_text(GOOD, encoding="utf-8")

    def refuse(path: Path) -> bytes:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert told(run, tmp_path) == unreadable(f"cannot be read: {os.strerror(number)}")


def test_a_folder_that_cannot_be_listed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refuse)
    expected = f"allegata: {tmp_path}: cannot be listed (Permission denied)\n"
    assert run("check", tmp_path) == (3, "", expected)


# Names


@pytest.mark.parametrize(
    "name",
    [
        "data.ndjson",
        "d.jsonl.bz2",
        "d.CSV",
        "d.tsv",
        "d.xlsx",
        "d.csv.zst",
    ],
)
def test_data_in_a_form_that_is_not_read(name: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"\x00\xff")
    message = (
        "records are read from .yaml, .yml and .json files, and in bulk from .jsonl "
        "(also .jsonl.gz and .jsonl.zst) and .parquet files"
    )
    assert told(run, tmp_path) == unreadable(message)


def test_other_files_and_hidden_ones_are_left_alone(run: Run, tmp_path: Path) -> None:
    for name in ("README.md", "notes.txt", ".hidden.yaml", "x.yaml~", "x.yaml.bak"):
        (tmp_path / name).write_bytes(b"\xff")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.yaml").write_bytes(b"\xff")
    assert told(run, tmp_path) == (0, [])


NAMES = [
    "a\nb.yaml",
    "a\x1b[31mb.yaml",
    "a\x9b31m.yaml",
    "a\u202eb.yaml",
    "[bold]a.yaml",
    "a b's.yaml",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["human", "json", "sarif", "github"])
def test_names_that_a_terminal_would_obey(name: str, form: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / name).write_text("roles: [1]\n", encoding="utf-8")
    ran = run("check", tmp_path, "--format", form)
    assert ran.code == 1
    assert_tame(ran.err)
    if form in ("json", "sarif"):
        assert "\x1b" not in ran.out
    if form == "json":
        assert Path(json.loads(ran.out)["place"]["file"]) == tmp_path / name
    if form == "human":
        shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)
        assert f"{shown}:1:9\n" in ran.err


@pytest.mark.parametrize("form", ["human", "json", "sarif", "github"])
def test_a_name_that_is_not_utf_8(form: str, run: Run, tmp_path: Path) -> None:
    file = os.fsencode(tmp_path) + b"/b\xffd.yaml"
    try:
        Path(os.fsdecode(file)).write_text(GOOD, encoding="utf-8")
    except OSError:
        pytest.skip("this file system holds only names in UTF-8")
    for path in (tmp_path, os.fsdecode(file)):
        ran = run("check", path, "--format", form)
        assert ran.code == 1
        text = ran.err if form == "human" else ran.out
        assert "has a name that is not UTF-8; rename it" in text
        assert "b\\xffd.yaml" in text or form in ("json", "sarif")


def assert_tame(text: str) -> None:
    """Nothing in the text moves a terminal's cursor, colours it or turns its direction."""
    wild = {c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"}
    assert wild == set()


ESCAPES = r"\e[31m\x9b2J\u202e\u2066\a\b\r\e]0;title\a\e]8;;http://e.org\e\\"


@pytest.mark.parametrize(
    "text",
    [
        'places:\n  - {id: plc-a, kind: site, name: "%s"}\n',
        'places:\n  - {id: plc-a, kind: "%s", name: A}\n',
        'places:\n  - {id: "plc-%s", kind: site, name: A}\n',
        'places:\n  - {id: plc-a, kind: site, name: A, "%s": 1}\n',
        'places:\n  - {id: plc-a, kind: site, name: A, parent: "plc-%s"}\n',
        '"%s": []\n',
        'defaults: {"%s": 1}\nplaces: []\n',
        'schema_version: "%s"\nplaces: []\n',
        'places: "%s"\n',
        'places: ["%s"]\n',
        'events:\n  - {id: "%s", participants: [{event: "%s", actor: act-a, role: party}]}\n',
    ],
)
@pytest.mark.parametrize("form", ["human", "sarif", "github"])
def test_values_that_a_terminal_would_obey(text: str, form: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(text.replace("%s", ESCAPES), encoding="utf-8")
    ran = run("check", file, "--format", form)
    assert ran.code == 1
    assert_tame(ran.out + ran.err)


# Anything


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60), st.sampled_from(["x.yaml", "x.json"]))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    reading = read([file])
    assert reading.problems or reading.stock.total()


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**330, 10**340)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["src-a", "act-a", "clm-a", "asserts", "2025", "2025/2024", "\ud800", "\0"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=4,
)

RECORDS = {
    "defaults": {"method": "human", "coder": "c1"},
    "sources": [
        {
            "id": "src-a",
            "kind": "other",
            "publisher": "act-a",
            "published": "2025",
            "lang": "en",
            "text_chars": 9,
            "claims": [
                {
                    "id": "clm-a",
                    "proposition": "prp-a",
                    "stance": "asserts",
                    "coded": "2025-01-01",
                    "chain": [{"statement": "stm-a", "cue": "said"}],
                    "quotes": [{"role": "content", "start": 0, "end": 5, "sha256": "a" * 64}],
                }
            ],
        }
    ],
    "actors": [{"id": "act-a", "kind": "person", "name": "A", "aliases": [{"alias": "B"}]}],
    "propositions": [{"id": "prp-a", "text": "It is.", "aspect": "quantity", "low": 1, "high": 2}],
    "relations": [{"subject": "prp-a", "predicate": "entails", "object": "prp-b"}],
    "revisions": [
        {
            "release": "2025.1.0",
            "record": "prp-b",
            "change": "merged",
            "merged_into": "prp-a",
            "reason": "R",
        }
    ],
}


def damaged(value: Any, data: st.DataObject) -> Any:
    """The value with one part of it, at any depth, replaced, dropped, added or doubled."""
    if isinstance(value, dict | list) and value and data.draw(st.integers(0, 4)):
        copy = value.copy()
        step = data.draw(
            st.sampled_from(list(value) if isinstance(value, dict) else range(len(value)))
        )
        copy[step] = damaged(value[step], data)
        return copy
    if isinstance(value, dict):
        return value | {data.draw(st.text(max_size=3)): data.draw(anything)}
    if isinstance(value, list):
        return value * 2
    return data.draw(anything)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_damage_to_records_is_told_and_nothing_is_lost(
    tmp_path: Path, data: st.DataObject
) -> None:
    value = damaged(damaged(RECORDS, data), data)
    file = tmp_path / "x.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    reading = read([file])
    rows = sum(table.num_rows for table in reading.tables().values())
    written = sum(records_in(records) for name, records in value.items() if name != "defaults")
    assert rows == written or not reading.complete


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_is_left_of_damaged_records_is_judged(tmp_path: Path, data: st.DataObject) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps(damaged(RECORDS, data)), encoding="utf-8")
    assert check([file]).problems  # its references lead nowhere, if nothing else


def records_in(records: Any) -> int:
    """How many records a list holds, nested ones included."""
    if not isinstance(records, list):
        return 0
    inner = ("claims", "chain", "quotes", "aliases")
    nested = [r.get(name) for r in records if isinstance(r, dict) for name in inner]
    return len(records) + sum(records_in(each) for each in nested)
