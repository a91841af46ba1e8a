"""What a row of each derived table is.

A column that repeats one of a base table says so by ``Same`` and takes its type, its codes and
its wording from there; its docstring, if any, only says whose value it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict

from allegata.schema import Vocabulary
from allegata.schema.types import ActorId, ClaimId, Count, Day, Ordinal, PropositionId, SourceId
from allegata.schema.vocabularies import Stance

MOST_PARTIES = 20
"""So many parties of a side are named one by one in the table contestation."""


@dataclass(frozen=True)
class Same:
    """A column that repeats a column of a base table, its days included where it is a time."""

    table: str
    column: str


class Voice(Vocabulary):
    """Whose voice a claim is in, by how many statements lie between the speaker and the source."""

    OWN = "own", "The source speaks itself; the chain is empty."
    DIRECT = "direct", "The source reports the speaker's statement itself."
    RELAYED = "relayed", "The source reports somebody who reports the speaker."


class Basis(Vocabulary):
    """Whether an actor takes a stance in words or is committed to it by other words."""

    WORDED = "worded", "The actor is reported to take the stance on this very proposition."
    DERIVED = (
        "derived",
        "The stance follows from one that the actor took on another proposition, over relations "
        "of the predicates entails and contradicts.",
    )


class Status(Vocabulary):
    """Where those who speak to a proposition stand; never whether it is so.

    The first of the rules for contested, denied, doubted, asserted, open and unaddressed that
    holds gives the status. An actor who is on both sides at once makes nothing contested alone.
    """

    UNADDRESSED = "unaddressed", "No claim tells of any stance on it."
    OPEN = (
        "open",
        "It is spoken to, and nobody takes a side: it is asked, left without an answer or a side "
        "taken, or taken back; or one actor alone is on both sides.",
    )
    ASSERTED = "asserted", "Some actor asserts or suggests it, and nobody denies or doubts it."
    DENIED = "denied", "Some actor denies it, and nobody asserts or suggests it."
    DOUBTED = "doubted", "Some actor doubts it, whether others assert it or not; nobody denies it."
    CONTESTED = "contested", "One actor asserts or suggests it, and another denies it."


class Row(BaseModel):
    """A row of a derived table; its subclasses say what the columns hold."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class FlatClaim(Row):
    """One claim with all that it takes to read it: who says what, of what, where and how."""

    claim_id: Annotated[Any, Same("claims", "id")]
    source_id: Annotated[Any, Same("claims", "source_id")]
    origin_id: SourceId
    """The source that this one republishes, rewrites or translates, over any number of steps, or
    the source itself. To count what corroborates, count origins: copies add nothing. Of several it
    is the one published first."""
    source_kind: Annotated[Any, Same("sources", "kind")]
    source_title: Annotated[Any, Same("sources", "title")]
    source_lang: Annotated[Any, Same("sources", "lang")]
    publisher_id: Annotated[Any, Same("sources", "publisher_id")]
    publisher_name: Annotated[Any, Same("actors", "name")]
    """The publisher's name."""
    published: Annotated[Any, Same("sources", "published")]
    event_id: Annotated[Any, Same("propositions", "event_id")]
    event_label: Annotated[Any, Same("events", "label")] = None
    """The event's label."""
    proposition_id: Annotated[Any, Same("claims", "proposition_id")]
    proposition_text: Annotated[Any, Same("propositions", "text")]
    """The proposition's text."""
    aspect: Annotated[Any, Same("propositions", "aspect")]
    speaker_id: ActorId
    """Whose stance it is: the speaker of the chain's last statement, or the publisher where the
    source speaks in its own voice. A source that republishes or translates another says nothing of
    its own: its own voice is that of the original's publisher."""
    speaker_name: Annotated[Any, Same("actors", "name")]
    """The speaker's name."""
    party_id: ActorId | None = None
    """The party that the speaker counts for, on the last day on which the words can have been
    spoken: the one spoken for where the source names it, otherwise as in the table parties; empty
    where the speaker's offices lead to two parties."""
    party_name: Annotated[Any, Same("actors", "name")] = None
    """The party's name."""
    stance: Annotated[Any, Same("claims", "stance")]
    evidence: Annotated[Any, Same("claims", "evidence")]
    clarity: Annotated[Any, Same("claims", "clarity")]
    method: Annotated[Any, Same("claims", "method")]
    depth: Count
    """How many statements the chain has; 0 where the source speaks in its own voice."""
    voice: Voice
    """Whether the source speaks itself, reports the speaker, or reports somebody who does."""
    relayed_by_other_party: bool
    """Whether the words came through another party than the speaker's: that of an earlier
    statement in the chain or, where the source is an official release or a copy of one, that of
    the release's publisher."""
    channel: Annotated[Any, Same("statements", "channel")] = None
    """Of the last statement of the chain."""
    said: Annotated[Any, Same("statements", "said")]
    """Of the last statement of the chain."""
    chain: str | None = None
    """The statements through which the claim reached the source, outermost first: for each its
    speaker and, as far as known, the way it was made, when, and the reporting word as printed;
    empty where the source speaks in its own voice."""
    chain_ids: str | None = None
    """The ids of these statements in the same order, separated by blanks."""
    cues: str | None = None
    """The reporting words as printed, outermost first; a dash for a statement without one."""
    quote: str | None = None
    """The quoted speech that the dataset publishes for the claim; a dash between two passages
    stands for what lies between them."""
    status_worded: Status
    """The status of the proposition, not of the claim, by what all claims of the release say on
    the proposition itself; what it was on an earlier day is told by the table contestation."""
    status_derived: Status
    """The same by all that follows as well from what is said on other propositions."""
    verdict: Annotated[Any, Same("claims", "verdict")]
    note: Annotated[Any, Same("claims", "note")]


class PartyInterval(Row):
    """The party that an actor counts for, from one day to another."""

    actor_id: ActorId
    """The actor."""
    seq: Ordinal
    """The number of the interval among the actor's, in order of time, from 1."""
    valid_from: Day | None = None
    """The first day of the interval; empty where it has no beginning. An office whose dates are
    imprecise counts from the first day on which it may have been held."""
    valid_to: Day | None = None
    """The first day after the interval; empty where it has no end. An office whose dates are
    imprecise counts until the last day on which it may have been held."""
    party_id: ActorId
    """The party: the topmost body above the one in which a person holds an office, the topmost
    body above a body, otherwise the actor itself. Days on which a person's offices lead to two
    parties are in no interval."""


class ActorStance(Row):
    """One stance of an actor on a proposition, with the time for which it is known to stand.

    An actor who has taken a later position, or taken the stance back, no longer stands there. A
    position is to assert, to suggest, to be noncommittal, to doubt or to deny; asking, declining
    and silence replace none. A position is later where its first possible day comes after the last
    possible day of the other; where that cannot be told, both stand.
    """

    proposition_id: PropositionId
    """The proposition."""
    actor_id: ActorId
    """Whose stance it is; the speaker of the table claims_flat."""
    seq: Ordinal
    """The number of the stance among the actor's on the proposition, from 1: by the day from which
    on it is known, then by when it was taken."""
    stance: Stance
    """The stance. One that follows from another is as firm as that: from what is asserted or denied
    follows what is asserted or denied, from what is suggested or doubted what is suggested or
    doubted."""
    basis: Basis
    """Whether it was taken in words or follows from others."""
    party_id: ActorId
    """The party that the actor counted for when it was taken; the actor where offices lead to two
    parties."""
    from_proposition_id: PropositionId
    """The proposition that was spoken of: this one, or the one that the stance follows from."""
    via: str | None = None
    """The propositions over which it follows, from the one spoken of to this one: their ids,
    separated by blanks; of several ways the one of the fewest steps, then the first by id. Empty
    where it was taken in words."""
    taken_earliest: Day
    """The first day on which it can have been taken. A statement whose time has no beginning, or
    that is not dated, is taken to have been made on the last day that it can have been."""
    taken_latest: Day
    """The last day on which it can have been taken, which is no later than its first report."""
    valid_from: Day
    """The day from which on it is known: the last day on which the first source that tells of it
    can have been published (the first day where that is open)."""
    valid_to: Day | None = None
    """The first day by which it is known that the actor has taken a later position, in words or by
    what follows from them, or has taken the stance back, or that from which it follows; empty where
    it still stands. It is valid_from where that was known already."""
    worded_to: Day | None = None
    """The same, by what the actor said on the proposition itself and nothing else; empty also for
    a stance that follows from others."""
    claim_id: ClaimId
    """A claim by which it became known on that day, of an original rather than of a copy."""


class PropositionStatus(Row):
    """What holds of a proposition from one day to another: who stands where, and on what grounds.

    Each proposition has one row for every day. Its first has no beginning and its last no end, and
    a new one begins where anything changes. What is known on a day is what the sources published by
    then tell.
    """

    proposition_id: PropositionId
    """The proposition."""
    seq: Ordinal
    """The number of the row among the proposition's, in order of time, from 1."""
    event_id: Annotated[Any, Same("propositions", "event_id")]
    event_label: Annotated[Any, Same("events", "label")] = None
    """The event's label."""
    is_head: bool
    """Whether it is the proposition that the event took place at all: then its status is that of
    the event. An event without such a proposition is taken for granted."""
    aspect: Annotated[Any, Same("propositions", "aspect")]
    proposition_text: Annotated[Any, Same("propositions", "text")]
    """The proposition's text."""
    valid_from: Day | None = None
    """The first day of the row; empty where it has no beginning."""
    valid_to: Day | None = None
    """The first day after the row; empty where it holds by all that the release knows."""
    status_worded: Status
    """The status by what is said on the proposition itself."""
    status_derived: Status
    """The status by all that follows as well from what is said on other propositions."""
    worded_for: str | None = None
    """The parties that assert or suggest it in words: their ids, sorted and separated by blanks. A
    party is on each side that an actor who counted for it is on. Outlets are there by what they
    say in their own voice. Empty where there are none, and where there are more than 20, whom the
    table stances names."""
    worded_against: str | None = None
    """The parties that deny it in words."""
    worded_doubting: str | None = None
    """The parties that doubt it in words."""
    derived_for: str | None = None
    """The parties that assert or suggest it in words or by what follows from them."""
    derived_against: str | None = None
    """The parties that deny it in words or by what follows from them."""
    derived_doubting: str | None = None
    """The parties that doubt it in words or by what follows from them."""
    n_worded_for: Count
    """How many parties worded_for names."""
    n_worded_against: Count
    """How many parties worded_against names."""
    n_worded_doubting: Count
    """How many parties worded_doubting names."""
    n_derived_for: Count
    """How many parties derived_for names."""
    n_derived_against: Count
    """How many parties derived_against names."""
    n_derived_doubting: Count
    """How many parties derived_doubting names."""
    n_statements: Count
    """How many statements speak to it, whichever way, replaced and retracted ones included. A
    source's own voice counts as one, together with all that republishes or translates it."""
    n_sources: Count
    """How many sources tell of them; those that republish, rewrite or translate one of them, or a
    source in common, count as one with it."""
    n_sources_as_given: Count
    """How many sources tell of them, copies included."""
    n_relayed: Count
    """How many of the statements are known only through another party than the speaker's."""
    n_with_evidence: Count
    """For how many of the statements a source says that the speaker offered evidence."""


class CodebookEntry(Row):
    """What a table, a field of it or a code of that field means."""

    entry: str
    """The name of what is explained: `claims`, `claims.stance` or `claims.stance.denies`."""
    seq: Ordinal
    """The number of the entry in the order in which the codebook is best read, from 1."""
    table: str
    """The table."""
    field: str | None = None
    """The field; empty where the entry is a table."""
    value: str | None = None
    """The code; empty where the entry is a table or a field."""
    type: str | None = None
    """The type of the field's values in Arrow; empty unless the entry is a field."""
    nullable: bool | None = None
    """Whether the field may be empty; itself empty unless the entry is a field."""
    key: bool | None = None
    """Whether the field belongs to the table's key; empty unless the entry is a field."""
    refers_to: str | None = None
    """The table whose ids the field holds; empty where it holds none, or those of any table."""
    definition: str | None = None
    """What a row of the table is, or what the field holds."""
    coding_rule: str | None = None
    """What the codes of the field tell apart, or when the code is chosen."""
    example_claim_id: ClaimId | None = None
    """A claim of this dataset that shows the code, one of clear wording where there is one; empty
    where the code is not one that a claim shows, or where none does."""


@dataclass(frozen=True)
class Derived:
    """A derived table: the model of its rows, and the columns that no two of them share."""

    model: type[Row]
    key: tuple[str, ...]


DERIVED = {
    "claims_flat": Derived(FlatClaim, ("claim_id",)),
    "contestation": Derived(PropositionStatus, ("proposition_id", "seq")),
    "stances": Derived(ActorStance, ("proposition_id", "actor_id", "seq")),
    "parties": Derived(PartyInterval, ("actor_id", "seq")),
    "codebook": Derived(CodebookEntry, ("entry",)),
}
"""Name -> derived table, in the order in which they are best read."""
