"""The one way from records to HTML: templates that escape whatever they are given."""

from __future__ import annotations

import re
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from allegata.schema.vocabularies import Channel, Clarity, Evidence, QuoteRole, Stance
from allegata.site import words
from allegata.site.addresses import SECTIONS
from allegata.site.history import status
from allegata.site.page import TOP, Page, relative

# A release may come from elsewhere; only these ever become the target of a link.
_WEB_ADDRESS = re.compile(r"https?://[!-~]+")


def render(
    template: str,
    url: str,
    title: str,
    description: str,
    *,
    is_index: bool = False,
    searchable: bool = True,
    gone: bool = False,
    **given: object,
) -> Page:
    """Make a page from a template and what the template asks for.

    Args:
        template: The name of the template, such as ``event.html``.
        url: Where the page is, from the site's root.
        title: Its title and first heading, as plain text.
        description: What it holds, as plain text.
        is_index: Whether it is the first page of a section.
        searchable: Whether the site's search looks into it.
        gone: Whether it only says what became of a record or a release.
        **given: What else the template names.
    """
    html = (
        _environment()
        .get_template(template)
        .render(title=title, href=partial(relative, url), **given)
    )
    line = words.shortened(description, 300)
    html = Markup(html)  # noqa: S704 - autoescaped
    return Page(url, title, line, html, is_index, searchable, gone=gone)


def web_address(text: str | None) -> str | None:
    """The text if it is an address on the web, else nothing.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    return text if text and _WEB_ADDRESS.fullmatch(text) else None


def with_code_spans(text: str) -> Markup:
    """A text of the schema or of a rule, in which backticks set off what is written as code.

    >>> with_code_spans("The name: `act-` & a slug.")
    Markup('The name: <code>act-</code> &amp; a slug.')
    """
    parts = re.split(r"`([^`\n]+)`", text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )


@cache
def icon(stance: Stance, relayed: bool = False, ambiguous: bool = False) -> Markup:
    """A mark for a stance.

    Args:
        stance: The stance.
        relayed: Whether it is known only through another party's account, as a ring says.
        ambiguous: Whether coders could differ on it, as a star says.
    """
    ring, starred = " al-relayed" if relayed else "", " al-starred" if ambiguous else ""
    star = Markup('<span class="al-star" aria-hidden="true">*</span>') if ambiguous else ""
    return Markup(
        '<span class="al-mark al-{stance}{marks}"><svg aria-hidden="true" focusable="false">'
        '<use href="#mark-{stance}"/></svg>{star}</span>'
    ).format(stance=stance.value, marks=ring + starred, star=star)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("allegata.site", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "bytes": words.size,
        "counted": words.counted,
        "day": words.day_in_words,
        "days": words.days_in_words,
        "instant": words.instant_in_words,
        "number": words.number,
        "plain": words.plain,
        "short": words.shortened,
        "spans": with_code_spans,
        "status": status,
        "time": words.time_in_words,
        "web": web_address,
    }
    environment.globals |= {
        "SECTIONS": SECTIONS,
        "STANCES": words.STANCES,
        "STANDING": words.STANDING,
        "TOP": TOP,
        "Channel": Channel,
        "Clarity": Clarity,
        "Evidence": Evidence,
        "QuoteRole": QuoteRole,
        "Stance": Stance,
        "icon": icon,
    }
    return environment
