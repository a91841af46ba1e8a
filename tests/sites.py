"""Sites for tests in a browser: built once, and served on this machine alone."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from allegata.publishing import publish, publish_site
from releases_in_a_row import FICTIONAL, STEPS, VERSIONS, write
from trees import Trees, load

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of requests."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address at which a site is to be had."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def site_of_two(folder: Path) -> Path:
    """The site of the fictional dataset in its second release; gives where it is."""
    trees, out = Trees(load(FICTIONAL)), folder / "dist"
    for version, step in zip(VERSIONS[:2], STEPS, strict=False):
        step(trees, version)
        write(trees.files, folder / "data")
        release = publish(folder / "data", out, version).release
    return publish_site(release, out)
