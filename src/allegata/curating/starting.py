"""Beginning a dataset: a folder that checks and publishes at once."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from string import Template

from pydantic import TypeAdapter, ValidationError

from allegata.curating.anchoring import AnchoredFile, anchor_files
from allegata.curating.document import Document
from allegata.curating.ids import slug
from allegata.schema import SCHEMA_VERSION, Dataset
from allegata.schema.jsonschema import dataset_file_schema, record_file_schema
from allegata.schema.types import ShortName
from allegata.version import __version__

_HIDDEN = {"gitignore", "gitattributes", "editorconfig", "pre-commit-config.yaml"}
_HIDDEN_FOLDERS = {"github", "vscode"}


class NotBegun(ValueError):  # noqa: N818 - it is not the program's error
    """A dataset cannot be begun there, or not with these words; the message says why."""


def init(
    folder: Path, *, title: str | None = None, publisher: str | None = None, lang: str = "en"
) -> list[Path]:
    """Make the folder of a new dataset, with an invented example in it.

    Args:
        folder: The folder to be made, whose last part names the dataset. It may be there already
            if it is empty.
        title: The dataset's title; without one, made of the name.
        publisher: Who publishes it; without one, the title.
        lang: The language of names and propositions (BCP 47).

    Returns:
        The files, within the folder.

    Raises:
        NotBegun: the folder holds something, or the name, the title, the publisher or the language
            is none.
        OSError: the folder cannot be written.
    """
    name = folder.absolute().name
    try:
        TypeAdapter(ShortName).validate_python(name)
    except ValidationError:
        near = slug(name, 60) or "my-events"
        raise NotBegun(
            f"{name!r} cannot name a dataset: lower-case letters a-z, digits and single hyphens, "
            f"such as {near}"
        ) from None
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise NotBegun(f"{folder} is there already, and is not an empty folder")
    title = title or name.replace("-", " ").capitalize()
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=folder.parent))
    try:
        _fill(made, name, title, publisher or title, lang)
        made.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def _fill(folder: Path, name: str, title: str, publisher: str, lang: str) -> None:
    with as_file(files("allegata.curating") / "starter") as starter:
        for source, target in _starter(starter):
            (folder / target).parent.mkdir(parents=True, exist_ok=True)
            text = source.read_text("utf-8")
            if source.suffix in (".md", ".yml"):
                text = Template(text).safe_substitute(title=_heading(title), tool=__version__)
            (folder / target).write_text(text, "utf-8", newline="\n")
    _describe(folder / "data" / "dataset.yaml", name, title, publisher, lang)
    (folder / "schema").mkdir()
    for file, schema in (("records", record_file_schema()), ("dataset", dataset_file_schema())):
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        (folder / "schema" / f"{file}.json").write_text(text, "utf-8")
    for one in anchor_files([folder / "data"], texts=folder / "texts"):
        assert isinstance(one, AnchoredFile)
        one.change.write()


def _starter(starter: Path) -> Iterator[tuple[Path, Path]]:
    """The files that a dataset begins with, each with its place in the dataset's folder.

    What begins with a dot there does not here, where tools would take it for their own.
    """
    for path in sorted(starter.rglob("*")):
        if path.is_file():
            place = path.relative_to(starter)
            hidden = place.parts[0] in _HIDDEN | _HIDDEN_FOLDERS
            yield path, Path(f".{place}") if hidden else place


def _describe(file: Path, name: str, title: str, publisher: str, lang: str) -> None:
    document = Document.read(file)
    today = date.today()
    document.root.set("name", name)
    document.root.set("title", title)
    document.root.set("schema_version", SCHEMA_VERSION)
    document.root.set("creators", [{"name": publisher}])
    document.root.set("publisher", publisher)
    document.root.set("lang", lang)
    document.root.set("window", {"start": "2000-01-01", "end": f"{today.year + 1}-12-31"})
    try:
        Dataset.model_validate(document.plain())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NotBegun(f"the {where} {first['msg']}") from None
    document.write(file)


def _heading(title: str) -> str:
    """The title as Markdown shows it to the letter."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~$&])", r"\\\1", title)
