"""The server of the coding page: for this machine alone, and for whoever has the token."""

from __future__ import annotations

import json
import secrets
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from allegata.coding.work import NotCodable, Work

_FILES = {
    "": ("page.html", "text/html"),
    "page.js": ("page.js", "text/javascript"),
    "text.js": ("text.js", "text/javascript"),
    "page.css": ("page.css", "text/css"),
}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_LONGEST = 1 << 20  # bytes of a request


class CodingServer:
    """Serves the coding page of one source at 127.0.0.1, until it is closed.

    Args:
        work: The coding.
        port: The port; any that is free where it is 0.

    Raises:
        OSError: the port cannot be had.
    """

    def __init__(self, work: Work, port: int = 0) -> None:
        self.work, self._token = work, secrets.token_urlsafe(24)
        self._server = _Server(("127.0.0.1", port), partial(_Handler, self))
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Where the page is; whoever has the address can change the file."""
        return f"http://127.0.0.1:{self._server.server_port}/{self._token}/"

    def answers(self, host: str | None, origin: str | None) -> bool:
        """Whether a request comes to this server by its own name, and from its own page."""
        own = {f"{name}:{self._server.server_port}" for name in ("127.0.0.1", "localhost")}
        return host in own and (origin is None or origin == f"http://{host}")

    def below(self, path: str) -> str | None:
        """The path behind the token; None for who has not the token."""
        token, _, rest = path.removeprefix("/").partition("/")
        return rest if secrets.compare_digest(token.encode(), self._token.encode()) else None

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, shown: CodingServer, *args: Any) -> None:
        self._shown = shown
        super().__init__(*args)

    def do_GET(self) -> None:
        """Give the page, its parts, and what it asks for."""
        path = self._allowed()
        if path is None:
            return
        work, query = self._shown.work, parse_qs(urlsplit(self.path).query)
        if path in _FILES:
            name, kind = _FILES[path]
            self._send((files("allegata.coding") / name).read_bytes(), kind)
        elif path == "state":
            self._send_json(work.state())
        elif path == "search":
            table, words = (query.get(name, [""])[0] for name in ("table", "words"))
            self._send_json(work.search(table, words))
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Change something."""
        path = self._allowed()
        if path is None:
            return
        given = self._body()
        if not isinstance(given, dict):
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        try:
            answer = self._done(path, given)
        except (NotCodable, OSError) as error:
            self._send_json({"error": str(error)}, HTTPStatus.CONFLICT)
            return
        if answer is None:
            self._refuse(HTTPStatus.NOT_FOUND)
        else:
            self._send_json(answer)

    def _done(self, path: str, given: dict[str, Any]) -> Any:
        work = self._shown.work
        if path == "attempt":
            return work.attempt(given)
        made: str | None = None
        if path == "keep":
            made = work.keep(given)
        elif path == "drop":
            work.drop(str(given.get("id")))
        elif path == "add":
            record = given.get("record")
            made = work.add(str(given.get("table")), record if isinstance(record, dict) else {})
        elif path == "undo":
            work.undo()
        elif path == "save":
            work.save()
        else:
            return None
        return {"made": made, "state": work.state()}

    def _allowed(self) -> str | None:
        if not self._shown.answers(self.headers.get("Host"), self.headers.get("Origin")):
            self._refuse(HTTPStatus.FORBIDDEN)
            return None
        path = self._shown.below(urlsplit(self.path).path)
        if path is None:
            self._refuse(HTTPStatus.FORBIDDEN)
        return path

    def _body(self) -> Any:
        length = self.headers.get("Content-Length", "")
        if (
            self.headers.get_content_type() != "application/json"  # no form elsewhere sends this
            or not length.isdecimal()
            or int(length) > _LONGEST
        ):
            return None
        try:
            return json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            return None

    def _refuse(self, status: HTTPStatus) -> None:
        self._send(status.phrase.encode(), "text/plain", status)

    def _send_json(self, value: Any, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(json.dumps(value).encode(), "application/json", status)

    def _send(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
