"""Agreement for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from allegata.agreeing.model import Agreement, Alignment, Confusion, Difference, Pair
from allegata.rules import shortened

_LONG = 60  # characters of a value
MOST = 40
"""So many differences are shown, unless all are asked for."""


def lines(agreement: Agreement, *, all_records: bool = False) -> Iterator[RenderableType]:
    """Agreement for a terminal, part by part.

    Args:
        agreement: What comparing gave.
        all_records: Whether all differences are shown, and why each pair was taken for one.
    """
    a, b = (shortened(name, _LONG) for name in agreement.coders)
    yield Text(f"{', '.join(shortened(one) for one in agreement.sources)}: {a} and {b}", "bold")
    yield _found(agreement, a, b)
    yield _fields(agreement)
    if agreement.span_overlap is not None:
        yield Text(f"quoted words that paired claims share: {agreement.span_overlap:.0%}")
    for confusion in agreement.confusions:
        yield _confusion(confusion, a, b)
    yield from _differences(agreement, a, b, all_records=all_records)
    if all_records:
        for alignment in agreement.alignments:
            yield _reasons(alignment)


def _found(agreement: Agreement, a: str, b: str) -> Table:
    table = _table(
        "table", "paired", f"only {a}", f"only {b}", f"of {a} found", f"of {b} found", "F1"
    )
    for one in agreement.alignments:
        numbers = (len(one.pairs), len(one.only_a), len(one.only_b))
        shares = (one.found_of_a, one.found_of_b, one.f1)
        table.add_row(one.table, *map(str, numbers), *map(_number, shares))
    return table


def _fields(agreement: Agreement) -> Table:
    table = _table("field", "level", "pairs", "same", "alpha", "95 % interval")
    for one in agreement.fields:
        mark = " *" if one.paired_by else ""
        interval = "" if one.low is None else f"{_number(one.low)} to {_number(one.high)}"
        alpha = "not defined" if one.alpha is None else _number(one.alpha)
        table.add_row(
            f"{one.table}.{one.field}{mark}",
            one.level,
            str(one.units),
            _number(one.observed),
            alpha,
            interval,
        )
    table.caption = "* pairs are found by it, so that agreement in it is to be expected"
    table.caption_justify = "left"
    return table


def _confusion(confusion: Confusion, a: str, b: str) -> Table:
    table = _table(f"{confusion.field}: {a} down, {b} across", *confusion.values)
    for value, counts in zip(confusion.values, confusion.counts, strict=True):
        table.add_row(value, *(str(count or "·") for count in counts))
    return table


def _differences(
    agreement: Agreement, a: str, b: str, *, all_records: bool
) -> Iterator[RenderableType]:
    found = agreement.differences
    if not found:
        yield Text("no differences")
        return
    table = _table("record", "field", a, b, justify="left")
    for one in found if all_records else found[:MOST]:
        table.add_row(*map(_cell, _row(one)))
    yield table
    if len(found) > MOST and not all_records:
        yield Text(f"and {len(found) - MOST} more: --all shows them, and JSON holds all", "dim")


def _row(one: Difference) -> tuple[object, ...]:
    if one.field is None:
        return one.a or one.b, "the record", one.a and "has it", one.b and "has it"
    named = one.a if one.a == one.b else f"{one.a} / {one.b}"
    return named, one.field, one.a_value, one.b_value


def _reasons(alignment: Alignment) -> Table:
    table = _table(f"{alignment.table} paired", "", "alike", "why", justify="left")
    for pair in alignment.pairs:
        table.add_row(_cell(pair.a), _cell(pair.b), _number(pair.similarity), _why(pair))
    return table


def _why(pair: Pair) -> str:
    return ", ".join(f"{one.by} {one.score:.2f} x {one.weight:g}" for one in pair.reasons)


def _cell(value: object) -> Text:
    if value is None:
        return Text("-", "dim")
    return Text(shortened(str(value).lower() if isinstance(value, bool) else str(value), 200))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _table(*heads: str, justify: str = "right") -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for number, head in enumerate(heads):
        right = number and justify == "right"
        table.add_column(Text(head), justify="right" if right else "left", overflow="fold")
    return table
