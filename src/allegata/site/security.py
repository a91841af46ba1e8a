"""The Content-Security-Policy of a page: nothing from elsewhere, no script but the theme's own."""

from __future__ import annotations

import base64
import hashlib
from html.parser import HTMLParser

_SCRIPT_TYPES = {"", "module", "text/javascript", "application/javascript"}


def with_policy(page: str) -> str:
    """The page with a policy as the first element of its head.

    The policy names the page's inline scripts by their hashes, so it has to be the last thing
    that is done to a page. A page without a head is left as it is.

    >>> with_policy("<html><head></head></html>")[:60]
    '<html><head><meta http-equiv="Content-Security-Policy" conte'
    """
    policy = content_security_policy(page)
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace("<head>", f"<head>{tag}", 1)


def content_security_policy(page: str) -> str:
    """The policy that allows a page's own inline scripts and what lies on the same host."""
    parser = _InlineScripts()
    parser.feed(page)
    parser.close()
    digests = sorted({hashlib.sha256(script.encode()).digest() for script in parser.found})
    scripts = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    directives = {
        "default-src": "'none'",
        "script-src": f"'self' {scripts}".rstrip(),
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


class _InlineScripts(HTMLParser):
    """Collects the texts of scripts that are in the page itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kind = (given.get("type") or "").strip().lower()
        self._inside = tag == "script" and "src" not in given and kind in _SCRIPT_TYPES
        if self._inside:
            self.found.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False
