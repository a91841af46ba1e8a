"""Texts that must do nothing, wherever they are shown or written to: one place for all tests."""

# ruff: noqa: RUF001 - spreadsheets take wide signs too

from __future__ import annotations

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "</title></h1></td><b>",
    "</script><script>",
    "javascript:alert(1)",
    "[a](javascript:alert(1))",
    "![a](https://evil.example/a)",
    "{{ 7 * 7 }}{% raw %}",
    '--8<-- "/etc/passwd"',
    "`code` **bold** # x",
    "&lt;i&gt; &#60;i>",
    "<!--",
    "${7*7} ]]>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<style>@import 'https://evil.example/a'</style>",
    "<link rel=stylesheet href=https://evil.example/a>",
    "<meta http-equiv=refresh content=0;url=https://evil.example/>",
    "<base href=https://evil.example/>",
    "<template><form action=https://evil.example/>",
    "<math><mtext></textarea><img src=x onerror=alert(1)>",
    "=HYPERLINK(https://evil.example/)",
    "+1 @SUM(1) -1 ＝1",
    "} @misc{x, note = {\\input{/etc/passwd}}",
    '\\", "__proto__": {"a": 1}',
    "a | b | c",
    "'; DROP TABLE claims; --",
)
"""What a text must not do to a page or a file, alone or in the company of the others.

Controls of the terminal and of direction are not among them: records cannot hold them, so that a
test that wants them has to go past the model (``CONTROLS``).
"""

CONTROLS = ("a\u202eb", "a\u2066b", "a\u001b[31mb", "a\u0007b", "a\u009b1mb")
