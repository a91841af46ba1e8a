"""What all records are shown by: claims, and propositions with those who speak to them.

What a record says is put into text as it is: nothing in it is taken for markup, and what cannot
be seen is made visible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rich.text import Text

from allegata.rules import shortened
from allegata.schema.vocabularies import Stance
from allegata.showing.session import ReleaseSession, Row
from allegata.site import words
from allegata.site.history import status
from allegata.site.records import coded

MOST_CLAIMS = 50
"""So many claims are shown in one place, and the rest counted."""
_LONG = 600
_SIDES = ("for", "against", "doubting")


class View:
    """A release as of one day."""

    def __init__(self, session: ReleaseSession, day: date | None) -> None:
        self.session = session
        self.day = day

    @property
    def when(self) -> str:
        """The day, for headings."""
        return f" as of {words.day_in_words(self.day)}" if self.day else ""

    def find(self, table: str, record: str | None) -> Row | None:
        """A record of a table by its id."""
        if record is None:
            return None
        found = self.session.rows(f'SELECT * FROM "{table}" WHERE id = ?', record)
        return found[0] if found else None

    def names(self, actors: Iterable[str]) -> dict[str, str]:
        """The names of actors by id."""
        sql = "SELECT id, name FROM actors WHERE list_contains(?, id)"
        return {row["id"]: row["name"] for row in self.session.rows(sql, list(actors))}

    # --- propositions ---

    def standing(self, proposition: str) -> Row:
        """What holds of a proposition on the day."""
        (row,) = self.session.rows(
            f"SELECT * FROM contestation WHERE proposition_id = ? AND {self.holds()}", proposition
        )
        return row

    def holds(self) -> str:
        """The condition by which a row of contestation or stances holds on the day."""
        if self.day is None:
            return "valid_to IS NULL"
        day = f"DATE '{self.day.isoformat()}'"
        begun, ended = f"valid_from <= {day}", f"valid_to > {day}"
        return f"(valid_from IS NULL OR {begun}) AND (valid_to IS NULL OR {ended})"

    def proposition(self, row: Row) -> Text:
        """A proposition, never without those who assert or deny it; the row is of contestation."""
        text = Text()
        text.append(visible(row["proposition_text"]), "bold").append("\n  ")
        text.append(row["proposition_id"], "cyan").append(f" · {words.plain(row['aspect'])}\n  ")
        text.append(status(row)).append("\n  ")
        return text.append(self.who(row)).append("\n  ").append(counts(row), "dim")

    def who(self, row: Row) -> str:
        """The parties on each side, and which of them only by what follows."""
        found = {
            f"{layer}_{side}": (row[f"{layer}_{side}"] or "").split()
            for layer in ("worded", "derived")
            for side in _SIDES
        }
        names = self.names({one for ids in found.values() for one in ids})
        told = []
        for side in _SIDES:
            worded, derived = set(found[f"worded_{side}"]), found[f"derived_{side}"]
            number = row[f"n_derived_{side}"]
            listed = [
                shortened(names.get(one, one)) + ("" if one in worded else " (by what follows)")
                for one in sorted(derived, key=lambda one: names.get(one, one))
            ]
            told.append(
                f"{side}: {', '.join(listed) or (f'{number} parties' if number else 'nobody')}"
            )
        return " · ".join(told)

    # --- claims ---

    def claims(self, condition: str, *values: object) -> Iterator[Text]:
        """Claims known on the day that meet a condition on claims_flat, the first known first."""
        known = "coalesce(published_latest, published_earliest)"
        where = f"({condition})"
        if self.day:
            where += f" AND {known} <= DATE '{self.day.isoformat()}'"
        rows = self.session.rows(
            f"SELECT * FROM claims_flat WHERE {where} ORDER BY {known}, claim_id "
            f"LIMIT {MOST_CLAIMS + 1}",
            *values,
        )
        for row in rows[:MOST_CLAIMS]:
            yield claim_line(row)
        if len(rows) > MOST_CLAIMS:
            sql = f"SELECT count(*) AS n FROM claims_flat WHERE {where}"
            (total,) = self.session.rows(sql, *values)
            yield Text(f"and {total['n'] - MOST_CLAIMS:,} more claims; `allegata query` has all")


def claim_line(row: Row) -> Text:
    """One claim: who stands how to what, through whom, and where that is to be read."""
    text = Text("• ").append(said(row)).append("\n    ")
    text.append(visible(row["proposition_text"])).append(" ").append(row["proposition_id"], "cyan")
    text.append("\n    ")
    text.append(f"through {visible(row['chain'])}\n    " if row["chain"] else "")
    text.append(f"in {visible(row['publisher_name'])}, {words.time_in_words(row['published'])} ")
    text.append(row["source_id"], "cyan").append(" · ")
    return text.append(row["claim_id"], "cyan")


def said(row: Row) -> str:
    """Who takes which stance, and what must not be passed over; the row is of claims_flat."""
    name, party = visible(row["speaker_name"]), row["party_name"]
    told = name if party in (None, row["speaker_name"]) else f"{name} (for {visible(party)})"
    if row["voice"] == "own":
        told += ", in its own voice,"
    told += f" {words.STANCES[coded(Stance, row['stance'])]}"
    asides = {
        "known only through another party's account": row["relayed_by_other_party"],
        "the wording is ambiguous": row["clarity"] == "ambiguous",
        f"evidence {words.plain(row['evidence'])}": row["evidence"] != "not_addressed",
    }
    return "; ".join([told, *(aside for aside, holds in asides.items() if holds)])


def counts(row: Row) -> str:
    """How much stands behind a proposition: the counts side by side."""
    given = row["n_sources_as_given"]
    sources = words.counted(row["n_sources"], "source")
    if given != row["n_sources"]:
        sources += f" ({given} with copies)"
    parts = [words.counted(row["n_statements"], "statement"), sources]
    sides = [f"{row[f'n_derived_{side}']} {side}" for side in _SIDES]
    parts.append(f"parties: {', '.join(sides)}")
    if row["n_relayed"]:
        parts.append(f"{row['n_relayed']} known only through another party")
    if row["n_with_evidence"]:
        parts.append(f"{row['n_with_evidence']} with evidence offered")
    return " · ".join(parts)


def visible(text: str) -> str:
    """A text of a record, on one line and with nothing in it that a terminal would act on."""
    return shortened(text, _LONG)


def heading(text: str) -> Text:
    """The heading of a part."""
    return Text(f"\n{text}", "bold underline")


def facts(pairs: Iterable[tuple[str, object]]) -> Text:
    """Names and values, one a line; what has no value is left out."""
    text = Text()
    for name, value in pairs:
        if value not in (None, "", []):
            text.append(f"{name}: ", "dim")
            text.append(value if isinstance(value, Text) else visible(str(value))).append("\n")
    text.rstrip()
    return text
