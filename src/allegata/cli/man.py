"""The verb `man`: a page for man(1), made from the help of the commands."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from os import environ
from typing import Any

import typer

from allegata.version import __version__


def man(context: typer.Context) -> None:
    """Print the manual page of all commands.

    It is made from what their --help says, in the form that man(1) shows. The day in it is that of
    SOURCE_DATE_EPOCH, where that is set.

    Examples:
      allegata man > allegata.1
    """
    typer.echo(manual(context.find_root().command), nl=False)


def manual(root: Any) -> str:
    """The manual page of a command with all below it (man(7)).

    Args:
        root: The command, as click knows it.
    """
    seconds = environ.get("SOURCE_DATE_EPOCH")
    day = datetime.fromtimestamp(int(seconds), UTC) if seconds else datetime.now(UTC)
    title, *rest = _paragraphs(root)
    lines = [
        f'.TH ALLEGATA 1 "{day:%Y-%m-%d}" "allegata {__version__}" "User Commands"',
        ".SH NAME",
        f"allegata \\- {_plain(title.rstrip('.'))}",
        ".SH SYNOPSIS",
        ".B allegata",
        "[\\-\\-version] [\\-\\-help] command [options]",
        ".SH DESCRIPTION",
        *_text(rest),
        ".SH COMMANDS",
    ]
    for path, command in _commands(root, ()):
        lines += [f".SS {_plain(' '.join(path))}", *_synopsis(path, command)]
        lines += _text(_paragraphs(command))
        for parameter in command.params:
            lines += _parameter(parameter)
    return "\n".join(lines) + "\n"


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, below in getattr(command, "commands", {}).items():
        if hasattr(below, "commands"):
            yield from _commands(below, (*path, name))
        else:
            yield (*path, name), below


def _paragraphs(command: Any) -> list[str]:
    text = inspect.cleandoc(command.help or "")
    return [part for part in re.split(r"\n\s*\n", text) if part.strip()]


def _synopsis(path: tuple[str, ...], command: Any) -> list[str]:
    context = command.make_context("allegata", [], resilient_parsing=True)
    pieces = " ".join(command.collect_usage_pieces(context))
    return [f".B allegata {_plain(' '.join(path))}", _plain(pieces), ".PP"]


def _text(paragraphs: list[str]) -> Iterator[str]:
    for paragraph in paragraphs:
        yield ".PP"
        if "\b" in paragraph:  # lines that are not run together: examples
            yield from (
                ".nf",
                *map(_plain, paragraph.replace("\b", "").strip("\n").split("\n")),
                ".fi",
            )
        else:
            yield _plain(" ".join(paragraph.split()))


def _parameter(parameter: Any) -> list[str]:
    if getattr(parameter, "hidden", False):
        return []
    context = typer.Context(typer.main.get_command(typer.Typer(callback=lambda: None)))
    names, text = parameter.get_help_record(context) or (parameter.name, parameter.help or "")
    return [".TP", f".B {_plain(names)}", _plain(" ".join(text.split()) or "\u00a0")]


def _plain(text: str) -> str:
    """Text in which nothing is taken for a request or an escape of roff."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped[:1] in (".", "'") else escaped
