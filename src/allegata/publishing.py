"""Publishing: from record files to a release and its site."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from allegata.agreeing.shipping import agreements_in
from allegata.checkout import commit_of
from allegata.deriving import create_derived, derived_tables
from allegata.describing import describe, describe_catalog
from allegata.engines import (
    MEMORY_LIMIT,
    Before,
    NothingByThenError,
    NotSeparable,
    Remainder,
    Report,
    checked,
    hold_back,
    write_quarantine,
)
from allegata.engines.placing import placed
from allegata.reading import Progress, Step, dataset_folder, untold
from allegata.releasing import (
    IntakeEntry,
    Manifest,
    Release,
    Revised,
    WaiverEntry,
    before_version,
    check_ahead,
    create_ledger,
    next_version,
    previous_release,
    read_catalog,
    write_release,
)
from allegata.releasing.catalog import SITE
from allegata.releasing.manifest import Role, file_entry
from allegata.rules import RULES, Place, Problem
from allegata.schema import Dataset
from allegata.site import build_site, check_site_target
from allegata.storage import folder_of, is_url, place_of
from allegata.tables import Table, base_tables
from allegata.tables.ranges import stream_in_order
from allegata.tables.session import Session
from allegata.uploading import LeaseTimes, remote_run, upload_site

_ROWS_AT_ONCE = 8_192
SITE_CONFIG = "mkdocs.yml"


class NotADatasetError(ValueError):
    """What was to be published is a part of a dataset, no folder, or holds nothing yet."""


class ProblemsFound(Exception):  # noqa: N818 - it is not the program's error
    """The records have problems that stop a release; nothing was written."""

    def __init__(self, report: Report) -> None:
        super().__init__("the problems above stop a release")
        self.report = report


@dataclass(frozen=True)
class Made:
    """When a release is made, and from what."""

    at: datetime
    """The time that it is made as of."""
    commit: str | None
    """The commit of the records, if known."""


@dataclass(frozen=True)
class Publication:
    """What publishing gave."""

    report: Report
    """What checking the records found."""
    release: Release
    """The release."""
    left: Remainder | None
    """What is left of the records where some were set aside; None where none were."""
    is_new: bool
    """Whether it was made now; False when nothing had changed since the latest."""


def publish(
    data: str | Path,
    out: str | Path,
    version: str | None = None,
    progress: Progress | None = None,
    texts: str | Path | None = None,
    *,
    note: str | None = None,
    until: date | None = None,
    quarantine: bool = False,
    memory_limit: str = MEMORY_LIMIT,
    made: Made | None = None,
    lease: LeaseTimes | None = None,
    described: bool = True,
    use_cache: bool = False,
) -> Publication:
    """Check a dataset and write a release of it.

    Args:
        data: The dataset's folder, which holds ``dataset.yaml``.
        out: The folder of releases, or the URL of such a place in an object store.
        version: The version to give it. Without one it is the next of the month, and no release
            is made when the latest has the same ``dataset.yaml`` and the same tables.
        progress: Told how far the work is.
        texts: The folder of the sources' texts, as for ``check``.
        note: Why records differ from the release before that have no revision of their own.
        until: Publish what sources published by this day tell, and nothing else. Without a
            version, no release is made when the latest tells of that day or of later ones.
        quarantine: Whether records with errors, and what depends on them, are set aside and the
            rest is published; otherwise an error stops the release.
        memory_limit: How much memory the tables may take, such as ``500MB``.
        made: When, and from what, the release is to say that it was made; without it,
            SOURCE_DATE_EPOCH or the clock and Git tell.
        lease: How long an object store is held for one run (``allegata.uploading.lease``).
        described: Whether the files that describe it for others are made too; without them it is
            only good to look at.
        use_cache: Whether to use, and to leave in the dataset's folder, what a run found of
            columns that have not changed since.

    Raises:
        MissingPathError: there is no folder ``data``.
        NotADatasetError: ``data`` is a part of a dataset; a release is of the whole. Or no source
            was published by the day asked for.
        ValueError: both ``until`` and ``quarantine`` are asked for.
        ProblemsFound: the records have errors.
        ReleaseError: the release cannot be made; its subclasses say why.
        OSError: the disk is full, or may not be written to; or the store cannot be reached.
    """
    if until and quarantine:
        raise ValueError(
            "what is left until a day and what is set aside cannot be asked for at once"
        )
    tell = progress or untold
    make = partial(
        _publish,
        _whole_dataset(Path(data)),
        version=version,
        tell=tell,
        texts=texts,
        note=note,
        until=until,
        quarantine=quarantine,
        memory_limit=memory_limit,
        made=made,
        described=described,
        use_cache=use_cache,
    )
    if not is_url(out):
        return make(folder_of(out))
    with remote_run(str(out), version, lease) as run:
        done = make(run.folder)
        if done.is_new:
            run.publish(done.release, tell)
        return replace(done, release=replace(done.release, fetched=run.fetched))


def _publish(
    folder: Path,
    out: Path,
    *,
    version: str | None,
    tell: Progress,
    texts: str | Path | None,
    note: str | None,
    until: date | None,
    quarantine: bool,
    memory_limit: str,
    made: Made | None,
    described: bool,
    use_cache: bool,
) -> Publication:
    now = made.at if made else _now()
    catalog = read_catalog(out)
    wanted = next_version(catalog, now.date()) if version is None else version
    check_ahead(out, wanted, int(now.timestamp()))
    previous = previous_release(out, wanted)
    # Agreement is told of all that was coded twice, which a release until a day may not have yet.
    agreements = {} if until else agreements_in(folder)
    before = before_version(out, wanted, is_judged=note is None)
    reads = [out] if previous else []
    with _checked_until(
        folder,
        until,
        tell,
        texts,
        memory_limit=memory_limit,
        use_cache=use_cache,
        before=before,
        reads=reads,
    ) as (report, session):
        if until and version is None and previous and _reaches(previous, until):
            return Publication(report, previous, None, is_new=False)
        left = _left(session, report, tell, before) if quarantine and not report.ok else None
        dataset = _publishable(report, folder, left)
        create_ledger(session, wanted, has_previous=before is not None, note=note)
        create_derived(session)
        specs = {**base_tables(), **derived_tables()}
        release = write_release(
            {name: partial(_rows, session, spec) for name, spec in specs.items()},
            specs,
            dataset,
            out,
            wanted,
            date=now.date(),
            describe=partial(_described if described else _undescribed, agreements),
            describe_catalog=describe_catalog if described else None,
            problems=left.problems if left else report.counts,
            waivers=_waivers(report),
            source_commit=made.commit if made else commit_of(folder, _paths(report)),
            note=note,
            until=until,
            source_date_epoch=int(now.timestamp()),
            intake=[IntakeEntry(**one._asdict()) for one in left.intake] if left else (),
            aside=partial(_write_aside, session, report, left) if left else None,
            unless=_unless(previous, agreements) if version is None else None,
            session=session,
            progress=lambda path, number, of: tell(Step(f"writing {path}", number, of)),
        )
    return Publication(report, release, left, is_new=release is not previous)


@contextmanager
def _checked_until(
    folder: Path, until: date | None, *others: Any, **options: Any
) -> Iterator[tuple[Report, Session]]:
    try:
        with checked([folder], *others, until=until, **options) as found:
            yield found
    except NothingByThenError as error:
        raise NotADatasetError(f"{folder}: {error}") from None


def _reaches(release: Release, until: date) -> bool:
    """Whether a release tells of what was published by a day."""
    reached = release.manifest.until
    return reached is None or reached >= until


def _described(
    agreements: Mapping[str, bytes],
    manifest: Manifest,
    specs: Mapping[str, Table],
    previous: Manifest | None,
    revised: Sequence[Revised],
) -> dict[str, bytes]:
    """The descriptions of a release, and what it ships of agreement, which they list too."""
    entries = [file_entry(path, content) for path, content in agreements.items()]
    listed = manifest.model_copy(update={"files": [*manifest.files, *entries]})
    return {**agreements, **describe(listed, specs, previous, revised)}


def _unless(previous: Release | None, agreements: Mapping[str, bytes]) -> Release | None:
    """The release before, if it ships the same of agreement."""
    if previous is None:
        return None
    entries = [file_entry(path, content) for path, content in agreements.items()]
    shipped = [file for file in previous.manifest.files if file.role is Role.RELIABILITY]
    return previous if shipped == sorted(entries, key=lambda entry: entry.path) else None


def _undescribed(agreements: Mapping[str, bytes], *_: object) -> dict[str, bytes]:
    return dict(agreements)


def _left(
    session: Session, report: Report, tell: Progress, before: Before | None
) -> Remainder | None:
    """What is left without the records that have errors; None where they cannot be told apart."""
    try:
        return hold_back(session, report.reading, report.of_anchors, tell, before)
    except NotSeparable:
        return None


def _write_aside(session: Session, report: Report, left: Remainder, path: Path) -> None:
    problems = placed(session, report.reading, left.findings, of="all_")
    write_quarantine(session, report.reading, problems, path)


def _rows(session: Session, spec: Table) -> pa.RecordBatchReader:
    """The rows of a table as they are published, in its order."""
    pa.default_memory_pool().release_unused()  # what the table before has left
    name = f"ledger_{spec.name}" if spec.model else spec.name
    columns = ", ".join(f'"{column.name}"' for column in spec.columns)
    order = ", ".join(f'"{column}" NULLS FIRST' for column in spec.order)
    rows = f'SELECT {columns} FROM "{name}"'

    def query(within: str) -> str:
        return f"{rows} WHERE {within} ORDER BY {order}"

    return stream_in_order(session, query, rows, spec.order, _ROWS_AT_ONCE)


def check_site(out: str | Path, config: str | Path | None = None) -> None:
    """See, before anything is published, that a site can be built there.

    Raises:
        SiteError: the configuration does not serve, or the folder holds something else.
    """
    with _site_folder(out) as folder:
        check_site_target(folder, Path(config) if config else None)


def publish_site(
    release: Release,
    out: str | Path,
    config: str | Path | None = None,
    progress: Progress | None = None,
    lease: LeaseTimes | None = None,
) -> Path | str:
    """Build the site of a release in the folder of releases; gives where it is.

    Args:
        release: The release.
        out: The folder of releases, or the URL of such a place.
        config: The ``mkdocs.yml`` to build with; without one, the site holds the generated pages.
        progress: Told how far the work is.
        lease: How long an object store is held for one run.

    Raises:
        SiteError: the site cannot be built, or not be written.
        ReleaseError: another run is publishing to the store.
        OSError: the store cannot be reached.
    """
    with _site_folder(out) as folder:
        release.bring()
        build_site(release, folder, Path(config) if config else None, progress)
        if is_url(out):
            upload_site(folder, str(out), SITE, release.version, progress or untold, lease)
            return f"{place_of(out).name}/{SITE}"
    return folder


@contextmanager
def _site_folder(out: str | Path) -> Iterator[Path]:
    """The folder to build a site in: a temporary one, where it is to go elsewhere."""
    if not is_url(out):
        yield folder_of(out) / SITE
        return
    with tempfile.TemporaryDirectory(prefix="allegata-") as temporary:
        yield Path(temporary) / SITE


def site_config(data: str | Path) -> Path | None:
    """The ``mkdocs.yml`` that belongs to a dataset: in its folder or in the one around it."""
    folder = Path(data).resolve()
    candidates = (folder / SITE_CONFIG, folder.parent / SITE_CONFIG)
    return next((path for path in candidates if path.is_file()), None)


def _whole_dataset(data: Path) -> Path:
    """The folder, which must not be a part of a larger dataset."""
    root = dataset_folder(data)
    if root is not None and root.resolve() != data.resolve():
        raise NotADatasetError(f"{data} is a part of the dataset in {root}: publish {root}")
    if data.exists() and not data.is_dir():
        raise NotADatasetError(f"{data} is not a folder: publish takes that of a whole dataset")
    return data


def _publishable(report: Report, data: Path, left: Remainder | None) -> Dataset:
    if report.reading.dataset is None and report.reading.root is None:
        rule = RULES["DATASET_MISSING"]
        missing = Problem(
            code=rule.code,
            severity=rule.severity,
            message="the folder holds no dataset.yaml",
            place=Place(file=str(data / "dataset.yaml")),
            fix=rule.fix,
        )
        report.problems.insert(0, missing)
        report.counts[rule.code] += 1
    if (not report.ok and left is None) or report.reading.dataset is None:
        raise ProblemsFound(report)
    return report.reading.dataset


def _paths(report: Report) -> list[Path]:
    return [one.path for one in report.reading.files]


def _waivers(report: Report) -> list[WaiverEntry]:
    return [
        WaiverEntry(record=waiver.record_id, rule=waiver.rule, reason=waiver.reason)
        for waiver in dict.fromkeys(one.waiver for one in report.waived)
    ]


def today() -> date:
    """The day that what is published now is dated with, as ``SOURCE_DATE_EPOCH`` or the clock says.

    Raises:
        OSError: SOURCE_DATE_EPOCH is no time.
    """
    return _now().date()


def _now() -> datetime:
    """The time that a release is made as of: SOURCE_DATE_EPOCH, or the clock's.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        if not (epoch.isascii() and epoch.isdigit()):  # no sign: what is before 1970 is a slip
            raise ValueError(epoch)
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise OSError(f"SOURCE_DATE_EPOCH is {epoch!r}, not a number of seconds") from None
