"""The formats that are imported, and an import from its files to its folder."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from allegata.importing.documents import (
    read_claimreview,
    read_followthemoney,
    read_inception,
    read_label_studio,
    read_spkatt,
    read_wikidata,
)
from allegata.importing.mapping import load_mapping
from allegata.importing.mapping.loading import packaged
from allegata.importing.report import Aside, Report
from allegata.importing.running import import_table
from allegata.importing.staging import SMALL, staged, write_records, write_report
from allegata.reading import read
from allegata.rules.problem import shortened
from allegata.schema import MODELS
from allegata.schema.types import Pseudonym


class ImportRefused(Exception):  # noqa: N818 - it names what became of the import
    """An import that cannot begin. Its text says why, and what to do."""


Documents = tuple[Report, list[Aside], dict[str, list[dict[str, Any]]]]


@dataclass(frozen=True)
class Format:
    """A format that is imported."""

    name: str
    title: str
    mapping: str | None = None
    """The packaged mapping that reads it; without one, documents are read by `read`."""
    read: Callable[[list[Path], frozenset[str]], Documents] | None = None
    read_coded: Callable[[list[Path], frozenset[str], str], Documents] | None = None
    """What reads what a person coded, who is named."""

    @property
    def description(self) -> str:
        """What becomes what, and what is set aside."""
        if self.mapping:
            return load_mapping(packaged() / f"{self.mapping}.yaml").description
        read = self.read or self.read_coded
        return inspect.cleandoc(read.__doc__ or "").partition("\n\n")[2] if read else _OWN

    @property
    def is_own(self) -> bool:
        """Whether it needs a mapping of the user's."""
        return not (self.mapping or self.read or self.read_coded)


_OWN = (
    "A table of your own, by a mapping (--mapping FILE): a YAML file that says which columns fill "
    "which fields. The guide on importing is a tutorial of the language."
)


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format("gdelt-events", "GDELT 2 events", "gdelt-events"),
        Format("gdelt-mentions", "GDELT 2 mentions", "gdelt-mentions"),
        Format("ucdp-ged", "UCDP Georeferenced Event Dataset", "ucdp-ged"),
        Format("table", "Any CSV, TSV, JSON Lines or Parquet table, by a mapping of your own"),
        Format("claimreview", "ClaimReview of schema.org, JSON or HTML", read=read_claimreview),
        Format("wikidata", "Entities of Wikidata as JSON", read=read_wikidata),
        Format("spkatt", "SpkAtt and GePaDe, speeches as JSON", read=read_spkatt),
        Format("followthemoney", "FollowTheMoney entities or statements", read=read_followthemoney),
        Format(
            "label-studio", "Judged tasks of `export label-studio`", read_coded=read_label_studio
        ),
        Format("inception", "Judged documents of `export inception`", read_coded=read_inception),
    )
}
"""Name -> the format."""


def import_files(
    name: str,
    files: list[Path],
    out: Path,
    *,
    mapping: Path | None = None,
    beside: list[Path] | None = None,
    coder: str | None = None,
    memory_limit: str = "1GB",
) -> Report:
    """Write the records that files of other people become to a folder of their own.

    Args:
        name: The format, one of `FORMATS`.
        files: The files.
        out: The folder to write, which must not exist or be empty.
        mapping: The mapping of the format `table`.
        beside: Folders of records that the new ones will lie beside; what they hold is not
            written again.
        coder: The pseudonym of who judged, for `label-studio` and `inception`.
        memory_limit: How much memory tables may take.

    Returns:
        What became of the rows; it is written to the folder as well.

    Raises:
        ImportRefused: the format or a file is unknown, or an argument is missing or out of place.
        OutExists: the folder is not empty.
        MappingError: the mapping cannot be used.
        OSError: a folder or a file cannot be read or written.
    """
    if name not in FORMATS:
        raise ImportRefused(f"{name} is no format; there are {', '.join(FORMATS)}")
    form = FORMATS[name]
    if (mapping is None) == form.is_own:
        raise ImportRefused("--mapping FILE goes with the format table, and that with it")
    if (coder is None) == bool(form.read_coded):
        raise ImportRefused(
            "--coder PSEUDONYM says who judged; it goes with label-studio and inception, and those "
            "with it"
        )
    if coder is not None and not _is_pseudonym(coder):
        raise ImportRefused(f"--coder {shortened(coder)}: a pseudonym is expected, such as c9")
    for file in files:
        if not file.is_file():
            raise ImportRefused(f"{file}: no such file")
    known = frozenset(_ids(beside or []))
    with staged(out) as stage:
        if form.read or form.read_coded:
            report, asides, records = _documents(form, files, known, coder)
            write_records(stage, records)
        else:
            where: Traversable | Path = packaged() if mapping is None else mapping.parent
            chosen = packaged() / f"{form.mapping}.yaml" if mapping is None else mapping
            report, asides = import_table(
                load_mapping(chosen), where, files, stage, known=known, memory_limit=memory_limit
            )
            _as_yaml_if_small(stage, report)
        write_report(stage, report, asides)
    return report


def _is_pseudonym(text: str) -> bool:
    try:
        TypeAdapter(Pseudonym).validate_python(text)
    except ValidationError:
        return False
    return True


def _documents(
    form: Format, files: list[Path], known: frozenset[str], coder: str | None
) -> Documents:
    if form.read_coded and coder is not None:
        return form.read_coded(files, known, coder)
    assert form.read is not None
    return form.read(files, known)


def _as_yaml_if_small(stage: Path, report: Report) -> None:
    if not 0 < sum(report.records.values()) <= SMALL:
        return
    records: dict[str, list[dict[str, Any]]] = {}
    for table in MODELS:
        if (path := stage / f"{table}.jsonl").exists():
            lines = path.read_text(encoding="utf-8").split("\n")
            records[table] = [_given(json.loads(line)) for line in lines if line]
            path.unlink()
    write_records(stage, records)


def _given(entry: dict[str, Any]) -> dict[str, Any]:
    """The record without the fields that it does not have."""
    return {name: value for name, value in entry.items() if value is not None and value != []}


def _ids(folders: list[Path]) -> set[str]:
    """The ids of all records in folders."""
    if not folders:
        return set()
    reading = read(folders)
    return {
        value
        for name, record in MODELS.items()
        if record.key == ("id",)
        for value in reading.table(name)["id"].to_pylist()
        if value is not None
    }
