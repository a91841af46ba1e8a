"""The programs of the worked analyses run, and print what the pages show.

ALLEGATA_WRITE_DOCS=1 writes what they print into the pages.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from allegata.agreeing.model import Agreement
from allegata.publishing import publish
from allegata.reading import read

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "docs" / "dataset.md", *sorted((ROOT / "docs" / "analyses").glob("*.md"))]
BLOCK = re.compile(r"^```(python|sql|r)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.M | re.S)
DAYS = re.findall(r"\d{4}-\d\d-\d\d", (ROOT / "Makefile").read_text().partition("DAYS ?=")[2])
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what ``make publish`` makes, but for what describes it to others."""
    folder = tmp_path_factory.mktemp("reader")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1793620000")
        for day in (*(datetime.date.fromisoformat(day) for day in DAYS), None):
            publish(ROOT / "data", folder / "dist", until=day, described=False)
    return folder


def printed(language: str, code: str, known: dict[str, Any], run: Run) -> str:
    """What a block prints, without blanks at the ends of lines."""
    if language == "python":
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(code, known)
        text = out.getvalue()
    elif language == "sql":
        done = run("query", code, "--no-color")
        assert done.code == 0, done.err
        text = done.out
    else:
        asked = ["Rscript", "--vanilla", "-e", code]
        text = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    return "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_shows_what_its_programs_print(
    page: Path, reader: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(reader)
    monkeypatch.setenv("COLUMNS", "160")
    known: dict[str, Any] = {}
    wrong = []

    def shown(block: re.Match[str]) -> str:
        language, code, told = block.groups()
        if language == "r" and not shutil.which("Rscript"):
            return block[0]
        found = printed(language, code, known, run)
        assert found, f"{page.name}: this prints nothing\n{code}"
        if found != told:
            wrong.append(f"{told}\nis shown, and this is printed:\n{found}")
        return f"```{language}\n{code}```\n\n```text\n{found}```\n"

    text = page.read_text(encoding="utf-8")
    now = BLOCK.sub(shown, text)
    if os.environ.get("ALLEGATA_WRITE_DOCS"):
        page.write_text(now, encoding="utf-8")
    else:
        assert not wrong, "\n\n".join(wrong)
        assert now == text


def test_there_are_five_in_three_languages_and_the_first_page_lists_them() -> None:
    index, *pages = sorted(PAGES[1:], key=lambda page: page.stem != "index")
    assert len(pages) == 5
    listed = re.findall(r"\]\(([a-z-]+\.md)\)", index.read_text())
    assert sorted(listed) == sorted(page.name for page in pages)
    assert {found[1] for page in pages for found in BLOCK.finditer(page.read_text())} == {
        "python",
        "sql",
        "r",
    }


def test_what_the_dataset_says_of_agreement_is_what_was_measured() -> None:
    """``dataset.yaml`` is text, which no program makes."""
    (path,) = (ROOT / "data").rglob("*.agreement.json")
    fields = {
        one.field: one
        for one in Agreement.model_validate_json(path.read_bytes()).fields
        if one.table == "claims"
    }
    told = read([ROOT / "data"]).dataset.coverage.agreement  # type: ignore[union-attr]
    stance, evidence = (fields[name].alpha for name in ("stance", "evidence"))
    assert f"{stance:.2f} for the stance and {evidence:.2f} for evidence" in str(told)
