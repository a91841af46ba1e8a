"""What a dataset says of itself, once: the file ``dataset.yaml`` beside its records."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from allegata.schema.types import (
    Day,
    Doi,
    Language,
    LastDay,
    Line,
    Orcid,
    SchemaVersion,
    ShortName,
    Text,
    Url,
)


class _Part(BaseModel):
    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        defer_build=True,
    )


class Creator(_Part):
    """A person or a body to be named when the dataset is cited."""

    name: Line
    """The name as it is to be cited."""
    orcid: Orcid | None = None
    """The person's ORCID iD."""
    affiliation: Line | None = None
    """Where the person works."""
    url: Url | None = None
    """A page about the person or the body."""


class Window(_Part):
    """The days that a record of this dataset can plausibly speak of."""

    start: Day
    """The first plausible day."""
    end: LastDay
    """The last plausible day."""


class Licence(_Part):
    """The terms on which the dataset may be used."""

    id: Line
    """The SPDX identifier, such as CC-BY-4.0."""
    name: Line
    """The licence's full name."""
    url: Url
    """Where its text is to be read."""
    exception: Text | None = None
    """What the licence does not cover, in words for readers."""


class Coverage(_Part):
    """What was read for the dataset, and what was not."""

    sources: Text
    """Which sources were monitored, and how they were chosen."""
    start: Day
    """The first day of publication that was monitored."""
    end: LastDay
    """The last day of publication that was monitored."""
    agreement: Text | None = None
    """What is known of how far coders agree."""


class Dataset(_Part):
    """The dataset as a whole: its name, its terms, its scope."""

    name: ShortName
    """The short name, used in file metadata and addresses."""
    title: Line
    """The title by which it is cited."""
    description: Text
    """What it holds and what it is for, in a paragraph."""
    schema_version: SchemaVersion
    """The version of the schema that its record files are written in."""
    licence: Licence
    """The terms on which it may be used."""
    creators: Annotated[list[Creator], Field(min_length=1)]
    """Whom to cite, in order."""
    publisher: Line
    """Who publishes it."""
    homepage: Url | None = None
    """Where it is presented."""
    doi: Doi | None = None
    """The DOI of the dataset as a whole, whatever the release, such as 10.5281/zenodo.1234567."""
    keywords: list[Line] = []
    """Words under which catalogs list it."""
    contact: Line | None = None
    """Where to report an error or ask for a correction."""
    lang: Language
    """The language that names, labels and propositions are written in (BCP 47)."""
    window: Window
    """The days that a record can plausibly speak of; a time outside is taken for a slip."""
    coverage: Coverage
    """What was read for it."""
    texts: Annotated[Line | None, Field(exclude=True)] = None
    """Where the sources' texts lie, from this file's folder: one `<source id>.txt` each. The
    folder is read to verify quotes; neither it nor its name is ever published."""
