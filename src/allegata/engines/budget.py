"""How much memory the tables of a run may take, and how work is laid out to fit into it."""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass

_FOR_OTHERS = 400_000_000  # bytes of the limit that are left to those who read and write
_A_THREAD = 200_000_000  # bytes, with which a thread can sort
_A_ROW = 600  # bytes, with which a claim can be joined with all that belongs to it
_A_SORT = 60_000_000  # bytes; see Budget.ranges


@dataclass(frozen=True)
class Budget:
    """How many bytes the engine may take for tables, and what follows from that.

    An engine spills what it sorts, joins and groups, but not without end: it holds tables that it
    keeps in memory at the cost of that work, and what it holds of each thing spilled grows with
    their number. So how work is laid out depends on how much there is; what comes of it does not.
    """

    own: int
    """The bytes."""

    @classmethod
    def of(cls, memory_limit: str) -> Budget:
        """What the engine may take of a limit such as ``500MB``, less what others need.

        >>> Budget.of("1GB").own, Budget.of("500MB").own
        (600000000, 250000000)
        """
        size = _bytes(memory_limit)
        return cls(max(size - _FOR_OTHERS, size * 5 // 10))

    @property
    def threads(self) -> int:
        """In how many threads to work: each sorts and joins in memory of its own."""
        return max(1, min(os.cpu_count() or 1, self.own // _A_THREAD))

    def is_large(self, size: int) -> bool:
        """Whether tables of so many bytes are too many for what is made of them to be in memory.

        In memory it is fastest, and the engine spills what does not fit. But what is made leaves
        less memory to work with, so if it is much, it is kept on disk; and only then is anything
        done in parts or ranges.
        """
        return size > self.own

    def parts(self, rows: int) -> int:
        """Into how many parts so many rows are best divided, to be joined and grouped in each."""
        return max(1, math.ceil(rows * _A_ROW / self.own))

    def ranges(self, size: int) -> int:
        """Into how many ranges of keys rows of so many bytes are best divided, to be sorted.

        A sort spills runs of about the size of the memory, and then reads some of each at once:
        so what it needs grows with what is sorted, and shrinks with the memory.
        """
        return max(1, math.ceil(size * _A_SORT / self.own**2))


def _bytes(memory_limit: str) -> int:
    """The size that a text such as ``500MB`` names.

    >>> _bytes("1.5GB"), _bytes("1 KiB")
    (1500000000, 1024)
    """
    found = re.fullmatch(r"([0-9.]+) ?([KMGT])(i?)B", memory_limit, re.IGNORECASE)
    if not found:
        raise ValueError(f"{memory_limit!r} is not a size such as 500MB or 4GB")
    step = 1024 if found[3] else 1000
    return int(float(found[1]) * step ** ("KMGT".index(found[2].upper()) + 1))
