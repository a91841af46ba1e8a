"""A small server that shows a site to a browser on this machine, and tells it of changes."""

from __future__ import annotations

import ipaddress
import json
import socket
from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Condition, Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

MOST = 50
"""So many problems are shown in the browser."""
_WAIT = 20.0  # seconds after which a browser asks again, so that a closed one is noticed
_KINDS = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
_TAGS = (
    '<link rel="stylesheet" href="/-/preview.css">'
    '<script type="module" src="/-/preview.js"></script>'
)
_WAITING = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Allegata</title>'
    '<link rel="icon" href="data:,"></head>'
    "<body><p>The site is shown as soon as the records have no problems.</p></body></html>"
)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine and none but this machine.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Server:
    """Serves the folder that ``site`` names, until it is closed.

    Args:
        site: Gives the folder of the site, each time that it is asked for.
        host: The host to listen at.
        port: The port; any that is free where it is 0.

    Raises:
        OSError: the host or the port cannot be had.
    """

    def __init__(self, site: Callable[[], Path], host: str = "127.0.0.1", port: int = 8000) -> None:
        self._site, self._only_here = site, is_loopback(host)
        self._changed = Condition()
        self._state = {"number": 0, "site": 0, "problems": [], "rest": 0}
        kind = type("Bound", (_Server,), {"address_family": _family(host)})
        self._server = kind((host.strip("[]"), port), partial(_Handler, self))
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Where a browser finds the site."""
        host, port = self._server.server_address[:2]
        return f"http://{f'[{host}]' if ':' in str(host) else host}:{port}/"

    def tell(self, problems: Sequence[str] = (), *, changed: bool = True) -> None:
        """Tell browsers that the site is another, or what keeps it from changing.

        Args:
            problems: What is wrong, a line each.
            changed: Whether the site is another.
        """
        with self._changed:
            self._state = {
                "number": self._state["number"] + 1,  # type: ignore[operator]
                "site": self._state["site"] + changed,  # type: ignore[operator]
                "problems": list(problems[:MOST]),
                "rest": max(0, len(problems) - MOST),
            }
            self._changed.notify_all()

    def state(self, after: int) -> dict[str, object]:
        """What browsers are told, once it is another than the one of that number."""
        with self._changed:
            self._changed.wait_for(lambda: self._state["number"] != after, _WAIT)
            return self._state

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def folder(self) -> Path:
        """The folder of the site."""
        return self._site()

    def answers(self, host: str | None) -> bool:
        """Whether a request is for this server: a page elsewhere may lead its name here."""
        return not self._only_here or is_loopback(urlsplit(f"//{host or ''}").hostname or "")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a browser that waits for news is not waited for


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


class _Handler(SimpleHTTPRequestHandler):
    """Answers requests for the files of a site, and for its state."""

    def __init__(self, shown: Server, *args: object) -> None:
        self._shown = shown
        super().__init__(*args, directory=str(shown.folder()))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer a request."""
        path = urlsplit(self.path).path
        if not self._shown.answers(self.headers.get("Host")):
            self.send_error(HTTPStatus.FORBIDDEN, "This server answers to this machine only")
        elif path == "/-/state":
            asked = parse_qs(urlsplit(self.path).query).get("after", ["-1"])[0]
            after = int(asked) if asked.lstrip("-").isdecimal() else -1
            self._send(json.dumps(self._shown.state(after)).encode(), ".json")
        elif path in ("/-/preview.js", "/-/preview.css"):
            name = path.rpartition("/")[2]
            content = (files("allegata.serving") / name).read_bytes()
            self._send(content, Path(name).suffix)
        else:
            self._send_file(path)

    def do_HEAD(self) -> None:
        """Refuse what no browser asks for."""
        self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)

    def _send_file(self, path: str) -> None:
        file = Path(self.translate_path(self.path))
        if file.is_dir() and not path.endswith("/"):
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", f"{path.replace('//', '/')}/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        file = file / "index.html" if file.is_dir() else file
        if file.is_file() and file.suffix != ".html":
            super().do_GET()
            return
        status = HTTPStatus.OK if file.is_file() else HTTPStatus.NOT_FOUND
        page = file if file.is_file() else self._shown.folder() / "404.html"
        if not self._shown.folder().is_dir():
            text, status = _WAITING, HTTPStatus.OK
        else:
            text = page.read_text("utf-8") if page.is_file() else _WAITING
        at = text.rfind("</body>")
        self._send((text[:at] + _TAGS + text[at:]).encode(), ".html", status)

    def _send(self, content: bytes, suffix: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{_KINDS.get(suffix, 'text/html')}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def end_headers(self) -> None:
        """Let nothing be kept: it may change at any time."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal is for the records."""
