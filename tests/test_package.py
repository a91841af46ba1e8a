"""The package that `pip install .` makes holds all that Allegata needs at work."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--no-build-isolation", "--no-index", "-w", folder, ROOT),
        ],
        check=True,
        capture_output=True,
    )
    (found,) = folder.glob("*.whl")
    return found


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    source = ROOT / "src"
    expected = {
        str(path.relative_to(source))
        for path in (source / "allegata").rglob("*")
        if path.is_file() and path.suffix != ".pyc" and "node_modules" not in path.parts
    }
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == expected
    suffixes = {Path(name).suffix for name in packed}
    assert {".py", ".typed", ".html", ".css", ".sql", ".txt"} <= suffixes


def test_the_wheel_works_away_from_the_project(wheel: Path, tmp_path: Path) -> None:
    """Published with the wheel alone (its dependencies aside), in another folder."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"),
            *("--disable-pip-version-check", "--target", tmp_path / "site", wheel),
        ],
        check=True,
        capture_output=True,
    )
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n"
        f"import allegata; assert allegata.__file__.startswith({str(tmp_path)!r})\n"
        "from allegata.cli import main; sys.argv[0] = 'allegata'; main()"
    )
    data = ROOT / "tests" / "fictional"
    done = subprocess.run(
        [sys.executable, "-c", script, "publish", data, "--out", tmp_path / "dist"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "dist" / "site" / "index.html").is_file()
