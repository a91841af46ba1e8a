"""What the page of releases tells readers to do with a delta gives the new table."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import differences_by_pandas as by_pandas
from allegata.releasing import Op
from releases_in_a_row import publish_in_a_row

PAGE = (Path(__file__).parent.parent / "docs" / "releases-and-changes.md").read_text(
    encoding="utf-8"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_in_a_row(tmp_path_factory.mktemp("reader")).parent


def block(language: str, word: str) -> str:
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)
    (found,) = (one for one in blocks if word in one)
    return str(found)


# The page speaks of events; the same must hold of tables with rows that are new and gone.
@pytest.mark.parametrize("table", ["events", "places", "claims"])
def test_a_delta_is_applied_as_the_page_tells(
    folder: Path, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    old, new = ("2026.10.0", "2026.11.0") if table != "events" else ("2026.9.0", "2026.10.0")

    def here(text: str) -> str:
        # In two steps, as one version is old in one case and new in the other.
        text = text.replace("2026.11.0", "NEW").replace("2026.10.0", "OLD")
        return text.replace("NEW", new).replace("OLD", old).replace("/events.", f"/{table}.")

    expected = by_pandas.frame(Path(f"dist/releases/{new}/data/{table}.parquet"))
    names: dict[str, pd.DataFrame] = {}
    exec(here(block("python", "concat")), names)
    given = names["new"].reset_index()[list(expected.columns)]
    pd.testing.assert_frame_equal(
        given.astype(object).where(given.notna(), None), expected, check_dtype=False
    )
    answer = duckdb.sql(here(block("sql", "ANTI JOIN")))
    assert answer.columns == list(expected.columns)
    rows = expected.itertuples(index=False, name=None)
    assert answer.fetchall() == [tuple(row) for row in rows]


def test_the_page_tells_of_every_op() -> None:
    assert re.findall(r"^\| `(\w+)` \| (?:is|has)", PAGE, re.M) == [op.value for op in Op]
