"""What the other records refer to: sources, actors with their offices, and places."""

from __future__ import annotations

from typing import Annotated, ClassVar

from allegata.schema.origins import Named
from allegata.schema.record import Record
from allegata.schema.sayings import Claim
from allegata.schema.types import (
    ActorId,
    CodePoints,
    Country,
    GeoNamesId,
    Instant,
    Language,
    Latitude,
    Line,
    Longitude,
    Nested,
    PlaceId,
    RoleId,
    Sha256,
    SourceId,
    Subdivision,
    Text,
    Time,
    Url,
    WikidataId,
)
from allegata.schema.vocabularies import ActorKind, PlaceKind, SourceKind


class ActorAlias(Record):
    """Another name of an actor, as found in sources."""

    table: ClassVar = "actor_aliases"
    key: ClassVar = ("actor_id", "alias")

    actor_id: ActorId
    """The actor so called."""
    alias: Line
    """The other name."""
    lang: Language | None = None
    """The language of the name (BCP 47), where it is tied to one."""


class Actor(Named):
    """A person or a body that speaks, acts or is spoken of."""

    table: ClassVar = "actors"

    id: ActorId
    """The record's name: `act-` and a neutral slug; never changed once released."""
    kind: ActorKind
    """What sort of speaker or doer it is."""
    name: Line
    """The usual, neutral name in the data's language."""
    parent_id: ActorId | None = None
    """The body that it is part of (bodies only); a person's tie to a body is a role."""
    country: Country | None = None
    """The country that it belongs to (ISO 3166-1 alpha-2)."""
    wikidata: WikidataId | None = None
    """Its item in Wikidata, where certain."""
    note: Text | None = None
    """What a reader should know of how the record was made."""
    aliases: Annotated[list[ActorAlias], Nested("actor_id")] = []
    """Other names found in sources."""


class Role(Named):
    """An office or a standing that a person holds for a time."""

    table: ClassVar = "roles"

    id: RoleId
    """The record's name: `rol-` and a neutral slug; never changed once released."""
    actor_id: ActorId
    """The person who holds it."""
    title: Line
    """What it is called."""
    org_id: ActorId | None = None
    """The body in which it is held; empty where there is none, as with a candidate."""
    start: Time | None = None
    """When it began; empty when not known."""
    end: Time | None = None
    """When it ended; empty when it goes on, or when not known."""
    note: Text | None = None
    """What a reader should know of how the record was made."""


class Place(Named):
    """A place that an event, a proposition or another place refers to."""

    table: ClassVar = "places"

    id: PlaceId
    """The record's name: `plc-` and a neutral slug; never changed once released."""
    name: Line
    """The usual name in the data's language."""
    kind: PlaceKind
    """How large it is."""
    parent_id: PlaceId | None = None
    """The larger place that it lies in."""
    country: Country | None = None
    """The country that it lies in (ISO 3166-1 alpha-2)."""
    iso_3166_2: Subdivision | None = None
    """Its code as a subdivision of a country (ISO 3166-2)."""
    geonames: GeoNamesId | None = None
    """Its number in GeoNames, where certain."""
    wikidata: WikidataId | None = None
    """Its item in Wikidata, where certain."""
    lat: Latitude | None = None
    """Latitude in degrees (WGS 84); only for sites and cities."""
    lon: Longitude | None = None
    """Longitude in degrees (WGS 84); only for sites and cities."""
    note: Text | None = None
    """What a reader should know of how the record was made."""


class Source(Named):
    """A document that the coders hold or held. Its text is never published."""

    table: ClassVar = "sources"

    id: SourceId
    """The record's name: `src-` and a neutral slug; never changed once released."""
    kind: SourceKind
    """What sort of document it is."""
    publisher_id: ActorId
    """Who issued it, and so speaks where a claim's chain is empty."""
    title: Line | None = None
    """Its title, where it has one and it is known."""
    licence: Line | None = None
    """Its licence, as an SPDX identifier or in the words of its notice, where it states one."""
    url: Url | None = None
    """Where it was found on the web."""
    archive_url: Url | None = None
    """Where an archived copy is kept."""
    published: Time
    """When it was published: the day from which what it reports counts as known."""
    retrieved: Instant | None = None
    """When the copy at hand was fetched."""
    lang: Language
    """The language it is written in (BCP 47)."""
    text_sha256: Sha256 | None = None
    """SHA-256 of its canonical text, which positions of quotes refer to."""
    text_chars: CodePoints | None = None
    """Length of its canonical text in code points."""
    note: Text | None = None
    """What a reader should know, such as how the publisher was established."""
    claims: Annotated[list[Claim], Nested("source_id")] = []
    """What it reports."""
