"""The Content-Security-Policy of a page: nothing from elsewhere, no script but the theme's own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html.parser import HTMLParser

_SCRIPT_TYPES = {"", "module", "text/javascript", "application/javascript"}


def with_policy(page: str) -> str:
    """The page with a policy as the first element of its head.

    The policy names the page's inline scripts by their hashes, so it has to be the last thing
    that is done to a page. A page without a head is left as it is.

    >>> with_policy("<html><head></head></html>")[:60]
    '<html><head><meta http-equiv="Content-Security-Policy" conte'
    """
    return with_policy_for(page, inline_scripts(page))


def with_policy_for(page: str, scripts: Iterable[str]) -> str:
    """The page with a policy that allows these inline scripts, and no other."""
    tag = f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">'
    return page.replace("<head>", f"<head>{tag}", 1)


def inline_scripts(page: str) -> list[str]:
    """The texts of the scripts that are in a page itself."""
    parser = _InlineScripts()
    parser.feed(page)
    parser.close()
    return parser.found


def _policy(inline: Iterable[str]) -> str:
    """The policy that allows some inline scripts and what lies on the same host."""
    digests = sorted({hashlib.sha256(script.encode()).digest() for script in inline})
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
