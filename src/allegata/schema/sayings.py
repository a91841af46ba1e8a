"""What is said: statements, and claims with the chain of statements they came by."""

from __future__ import annotations

from typing import Annotated, ClassVar

from allegata.schema.origins import Named
from allegata.schema.record import Record
from allegata.schema.types import (
    ActorId,
    ClaimId,
    CodePoints,
    Day,
    EventId,
    Language,
    Line,
    Nested,
    Ordinal,
    PerFile,
    PropositionId,
    Pseudonym,
    Sha256,
    SourceId,
    StatementId,
    Text,
    Time,
    Verbatim,
)
from allegata.schema.vocabularies import Channel, Clarity, Evidence, Method, QuoteRole, Stance


class Audience(Record):
    """An actor to whom a statement was addressed, as named by a source."""

    table: ClassVar = "audience"
    key: ClassVar = ("statement_id", "actor_id")

    statement_id: StatementId
    """The statement that was addressed."""
    actor_id: ActorId
    """The addressee."""


class Statement(Named):
    """One speech act in the world, or a refusal or a silence: who, to whom, how and when.

    A hundred outlets that print one readout report one statement. Here the word does not mean a
    property and its value, as it does in Wikidata or FollowTheMoney.
    """

    table: ClassVar = "statements"

    id: StatementId
    """The record's name: `stm-` and a neutral slug; never changed once released."""
    speaker_id: ActorId
    """The actor who spoke or, where nothing was said, who stayed silent."""
    channel: Channel
    """The way it was made."""
    on_behalf_of: ActorId | None = None
    """The actor for whom it was made, where the source says so; it overrides the party that the
    speaker's offices give."""
    occasion_id: EventId | None = None
    """The call, meeting or exchange in which it was made."""
    said: Time | None = None
    """When it was made, as precisely as the sources say; empty when none says."""
    iterated: bool = False
    """Whether the sources say that it was made more than once ("repeatedly")."""
    lang: Language | None = None
    """The language it was made in (BCP 47), only where a source states it."""
    source_id: SourceId | None = None
    """The document in which it was made, where that is among the sources."""
    note: Text | None = None
    """What a reader should know of how the record was made."""
    audience: Annotated[list[Audience], Nested("statement_id")] = []
    """The addressees whom a source names."""


class Hop(Record):
    """One step of a claim's chain: a statement through which the claim reached the source."""

    table: ClassVar = "hops"
    key: ClassVar = ("claim_id", "position")

    claim_id: ClaimId
    """The claim whose chain it belongs to."""
    position: Ordinal
    """The place in the chain; 1 is the outermost, the statement that the source itself reports."""
    statement_id: StatementId
    """The speech act."""
    cue: Verbatim | None = None
    """The reporting word as printed: said, claimed, told. An outlet's words of distance go here."""


class Quote(Record):
    """A span of the source's text that carries a claim: its position, its hash and, where it is
    quoted speech, its words."""

    table: ClassVar = "quotes"
    key: ClassVar = ("claim_id", "seq")

    claim_id: ClaimId
    """The claim that the span carries."""
    seq: Ordinal
    """The number of the span within its claim, from 1."""
    role: QuoteRole
    """What the span is pointed at for."""
    start: CodePoints
    """Where the span begins: the number of code points before it in the canonical text."""
    end: CodePoints
    """Where the span ends: the number of code points before its end in the canonical text."""
    sha256: Sha256
    """SHA-256 of the span's UTF-8 bytes, by which a holder of the text can check the position."""
    exact: Verbatim | None = None
    """The words of the span; published only for quoted speech, and then briefly."""
    translation: Verbatim | None = None
    """A translation of the words into the data's language, by the coders."""


class Claim(Named):
    """One source reporting that, through this chain of statements, the last speaker takes this
    stance on this proposition.

    With an empty chain the source speaks in its own voice. A hundred outlets that print one
    readout make a hundred claims. Here the word does not mean a property and its value, as it
    does in Wikidata.
    """

    table: ClassVar = "claims"

    id: ClaimId
    """The record's name: `clm-` and a neutral slug; never changed once released."""
    source_id: SourceId
    """The document that makes the report."""
    proposition_id: PropositionId
    """What the stance is on."""
    stance: Stance
    """How the last speaker of the chain, or the source itself, stands to the proposition."""
    evidence: Evidence = Evidence.NOT_ADDRESSED
    """What the source says about evidence for it."""
    clarity: Clarity = Clarity.CLEAR
    """Whether the wording leaves the coding open."""
    method: Annotated[Method, PerFile()]
    """How the claim was coded."""
    verdict: Line | None = None
    """A fact-check's rating as printed, beside the stance that it was read as."""
    coder: Annotated[Pseudonym, PerFile()]
    """Who coded the claim; a pseudonym."""
    reviewer: Annotated[Pseudonym | None, PerFile()] = None
    """Who checked the coding; a pseudonym, another than the coder's."""
    coded: Annotated[Day, PerFile()]
    """The day on which the claim was coded."""
    note: Text | None = None
    """Why the coding is as it is; required where the claim is ambiguous."""
    chain: Annotated[list[Hop], Nested("claim_id", position="position")] = []
    """The statements through which the claim reached the source, outermost first; none when the
    source speaks in its own voice."""
    quotes: Annotated[list[Quote], Nested("claim_id", position="seq")] = []
    """The spans of the source's text that carry the claim."""
