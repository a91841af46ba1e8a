"""The page of a proposition: what may be so, and who says what about it."""

from __future__ import annotations

from allegata.schema.vocabularies import Aspect
from allegata.site import words
from allegata.site.figures import compared, paths
from allegata.site.history import history, named_following
from allegata.site.page import Page
from allegata.site.pages.sources import listed_of
from allegata.site.pages.subject import Batch
from allegata.site.records import Row, coded


def record_page(batch: Batch, proposition: Row) -> Page:
    """The page of a proposition. Its claims have their cards on the page of what it is about."""
    records, claims = batch.records, batch.claims
    name = proposition["id"]
    listing = claims.listed("propositions", name, "all")
    statuses = records.statuses_on.get(name, [])
    beside = records.propositions_of.get(proposition["event_id"] or "", [])
    return batch.record_page(
        "proposition.html",
        proposition,
        title=_title(batch, proposition),
        trail=_trail(batch, proposition),
        proposition=proposition,
        aspect=coded(Aspect, proposition["aspect"]),
        event=records.events.get(proposition["event_id"] or ""),
        actor=records.actors.get(proposition["actor_id"] or ""),
        place=records.places.get(proposition["place_id"] or ""),
        now=statuses[-1] if statuses else None,
        follows=named_following(records, statuses[-1] if statuses else None),
        days=history(records, statuses),
        listing=listing,
        drawn=paths(listing.claims, listing.counts.claims),
        ranges=compared(proposition, beside),
        sources=listed_of(batch, listing.claims),
    )


def _title(batch: Batch, proposition: Row) -> str:
    """What it is about: its own words stand nowhere without who asserts or denies it."""
    aspect = words.plain(proposition["aspect"])
    return f"Proposition on {aspect}: {words.apart(_trail(batch, proposition)[-1][0])}"


def _trail(batch: Batch, proposition: Row) -> list[tuple[str, str]]:
    """From the lists to what the proposition is about."""
    home = batch.claims.place_of(proposition)
    for column, table in (("event_id", "events"), ("actor_id", "actors"), ("place_id", "places")):
        if proposition[column]:
            subject = getattr(batch.records, table)[proposition[column]]
            name = subject.get("label") or subject["name"]
            return [(table.capitalize(), f"{table}/"), (name, home)]
    return [("Codebook", "codebook/"), ("propositions", "codebook/propositions/")]
