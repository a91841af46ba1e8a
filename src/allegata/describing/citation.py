"""How a release, or a part of it, is cited: one item, from which every form is made.

The item is CSL-JSON 1.0 (https://docs.citationstyles.org/), which citation managers read; the line
of text and the entry for BibTeX say what stands in it and nothing else.
"""

from __future__ import annotations

import json
import re
from typing import Any

from allegata.describing.dataset.facts import is_person, name_parts
from allegata.releasing import Manifest
from allegata.schema.dataset import Creator

Item = dict[str, Any]

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{one: f"\\{one}" for one in "#$%&_"},
}


def item(manifest: Manifest, title: str | None = None, path: str = "") -> Item:
    """What is cited, as an item of CSL-JSON.

    Args:
        manifest: The release.
        title: The title of the part that is cited, such as an event's label; the whole by default.
        path: The page of the part, from the root of the site.
    """
    dataset, day = manifest.dataset, manifest.date
    home = dataset.homepage.rstrip("/") + "/" if dataset.homepage else ""
    found: Item = {
        "id": "-".join([dataset.name, manifest.version, *path.strip("/").split("/")[-1:]]).strip(
            "-"
        ),
        "type": "dataset",
        "title": dataset.title if title is None else title,
        "author": [_name(creator) for creator in dataset.creators],
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "version": manifest.version,
        "publisher": dataset.publisher,
    }
    if title is not None:
        found["container-title"] = dataset.title
    if home:
        found["URL"] = home + path if path else str(dataset.homepage)
    if dataset.doi:
        found["DOI"] = dataset.doi
    return found


def citation(manifest: Manifest, title: str | None = None, path: str = "") -> str:
    """The reference in a line of plain text: creators, year, title, version, publisher.

    Args:
        manifest: The release.
        title: The title of the part that is cited; the whole by default.
        path: The page of the part, from the root of the site.
    """
    return apa(item(manifest, title, path))


def apa(cited: Item) -> str:
    """An item as a line of text, in the manner of the seventh edition of APA style.

    >>> apa({"author": [{"literal": "A"}], "issued": {"date-parts": [[2026, 11, 5]]}, "title": "T",
    ...      "version": "2026.11.0", "publisher": "P"})
    'A (2026). T (version 2026.11.0) [Data set]. P.'
    """
    names = "; ".join(_written(name) for name in cited["author"])
    within = f" In {cited['container-title']}" if "container-title" in cited else ""
    end = f"{cited['title']}{'.' if within else ''}{within}"
    where = f" {cited['URL']}" if "URL" in cited else ""
    return (
        f"{names} ({cited['issued']['date-parts'][0][0]}). {end} (version {cited['version']}) "
        f"[Data set]. {cited['publisher']}.{where}"
    )


def bibtex(cited: Item) -> str:
    r"""An item as an entry for BibTeX, in which nothing that it holds can be a command.

    >>> print(bibtex({"id": "x", "author": [{"literal": "A & B"}], "title": "50 %}\\input{y}",
    ...     "issued": {"date-parts": [[2026, 11, 5]]}, "version": "1", "publisher": "P"}))
    @misc{x,
      author = {{A \& B}},
      title = {50 \%\}\textbackslash{}input\{y\}},
      year = {2026},
      month = {11},
      publisher = {P},
      version = {1}
    }
    """
    year, month, _ = cited["issued"]["date-parts"][0]
    values = {
        "author": " and ".join(_in_bibtex(name) for name in cited["author"]),
        "title": _tex(cited["title"]),
        **({"howpublished": _tex(one)} if (one := cited.get("container-title")) else {}),
        "year": str(year),
        "month": str(month),
        "publisher": _tex(cited["publisher"]),
        "version": _tex(cited["version"]),
        **({"doi": _tex(one)} if (one := cited.get("DOI")) else {}),
        **({"url": _address(one)} if (one := cited.get("URL")) else {}),
    }
    key = re.sub(r"[^A-Za-z0-9.:-]", "-", cited["id"])
    fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in values.items())
    return f"@misc{{{key},\n{fields}\n}}"


def csl_json(cited: Item) -> str:
    """An item as a file of CSL-JSON, which is a list."""
    return json.dumps([cited], ensure_ascii=False, indent=2)


def _name(creator: Creator) -> dict[str, str]:
    name = name_parts(creator)
    if is_person(creator) and name.given:
        return {"family": name.family, "given": name.given}
    return {"literal": creator.name}


def _written(name: dict[str, str]) -> str:
    return name["literal"] if "literal" in name else f"{name['family']}, {name['given']}"


def _in_bibtex(name: dict[str, str]) -> str:
    """A name; one that is not in parts stands in braces, so that none are made of it."""
    if "literal" in name:
        return f"{{{_tex(name['literal'])}}}"
    return f"{{{_tex(name['family'])}}}, {{{_tex(name['given'])}}}"


def _tex(text: str) -> str:
    """A text in one line in which no character means anything to TeX."""
    return "".join(_TEX.get(one, one) for one in " ".join(text.split()))


def _address(url: str) -> str:
    """An address, in which what could end the value is percent-encoded."""
    return re.sub(r"[{}\\\s]", lambda found: f"%{ord(found[0]):02X}", url)
