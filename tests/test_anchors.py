"""Anchors: quotes held against the texts of their sources."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from allegata.engines import Anchors, check
from allegata.schema.text import sha256_of

FICTIONAL = Path(__file__).parent / "fictional"
SOURCE = "src-harl-courier-2025-03-03"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FICTIONAL, tmp_path / "data"))


def change(file: Path, edit: Callable[[str], str]) -> None:
    before = file.read_text()
    after = edit(before)
    assert after != before
    file.write_text(after)


def record_file(data: Path) -> Path:
    return data / "sources" / f"{SOURCE}.yaml"


def first(pattern: str, write: Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, write, text, count=1)


def test_every_anchor_of_the_fictional_dataset_stands(data: Path) -> None:
    report = check([data], texts=data / "texts")
    quotes = report.reading.stock.rows("quotes")
    assert (report.problems, report.anchors) == ([], Anchors(verified=quotes))


def test_without_texts_nothing_is_claimed_to_be_verified(data: Path) -> None:
    shutil.rmtree(data / "texts")
    report = check([data])
    quotes = report.reading.stock.rows("quotes")
    assert (report.problems, report.anchors) == ([], Anchors(unverified=quotes))


def test_dataset_yaml_can_name_the_folder_and_publishing_does_not_tell_it(data: Path) -> None:
    with (data / "dataset.yaml").open("a") as file:
        file.write("texts: texts\n")
    report = check([data])
    assert report.anchors.unverified == 0
    assert report.reading.dataset is not None
    assert "texts" not in report.reading.dataset.model_dump()


def test_a_text_that_was_edited_is_told_at_its_hash(data: Path) -> None:
    change(data / "texts" / f"{SOURCE}.txt", lambda text: text + "One more sentence.")
    report = check([data], texts=data / "texts")
    (problem,) = report.problems
    assert (problem.code, problem.record, problem.field) == (
        "SOURCE_TEXT_MISMATCH",
        SOURCE,
        "text_sha256",
    )
    line = record_file(data).read_text().splitlines()[problem.place.line - 1]
    assert line.strip().startswith("text_sha256:")
    assert report.anchors.unverified > 0


def test_line_ends_and_decomposed_letters_of_a_text_do_not_matter(data: Path) -> None:
    file = data / "texts" / f"{SOURCE}.txt"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    report = check([data], texts=data / "texts")
    assert report.problems == []


def test_a_shifted_quote_is_told_where_its_words_stand(data: Path) -> None:
    seen: list[tuple[int, int]] = []

    def shift(found: re.Match[str]) -> str:
        seen.append((int(found[1]), int(found[2])))
        return f"start: {seen[0][0] + 1}\n            end: {seen[0][1] + 1}"

    change(record_file(data), first(r"start: (\d+)\s+end: (\d+)", shift))
    (problem,) = check([data], texts=data / "texts").problems
    assert (problem.code, problem.field) == ("QUOTE_MISMATCH", "sha256")
    assert problem.fix == f"write start: {seen[0][0]}, end: {seen[0][1]}"


def test_a_wrong_hash_is_told_with_the_right_one(data: Path) -> None:
    text = (data / "texts" / f"{SOURCE}.txt").read_text()
    spans: list[str] = []

    def damage(found: re.Match[str]) -> str:
        spans.append(text[int(found[2]) : int(found[3])])
        return found[1] + "a" * 64

    pattern = r"(start: (\d+)\s+end: (\d+)\s+sha256: )[0-9a-f]{64}"
    change(record_file(data), first(pattern, damage))
    (problem,) = check([data], texts=data / "texts").problems
    assert problem.fix == f"if the position is right, write {sha256_of(spans[0])}"


def test_exact_words_that_differ_are_told(data: Path) -> None:
    change(record_file(data), first(r'exact: "', lambda _: 'exact: "Indeed '))
    (problem,) = check([data], texts=data / "texts").problems
    assert (problem.code, problem.field) == ("QUOTE_MISMATCH", "exact")


def test_a_quote_beyond_the_end_is_told(data: Path) -> None:
    change(record_file(data), lambda text: re.sub(r" *text_chars: \d+\n", "", text))
    change(record_file(data), first(r"end: \d+", lambda _: "end: 99999"))
    (problem,) = check([data], texts=data / "texts").problems
    assert (problem.code, problem.field) == ("QUOTE_MISMATCH", "end")


def test_a_folder_of_texts_that_is_not_there_is_an_error(data: Path) -> None:
    with pytest.raises(OSError, match="no such folder of texts"):
        check([data], texts=data / "nowhere")
