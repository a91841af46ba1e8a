"""What may have happened: events, those said to have taken part, and propositions."""

from __future__ import annotations

from typing import Annotated, ClassVar

from allegata.schema.origins import Named
from allegata.schema.record import Record
from allegata.schema.types import (
    ActorId,
    EventId,
    Line,
    Nested,
    PlaceId,
    PropositionId,
    Text,
    Time,
)
from allegata.schema.vocabularies import Aspect, EventType, ParticipantRole


class Participant(Record):
    """An actor alleged or reported to have taken part in an event; never a finding."""

    table: ClassVar = "participants"
    key: ClassVar = ("event_id", "actor_id", "role")

    event_id: EventId
    """The event."""
    actor_id: ActorId
    """The actor said to have taken part."""
    role: ParticipantRole
    """The part it is said to have had."""


class Proposition(Named):
    """What may be so: one affirmative sentence, said by nobody in particular.

    That an event took place, who did it, with what and why are propositions, each of which can be
    asserted and denied; whether it is so is not recorded.
    """

    table: ClassVar = "propositions"

    id: PropositionId
    """The record's name: `prp-` and a neutral slug; never changed once released."""
    text: Line
    """One affirmative, neutral sentence that names no speaker, to be understood in ten years."""
    aspect: Aspect
    """Which facet it is about."""
    event_id: EventId | None = None
    """The event that it is about."""
    actor_id: ActorId | None = None
    """The actor that it names as agent or target, or that it is about."""
    place_id: PlaceId | None = None
    """The place that it names, or that it is about."""
    time: Time | None = None
    """The time that it names, or the day that the sentence fixes."""
    low: float | None = None
    """The smallest number that it allows; empty when it names no lower limit."""
    high: float | None = None
    """The largest number that it allows, equal to low when exact; empty when it names no upper
    limit ("more than 90")."""
    unit: Line | None = None
    """What low and high count or measure."""
    note: Text | None = None
    """What a reader should know of how the record was made."""


class Event(Named):
    """A hook by which to speak of a happening that is alleged or taken for granted.

    It asserts nothing. Its time and place serve only to tell it from others; that it took place,
    who did it and how are propositions about it.
    """

    table: ClassVar = "events"

    id: EventId
    """The record's name: `evt-` and a neutral slug; never changed once released."""
    label: Line
    """A neutral name, with a word such as "alleged" where it is contested."""
    type: EventType
    """What sort of happening it is said to be."""
    time: Time | None = None
    """When it is said to have been, as far as needed to tell it from others."""
    place_id: PlaceId | None = None
    """Where it is said to have been, as far as needed to tell it from others."""
    head_id: PropositionId | None = None
    """The proposition that it took place at all; empty where everyone takes it for granted."""
    note: Text | None = None
    """What a reader should know of how the record was made."""
    participants: Annotated[list[Participant], Nested("event_id")] = []
    """Those alleged or reported to have taken part."""
    propositions: Annotated[list[Proposition], Nested("event_id")] = []
    """What may be so about it."""
