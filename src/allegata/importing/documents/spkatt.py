"""SpkAtt and GePaDe (https://github.com/umanlp/SpkAtt-2023): who says what to whom in speeches."""

from __future__ import annotations

import hashlib
import re
from itertools import groupby
from pathlib import Path
from typing import Any

from allegata.importing.documents.collecting import Collector, Entry, day, line, names_a_speaker
from allegata.importing.documents.jsonvalues import values
from allegata.importing.report import Aside, Report
from allegata.importing.running.files import LOST

_NAME = re.compile(
    r"^([0-9]+)_([^_]+_[^_]+)_([^_]+)_(.+)_ID([0-9]+)_([0-9]{2})[.]([0-9]{2})[.]([0-9]{4})$"
)
_SELF = {"ich", "mir", "mich"}
Spot = tuple[str, int]


class _Speech:
    """A speech: its text made from tokens, and where each token lies in it."""

    def __init__(self, sentences: dict[str, list[str]]) -> None:
        self.tokens: dict[Spot, tuple[int, int, str]] = {}
        self.order: dict[Spot, int] = {}
        at, parts = 0, []
        for number, tokens in sentences.items():
            for index, token in enumerate(tokens):
                self.tokens[number, index] = (at, at + len(token), token)
                self.order[number, index] = len(self.order)
                at += len(token) + 1
            parts.append(" ".join(tokens))
        self.text = "\n".join(parts)

    def spots(self, given: Any) -> list[Spot]:
        """The tokens that an annotation points at, in order.

        Raises:
            KeyError: one of them does not exist.
        """
        found = []
        for one in given if isinstance(given, list) else []:
            sentence, _, index = str(one).rpartition(":")
            spot = (sentence, int(index) if index.isdigit() else -1)
            if spot not in self.tokens:
                raise KeyError(str(one)[:50])
            found.append(spot)
        return sorted(found, key=self.order.__getitem__)

    def words(self, spots: list[Spot]) -> str:
        """Their words with single blanks."""
        return " ".join(self.tokens[spot][2] for spot in spots)

    def quotes(self, spots: list[Spot]) -> list[Entry]:
        """The spans of neighbouring tokens, one quote each."""
        found = []
        numbered = ((self.order[spot] - nth, spot) for nth, spot in enumerate(spots))
        for _, run in groupby(numbered, key=lambda one: one[0]):
            piece = [spot for _, spot in run]
            start, end = self.tokens[piece[0]][0], self.tokens[piece[-1]][1]
            digest = hashlib.sha256(self.text[start:end].encode()).hexdigest()
            found.append({"role": "content", "start": start, "end": end, "sha256": digest})
        return found


def read_spkatt(
    files: list[Path], known: frozenset[str]
) -> tuple[Report, list[Aside], dict[str, list[Entry]]]:
    """Speeches as records.

    A file is a speech: a source of kind transcript, and a statement of its speaker. An
    annotation with a message becomes a claim that the source of the annotation asserts it, through
    the speech and the annotations in whose messages its cue lies, outermost first.

    Who is named only by words such as "they" is an unnamed actor of that place; where no source is
    annotated, one that says so; "ich" is the speaker. Positions refer to the tokens joined with
    blanks, sentences with line ends, which is the text that the source's hash is of. Set aside are
    annotations without message or with one of a single word ("it"), those told alike before, and
    those that point at tokens that do not exist. The day, party and speaker come from the name of
    the file. The licence is CC-BY-SA-4.0.
    """
    collector = Collector("spkatt", None, known)
    for path in files:
        collector.begin_file(path)
        named = _NAME.match(re.sub(r"[.]json([.](gz|zst))?$", "", path.name))
        if not named:
            collector.fault("has a name that does not tell the party, the speaker and the day")
            continue
        for value in values(path, collector.fault):
            try:
                sentences, annotations = _parts(value)
            except (KeyError, TypeError, AttributeError) as error:
                collector.fault(f"is not of the form of SpkAtt: {error}")
                continue
            speech = _Speech(sentences)
            if LOST in speech.text:
                collector.fault("holds bytes that are not UTF-8")
                continue
            _speech(collector, named, speech, annotations)
    return collector.finish()


def _parts(value: Any) -> tuple[dict[str, list[str]], list[Entry]]:
    """Both forms: lists of sentences and of annotations, or sentences with theirs by number."""
    if "Sentences" in value:
        sentences = {
            str(one["SentenceId"]): list(map(str, one["Tokens"])) for one in value["Sentences"]
        }
        return sentences, [one for one in value["Annotations"] if isinstance(one, dict)]
    ordered = sorted(value.items(), key=lambda pair: int(pair[0]) if pair[0].isdigit() else 0)
    sentences = {number: list(map(str, one["Tokens"])) for number, one in ordered}
    return sentences, [
        note for _, one in ordered for note in one["Annotations"] if isinstance(note, dict)
    ]


def _speech(c: Collector, named: re.Match[str], speech: _Speech, annotations: list[Entry]) -> None:
    session, item, party, speaker, number, d, m, y = named.groups()
    published = day(f"{y}-{m}-{d}")
    if not published:
        c.fault("has a name that does not tell the day")
        return
    spots: list[dict[str, list[Spot]]] = []
    for note in annotations:
        try:
            spots.append(
                {key: speech.spots(note.get(key)) for key in ("Cue", "Source", "Addr", "Message")}
            )
        except KeyError as error:
            spots.append({"wrong": [(str(error), 0)]})
    for nth, (note, at) in enumerate(zip(annotations, spots, strict=True)):
        c.begin(note, f"annotation {nth}", "CC-BY-SA-4.0")
        if "wrong" in at:
            c.set_aside("token-does-not-exist", at["wrong"][0][0])
        elif not at["Cue"]:
            c.set_aside("no-cue")
        elif not at["Message"]:
            c.set_aside("no-message")
        else:
            context = (
                session,
                item.replace("_", " "),
                party,
                speaker.replace("_", " "),
                number,
                published,
            )
            _annotation(c, context, speech, spots, nth)


def _common(c: Collector, context: tuple[str, ...], speech: _Speech) -> tuple[str, str, str]:
    session, item, party, speaker, number, published = context
    house = c.add(
        "actors",
        c.mint("actors", ["bundestag"]),
        kind="organisation",
        name="Deutscher Bundestag",
        country="DE",
    )
    group = c.add(
        "actors",
        c.mint("actors", ["party", party], party),
        kind="organisation",
        name=line(party),
        country="DE",
    )
    person = c.add(
        "actors",
        c.mint("actors", ["speaker", party, speaker], speaker),
        kind="person",
        name=line(f"{speaker} ({party})"),
    )
    c.add(
        "roles",
        c.mint("roles", [person, party]),
        actor=person,
        title="Member of the parliamentary group",
        org=group,
        note="As the file's name has it, at the time of the speech.",
    )
    source = c.add(
        "sources",
        c.mint("sources", [number, published], speaker),
        kind="transcript",
        publisher=house,
        title=f"Speech of {speaker}, session {session}, {item}",
        licence="CC-BY-SA-4.0",
        published=published,
        lang="de",
        text_sha256=hashlib.sha256(speech.text.encode()).hexdigest(),
        text_chars=len(speech.text),
        note="The text is that of the tokens, joined with blanks, a sentence a line.",
    )
    speech_act = c.add(
        "statements",
        c.mint("statements", ["speech", number, published], speaker),
        speaker=person,
        channel="speech",
        said=published,
        source=source,
        lang="de",
    )
    return person, source, speech_act


def _annotation(
    c: Collector,
    context: tuple[str, ...],
    speech: _Speech,
    spots: list[dict[str, list[Spot]]],
    nth: int,
) -> None:
    person, source, speech_act = _common(c, context, speech)
    text = line(speech.words(spots[nth]["Message"]))
    if not text:
        return c.set_aside("no-message")
    if " " not in text:  # "es", "das": what it stands for is elsewhere, and not annotated
        return c.set_aside("message-of-one-word", text)
    if names_a_speaker(text):
        return c.set_aside("message-names-a-speaker", text)
    chain, last = [{"statement": speech_act}], person
    for outer in [*_around(spots, nth), nth]:
        at = spots[outer]
        words = speech.words(at["Source"])
        if words.lower() in _SELF:
            continue  # the speaker's own words, which the speech is
        name = line(words) or "A speaker who is not stated"
        last = c.add(
            "actors", c.mint("actors", ["unnamed", source, str(outer)]), kind="unnamed", name=name
        )
        audience = _audience(c, speech, at, source, outer)
        act = c.add(
            "statements",
            c.mint("statements", [source, str(outer)]),
            speaker=last,
            channel="unspecified",
            audience=audience,
        )
        chain.append({"statement": act, "cue": speech.words(at["Cue"])[:2000]})
    prop = c.add(
        "propositions",
        c.mint("propositions", [_folded(text)]),
        text=text,
        aspect="attribute",
        actor=person,
        note="In the words of the speech, which need not be a whole sentence.",
    )
    if not c.new((source, prop, *(one["statement"] for one in chain))):
        return c.set_aside("said-already-in-the-same-way", text)
    c.add(
        "claims",
        c.mint("claims", [source, str(nth)]),
        raw=True,
        source=source,
        proposition=prop,
        stance="asserts",
        chain=chain,
        quotes=speech.quotes(spots[nth]["Message"]),
        clarity="ambiguous",
        note="The annotation marks who speaks and what, not the stance; it is taken as asserted.",
    )
    return c.keep()


def _around(spots: list[dict[str, list[Spot]]], nth: int) -> list[int]:
    """The annotations in whose messages the cue lies, the widest first."""
    cue = set(spots[nth]["Cue"])
    found = [
        other
        for other, at in enumerate(spots)
        if other != nth
        and at.get("Message")
        and at.get("Cue")
        and cue <= set(at["Message"])
        and not set(at["Cue"]) <= set(spots[nth]["Message"])
    ]
    return sorted(found, key=lambda other: (-len(spots[other]["Message"]), other))


def _audience(
    c: Collector, speech: _Speech, at: dict[str, list[Spot]], source: str, outer: int
) -> list[Entry]:
    name = line(speech.words(at["Addr"]))
    if not name:
        return []
    return [
        {
            "actor": c.add(
                "actors",
                c.mint("actors", ["addressee", source, str(outer)]),
                kind="unnamed",
                name=name,
            )
        }
    ]


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.lower()).split())
