"""Comparing two codings of the same sources."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from allegata.agreeing.adjudicating import adjudication
from allegata.agreeing.aligning import Aligner, matched_sources
from allegata.agreeing.coding import CODED, Coding, coding_of
from allegata.agreeing.model import Agreement, Difference, Value
from allegata.agreeing.reckoning import CONFUSED, agreement_in, compared, confusion
from allegata.agreeing.writing import different, written
from allegata.version import __version__

SAMPLES = 1000
"""How many samples the bootstrap draws, unless told otherwise."""
SEED = 20260101
"""The seed of the bootstrap, unless told otherwise."""


def agree(
    a: str | Path,
    b: str | Path,
    *,
    source: str | None = None,
    seed: int = SEED,
    samples: int = SAMPLES,
) -> Agreement:
    """Compare two coders' folders.

    >>> same = agree("tests/fictional", "tests/fictional", samples=0)
    >>> same.is_same, same.alignment("claims").f1
    (True, 1.0)

    Args:
        a: The first coder's folder or file: a dataset, or a part of one.
        b: The second's.
        source: The id (in the first) of the only source to compare; all that both have without it.
        seed: The seed of the bootstrap.
        samples: How many samples the bootstrap draws; none with 0.

    Raises:
        MissingPathError: a folder does not exist.
        AgreementError: the codings cannot be compared.
        MissingPackage: the library that reckons alpha is not installed.
    """
    return _compare(*_paired(a, b, source), seed=seed, samples=samples)


def agree_and_merge(
    a: str | Path,
    b: str | Path,
    *,
    source: str | None = None,
    seed: int = SEED,
    samples: int = SAMPLES,
) -> tuple[Agreement, str]:
    """What ``agree`` gives, and both codings as one record file with the choices to make (YAML).

    Takes and raises what ``agree`` does.
    """
    one, other, aligner = _paired(a, b, source)
    agreement = _compare(one, other, aligner, seed=seed, samples=samples)
    return agreement, adjudication(one, other, aligner, agreement.coders)


def _paired(a: str | Path, b: str | Path, source: str | None) -> tuple[Coding, Coding, Aligner]:
    """Two codings with their records paired."""
    one, other = coding_of(a), coding_of(b)
    if source is not None:
        one.keep({source})
    sources = matched_sources(one, other)
    one.keep(set(sources))
    other.keep(set(sources.values()))
    return one, other, Aligner(one, other, sources)


def _compare(a: Coding, b: Coding, aligner: Aligner, *, seed: int, samples: int) -> Agreement:
    """How far two codings whose records are paired agree."""
    fields = list(compared(a, b, aligner))
    coders = a.coder, b.coder
    named = (coders[0], coders[1]) if None not in coders and coders[0] != coders[1] else ("a", "b")
    confused = [one for one in fields if one.table == "claims" and one.field in CONFUSED]
    return Agreement(
        sources=list(a.sources),
        coders=named,
        alignments=[aligner.alignments[table] for table in CODED],
        fields=[agreement_in(one, seed, samples) for one in fields],
        span_overlap=_overlap(aligner),
        confusions=[confusion(one) for one in confused],
        differences=list(_differences(a, b, aligner)),
        seed=seed,
        samples=samples,
        version=__version__,
    )


def _overlap(aligner: Aligner) -> float | None:
    shares = []
    for pair in aligner.alignments["claims"].pairs:
        ones, others = aligner.spans_a.get(pair.a), aligner.spans_b.get(pair.b)
        if ones and others:
            shares.append(len(ones & others) / len(ones | others))
    return round(sum(shares) / len(shares), 6) if shares else None


def _differences(a: Coding, b: Coding, aligner: Aligner) -> Iterable[Difference]:
    for table in CODED:
        alignment = aligner.alignments[table]
        nothing = {"field": None, "a_value": None, "b_value": None}
        for name in alignment.only_a:
            yield Difference(table=table, a=name, b=None, **nothing)
        for name in alignment.only_b:
            yield Difference(table=table, a=None, b=name, **nothing)
        for pair in alignment.pairs:
            ones = written(table, a.rows[table][pair.a])
            others = written(table, b.rows[table][pair.b], aligner.called)
            for field in different(ones, others):
                yield Difference(
                    table=table,
                    a=pair.a,
                    b=pair.b,
                    field=field,
                    a_value=_value(ones.get(field)),
                    b_value=_value(others.get(field)),
                )


def _value(value: Any) -> Value:
    """A value as one text, number or truth value."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
