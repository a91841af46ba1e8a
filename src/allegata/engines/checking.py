"""Checking: reading record files and judging them by every rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from allegata.engines.anchors import Anchors, verify_anchors
from allegata.engines.embedded import Embedded
from allegata.engines.judging import Before, Judgement, judge, register_rows
from allegata.engines.narrowing import narrow
from allegata.engines.placing import Finding, placed
from allegata.engines.waiving import Waived, waive
from allegata.reading import MissingPathError, Progress, Reading, read, untold
from allegata.reading import cache as kept
from allegata.reading.files import absolute, shown
from allegata.rules import RULES, Problem, Severity
from allegata.tables.scratch import Scratch
from allegata.tables.session import Session

MEMORY_LIMIT = "1GB"
"""How much memory the tables of a run may take, unless another limit is given."""


class NothingByThenError(ValueError):
    """No source was published by the day until which records are asked for."""


@dataclass
class Report:
    """What checking found."""

    reading: Reading
    """The dataset as read."""
    problems: list[Problem]
    """The problems, by file, line and column; of very many with one code, the first."""
    counts: Counter[str]
    """How many problems of each code there are, all counted."""
    waived: list[Waived] = field(default_factory=list)
    """The problems that waivers let be."""
    anchors: Anchors = field(default_factory=Anchors)
    """How many quotes were held against the texts of their sources."""
    of_anchors: list[Finding] = field(default_factory=list)
    """Quotes and texts that do not stand, by their rows."""

    def count(self, severity: Severity) -> int:
        """How many problems are of that severity."""
        return sum(n for code, n in self.counts.items() if RULES[code].severity is severity)

    @property
    def ok(self) -> bool:
        """Whether no problem stops a release."""
        return self.count(Severity.ERROR) == 0


def check(
    paths: Iterable[str | Path],
    progress: Progress | None = None,
    texts: str | Path | None = None,
    *,
    memory_limit: str = MEMORY_LIMIT,
    use_cache: bool = False,
    before: Before | None = None,
) -> Report:
    """Read record files and folders, and judge them by every rule.

    Problems are reported for the paths asked for; what else their dataset holds is read so that
    references can be followed.

    Args:
        paths: Record files, and folders of them.
        progress: Told how far the work is.
        texts: The folder of the sources' texts, one ``<source id>.txt`` each, to hold quotes
            against. Without one, that of ``dataset.yaml``, if it names one that is there.
        memory_limit: How much memory the tables may take, such as ``500MB``.
        use_cache: Whether to use, and to leave in the dataset's folder, what a run found.
        before: The release before, to compare with.

    Raises:
        MissingPathError: a path does not exist or cannot be listed.
    """
    with checked(
        paths, progress, texts, memory_limit=memory_limit, use_cache=use_cache, before=before
    ) as (report, _):
        return report


@contextmanager
def checked(
    paths: Iterable[str | Path],
    progress: Progress | None = None,
    texts: str | Path | None = None,
    *,
    memory_limit: str = MEMORY_LIMIT,
    use_cache: bool = False,
    before: Before | None = None,
    reads: Sequence[Path] = (),
    until: date | None = None,
) -> Iterator[tuple[Report, Session]]:
    """What ``check`` gives, with the session that has the rows, for as long as it is needed.

    The session may read the Parquet files of the release before and of the folders ``reads``. With
    ``until``, it has what sources published by that day tell, and that is what is judged.
    """
    asked = [Path(path) for path in paths]
    if texts is not None and not Path(texts).is_dir():
        raise MissingPathError(f"{texts}: no such folder of texts")
    tell = progress or untold
    with Scratch() as folder:
        reading = read(asked, tell, folder=folder, use_cache=use_cache)
        folders = [*reads, *([before.folder] if before else [])]
        with Embedded(folder, memory_limit, folders) as session:
            register_rows(session, reading)
            if until and not narrow(session, reading, until):
                raise NothingByThenError(f"no source was published by {until}")
            if before:
                before.create(session)
            judgement = judge(session, reading, tell, before, use_kept=until is None)
            report = _report(session, reading, judgement, Path(texts) if texts else reading.texts)
            if reading.kept and reading.root:
                kept.store(reading.root, reading.kept)
            yield _within(report, asked), session


def _report(session: Session, reading: Reading, judgement: Judgement, texts: Path | None) -> Report:
    anchors, of_anchors = verify_anchors(session, texts, reading.stock.rows("quotes"))
    judged = placed(session, reading, [*judgement.findings, *of_anchors])
    counts = reading.counts + judgement.counts + Counter(one.code for one in of_anchors)
    standing, waived, useless = waive(reading, [*reading.problems, *judged])
    counts.subtract(one.problem.code for one in waived)
    counts.update(one.code for one in useless)
    problems = sorted([*standing, *useless], key=_order)
    return Report(reading, problems, +counts, waived, anchors, of_anchors)


def _within(report: Report, asked: list[Path]) -> Report:
    """The report, of what lies in the paths asked for."""
    within = [absolute(shown(path)) for path in asked]
    inside = [one for one in report.problems if _is_within(one, within)]
    if len(inside) != len(report.problems):
        report.problems, report.counts = inside, Counter(one.code for one in inside)
    return report


def _is_within(problem: Problem, asked: list[Path]) -> bool:
    file = absolute(problem.place.file)
    return any(path == file or path in file.parents for path in asked)


def _order(problem: Problem) -> tuple[str, int, int, str]:
    place = problem.place
    return (place.file, place.line, place.column, problem.code)
