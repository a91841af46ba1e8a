"""The checks of what is in the tables of a release: each by itself, then all together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from allegata.deriving import derived_tables
from allegata.engines import Embedded
from allegata.reading import Progress, Step
from allegata.releasing import Manifest, Release, ReleaseError
from allegata.releasing.catalog import MANIFEST
from allegata.tables import base_tables
from allegata.verifying.copies import check_copies, written_otherwise
from allegata.verifying.deltas import check_delta_files, check_delta_rows, check_deltas
from allegata.verifying.derived import check_derived
from allegata.verifying.files import Files
from allegata.verifying.finding import Finding, Verification
from allegata.verifying.history import check_history, check_ledger
from allegata.verifying.rows import check_codebook, check_rows
from allegata.verifying.specs import CODEBOOK, Specs, specs_of
from allegata.verifying.tables import check_table
from allegata.version import __version__


class Content:
    """What is in the tables of one release, and what is found there."""

    def __init__(
        self,
        done: Verification,
        files: Files,
        manifest: Manifest,
        before: Callable[[], Release],
        temporary: Path,
    ) -> None:
        """Be about to check.

        Args:
            done: What takes the findings.
            files: The files.
            manifest: The manifest.
            before: What opens the release before.
            temporary: A folder for what is kept meanwhile.
        """
        self.done, self.files, self.manifest = done, files, manifest
        self.before, self.temporary = before, temporary

    def check(self, tell: Progress, *, derived: bool, memory_limit: str) -> None:
        """Check it all, as ``allegata.verifying.verify`` is asked to."""
        specs = self._specs()
        if specs is None:
            return
        good = self._tables(specs, tell)
        deltas, found = check_delta_files(self.files, self.manifest, specs)
        self.done.add(found)
        folder = self.temporary / "work"
        folder.mkdir()
        reads = [self.files.folder, *self._here()]
        with Embedded(folder, memory_limit, reads) as session:
            for name, file in good.items():
                session.register(name, file)
            tell(Step("comparing rows", 0, 0))
            self.done.add(check_rows(session, set(good), self.manifest, specs))
            if CODEBOOK in good:
                self.done.add(check_codebook(session, self.manifest))
            self.done.add(check_ledger(session, set(good), self.manifest))
            self._deltas(session, good, deltas, specs)
            self.done.checked.append("the rows: keys, references, codes")
        if derived:
            with Embedded(folder, memory_limit, reads) as session:
                self._derived(session, good, specs, tell)
        else:
            self.done.not_checked.append("the derived tables, as asked for")
        if previous := self._previous(good, specs):
            tell(Step("comparing with the release before", 0, 0))
            with Embedded(folder, memory_limit, [*reads, previous.path]) as session:
                self._history(session, good, specs, previous)

    def _deltas(
        self, session: Embedded, good: dict[str, Path], deltas: dict[str, Path], specs: Specs
    ) -> None:
        for delta in self.manifest.deltas:
            if delta.table in good and delta.table in deltas:
                session.register(f"delta_{delta.table}", deltas[delta.table])
                self.done.add(check_delta_rows(session, delta, specs.tables[delta.table]))

    def _specs(self) -> Specs | None:
        entry = self.manifest.table(CODEBOOK)
        try:
            return specs_of(self.manifest, self.files.good(entry.path) if entry else None)
        except ValueError as error:
            assert entry is not None
            told = f"the codebook cannot be read: {str(error).splitlines()[0]}"
            self.done.add([Finding("PARQUET_DAMAGED", told, entry.path, CODEBOOK)])
            self.done.not_checked.append("the tables: the codebook cannot be read")
            return None

    def _tables(self, specs: Specs, tell: Progress) -> dict[str, Path]:
        """Check each table by itself; gives the files of those whose columns are right."""
        good = {}
        manifest, done = self.manifest, self.done
        for number, entry in enumerate(manifest.tables, start=1):
            tell(Step(f"checking {entry.name}", number, len(manifest.tables)))
            file = self.files.good(entry.path)
            if file is None:
                continue
            spec = specs.tables.get(entry.name)
            found = list(check_table(file, entry, spec, manifest, of_models=specs.of_models))
            done.add(found)
            done.tables += 1
            done.rows += entry.rows
            if not {one.code for one in found} & {"PARQUET_DAMAGED", "COLUMNS_WRONG", "TYPE_WRONG"}:
                good[entry.name] = file
        done.add(self._named(specs))
        done.checked.append("each table: columns, counts, order, content hash")
        if why := written_otherwise(manifest):
            done.not_checked.append(f"the copies of tables (CSV and others): {why}")
        else:
            done.add(check_copies(self.files, manifest, good, specs))
            done.checked.append("the copies of tables (CSV and others), written anew")
        return good

    def _named(self, specs: Specs) -> Iterator[Finding]:
        names = {entry.name for entry in self.manifest.tables}
        for name in sorted(names ^ specs.tables.keys()):
            told = "is not of the schema" if name in names else "is of the schema, and not there"
            yield Finding("MANIFEST_TABLES", f"the table {name} {told}", MANIFEST, table=name)

    def _here(self) -> list[Path]:
        """The folder of the release, where it lies here."""
        folder = getattr(self.files.place, "folder", None)
        return [folder] if folder else []

    def _derived(
        self, session: Embedded, good: dict[str, Path], specs: Specs, tell: Progress
    ) -> None:
        made_by = self.manifest.tools.get("allegata")
        if not specs.of_models or made_by != __version__:
            self.done.not_checked.append(
                f"the derived tables: they were made by allegata {made_by}, this is {__version__}"
            )
            return
        if missing := {*base_tables(), *derived_tables()} - {*good}:
            self.done.not_checked.append(
                f"the derived tables: {', '.join(sorted(missing))} cannot be read as they should be"
            )
            return
        tell(Step("deriving tables anew", 0, 0))
        for name, file in good.items():
            session.register(name if name in base_tables() else f"released_{name}", file)
        self.done.add(check_derived(session, self.manifest))
        self.done.checked.append("the derived tables, made anew")

    def _previous(self, good: dict[str, Path], specs: Specs) -> Release | None:
        """The release before, if it is there to compare with."""
        if self.manifest.previous is None:
            return None
        told = f"what has changed since {self.manifest.previous}"
        if not specs.of_models or not base_tables().keys() <= good.keys():
            self.done.not_checked.append(f"{told}: not all tables can be read as they should be")
            return None
        try:
            return self.before()
        except (ReleaseError, OSError) as error:
            self.done.not_checked.append(f"{told}: {error}")
            return None

    def _history(
        self, session: Embedded, good: dict[str, Path], specs: Specs, previous: Release
    ) -> None:
        for name, file in good.items():
            session.register(name, file)
        self.done.add(check_history(session, self.manifest, previous))
        self.done.add(check_deltas(session, self.manifest, specs, previous))
        self.done.checked.append(
            f"what has changed since {previous.version}: first_release, last_changed, revisions, "
            "deltas"
        )
