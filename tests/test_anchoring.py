"""`anchor`: words to positions and hashes, exact or refused; moved when a text changes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from allegata.curating import Document, anchor, find
from allegata.engines import check
from allegata.schema.text import canonical_text, sha256_of

Run = Callable[..., Any]

FICTIONAL = Path(__file__).parent / "fictional"
SOURCE = "src-harl-courier-2025-03-03"
TEXT = (
    "The lock burned on Monday.\n\n“It was no accident \u2013 ask them,” said Petra Quill… "
    "and left. The lock burned for hours, she said.\n"
)


def document(*quotes: object) -> Document:
    file = Document("sources:\n  - id: src-a\n    claims:\n      - id: clm-a\n")
    file.find("clm-a").set("quotes", list(quotes))
    return file


def quotes_of(file: Document) -> list[dict[str, object]]:
    records = yaml.safe_load(file.text())["sources"][0]["claims"][0]
    return list(records["quotes"])


def test_words_are_put_where_they_stand() -> None:
    file = document({"role": "content", "exact": "burned on Monday"}, "It was no accident")
    done = anchor(file, "src-a", TEXT)
    assert [one.kind for one in done.outcomes] == ["anchored", "anchored"]
    first, second = quotes_of(file)
    assert first == {
        "role": "content",
        "start": 9,
        "end": 25,
        "sha256": sha256_of("burned on Monday"),
    }
    assert second["role"] == "speech"
    assert second["exact"] == "It was no accident"
    record = yaml.safe_load(file.text())["sources"][0]
    assert (record["text_sha256"], record["text_chars"]) == (sha256_of(TEXT), len(TEXT))


@pytest.mark.parametrize(
    ("words", "differs"),
    [
        ('"It was no accident', ("quotation marks",)),
        ("no accident - ask them", ("dashes",)),
        ("Petra Quill... and left", ("ellipses",)),
        ("on Monday. “It was", ("blanks",)),
        ("burned on\u00a0Monday", ("blanks",)),
        ("bur\u00adned on Monday", ("unseen characters",)),
        ("no accident — ask them,' said", ("quotation marks", "dashes")),
        ("The lock … on Monday", ("words left out",)),
        ("The lock burnt on Monday", ()),
    ],
)
def test_words_that_are_nearly_there_are_refused_and_told(
    words: str, differs: tuple[str, ...]
) -> None:
    file = document({"role": "content", "exact": words})
    before = file.text()
    (outcome,) = anchor(file, "src-a", TEXT).outcomes
    assert outcome.kind == "missing"
    assert find(TEXT, words).differs == differs
    assert re.search(r"line \d+, \d+-\d+: ", " ".join(outcome.notes))
    assert before.splitlines()[-2:] == file.text().splitlines()[-2:]


def test_near_takes_the_words_of_the_text_and_no_others() -> None:
    file = document("no accident - ask them", "The lock … on Monday", "The lock burnt on Monday")
    done = anchor(file, "src-a", TEXT, near=True)
    assert [one.kind for one in done.outcomes] == ["anchored", "missing", "missing"]
    assert quotes_of(file)[0]["exact"] == "no accident \u2013 ask them"


def test_words_in_several_places_need_more_words_or_a_start() -> None:
    file = document({"role": "content", "exact": "The lock burned"})
    (outcome,) = anchor(file, "src-a", TEXT).outcomes
    assert outcome.kind == "ambiguous"
    places = [one.start for one in find(TEXT, "The lock burned").spans]
    assert [note.split()[1] for note in outcome.notes[:2]] == [str(place) for place in places]
    file = document({"role": "content", "exact": "The lock burned", "start": places[1]})
    assert anchor(file, "src-a", TEXT).outcomes[0].kind == "anchored"
    assert quotes_of(file)[0]["start"] == places[1]


def test_the_budget_of_published_words_is_kept() -> None:
    text = "“" + " ".join(["word"] * 26) + "” he said. " + "“Yes I do,” she said. " * 2 + "x" * 40
    long = document({"role": "speech", "exact": " ".join(["word"] * 26)})
    (outcome,) = anchor(long, "src-a", text).outcomes
    assert "exact" not in quotes_of(long)[0]
    assert "more than 25" in outcome.notes[0]
    speech = "“One two three,” “four five six,” she said. "
    file = document("One two three", "four five six")
    anchor(file, "src-a", speech + "x" * 36)
    assert ["exact" in quote for quote in quotes_of(file)] == [True, False]


# When the text changes


def test_what_moved_is_found_again_and_told() -> None:
    file = document("burned on Monday", "It was no accident", "The lock burned")
    anchor(file, "src-a", TEXT)
    new = "A headline\n\n" + TEXT
    done = anchor(file, "src-a", new)
    assert done.text_changed
    assert [one.kind for one in done.outcomes] == ["moved", "moved", "ambiguous"]
    for quote in quotes_of(file)[:2]:
        assert sha256_of(new[quote["start"] : quote["end"]]) == quote["sha256"]  # type: ignore[misc]


def test_of_several_places_that_counts_which_all_around_has_moved_to() -> None:
    start = TEXT.index("said")
    quote = {"role": "content", "exact": "said", "start": start}
    file = document("burned on Monday", quote, "and left")
    anchor(file, "src-a", TEXT)
    new = TEXT.replace("The lock burned on", "On its first day the lock burned on", 1)
    done = anchor(file, "src-a", new.replace("ours, she", "ours, she then"))
    assert [one.kind for one in done.outcomes] == ["moved"] * 3
    assert done.outcomes[1].span is not None
    assert done.outcomes[1].span.start == new.index("said")


def test_what_is_gone_is_told_and_left() -> None:
    file = document("It was no accident", "burned on Monday")
    anchor(file, "src-a", TEXT)
    before = quotes_of(file)
    done = anchor(file, "src-a", TEXT.replace("no accident", "an accident"))
    assert [one.kind for one in done.outcomes] == ["lost", "kept"]
    assert "It was an accident" in done.outcomes[0].notes[0]
    assert quotes_of(file) == before


# Any text, any words


TEXTS = st.text(alphabet="ab “”\"'-\u2013.…\n\u00a0é", min_size=1, max_size=60).map(
    lambda text: canonical_text(text.encode())
)


@given(text=TEXTS, data=st.data())
def test_an_anchor_is_exact_or_refused(text: str, data: st.DataObject) -> None:
    words = data.draw(
        st.one_of(
            TEXTS,
            st.tuples(st.integers(0, len(text)), st.integers(1, 20)).map(
                lambda at: text[at[0] : at[0] + at[1]]
            ),
        )
    )
    near = data.draw(st.booleans())
    file = document({"role": "content", "exact": words})
    before = quotes_of(file)
    (outcome,) = anchor(file, "src-a", text, near=near).outcomes
    (quote,) = quotes_of(file)
    count = sum(text.startswith(words.strip(), at) for at in range(len(text)))
    if not outcome.is_settled:
        assert quote == before[0]
        assert near or count != 1 or not words.strip()
        return
    span = text[quote["start"] : quote["end"]]  # type: ignore[misc]
    assert quote["sha256"] == sha256_of(span)
    assert count == 1 or near
    if not near:
        assert span == words.strip()


@given(
    st.text(alphabet="abc d", min_size=30, max_size=60),
    st.integers(0, 30),
    st.text("abc", max_size=5),
)
def test_what_is_moved_has_its_hash(text: str, at: int, put: str) -> None:
    file = document({"role": "content", "exact": text[10:25], "start": text.find(text[10:25])})
    if not anchor(file, "src-a", text).outcomes[0].is_settled:
        return
    new = text[:at] + put + text[at:]
    (outcome,) = anchor(file, "src-a", new).outcomes
    (quote,) = quotes_of(file)
    if outcome.is_settled:
        assert sha256_of(new[quote["start"] : quote["end"]]) == quote["sha256"]  # type: ignore[misc]


# On the command line


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FICTIONAL, tmp_path / "data"))


def as_words(data: Path, *, role: str = "") -> Path:
    """The record file of a source, with its quotes as words again."""
    file = data / "sources" / f"{SOURCE}.yaml"
    text = canonical_text((data / "texts" / f"{SOURCE}.txt").read_bytes())

    def words(found: re.Match[str]) -> str:
        span = text[int(found[2]) : int(found[3])]
        quoted = span.replace("\\", "\\\\").replace('"', '\\"')
        return f'{found[1]}exact: "{quoted}"\n{found[1]}start: {found[2]}  # as it was'

    pattern = r'( +)start: (\d+)\n +end: (\d+)\n +sha256: \w+(\n +exact: ".*")?'
    file.write_text(re.sub(pattern, words, file.read_text()))
    return file


def test_a_whole_source_is_anchored_as_it_was_by_hand(data: Path, run: Run) -> None:
    records = yaml.safe_load((data / "sources" / f"{SOURCE}.yaml").read_text())
    file = as_words(data)
    ran = run("anchor", file, "--texts", data / "texts")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.endswith(f"{SOURCE}: 20 anchored\n")
    assert yaml.safe_load(file.read_text()) == records
    assert file.read_text().count("# as it was") == 20
    report = check([data], texts=data / "texts")
    assert report.problems == []
    again = file.read_bytes()
    assert run("anchor", file, "--text", data / "texts" / f"{SOURCE}.txt").code == 0
    assert file.read_bytes() == again


def test_a_file_that_is_anchored_stays_to_the_byte(data: Path, run: Run) -> None:
    before = {path: path.read_bytes() for path in data.rglob("*.yaml")}
    assert run("anchor", data, "--texts", data / "texts").code == 0
    assert {path: path.read_bytes() for path in data.rglob("*.yaml")} == before


def test_a_dry_run_shows_and_changes_nothing(data: Path, run: Run) -> None:
    file = as_words(data)
    before = file.read_bytes()
    ran = run("anchor", file, "--texts", data / "texts", "--dry-run", "--diff")
    assert ran.code == 0
    assert "+            sha256: 5d23bae7" in ran.out
    assert file.read_bytes() == before


def test_words_that_are_not_there_are_a_problem(data: Path, run: Run) -> None:
    file = as_words(data)
    file.write_text(file.read_text().replace("an invention", "an\\u001b[31m invention"))
    ran = run("anchor", file, "--texts", data / "texts")
    assert ran.code == 1
    assert "missing: clm-harl-courier-2025-03-03-08 quote 1" in ran.err
    assert "\x1b" not in ran.err


@pytest.mark.parametrize("source", ["../actors", "src-../../etc/passwd", "src-a/b", "src-a\\b"])
def test_an_id_is_no_path(source: str, tmp_path: Path, run: Run) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (tmp_path / "actors.txt").write_text("words")
    file = tmp_path / "a.yaml"
    file.write_text(f"sources:\n  - id: '{source}'\n    claims: [{{id: clm-a, quotes: [words]}}]\n")
    ran = run("anchor", file, "--texts", texts)
    assert ran.code == 1
    assert "its text is not at hand" in ran.err


def test_wrong_usage(data: Path, run: Run, tmp_path: Path) -> None:
    assert run("anchor", data, "--texts", tmp_path / "none").code == 3
    assert run("anchor", data, "--text", data / "texts" / f"{SOURCE}.txt").code == 2
    assert run("anchor", tmp_path / "none").code == 3
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    file = data / "sources" / f"{SOURCE}.yaml"
    ran = run("anchor", file, "--text", tmp_path / "bad.txt")
    assert ran.code == 2
    assert "not UTF-8" in ran.err
