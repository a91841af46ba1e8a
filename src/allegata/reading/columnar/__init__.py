"""Reading bulk input in columns: what is accepted is what the models accept, with the same values.

A `Columnar` is derived from the models of one table and of those nested in it. It vouches for the
lines that it surely reads as strict pydantic would; the numbers of all others are handed back.
"""

from allegata.reading.columnar.batches import Unreadable
from allegata.reading.columnar.plan import NotCompilable
from allegata.reading.columnar.reader import Columnar, Part

__all__ = ["Columnar", "NotCompilable", "Part", "Unreadable"]
