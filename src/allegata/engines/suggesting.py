"""For a reference to nothing, the id that it was most likely meant to be."""

from __future__ import annotations

from allegata.reading import Stock, nearest
from allegata.reading.stock import ROW
from allegata.schema import MODELS
from allegata.tables import base_tables
from allegata.tables.session import Session

_MOST_IDS = 200_000
_MOST_ASKED = 1_000  # distinct values for which a suggestion is looked for


class Suggestions:
    """The ids of the dataset, by what refers to them."""

    def __init__(self, session: Session, stock: Stock) -> None:
        self._session, self._stock = session, stock
        self._by_slug: dict[str | None, dict[str, str]] = {}
        self._known: dict[tuple[str | None, str], str | None] = {}

    def for_reference(self, table: str, column: str | None, value: object) -> str | None:
        """The id nearest to a value of a column that refers to records; None if none is near.

        Of very many ids none is suggested: among a million, some id is always near.
        """
        of = base_tables()[table].column(column).refers_to if column else None
        asked = (of, str(value))
        if asked not in self._known:
            if len(self._known) >= _MOST_ASKED:
                return None
            slug = nearest(str(value).partition("-")[2], self._slugs(of))
            self._known[asked] = self._slugs(of)[slug] if slug else None
        return self._known[asked]

    def _slugs(self, of: str | None) -> dict[str, str]:
        """The ids of a table, or of all, by what follows their prefix.

        Prefixes are alike in all of them and would make everything seem near.
        """
        if of not in self._by_slug:
            tables = (
                [of] if of else [name for name, model in MODELS.items() if model.key == ("id",)]
            )
            few = sum(self._stock.rows(name) for name in tables) <= _MOST_IDS
            ids = [
                one
                for name in (tables if few else ())
                for one in self._session.fetch(f'SELECT id FROM "{name}" ORDER BY {ROW}')
                .column("id")
                .to_pylist()
            ]
            self._by_slug[of] = {one.partition("-")[2]: one for one in ids}
        return self._by_slug[of]
