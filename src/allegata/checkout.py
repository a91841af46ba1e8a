"""Records that are kept in Git: at which commit they are, and how they were at another."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path


class CommitMissing(OSError):  # noqa: N818 - named for what it says
    """The records of a commit cannot be had."""


def commit_of(data: Path, files: Iterable[Path]) -> str | None:
    """The commit that records are at.

    Args:
        data: The folder of a dataset.
        files: The files of it that were read.

    Returns:
        The commit; None where the folder is in no Git checkout, differs from the commit, or a
        file of these is not in it, as one that Git was told to ignore.
    """
    try:
        if _git(data, "status", "--porcelain", "--", "."):
            return None
        known = set(_git(data, "ls-files", "-z").decode(errors="surrogateescape").split("\0"))
        if any(Path(os.path.relpath(path, data)).as_posix() not in known for path in files):
            return None
        return _git(data, "rev-parse", "HEAD").decode().strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def lay_out(data: Path, commit: str, into: Path) -> Path | None:
    """Lay out the checkout that a folder is in, as it was at a commit.

    Args:
        data: The folder of a dataset.
        commit: The commit.
        into: An empty folder to lay it out in. The checkout itself is not touched.

    Returns:
        The folder of the dataset in it; None where ``data`` is in no Git checkout.

    Raises:
        CommitMissing: the checkout does not know the commit, or it has no such folder then.
    """
    try:
        top = Path(_git(data, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
        within = _git(data, "rev-parse", "--show-prefix").decode().rstrip("\n")
    except (OSError, subprocess.CalledProcessError):
        return None
    try:
        content = _git(top, "archive", "--format=tar", f"{commit}^{{commit}}")
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(into, filter="data")
    except (subprocess.CalledProcessError, tarfile.TarError) as error:
        said = getattr(error, "stderr", b"").decode(errors="replace").strip() or str(error)
        raise CommitMissing(
            f"the records are those of commit {commit}, which cannot be laid out from {top}: "
            f"{said}. If the checkout is a shallow one, fetch the rest of its history"
        ) from None
    if not (into / within).is_dir():
        raise CommitMissing(f"at commit {commit} there was no folder {within} in {top}")
    return into / within


def _git(folder: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603
