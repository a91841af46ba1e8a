"""What the tests of rules share: cases with marks, and the problems of a case."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from allegata.engines import check, judging
from allegata.rules import RULES, Problem

Places = list[tuple[int, int]]


def unmarked(text: str) -> tuple[str, dict[str, Places]]:
    """A text without its marks ¦ and §, and the line and column of each.

    >>> unmarked("ids: [¦a, §b]")
    ('ids: [a, b]', {'¦': [(1, 7)], '§': [(1, 10)]})
    """
    marks: dict[str, Places] = {"¦": [], "§": []}
    lines = []
    for number, line in enumerate(text.split("\n"), 1):
        kept = ""
        for char in line:
            if char in marks:
                marks[char].append((number, len(kept) + 1))
            else:
                kept += char
        lines.append(kept)
    return "\n".join(lines), marks


def problems_of(folder: Path, codes: Collection[str], **files: str) -> list[Problem]:
    """What some rules alone find in files that can be read, given by their names without .yaml.

    The other rules are not asked, so that hundreds of runs do not take minutes.
    """
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "RULES", {code: RULES[code] for code in codes})
        report = check([folder])
    unread = [one for one in report.reading.problems if not RULES[one.code].checks]
    assert unread == []
    return [problem for problem in report.problems if problem.code in codes]
