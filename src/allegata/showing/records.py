"""Every other record: a proposition, a claim, an actor, a source, a statement, a place, a role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from rich.console import RenderableType
from rich.text import Text

from allegata.schema.vocabularies import Method, Predicate, Stance
from allegata.showing.session import Row
from allegata.showing.view import View, claim_line, facts, heading, visible
from allegata.site import words
from allegata.site.history import status
from allegata.site.records import coded


def proposition(view: View, row: Row) -> Iterator[RenderableType]:
    """A proposition: its status through time, who stands where and why, and the claims."""
    yield view.proposition(view.standing(row["id"]))
    yield facts([("about", row["event_id"]), ("note", row["note"])])
    yield heading("From day to day")
    yield from history(view, row["id"])
    yield heading(f"Who stands where{view.when}")
    for one in view.session.rows(
        "SELECT s.*, a.name, p.name AS party FROM stances s JOIN actors a ON a.id = s.actor_id "
        "JOIN actors p ON p.id = s.party_id "
        f"WHERE s.proposition_id = ? AND {view.holds()} ORDER BY a.name, s.seq",
        row["id"],
    ):
        yield _stance(one)
    yield heading("Claims")
    yield from view.claims("proposition_id = ?", row["id"])
    yield from relations(view, row["id"])


def history(view: View, record: str) -> Iterator[Text]:
    """The status of a proposition from its first change to the last."""
    for row in view.session.rows(
        "SELECT * FROM contestation WHERE proposition_id = ? ORDER BY seq", record
    ):
        day = words.day_in_words(row["valid_from"]) if row["valid_from"] else "before"
        yield Text(f"• {day}: {status(row)} · {view.who(row)}")


def _stance(row: Row) -> Text:
    name = visible(row["name"])
    text = Text(
        f"• {name}" + (f" (for {visible(row['party'])})" if row["party"] != row["name"] else "")
    )
    text.append(f" {words.STANCES[coded(Stance, row['stance'])]}, ")
    text.append(f"{words.days_in_words(row['taken_earliest'], row['taken_latest'])}; known since ")
    text.append(f"{words.day_in_words(row['valid_from'])} by ").append(row["claim_id"], "cyan")
    if row["via"]:
        text.append("\n    follows over ").append(" > ".join(row["via"].split()), "cyan")
    return text


def relations(view: View, record: str) -> Iterator[RenderableType]:
    """How a record stands to others."""
    rows = view.session.rows(
        "SELECT * FROM relations WHERE subject_id = ? OR object_id = ? "
        "ORDER BY predicate, subject_id, object_id",
        record,
        record,
    )
    if rows:
        yield heading("Relations")
    for row in rows:
        forth = row["subject_id"] == record
        phrase = words.PREDICATES[coded(Predicate, row["predicate"])][0 if forth else 1]
        text = Text(f"• {phrase} ").append(row["object_id" if forth else "subject_id"], "cyan")
        yield text.append(f" ({visible(row['note'])})" if row["note"] else "")


def _unreviewed(row: Row) -> str | None:
    return "nobody" if row["method"] == Method.AUTOMATIC else None


def claim(view: View, row: Row) -> Iterator[RenderableType]:
    """A claim: the chain that it came by, and where in the text it stands."""
    (flat,) = view.session.rows("SELECT * FROM claims_flat WHERE claim_id = ?", row["id"])
    yield claim_line(flat)
    yield facts(
        [
            ("event", flat["event_id"]),
            ("verdict as printed", row["verdict"]),
            ("coded", f"{row['coded']} by {row['coder']}, {words.plain(row['method'])}"),
            ("reviewed by", row["reviewer"] or _unreviewed(row)),
            ("note", row["note"]),
        ]
    )
    hops = view.session.rows(
        "SELECT h.*, s.*, a.name FROM hops h JOIN statements s ON s.id = h.statement_id "
        "JOIN actors a ON a.id = s.speaker_id WHERE h.claim_id = ? ORDER BY h.position",
        row["id"],
    )
    yield heading("The chain, outermost first")
    if not hops:
        yield Text("The source speaks itself.")
    for hop in hops:
        text = Text(f"{hop['position']}. {visible(hop['name'])} ").append(hop["speaker_id"], "cyan")
        text.append(f", {words.plain(hop['channel'])}")
        text.append(f", {words.time_in_words(hop['said'])}" if hop["said"] else "")
        text.append(f", “{visible(hop['cue'])}”" if hop["cue"] else "").append(" ")
        yield text.append(hop["statement_id"], "cyan")
    yield heading("Where in the text")
    for quote in view.session.rows(
        "SELECT * FROM quotes WHERE claim_id = ? ORDER BY seq", row["id"]
    ):
        text = Text(f"• {words.plain(quote['role'])}, code points {quote['start']}–{quote['end']}")  # noqa: RUF001
        text.append(f": “{visible(quote['exact'])}”" if quote["exact"] else "")
        yield text.append(f"\n    sha256 {quote['sha256']}", "dim")
    yield heading(f"The proposition{view.when}")
    yield view.proposition(view.standing(row["proposition_id"]))


def actor(view: View, row: Row) -> Iterator[RenderableType]:
    """An actor: what it said, and what others say that it said."""
    parent = view.find("actors", row["parent_id"])
    roles = view.session.rows("SELECT * FROM roles WHERE actor_id = ? ORDER BY id", row["id"])
    spoke = view.session.rows(
        "SELECT p.*, a.name FROM parties p JOIN actors a ON a.id = p.party_id "
        "WHERE p.actor_id = ? ORDER BY p.seq",
        row["id"],
    )
    yield facts(
        [
            ("kind", words.plain(row["kind"])),
            ("part of", parent and f"{parent['name']} ({parent['id']})"),
            *(("office", f"{one['title']} ({one['id']})") for one in roles),
            *(("counts for", f"{one['name']}{_span(one)}") for one in spoke),
            ("note", row["note"]),
        ]
    )
    yield heading(f"What it said{view.when}")
    yield from view.claims("speaker_id = ? AND NOT relayed_by_other_party", row["id"])
    yield heading(f"What others say it said{view.when}")
    yield from view.claims("speaker_id = ? AND relayed_by_other_party", row["id"])


def _span(row: Row) -> str:
    first, end = row["valid_from"], row["valid_to"]
    told = f" from {words.day_in_words(first)}" if first else ""
    return f"{told} until {words.day_in_words(end - timedelta(1))}" if end else told


def source(view: View, row: Row) -> Iterator[RenderableType]:
    """A source and its claims."""
    publisher = view.find("actors", row["publisher_id"]) or {}
    yield facts(
        [
            ("kind", words.plain(row["kind"])),
            ("publisher", f"{publisher.get('name')} ({row['publisher_id']})"),
            ("published", words.time_in_words(row["published"])),
            ("language", row["lang"]),
            ("address", row["url"]),
            ("archived", row["archive_url"]),
            ("note", row["note"]),
        ]
    )
    yield from relations(view, row["id"])
    yield heading("What it tells")
    yield from view.claims("source_id = ?", row["id"])


def statement(view: View, row: Row) -> Iterator[RenderableType]:
    """A statement, and the claims that came through it."""
    names = view.names([row["speaker_id"]])
    heard = view.session.rows(
        "SELECT a.id, a.name FROM audience u JOIN actors a ON a.id = u.actor_id "
        "WHERE u.statement_id = ? ORDER BY a.name",
        row["id"],
    )
    yield facts(
        [
            ("speaker", f"{names[row['speaker_id']]} ({row['speaker_id']})"),
            ("on behalf of", row["on_behalf_of"]),
            ("channel", words.plain(row["channel"])),
            ("said", row["said"] and words.time_in_words(row["said"])),
            *(("to", f"{one['name']} ({one['id']})") for one in heard),
            ("occasion", row["occasion_id"]),
            ("document", row["source_id"]),
            ("note", row["note"]),
        ]
    )
    yield from relations(view, row["id"])
    yield heading(f"Claims that came through it{view.when}")
    yield from view.claims(
        "claim_id IN (SELECT claim_id FROM hops WHERE statement_id = ?)", row["id"]
    )


def place(view: View, row: Row) -> Iterator[RenderableType]:
    """A place, and what is said of it or to have been there."""
    above = view.find("places", row["parent_id"])
    there = view.session.rows("SELECT * FROM events WHERE place_id = ? ORDER BY id", row["id"])
    yield facts(
        [
            ("kind", words.plain(row["kind"])),
            ("in", above and f"{above['name']} ({above['id']})"),
            ("country", row["country"]),
            *(("event", f"{one['label']} ({one['id']})") for one in there),
            ("note", row["note"]),
        ]
    )
    for one in view.session.rows(
        "SELECT c.* FROM contestation c JOIN propositions p ON p.id = c.proposition_id "
        f"WHERE p.place_id = ? AND {view.holds()} ORDER BY c.proposition_id",
        row["id"],
    ):
        yield Text()
        yield view.proposition(one)


def role(view: View, row: Row) -> Iterator[RenderableType]:
    """An office that somebody holds or held."""
    names = view.names([row["actor_id"], row["org_id"] or ""])
    yield facts(
        [
            ("held by", f"{names[row['actor_id']]} ({row['actor_id']})"),
            ("in", row["org_id"] and f"{names[row['org_id']]} ({row['org_id']})"),
            ("from", row["start"] and words.time_in_words(row["start"])),
            ("to", row["end"] and words.time_in_words(row["end"])),
            ("note", row["note"]),
        ]
    )
