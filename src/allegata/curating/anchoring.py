"""Anchoring the quotes of record files in the texts of their sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from allegata.curating.document import Document, NotEditable
from allegata.curating.formatting import Change, yaml_files
from allegata.curating.quotes import Anchored, anchor, has_quotes, sources_of
from allegata.reading import MissingPathError, dataset_folder
from allegata.reading.files import DATASET_FILE, parse
from allegata.rules import Problem
from allegata.schema.text import canonical_text


class NoText(Exception):  # noqa: N818 - it is not the program's error
    """The text of a source is not at hand, or cannot be read."""


@dataclass
class AnchoredFile:
    """What anchoring makes of one file; it is not written yet."""

    change: Change
    sources: list[Anchored] = field(default_factory=list)
    """What became of the quotes of each source."""
    without_text: list[str] = field(default_factory=list)
    """The sources with quotes whose text is not at hand."""

    @property
    def is_settled(self) -> bool:
        """Whether every quote points at its words."""
        quotes = [one for source in self.sources for one in source.outcomes]
        return not self.without_text and all(one.is_settled for one in quotes)


def anchor_files(
    paths: Iterable[str | Path],
    *,
    texts: Path | None = None,
    text: Path | None = None,
    near: bool = False,
) -> Iterator[AnchoredFile | Problem]:
    """Anchor the quotes of record files; nothing is written.

    Args:
        paths: YAML record files, and folders of them.
        texts: The folder of the sources' texts, ``<source id>.txt`` each. Without one, that which
            ``dataset.yaml`` names.
        text: The text of the only source that the files hold; ``texts`` is not needed then.
        near: Whether to take the text's words where they differ in quotation marks, dashes, blanks
            or ellipses only.

    Yields:
        What becomes of each file that has sources; of one that cannot be read, why.

    Raises:
        MissingPathError: a path does not exist or cannot be listed.
        NoText: ``text`` is given and the files hold several sources, or a text is not UTF-8.
        OSError: a file cannot be read.
    """
    asked = [Path(path) for path in paths]
    if texts is not None and not texts.is_dir():
        raise MissingPathError(f"{texts}: no such folder of texts")
    documents: list[tuple[Path, Document, list[str]]] = []
    for path in yaml_files(asked):
        try:
            document = Document.read(path)
        except NotEditable as error:
            yield error.problem
            continue
        if path.name != DATASET_FILE and (named := sources_of(document)):
            documents.append((path, document, named))
    if text is not None and len({one for *_, named in documents for one in named}) != 1:
        raise NoText(f"{text} is one text, and the files hold other than one source")
    for path, document, named in documents:
        yield _of_file(path, document, named, text, texts or _texts_of(path), near=near)


def _of_file(
    path: Path,
    document: Document,
    named: list[str],
    text: Path | None,
    texts: Path | None,
    *,
    near: bool,
) -> AnchoredFile:
    before = path.read_text("utf-8")
    done = AnchoredFile(Change(path, before, before))
    for source in named:
        file = text or _file_of(source, texts)
        if file is not None:
            done.sources.append(anchor(document, source, _text(file), near=near))
        elif has_quotes(document, source):
            done.without_text.append(source)
    done.change = Change(path, before, document.text())
    return done


def _file_of(source: str, texts: Path | None) -> Path | None:
    """The file of a source's text; an id that is none of a source's names no file."""
    if texts is None or not source.startswith("src-") or "/" in source or "\\" in source:
        return None
    file = texts / f"{source}.txt"
    return file if file.is_file() else None


def _text(file: Path) -> str:
    try:
        return canonical_text(file.read_bytes())
    except UnicodeDecodeError as error:
        raise NoText(f"{file}: the text is not UTF-8: {error.reason}") from None


def _texts_of(path: Path) -> Path | None:
    """The folder of texts that the dataset of a file names, if it is there."""
    root = dataset_folder(path)
    if root is None:
        return None
    node = parse(root / DATASET_FILE, (root / DATASET_FILE).read_bytes(), lambda *_: None)
    plain = node.plain() if node else None
    named = plain.get("texts") if isinstance(plain, dict) else None
    folder = root / named if isinstance(named, str) else None
    return folder if folder and folder.is_dir() else None
