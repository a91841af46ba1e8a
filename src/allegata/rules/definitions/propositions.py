"""Rules of propositions: their wording, and the slots that their aspects have."""

from __future__ import annotations

from allegata.rules.problem import Severity
from allegata.rules.rule import Check, Rule
from allegata.rules.words import sql_word

E, W = Severity.ERROR, Severity.WARNING

# The columns that hold what a proposition of that aspect says; those of other aspects say it in
# their text alone.
_SLOTS = {
    "agent": ("actor_id",),
    "target": ("actor_id", "place_id"),
    "place": ("place_id",),
    "time": ("time",),
    "quantity": ("low", "high"),
}
# The aspects that say nothing comparable without their slot. What is aimed at may be a thing, and
# an order of events is no date.
_NEEDS_SLOT = ("agent", "place", "quantity")

_FILLED = "CASE {} END".format(
    " ".join(
        f"WHEN aspect = '{aspect}' AND \"{slot}\" IS NOT NULL THEN '{slot}'"
        for aspect, slots in _SLOTS.items()
        for slot in slots
    )
)

_ALIKE = (
    'SELECT _row, id, text, actor_id, place_id, "time", '
    f"{_FILLED} AS slot, "
    "min(_row) OVER (PARTITION BY trim(regexp_replace(lower(text), '[^\\p{L}\\p{N}]+', ' ', 'g'))) "
    "AS same_text, "
    'min(_row) OVER (PARTITION BY aspect, event_id, actor_id, place_id, "time", low, high, unit) '
    "AS same_slots FROM propositions"
)


def _wording(name: str, condition: str = "TRUE", *, in_compounds: bool = False) -> Check:
    """A check for propositions whose text holds a word of a list."""
    return Check(
        "propositions",
        f"SELECT _row, text AS value, word FROM (SELECT _row, text, "
        f"{sql_word(name, 'text', in_compounds=in_compounds)} AS word FROM propositions "
        f"WHERE {condition}) p WHERE word <> ''",
        field="text",
    )


def _slot_empty(aspect: str) -> Check:
    slots = _SLOTS[aspect]
    names = " or ".join(slot.removesuffix("_id") for slot in slots)
    return Check(
        "propositions",
        f"SELECT _row, id AS proposition, aspect, '{names}' AS slot FROM propositions "
        f"WHERE aspect = '{aspect}' AND coalesce({_FILLED}, '') = ''",
        field=slots[0],
    )


RULES = (
    Rule(
        "PROPOSITION_DUPLICATE",
        E,
        "No two propositions say the same: by their text, or by their aspect and its slot.",
        "Claims on what is said twice do not meet: an assertion and its denial pass each other by.",
        "- {id: prp-a, text: Ann lights it., aspect: agent, event: evt-fire, actor: act-ann}\n"
        "- {id: prp-b, text: Ann sets it off., aspect: agent, event: evt-fire, actor: act-ann}",
        "Keep one, and let the claims on the other refer to it; merge it by a revision if it was "
        "released.",
        message="{proposition} says the same as another proposition",
        other="the first that says it",
        checks=(
            Check(
                "propositions",
                "SELECT _row, id AS proposition, 'propositions' AS other_table, "
                "CASE WHEN same_text < _row THEN 'text' ELSE slot END AS field, "
                "CASE WHEN same_text < _row THEN text WHEN slot = 'actor_id' THEN actor_id "
                "WHEN slot = 'place_id' THEN place_id "
                "WHEN slot = 'time' THEN \"time\" END AS value, "
                "CASE WHEN same_text < _row THEN same_text ELSE same_slots END AS other_row "
                f"FROM ({_ALIKE}) p "
                "WHERE same_text < _row OR (slot IS NOT NULL AND same_slots < _row)",
            ),
        ),
    ),
    Rule(
        "PROPOSITION_NEGATIVE",
        W,
        "A proposition is affirmative.",
        "Denial is a stance; a denial of a denial leaves readers and programs guessing.",
        "text: Ann did not light the fire.",
        "Word it affirmatively, and code who denies it with the stance denies.",
        message='the text holds the word "{word}"; a proposition is affirmative',
        checks=(_wording("negations"),),
    ),
    Rule(
        "PROPOSITION_ATTRIBUTED",
        E,
        "A proposition is said by nobody in particular.",
        "Who says it is in the claim's chain; said in the text as well, it is said twice, and "
        "others who say the same cannot be seen to.",
        "text: Ann said that the harbour burns.",
        "Write what is said, and leave its speaker to the claim's chain.",
        message='the text attributes what it says ("{word}")',
        checks=(_wording("attributions"),),
    ),
    Rule(
        "PROPOSITION_LOADED",
        W,
        "A proposition holds no word that takes a side, unless the word is what it is about.",
        "Propositions are worded by us; a label belongs to the one who is on record with it.",
        "- {id: prp-fire, text: The regime lights the fire., aspect: occurrence}",
        "Word it plainly; what somebody calls it is a proposition of aspect characterization.",
        message='the text holds the word "{word}", which takes a side',
        checks=(_wording("loaded", "aspect <> 'characterization'", in_compounds=True),),
    ),
    Rule(
        "PROPOSITION_SUBJECTLESS",
        E,
        "A proposition is about an event, an actor or a place.",
        "One that is about nothing on record cannot be found from anywhere.",
        "propositions:\n  - {id: prp-a, text: Fires are frequent., aspect: attribute}",
        "Nest it in its event, or name the event, the actor or the place that it is about.",
        message="{proposition} names no event, no actor and no place",
        checks=(
            Check(
                "propositions",
                "SELECT _row, id AS proposition FROM propositions "
                "WHERE event_id IS NULL AND actor_id IS NULL AND place_id IS NULL",
                field="event_id",
            ),
        ),
    ),
    Rule(
        "PROPOSITION_SLOT",
        E,
        "A proposition on who did it names the actor, one on where names the place, one on how "
        "much gives a number.",
        "By its slot it is compared with what others say; text alone cannot be.",
        "- {id: prp-a, text: Ann lights the fire., aspect: agent}   # no actor",
        "Fill the slot, or choose the aspect that the sentence is about.",
        message="{proposition} is of aspect {aspect} and gives no {slot}",
        checks=tuple(_slot_empty(aspect) for aspect in _NEEDS_SLOT),
    ),
    Rule(
        "VALUE_REVERSED",
        E,
        "The smallest number that a proposition allows is not above the largest.",
        "Nothing lies between reversed limits, so that no other number could agree with it.",
        "{low: 6, high: 4, unit: persons}",
        "Swap the two, or mend the wrong one.",
        message="low is {value}, above high, which is {high}",
        checks=(
            Check(
                "propositions",
                "SELECT _row, low AS value, high FROM propositions WHERE low > high",
                field="low",
            ),
        ),
    ),
    Rule(
        "VALUE_UNIT_MISSING",
        E,
        "A number has a unit.",
        "Ninety drones and ninety roubles are not the same claim.",
        "- {id: prp-a, text: More than 90 drones come., aspect: quantity, low: 90}",
        "Say in unit what is counted or measured: drones, persons killed, crowns.",
        message="{value} has no unit",
        checks=(
            Check(
                "propositions",
                "SELECT _row, coalesce(low, high) AS value, "
                "CASE WHEN low IS NOT NULL THEN 'low' ELSE 'high' END AS field "
                "FROM propositions WHERE coalesce(low, high) IS NOT NULL AND unit IS NULL",
            ),
        ),
    ),
    Rule(
        "PROPOSITION_UNCLAIMED",
        W,
        "A claim is on every proposition, or on one that entails it.",
        "What nobody has taken a stance on is our own idea of what may be so.",
        "propositions:\n  - {id: prp-a, …}   # no claim is on prp-a",
        "Code the claim that it was written for, relate it to the proposition that entails it, "
        "or delete it.",
        message="no claim is on {value}, nor on a proposition that entails it",
        checks=(
            Check(
                "propositions",
                "SELECT p._row, p.id AS value FROM propositions p "
                "LEFT JOIN (SELECT proposition_id AS id FROM claims UNION SELECT e.b AS id "
                "FROM entails_closure e JOIN claims c ON c.proposition_id = e.a) said "
                "ON said.id = p.id WHERE said.id IS NULL",
                field="id",
            ),
        ),
        whole_only=True,
    ),
)
