"""What a row of each derived table is.

A column that repeats one of a base table says so by ``Same`` and takes its type, its codes and
its wording from there; its docstring, if any, only says whose value it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict

from allegata.schema import Vocabulary
from allegata.schema.types import ActorId, ClaimId, Count, Day, Ordinal


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


class Row(BaseModel):
    """A row of a derived table; its subclasses say what the columns hold."""

    model_config = ConfigDict(use_attribute_docstrings=True, defer_build=True)


class FlatClaim(Row):
    """One claim with all that it takes to read it: who says what, of what, where and how."""

    claim_id: Annotated[Any, Same("claims", "id")]
    source_id: Annotated[Any, Same("claims", "source_id")]
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
    source speaks in its own voice."""
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
    statement in the chain or, where the source is an official release, that of its publisher."""
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
    "parties": Derived(PartyInterval, ("actor_id", "seq")),
    "codebook": Derived(CodebookEntry, ("entry",)),
}
"""Name -> derived table, in the order in which they are best read."""
