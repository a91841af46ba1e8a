"""The same records give the same bytes, wherever, whenever and however they are published.

The real command runs in processes of its own, whose surroundings differ in all that a program may
look at. What no process can vary, the machine itself, is varied by those who run the tests: the
tables have the hashes that were noted down on another.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
FICTIONAL = ROOT / "tests" / "fictional"
NOTED = ROOT / "tests" / "fictional.sha256"
COMMAS = "de_DE.ISO-8859-1"

REVERSED = """
import os

class _Reversed:
    def __init__(self, entries): self.entries = iter(entries)
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def __iter__(self): return self
    def __next__(self): return next(self.entries)
    def close(self): pass

_scandir, _listdir = os.scandir, os.listdir

def scandir(path="."):
    with _scandir(path) as entries:
        return _Reversed(sorted(entries, key=lambda entry: entry.name, reverse=True))

os.scandir, os.listdir = scandir, lambda path=".": sorted(_listdir(path), reverse=True)
"""
"""What lists every folder backwards, for a `sitecustomize.py`."""


@dataclass(frozen=True)
class Surroundings:
    """Where and how the command runs."""

    folder: str
    """The folder that it works in; it is asked to publish to ``dist`` there."""
    environment: dict[str, str]
    """All variables but PATH and PYTHONPATH."""
    options: tuple[str, ...] = ()
    umask: int = 0o022
    backwards: bool = False
    """Whether folders are listed backwards."""
    data: Callable[[Path], None] = field(default=lambda to: shutil.copytree(FICTIONAL, to) and None)
    """What lays out the records."""


def home(folder: Path) -> dict[str, str]:
    return {"HOME": str(folder), "USER": "ada", "LOGNAME": "ada", "LANG": "C.UTF-8"}


def laid_out_otherwise(to: Path) -> None:
    """The same records, each table of each file in a file of its own, the last ones first."""
    to.mkdir()
    shutil.copy(FICTIONAL / "dataset.yaml", to)
    shutil.copytree(FICTIONAL / "texts", to / "texts")
    number = 900
    for path in sorted(FICTIONAL.rglob("*.yaml")):
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
        given = {key: tree[key] for key in ("defaults",) if key in tree}
        for table, records in tree.items():
            if path.name == "dataset.yaml" or table == "defaults":
                continue
            for half in (records[: len(records) // 2], records[len(records) // 2 :]):
                if half:
                    number -= 1
                    text = yaml.safe_dump({**given, table: half}, allow_unicode=True)
                    (to / f"f{number}.yaml").write_text(text, encoding="utf-8")


VARIED = {
    "another path": Surroundings("déjà vu/a b", {"LANG": "C.UTF-8"}),
    "another time zone": Surroundings("zone", {"TZ": "Pacific/Kiritimati"}),
    "no locale, home or user": Surroundings(
        "bare", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "<-12>12"}
    ),
    "the locale POSIX": Surroundings("posix", {"LC_ALL": "POSIX", "LANGUAGE": "ar"}),
    "commas in numbers": Surroundings("commas", {"LC_ALL": COMMAS, "PYTHONUTF8": "0"}),
    "another order of hashing": Surroundings("hash", {"PYTHONHASHSEED": "4294967295"}),
    "folders listed backwards": Surroundings("backwards", {}, backwards=True),
    "one thread": Surroundings(
        "thread", {"OMP_NUM_THREADS": "1"}, options=("--memory-limit", "450MB")
    ),
    "an older processor": Surroundings(
        "old", {"ARROW_USER_SIMD_LEVEL": "NONE", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    ),
    "a strict umask": Surroundings("umask", {}, umask=0o077),
}


def publish(place: Path, around: Surroundings, locales: Path) -> Path:
    """Publish in some surroundings; gives the folder of releases."""
    folder = place / around.folder
    folder.mkdir(parents=True)
    around.data(folder / "records")
    paths = [str(Path(path)) for path in sys.path if path]
    if around.backwards:
        (folder / "hook").mkdir()
        (folder / "hook" / "sitecustomize.py").write_text(REVERSED)
        paths.insert(0, str(folder / "hook"))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "allegata", "publish", "records", "--out", "dist"),
            *("--version", "2026.11.0", *around.options),
        ],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(paths),
            "SOURCE_DATE_EPOCH": "1780000000",
            "LOCPATH": str(locales),
            "TMPDIR": str(place),
            **around.environment,
        },
        umask=around.umask,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return folder / "dist"


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a locale that writes numbers with commas, in Latin-1; if it can be made."""
    folder = tmp_path_factory.mktemp("locales")
    if shutil.which("localedef"):
        language, encoding = COMMAS.split(".")
        made = ["localedef", "-i", language, "-f", encoding, folder / COMMAS]
        subprocess.run(made, capture_output=True, check=False)
    return folder


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, locales: Path) -> Path:
    """What is published in usual surroundings."""
    place = tmp_path_factory.mktemp("plain")
    return publish(place, Surroundings("here", home(place) | {"PYTHONHASHSEED": "0"}), locales)


@pytest.fixture(scope="module")
def varied(
    tmp_path_factory: pytest.TempPathFactory, locales: Path
) -> Callable[[str], Future[Path]]:
    """What is published in other surroundings, two at a time."""
    place = tmp_path_factory.mktemp("varied")
    threads = ThreadPoolExecutor(2)
    started = {
        name: threads.submit(publish, place, around, locales) for name, around in VARIED.items()
    }
    return started.__getitem__


@pytest.mark.parametrize("name", VARIED)
def test_surroundings_change_no_byte(
    name: str, plain: Path, varied: Callable[[str], Future[Path]], locales: Path
) -> None:
    if name == "commas in numbers" and not (locales / COMMAS).is_dir():
        pytest.skip(f"localedef cannot make the locale {COMMAS} here")
    out = varied(name).result()
    found, expected = files(out), files(plain)
    assert any(path.startswith("site/") for path in expected)
    assert [path for path in expected | found if expected.get(path) != found.get(path)] == []


def test_tables_have_the_bytes_that_another_machine_gave_them(plain: Path) -> None:
    """As noted down with the locked versions of the libraries.

    What changes the fictional records, the tables or these libraries changes the hashes: then those
    that the failure tells are noted down.
    """
    (release,) = (plain / "releases").iterdir()
    found = "".join(
        f"{sha256}  {name}\n"
        for name, sha256 in files(release).items()
        if name.startswith(("csv/", "data/", "geo/"))
    )
    assert found == NOTED.read_text(), f"{NOTED} would be:\n{found}"


def test_the_umask_alone_decides_who_may_read(
    plain: Path, varied: Callable[[str], Future[Path]]
) -> None:
    for out, umask in ((plain, 0o022), (varied("a strict umask").result(), 0o077)):
        modes = {
            (path.is_dir(), stat.S_IMODE(path.stat().st_mode) & 0o777)
            for path in out.rglob("*")
            if not path.name.startswith(".")
        }
        assert modes == {(True, 0o777 & ~umask), (False, 0o666 & ~umask)}


def test_how_records_lie_in_files_changes_no_table(
    plain: Path, tmp_path: Path, locales: Path
) -> None:
    around = Surroundings("here", {}, options=("--no-site",), data=laid_out_otherwise)
    out = publish(tmp_path, around, locales)
    assert len(list((tmp_path / "here" / "records").glob("*.yaml"))) > 20
    assert files(out / "releases") == files(plain / "releases")


def test_folders_are_listed_backwards_where_they_are_said_to_be(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).touch()
    listed = "import os; print([e.name for e in os.scandir()], os.listdir(), next(os.walk('.'))[2])"
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(REVERSED) + listed],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{' '.join(3 * [str(['c', 'b', 'a'])])}\n"
