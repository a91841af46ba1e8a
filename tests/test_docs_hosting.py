"""What the page on hosting tells readers to type works, as it tells it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from allegata.publishing import publish
from s3server import BUCKET, s3_server
from test_remote import web_server

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "hosting.md").read_text()
STORE, WEB = f"s3://{BUCKET}/dist", "https://example.org/dist"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a dataset, and a release of it."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(ROOT / "tests" / "fictional", folder / "data")
    publish(folder / "data", folder / "dist", "2026.11.0")
    return folder


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)
    assert found
    return found


def test_programs_and_commands_that_read_from_a_web_server(place: Path) -> None:
    pytest.importorskip("obstore", reason="obstore is not installed: make unit installs it")
    commands = [block for block in blocks("sh") if WEB in block]
    with web_server(place / "dist") as (address, _):
        for code in blocks("py"):
            assert WEB in code
            program = [sys.executable, "-c", code.replace(WEB, address)]
            done = subprocess.run(program, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            assert done.stdout.strip()
        for line in "".join(commands).splitlines():
            run(line.replace(WEB, address), place, {})


def test_commands_that_publish_to_a_store(place: Path) -> None:
    with s3_server() as server:
        for block in blocks("sh"):
            for line in block.splitlines() if STORE in block else ():
                run(line, place, server.environment)
        assert ("PUT", f"/{BUCKET}/dist/latest.json") in server.requests


def run(command: str, place: Path, settings: dict[str, str]) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **settings, "PATH": path}
    done = subprocess.run(
        command, shell=True, cwd=place, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stderr}"
