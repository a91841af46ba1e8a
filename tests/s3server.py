"""A server that speaks S3, on loopback, for as long as a test needs it.

It is that of moto, one request at a time: in moto itself the look at a condition and what depends
on it are two steps.
"""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

BUCKET = "published"


@dataclass
class S3Server:
    """The server, what it was asked, and what a test does to its requests."""

    port: int = 0
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of each."""
    before: Callable[[str, str], None] = lambda method, path: None
    """Called before a request is carried out."""
    after: Callable[[str, str], None] = lambda method, path: None
    """Called after it was, and before it is answered."""
    minds_conditions: bool = True

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "an-invented-key",
            "AWS_SECRET_ACCESS_KEY": "an-invented-secret",
            "AWS_REGION": "us-east-1",
        }

    def application(self, moto: Any) -> Callable[..., Iterable[bytes]]:
        lock = threading.Lock()

        def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
            with lock:
                self.requests.append((method, path))
                if not self.minds_conditions:
                    environ = {k: v for k, v in environ.items() if not k.startswith("HTTP_IF_")}
                self.before(method, path)
                body = list(moto(environ, start))
                self.after(method, path)
                return body

        return answer


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """A server with one empty bucket; a test is skipped where moto or obstore is missing."""
    for package in ("moto", "obstore"):
        pytest.importorskip(package, reason=f"{package} is not installed")
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log(self, *_: Any) -> None: ...

    server = S3Server()
    moto = DomainDispatcherApplication(create_backend_app)
    listening = make_server(
        "127.0.0.1", 0, server.application(moto), threaded=True, request_handler=Quiet
    )
    server.port = listening.server_port
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        ask = f"http://127.0.0.1:{server.port}"
        for method, path in (("POST", "/moto-api/reset"), ("PUT", f"/{BUCKET}")):
            request = urllib.request.Request(ask + path, method=method)
            urllib.request.urlopen(request).close()
        server.requests.clear()
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
