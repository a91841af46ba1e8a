"""The data that suites measure with: made once, kept in a working folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from benchmarks import derived, faults
from benchmarks.generator import generate
from benchmarks.measuring import Say
from benchmarks.recordfiles import write_record_files

SEED = 1
CLAIMS_FILE = "claims.jsonl"


class Data:
    """Generated data below a working folder."""

    def __init__(self, work: Path, say: Say) -> None:
        self._work, self._say = work, say

    def dataset(self, rows: int, *, shuffled: bool = False) -> Path:
        """A folder of so many claims and all that belongs to them."""
        name = f"dataset-{rows}{'-shuffled' if shuffled else ''}"
        return self._made(name, lambda at: generate(at, rows, SEED, shuffled=shuffled))

    def damaged(self, rows: int, rate: float) -> Path:
        """The same dataset with faults in a share of its claims."""

        clean = self.dataset(rows)

        def make(folder: Path) -> None:
            _link_all(clean, folder, leave=CLAIMS_FILE)
            faults.plant(clean / CLAIMS_FILE, folder / CLAIMS_FILE, rate, SEED)

        return self._made(f"damaged-{rows}-{rate}", make)

    def claims(self, rows: int, of: int | None = None) -> Path:
        """A file of claims in a folder of its own: the first ``rows`` of a dataset of ``of``."""

        whole = self.dataset(of or rows) / CLAIMS_FILE

        def make(folder: Path) -> None:
            if of is None or rows == of:
                os.link(whole, folder / CLAIMS_FILE)
                return
            with whole.open("rb") as lines, (folder / CLAIMS_FILE).open("wb") as out:
                out.writelines(line for line, _ in zip(lines, range(rows), strict=False))

        return self._made(f"claims-{rows}-of-{of or rows}", make) / CLAIMS_FILE

    def record_files(self, files: int) -> Path:
        """A folder of so many YAML files of 3 KB."""
        return self._made(f"records-{files}", lambda at: write_record_files(at, files, SEED))

    def schemas(self) -> Path:
        """The schemas of the peers; made anew in each run, since the models may have changed."""
        return _schemas(self._work / "schemas")

    def _made(self, name: str, make: Callable[[Path], object]) -> Path:
        folder, whole = self._work / name, self._work / f"{name}.whole"
        if not whole.exists():
            self._say(f"making {name}")
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            in_own_process(make, folder)
            whole.touch()
        return folder


def in_own_process(make: Callable[[Path], object], folder: Path) -> None:
    """Do what takes much memory elsewhere: a child's peak begins at what its parent holds.

    Raises:
        RuntimeError: it failed; the reason is on standard error.
    """
    process = get_context("fork").Process(target=make, args=(folder,))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{folder.name} could not be made")


@cache
def _schemas(folder: Path) -> Path:
    in_own_process(derived.write, folder)
    return folder


def copy_of(folder: Path, to: Path) -> Path:
    """A copy of a dataset that may be changed."""
    shutil.rmtree(to, ignore_errors=True)
    return Path(shutil.copytree(folder, to))


def _link_all(folder: Path, to: Path, *, leave: str) -> None:
    for path in folder.iterdir():
        if path.is_file() and path.name != leave:
            os.link(path, to / path.name)
