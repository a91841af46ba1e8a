"""Running checks: two at a time, each in its environment, offline, and no longer than its limit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, TypeVar

from acceptance.checks import Check
from acceptance.dumps import differences

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ENVIRONMENTS = ROOT / ".venv-accept"
AT_ONCE = 2

ACCEPTED, REFUSED, FAILED, NOT_RUN = "accepted", "refused", "failed", "not run"

T = TypeVar("T")
R = TypeVar("R")

_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONDONTWRITEBYTECODE": "1",
    "NO_COLOR": "1",
    "LC_ALL": "C.UTF-8",
    "TZ": "America/St_Johns",  # so that whoever takes the machine's zone for UTC is found out
}
_ENDINGS = {".js": "node", ".R": "Rscript", ".sh": "sh"}


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int | None
    """Its exit code; None if it took too long."""
    out: str
    told: list[str]
    """The last lines that it said on stderr."""
    seconds: float


@dataclass(frozen=True)
class Result:
    """What a check came to."""

    name: str
    verdict: str
    """``accepted``, ``refused``, ``failed`` (a crash, or too slow) or ``not run``."""
    seconds: float = 0.0
    version: str = ""
    told: list[str] = field(default_factory=list)
    """Why, unless it was accepted."""

    @property
    def red(self) -> bool:
        """Whether the gate stays shut."""
        return self.verdict in (REFUSED, FAILED)

    def json(self) -> dict[str, Any]:
        """The result as the file of results has it."""
        return asdict(self) | {"seconds": round(self.seconds, 1)}


def parallel(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """The work on each item, in their order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, items))


def run_command(
    command: Sequence[str | Path], cwd: Path | None, limit: float, path: Path | None = None
) -> Ran:
    """Run a command offline, and end it and its children when its time is over.

    Args:
        command: The command.
        cwd: The folder that it runs in.
        limit: The seconds that it may take.
        path: A folder of Python modules beside those of its environment.
    """
    # What `datasets` keeps of a release would be shown for the next one of the same name.
    with tempfile.TemporaryDirectory() as kept:
        return _run(command, cwd, limit, {"PYTHONPATH": str(path) if path else "", "HF_HOME": kept})


def _run(
    command: Sequence[str | Path], cwd: Path | None, limit: float, environment: Mapping[str, str]
) -> Ran:
    began = time.monotonic()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **_OFFLINE, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=limit)
        code: int | None = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        out, err = process.communicate()
        code, err = None, f"it took more than {limit:.0f} seconds"
    return Ran(code, out, err.strip().splitlines()[-100:], time.monotonic() - began)


def missing(environment: str, script: str) -> str | None:
    """Why what runs a script is not there, or None."""
    if script.endswith(".py"):
        if not (ENVIRONMENTS / environment / "installed").exists():
            return {
                "datapackage": "it needs Python 3.12 or newer",
            }.get(environment, f"its environment, {environment}, could not be installed")
        if environment == "spark" and not shutil.which("java"):
            return "it needs Java"
    else:
        program = _ENDINGS[Path(script).suffix]
        if not shutil.which(program):
            return f"it needs {program}"
    needs_npm = environment == "node" or script.endswith("rocrate.py")
    if needs_npm and not (HERE / "node" / "node_modules").exists():
        return "it needs packages of npm"
    return None


def interpreter(environment: str, script: str) -> list[str | Path]:
    """What runs a script."""
    if script.endswith(".py"):
        return [ENVIRONMENTS / environment / "bin" / "python"]
    if script.endswith(".R"):
        return ["Rscript", "--vanilla"]
    return [_ENDINGS[Path(script).suffix]]


def examine(
    check: Check, releases: Sequence[Path], work: Path, like: Sequence[Path] = ()
) -> Result:
    """Put releases to a check.

    Args:
        check: The check.
        releases: The folders of the releases; of a check that compares, the older one first.
        work: A folder for what it writes, which is made anew.
        like: The releases that a reader must find the cells of; those it reads, if not given.
    """
    if why := missing(check.environment, check.script):
        return Result(check.name, NOT_RUN, told=[why])
    version = version_of(check.environment, check.package)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    dumps = work / "dumps"
    command = [*interpreter(check.environment, check.script), HERE / check.script]
    if check.kind == "reader":
        dumps.mkdir()
        describe_columns(releases[0], dumps)
        command.append(dumps)
    ran = run_command([*command, *releases], work, check.limit)
    verdict, told = _verdict(check, ran)
    if check.kind == "reader" and verdict == ACCEPTED:
        told = [
            one
            for number, release in enumerate(like or releases)
            for one in differences(release, dumps / str(number), check.habits, empty=check.empty)
        ]
        verdict = REFUSED if told else ACCEPTED
    return Result(check.name, verdict, ran.seconds, version, told)


def _verdict(check: Check, ran: Ran) -> tuple[str, list[str]]:
    if ran.code == 0:
        return ACCEPTED, []
    said = ran.out.strip().splitlines()
    if ran.code == 1 and check.kind == "validator" and said:
        return REFUSED, said
    return FAILED, [*said[-20:], *ran.told]


def describe_columns(release: Path, folder: Path) -> None:
    """Write the columns and types of all tables as a table, for readers that know no JSON."""
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    lines = [
        f"{resource['name'].removesuffix('-csv')}\t{column['name']}\t{column['type']}\n"
        for resource in package["resources"]
        if resource["path"].startswith("csv/")
        for column in resource["schema"]["fields"]
    ]
    text = "".join(["table\tcolumn\ttype\n", *lines])
    (folder / "columns.tsv").write_text(text, encoding="utf-8")


def version_of(environment: str, package: str) -> str:
    """The version of a package in its environment, or of a command."""
    if environment == "node":
        path = HERE / "node" / "node_modules" / package / "package.json"
        return str(json.loads(path.read_text(encoding="utf-8"))["version"])
    if environment in ("R", "system"):
        ran = run_command([package, "--version"], None, 20)
        found = [word for word in (ran.out + "\n".join(ran.told)).split() if word[0].isdigit()]
        return found[0] if found else "unknown"
    places = [str(p) for p in (ENVIRONMENTS / environment).glob("lib/python*/site-packages")]
    found_there = next(iter(distributions(name=package, path=places)), None)
    return found_there.version if found_there else "unknown"


def say(text: str) -> None:
    """Tell how far the gate is."""
    print(text, file=sys.stderr, flush=True)
