"""The commands of the page of policy do what it says, in its order, and print what it shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from allegata.publishing import publish

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
EPOCH = "1795000000"  # a day in November 2026


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)


def steps(block: str) -> list[tuple[str, str]]:
    """Each command, and what it prints."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.M)
    assert parts[0] == ""
    return list(zip(parts[1::2], parts[2::2], strict=True))


def test_the_page_is_true(tmp_path: Path) -> None:
    data = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    publish(data, tmp_path / "dist", "2026.10.0")
    correction, retraction = blocks("yaml")

    def correct() -> None:
        events = data / "events.yaml"
        text = events.read_text()
        assert text.count("label: Alleged drone attack on") == 1
        events.write_text(
            text.replace("label: Alleged drone attack on", "label: Alleged attack on")
        )
        (data / "revisions.yaml").write_text(correction)

    def retract() -> None:
        source = data / "sources" / "daily-beast-2025-12-29.yaml"
        before, claim, after = re.split(
            r"(?=^      - id: clm\S+-4[78]$)", source.read_text(), flags=re.M
        )
        assert retraction.split("record: ")[1].split()[0] in claim
        source.write_text(before + after)
        written = retraction.partition("\n")[2]
        with (data / "revisions.yaml").open("a") as file:
            file.write(written)

    doing: dict[int, Callable[[], None]] = {0: correct, 3: retract}
    assert len(blocks("shell-session")) == 5
    for number, block in enumerate(blocks("shell-session")):
        doing.get(number, lambda: None)()
        for command, shown in steps(block):
            done = subprocess.run(
                command.replace("allegata", f"{sys.executable} -m allegata", 1),
                shell=True,
                cwd=tmp_path,
                env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            pattern = "(?s:.*?)".join(re.escape(part) for part in shown.split("…"))
            assert re.fullmatch(pattern, done.stdout), f"{command}\n{done.stdout}"


def test_every_verb_of_withdrawal_is_on_the_page() -> None:
    for verb in ("withdraw", "takedown"):
        assert f"$ allegata {verb} " in PAGE
        options = subprocess.run(
            [sys.executable, "-m", "allegata", verb, "--help"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for option in ("--reason", "--even-latest", "--dry-run", "--yes", "--version"):
            assert option not in options or option in PAGE
