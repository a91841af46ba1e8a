"""Claims that were judged in Label Studio or INCEpTION: the way back of what was exported."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from allegata.importing.documents.collecting import Collector, Entry, day
from allegata.importing.documents.jsonvalues import values
from allegata.importing.report import Aside, Report
from allegata.schema import MODELS, Vocabulary
from allegata.tables import base_tables

CODED: dict[str, type[Vocabulary]] = {
    name: vocabulary
    for name in ("stance", "evidence", "clarity")
    if (vocabulary := base_tables()["claims"].column(name).vocabulary)
}
"""The fields that are judged, and the codes of each."""
LAYER = "webanno.custom.Claim"
"""The layer of INCEpTION that holds them."""

Judged = tuple[Any, Entry | None]
"""The claim as it went out, and the codes as they came back; None where nobody judged."""
Found = tuple[Report, list[Aside], dict[str, list[Entry]]]


def read_label_studio(files: list[Path], known: frozenset[str], coder: str) -> Found:
    """Judged tasks as claims.

    A task of `allegata export label-studio` that somebody judged becomes the claim that it was
    made from, with the stance, the evidence and the clarity as judged.

    The files are Label Studio's JSON export. Of several judgements of a task the last counts;
    skipped ones do not. The claim keeps its id, chain and quotes; it is of the method human, its
    coder is who is named by --coder, and its day that of the judgement. It has no reviewer. Put
    the claims in the place of those that they were, or compare the two codings. Set aside are
    tasks that nobody judged in full, that do not hold the claim they were made from, and further
    tasks of one claim.
    """
    return _read("label-studio", files, known, coder, _of_label_studio)


def read_inception(files: list[Path], known: frozenset[str], coder: str) -> Found:
    """Judged documents as claims.

    An annotation of `allegata export inception` becomes the claim that it was made from, with the
    stance, the evidence and the clarity as judged.

    The files are documents in UIMA CAS JSON, version 0.4. The claim keeps its id, chain and quotes;
    it is of the method human, and its coder is who is named by --coder. It has no reviewer. Put
    the claims in the place of those that they were, or compare the two codings. Set aside are
    annotations that were not judged in full, that do not hold the claim they were made from, and
    further annotations of one claim. Other layers are not read.
    """
    return _read("inception", files, known, coder, _of_inception)


def _read(
    name: str,
    files: list[Path],
    known: frozenset[str],
    coder: str,
    judged: Callable[[Any], Iterator[Judged]],
) -> Found:
    c = Collector(name, None, known)
    for path in files:
        c.begin_file(path)
        for value in values(path, c.fault):
            try:
                for record, codes in judged(value):
                    _claim(c, record, codes, coder)
            except (TypeError, KeyError) as error:
                c.fault(f"is not of the form of {name}: {error}")
    return c.finish()


def _of_label_studio(document: Any) -> Iterator[Judged]:
    if not isinstance(document, list):
        raise TypeError("a list of tasks is expected")
    for task in document:
        data = task.get("data") if isinstance(task, dict) else None
        record = data.get("record") if isinstance(data, dict) else None
        yield record, _judgement(task) if isinstance(task, dict) else None


def _judgement(task: Entry) -> Entry | None:
    given = task.get("annotations")
    judged = [
        one
        for one in (given if isinstance(given, list) else [])
        if isinstance(one, dict) and not one.get("was_cancelled")
    ]
    if not judged:
        return None
    last, codes = judged[-1], Entry()
    for result in last["result"] if isinstance(last.get("result"), list) else []:
        value = result.get("value") if isinstance(result, dict) else None
        choices = value.get("choices") if isinstance(value, dict) else None
        if isinstance(choices, list) and len(choices) == 1:
            codes[str(result.get("from_name"))] = choices[0]
    return {**codes, "coded": day(last.get("updated_at")) or day(last.get("created_at"))}


def _of_inception(document: Any) -> Iterator[Judged]:
    if not isinstance(document, dict) or not isinstance(document["%FEATURE_STRUCTURES"], list):
        raise TypeError("a document of UIMA CAS JSON is expected")
    for structure in document["%FEATURE_STRUCTURES"]:
        if isinstance(structure, dict) and structure.get("%TYPE") == LAYER:
            yield structure.get("record"), structure


def _claim(c: Collector, record: Any, codes: Entry | None, coder: str) -> None:
    c.begin({name: (codes or {}).get(name) for name in CODED})
    try:
        claim = json.loads(record) if isinstance(record, str) else record
        MODELS["claims"].model_validate_json(json.dumps(claim))
    except (ValueError, RecursionError):  # pydantic's own errors are of this kind as well
        return c.set_aside("not-a-claim-of-an-export")
    if codes is None:
        return c.set_aside("not-judged", claim["id"])
    if missing := [name for name in CODED if not codes.get(name)]:
        return c.set_aside("not-judged-in-full", f"{claim['id']}: without {', '.join(missing)}")
    if not c.new((claim["id"],)):
        return c.set_aside("repeated", claim["id"])
    judged = {name: codes[name] for name in CODED}
    if coded := codes.get("coded"):
        judged["coded"] = coded
    c.add_coded(claim | judged, coder)
    return c.keep()


__all__ = ["CODED", "LAYER", "read_inception", "read_label_studio"]
