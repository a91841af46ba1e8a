"""A record in the terminal: everything that hangs on it, as data and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from allegata.publishing import publish
from allegata.reading import read

Run = Callable[..., Any]
FICTIONAL = Path(__file__).parent / "fictional"
IDS = [
    row["id"]
    for name in ("sources", "actors", "roles", "places", "events", "propositions", "statements")
    for row in read([FICTIONAL]).table(name).to_pylist()
]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("show")
    publish(FICTIONAL, folder, "2025.4.0")
    return folder


@pytest.fixture
def shown(run: Run, dist: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What is printed of a record, in lines as long as they come."""
    monkeypatch.setenv("COLUMNS", "400")

    def shown(*arguments: str) -> str:
        ran = run("show", *arguments, "--release", dist)
        assert (ran.code, ran.err) == (0, ""), ran.err
        return str(ran.out)

    return shown


def _part(text: str, heading: str) -> str:
    return text.partition(f"\n{heading}\n")[2].partition("\n\n")[0]


@pytest.mark.parametrize("record", IDS)
def test_every_record_is_shown(record: str, shown: Callable[..., str]) -> None:
    text = shown(record)
    assert record in text
    assert text.rstrip().endswith("It takes no position on whether what was said is so.")


def test_an_event_with_its_matrix_its_chains_and_its_claims(shown: Callable[..., str]) -> None:
    text = shown("evt-harl-lock-alleged-attack")
    assert "that it took place: asserted in words, contested by what follows" in text
    matrix = _part(text, "Who stands where")
    assert re.search(r"^proposition +Vellmark +Sornia", matrix)
    assert re.search(r"Sornia sets the gatehouse .* \+ +- ", matrix)
    assert (
        "  for: Petra Quill, Vellmark · against: Sornia (by what follows) · doubting: nobody\n"
        "  2 statements · 3 sources (4 with copies) · parties: 2 for, 1 against, 0 doubting"
    ) in text
    assert "through Presidency of Vellmark (official release, 2025-03-04, “Según”) › Maren" in text  # noqa: RUF001


def test_as_of_a_day_nothing_later_is_shown(shown: Callable[..., str]) -> None:
    text = shown("evt-harl-lock-alleged-attack", "--as-of", "2025-03-03")
    assert "as of 3 March 2025" in text
    assert "src-harl-courier-2025-03-03" in text
    assert "2025-03-04" not in text
    assert "2025-03-05" not in text
    assert "Nobody" not in shown("evt-harl-lock-alleged-attack", "--as-of", "2025-03-01")


def test_what_an_actor_said_is_apart_from_what_others_say_it_said(
    shown: Callable[..., str],
) -> None:
    text = shown("act-dario-fenn")
    assert "known only" not in _part(text, "What it said")
    others = _part(text, "What others say it said")
    assert others.count("known only through another party's account") == others.count("• ") > 0


def test_a_claim_with_its_chain_and_its_place_in_the_text(shown: Callable[..., str]) -> None:
    text = shown("clm-tornavoz-2025-03-05-03")
    assert _part(text, "The chain, outermost first").splitlines() == [
        "1. Presidency of Vellmark act-presidency-of-vellmark, official release, 4 March 2025, "
        "“según” stm-presidency-readout-2025-03-04",
        "2. Dário Fenn act-dario-fenn, phone call, 4 March 2025, “respondió” "
        "stm-fenn-to-osk-2025-03-04",
    ]
    assert re.search(r"• content, code points \d+.\d+", text)
    assert "against: nobody · doubting: Sornia" in text


def test_a_proposition_tells_why_who_stands_where(shown: Callable[..., str]) -> None:
    text = shown("prp-harl-attack-occurrence")
    assert [line.split(":")[0] for line in _part(text, "From day to day").splitlines()] == [
        "• before",
        "• 3 March 2025",
        "• 4 March 2025",
        "• 5 March 2025",
        "• 7 March 2025",
    ]
    assert "follows over prp-harl-failure-occurrence > prp-harl-attack-occurrence" in text
    assert "Whoever says so commits to prp-harl-fire-occurrence" in text


def test_a_proposition_never_stands_without_those_who_speak_to_it(
    shown: Callable[..., str],
) -> None:
    texts = {row["id"]: row["text"] for row in read([FICTIONAL]).table("propositions").to_pylist()}
    for record in ("plc-harl-lock", "prp-harl-fire-occurrence"):
        lines = shown(record).splitlines()
        told = [n for n, line in enumerate(lines) if line in texts.values()]
        assert told
        assert all(re.match("  for: .* · against: .* · doubting: ", lines[n + 3]) for n in told)


def test_an_unknown_id_is_told_with_those_near_it(run: Run, dist: Path) -> None:
    ran = run("show", "act-maren-osc", "--release", dist)
    assert (ran.code, ran.out) == (2, "")
    assert "no record 'act-maren-osc'; near it are act-maren-osk" in ran.err
    for record in ("nothing", "act-", "'; DROP VIEW claims; --"):
        assert run("show", record, "--release", dist).code == 2


def test_data_is_text_and_nothing_else(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    for file in ("actors", "dataset", "events", "places", "statements"):
        text = (FICTIONAL / f"{file}.yaml").read_text()
        (folder / f"{file}.yaml").write_text(
            text.replace("name: Maren Osk", 'name: "[bold red]Maren[/] [link=file:///]:smile:"')
        )
    for source in (FICTIONAL / "sources").glob("*.yaml"):
        (folder / source.name).write_text(source.read_text())
    publish(folder, tmp_path / "dist", "2025.4.0")
    ran = run("show", "act-maren-osk", "--release", tmp_path / "dist")
    assert "[bold red]Maren[/] [link=file:///]:smile:" in ran.out.splitlines()[0]
