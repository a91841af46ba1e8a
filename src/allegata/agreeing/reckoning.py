"""How far the paired records agree, field by field.

Krippendorff's alpha is that of the library ``krippendorff`` (the extra ``agree``); see K.
Krippendorff, *Content Analysis* (4th ed., 2019), chapter 12. Its interval comes from drawing
units anew (A. Zapf, S. Castell, L. Morawietz, A. Karch, BMC Medical Research Methodology 16:93,
2016, which finds this bootstrap sound for alpha).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from allegata.agreeing.aligning import JUDGED, Aligner
from allegata.agreeing.coding import CODED, Coding, Row
from allegata.agreeing.model import Confusion, FieldAgreement, Level
from allegata.releasing.errors import MissingPackage
from allegata.schema import MODELS
from allegata.schema.record import marks, plain_type
from allegata.schema.types import Edtf, PerFile, Ref
from allegata.schema.vocabularies import Stance

if TYPE_CHECKING:
    import numpy as np

ORDERED = (Stance.DENIES, Stance.DOUBTS, Stance.NONCOMMITTAL, Stance.SUGGESTS, Stance.ASSERTS)
"""The stances that are steps from no to yes; the others are acts of speech beside them."""
CONFUSED = ("stance", "evidence")
"""The fields of claims of which tables of confusion are given."""


class Alpha(NamedTuple):
    """Krippendorff's alpha with its bootstrap interval."""

    value: float | None
    """Alpha; None where it is not defined, since all values are the same or none are paired."""
    low: float | None
    """The lower end of the 95 % interval."""
    high: float | None
    """The upper end of the 95 % interval."""
    resamples: int
    """How many samples have an alpha."""


class Compared(NamedTuple):
    """A field, and what both coders say in it, pair by pair."""

    table: str
    field: str
    level: Level
    paired_by: bool
    values: list[tuple[Any, Any]]


def compared(a: Coding, b: Coding, aligner: Aligner) -> Iterable[Compared]:
    """Every field that coders decide, with the values of all pairs.

    Ids of the second coding are told as those of the first where they stand for the same. Free
    texts are not compared, nor what is stated once a file.
    """
    for table in CODED:
        pairs = [
            (a.rows[table][pair.a], b.rows[table][pair.b])
            for pair in aligner.alignments[table].pairs
        ]
        for name, field in MODELS[table].columns().items():
            kind = _level(field)
            if name in ("id", "source_id") or kind is None:
                continue
            level, is_id = kind
            there = aligner.called if is_id else None
            values = [(one[name], _told(other[name], there)) for one, other in pairs]
            if any(value is not None for pair in values for value in pair):
                yield Compared(table, name, level, name not in JUDGED[table], values)
        if table == "claims":
            yield from _of_claims(pairs, aligner)


def _of_claims(pairs: list[tuple[Row, Row]], aligner: Aligner) -> Iterable[Compared]:
    depth: list[tuple[Any, Any]] = [
        (len(one["chain"]), len(other["chain"])) for one, other in pairs
    ]
    yield Compared("claims", "chain length", "interval", True, depth)
    chains: list[tuple[Any, Any]] = [
        (
            " > ".join(hop["statement_id"] for hop in one["chain"]),
            " > ".join(aligner.called(hop["statement_id"]) for hop in other["chain"]),
        )
        for one, other in pairs
    ]
    yield Compared("claims", "chain", "nominal", True, chains)
    steps = {stance.value: step for step, stance in enumerate(ORDERED)}
    ordered = [(steps.get(one["stance"]), steps.get(other["stance"])) for one, other in pairs]
    yield Compared("claims", "stance, in order", "ordinal", False, ordered)


def _level(field: Any) -> tuple[Level, bool] | None:
    """How a field is measured, and whether it holds ids; None where it is not compared."""
    found = marks(field)
    if any(isinstance(mark, PerFile) for mark in found):
        return None
    if any(isinstance(mark, Ref) for mark in found):
        return "nominal", True
    kind = plain_type(field)
    if kind in (int, float):
        return "interval", False
    if kind is bool or any(isinstance(mark, Edtf) for mark in found):
        return "nominal", False
    return ("nominal", False) if isinstance(kind, type) and issubclass(kind, Enum) else None


def _told(value: Any, there: Callable[[str], str] | None) -> Any:
    return there(value) if there and value is not None else value


def agreement_in(one: Compared, seed: int, samples: int) -> FieldAgreement:
    """How far coders agree in a field.

    Raises:
        MissingPackage: the library that reckons alpha is not installed.
    """
    # "Nothing said" is a value like others, save where values are numbers.
    numbers = one.level != "nominal"
    units = [pair for pair in one.values if not (numbers and None in pair)]
    same = sum(x == y for x, y in units)
    alpha = krippendorff_alpha(units, one.level, seed=seed, samples=samples)
    return FieldAgreement(
        table=one.table,
        field=one.field,
        level=one.level,
        paired_by=one.paired_by,
        units=len(units),
        observed=round(same / len(units), 6) if units else None,
        alpha=alpha.value,
        low=alpha.low,
        high=alpha.high,
        resamples=alpha.resamples,
    )


def krippendorff_alpha(
    units: Sequence[Sequence[Hashable]],
    level: Level = "nominal",
    *,
    seed: int = 0,
    samples: int = 0,
) -> Alpha:
    """Krippendorff's alpha of units that were each coded by some coders.

    Args:
        units: For each unit the values given to it, one a coder; of ordered values numbers.
        level: The level of measurement.
        seed: The seed of the bootstrap.
        samples: How many samples to draw; none without.

    Raises:
        MissingPackage: the library is not installed.
    """
    library, numpy = _libraries()
    domain = list(dict.fromkeys(value for unit in units for value in unit))
    domain = sorted(domain) if level != "nominal" else domain  # type: ignore[type-var]
    place = {value: index for index, value in enumerate(domain)}
    counts = numpy.zeros((len(units), len(domain)), dtype=numpy.int64)
    for row, unit in enumerate(units):
        for value in unit:
            counts[row, place[value]] += 1
    value_domain = domain if level != "nominal" else range(len(domain))

    def reckon(chosen: np.ndarray) -> float | None:
        paired = chosen[chosen.sum(axis=1) > 1]
        present = paired.sum(axis=0) > 0
        if present.sum() < 2:
            return None
        values = [value for value, is_there in zip(value_domain, present, strict=True) if is_there]
        return float(
            library.alpha(
                value_counts=paired[:, present], value_domain=values, level_of_measurement=level
            )
        )

    value = reckon(counts)
    if value is None:
        return Alpha(None, None, None, 0)
    random = numpy.random.default_rng(seed)
    drawn = (reckon(counts[random.integers(len(units), size=len(units))]) for _ in range(samples))
    alphas = [one for one in drawn if one is not None]
    if not alphas:
        return Alpha(round(value, 6), None, None, 0)
    low, high = numpy.quantile(alphas, [0.025, 0.975])
    return Alpha(round(value, 6), round(float(low), 6), round(float(high), 6), len(alphas))


def _libraries() -> tuple[Any, Any]:
    try:
        import krippendorff
        import numpy
    except ImportError:
        raise MissingPackage(
            "Krippendorff's alpha needs the package krippendorff: pip install 'allegata[agree]'"
        ) from None
    return krippendorff, numpy


def confusion(one: Compared) -> Confusion:
    """How often the one coder says this where the other says that."""
    codes = [code.value for code in plain_type(MODELS[one.table].columns()[one.field])]
    values = [code for code in codes if any(code in pair for pair in one.values)]
    counts = [[one.values.count((x, y)) for y in values] for x in values]
    return Confusion(table=one.table, field=one.field, values=values, counts=counts)
