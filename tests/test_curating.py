"""Beginning a dataset and adding records to it, by options and by answers."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from allegata.curating import Document, init
from allegata.curating.asking import NEW, questions
from allegata.curating.creating import Dataset
from allegata.curating.ids import proposed
from allegata.engines import check
from allegata.publishing import publish
from allegata.schema import MODELS

Run = Callable[..., Any]

FICTIONAL = Path(__file__).parent / "fictional"
COURIER = ["--publisher", "act-harl-courier"]
AT_THE_LOCK = ["--place", "plc-harl-lock"]
OUTSIDE = ["--published", "2024", "--id", "src-../x"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    left_out = shutil.ignore_patterns(".allegata_cache")
    return Path(shutil.copytree(FICTIONAL, tmp_path / "data", ignore=left_out))


@pytest.fixture
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())


class Typed(io.StringIO):
    """Answers typed on a terminal."""

    def isatty(self) -> bool:
        return True


# init


def test_a_new_dataset_checks_and_publishes_at_once(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "river-events"
    assert run("init", folder, "--title", "Events on the river").code == 0
    report = check([folder / "data"])
    assert (report.problems, report.anchors.unverified) == ([], 0)
    assert report.anchors.verified == report.reading.stock.rows("quotes") > 0
    assert run("format", folder / "data", "--check").code == 0
    publish(folder / "data", folder / "dist", "2026.11.0")
    assert json.loads((folder / "dist/catalog.json").read_text())["releases"]
    for file in folder.rglob("*.json"):
        json.loads(file.read_text())
    for file in [*folder.rglob("*.yml"), folder / ".pre-commit-config.yaml"]:
        assert yaml.safe_load(file.read_text())
    for file in (folder / "data").rglob("*.yaml"):
        line = file.read_text().splitlines()[0]
        assert (file.parent / line.partition("$schema=")[2]).is_file()


@pytest.mark.parametrize(
    "title", ['a: "b" #c', "Événements — ドラマ", "- [x]", "{{ 7 * 7 }} $title %s"]
)
def test_a_title_is_what_was_said(title: str, tmp_path: Path) -> None:
    init(tmp_path / "x", title=title)
    assert yaml.safe_load((tmp_path / "x/data/dataset.yaml").read_text())["title"] == title
    assert check([tmp_path / "x/data"]).problems == []


@pytest.mark.parametrize("name", ["Été", "a b", "a--b", "-a", "A", "x" * 61, "a.b"])
def test_a_bad_name_is_refused(name: str, tmp_path: Path, run: Run) -> None:
    ran = run("init", "--", tmp_path / name)
    assert ran.code == 2
    assert "cannot name a dataset" in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "option", [("--title", "a\nb"), ("--title", "\u202ea"), ("--lang", "xx-y")]
)
def test_bad_words_leave_nothing(option: tuple[str, str], tmp_path: Path, run: Run) -> None:
    assert run("init", tmp_path / "x", *option).code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, run: Run) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "mine").write_text("mine")
    (tmp_path / "y").write_text("mine")
    (tmp_path / "z").symlink_to(tmp_path / "x")
    for name in "xyz":
        assert run("init", tmp_path / name).code == 2
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["mine"]
    (tmp_path / "empty").mkdir()
    assert run("init", tmp_path / "empty").code == 0


# new


def test_what_is_asked_for_is_what_the_models_have() -> None:
    for table in NEW.values():
        model = MODELS[table]
        names = {one.column for one in questions(table)}
        left_out = {"id", "origins", "text_sha256", "text_chars"}
        assert names == set(model.model_fields) - left_out - {"claims", "propositions"}
        required = {one.column for one in questions(table) if one.is_required}
        assert required == {n for n, f in model.columns().items() if f.is_required()} - {"id"}


@pytest.mark.usefixtures("no_terminal")
def test_records_go_where_their_like_stand(data: Path, run: Run) -> None:
    where = ("--data", data)
    ran = run(
        "new", "actor", *where, "--kind", "person", "--name", "Ana Maria Łoś", "--aliases", "no"
    )
    assert (ran.code, ran.out) == (0, "act-ana-maria-los\n")
    assert ran.err.startswith(f"written to {data / 'actors.yaml'}:")
    ran = run(
        *("new", "source", *where, "--kind", "news_report", "--publisher", "act-harl-courier"),
        *("--published", "2025-03-09", "--lang", "en"),
    )
    assert ran.out == "src-harl-courier-2025-03-09\n"
    ran = run(
        *("new", "claim", *where, "--source", "src-harl-courier-2025-03-09", "--stance", "asserts"),
        *("--proposition", "prp-harl-fire-occurrence", "--coder", "c7"),
        *("--chain", "stm-lask-post-2025-03-03:posted", "--quotes", "words"),
    )
    assert ran.out == "clm-harl-courier-2025-03-09-01\n"
    file = data / "sources" / "src-harl-courier-2025-03-09.yaml"
    (source,) = yaml.safe_load(file.read_text())["sources"]
    (claim,) = source["claims"]
    assert list(source) == [
        key for key in (f.alias for f in MODELS["sources"].model_fields.values()) if key in source
    ]
    assert (claim["coder"], claim["method"], claim["quotes"]) == ("c7", "human", ["words"])
    assert claim["chain"] == [{"statement": "stm-lask-post-2025-03-03", "cue": "posted"}]
    (data / "texts" / f"{source['id']}.txt").write_text("These are words.")
    assert run("anchor", file, "--texts", data / "texts").code == 0
    assert check([data], texts=data / "texts").ok
    for path in data.rglob("*.yaml"):
        assert Document.read(path).text() == path.read_text()


def test_the_first_occurrence_is_the_head(data: Path) -> None:
    dataset = Dataset(data)
    event = {"id": "evt-x", "label": "Alleged x", "type": "attack"}
    dataset.add("events", event)
    text = "X takes place."
    dataset.add(
        "propositions", {"id": "prp-x", "event": "evt-x", "aspect": "occurrence", "text": text}
    )
    written = Document.read(data / "events.yaml").find("evt-x")
    assert written.text("head") == "prp-x"
    assert [one.text("id") for one in written.records("propositions")] == ["prp-x"]


@pytest.mark.usefixtures("no_terminal")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["actor", "--kind", "state", "--name", "VELLMARK"], "act-vellmark"),
        (["actor", "--kind", "state", "--name", "Velmark"], "a name much like it, Vellmark"),
        (["actor", "--kind", "person", "--name", "x", "--aliases", "Maren Osk"], "act-maren-osk"),
        (
            [
                "statement",
                "--speaker",
                "act-jori-lask",
                "--channel",
                "social_post",
                "--said",
                "2025-03",
            ],
            "stm-lask-post-2025-03-03",
        ),
        (
            ["source", "--kind", "other", "--lang", "en", "--published", "2025-03-03", *COURIER],
            "src-harl-courier-2025-03-03",
        ),
        (
            ["event", "--label", "Blaze", "--type", "other", "--time", "2025-03", *AT_THE_LOCK],
            "evt-harl-lock-fire",
        ),
    ],
)
def test_what_is_likely_there_is_not_written_unasked(
    arguments: list[str], why: str, data: Path, run: Run
) -> None:
    before = {path: path.read_bytes() for path in data.rglob("*.yaml")}
    ran = run("new", *arguments, "--data", data)
    assert ran.code == 1
    assert why in ran.err
    assert {path: path.read_bytes() for path in data.rglob("*.yaml")} == before
    assert run("new", *arguments, "--data", data, "--yes").code == 0


def test_an_authority_tells_the_same(data: Path) -> None:
    dataset = Dataset(data)
    dataset.add("actors", {"id": "act-q", "kind": "state", "name": "Q", "wikidata": "Q42"})
    other = {"kind": "state", "name": "Something else", "wikidata": "Q42"}
    (found,) = Dataset(data).duplicates("actors", other)
    assert (found.id, found.why) == ("act-q", "the same wikidata")


@pytest.mark.usefixtures("no_terminal")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["actor"], "missing: --kind, --name"),
        (["actor", "--kind", "persn", "--name", "x"], "must be 'person'"),
        (["actor", "--kind", "person", "--name", "a\nb"], "line break"),
        (["actor", "--kind", "person", "--name", "x", "--id", "act-../../x"], "id"),
        (["actor", "--kind", "person", "--name", "x", "--id", "act-maren-osk"], "is taken"),
        (["actor", "--kind", "person", "--name", "x", "--file", "../out.yaml"], "within"),
        (["source", "--kind", "other", "--lang", "en", *COURIER, *OUTSIDE], "id"),
        (["role", "--actor", "act-maren-ost", "--title", "x"], "act-maren-osk is near"),
        (["place", "--name", "x", "--kind", "site", "--lat", "north"], "lat"),
        (["statement", "--speaker", "act-maren-os", "--channel", "speech"], "act-maren-osk"),
        (["role", "--actor", "act-maren-osk", "--title", "x", "--start", "soon"], "start"),
    ],
)  # fmt: skip
def test_a_bad_answer_is_wrong_usage(arguments: list[str], why: str, data: Path, run: Run) -> None:
    before = {path: path.read_bytes() for path in data.parent.rglob("*.yaml")}
    ran = run("new", *arguments, "--data", data)
    assert (ran.code, ran.out) == (2, "")
    assert why in ran.err
    assert "Traceback" not in ran.err
    assert {path: path.read_bytes() for path in data.parent.rglob("*.yaml")} == before


@pytest.mark.usefixtures("no_terminal")
@pytest.mark.parametrize(
    "name", ["x\u0009y: {z", "- a", "&a *b", "!!python/x", "a #b", "'", "{}", "no"]
)
def test_an_answer_is_a_text_and_nothing_else(name: str, data: Path, run: Run) -> None:
    ran = run("new", "actor", "--kind", "person", "--name", name, "--data", data, "--id", "act-x")
    if ran.code == 0:
        assert Document.read(data / "actors.yaml").find("act-x").text("name") == name
    else:
        assert (ran.code, "\t" in name) == (2, True)


def test_on_a_terminal_it_asks(data: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [
        "Lower lock",
        "sight",
        "site",
        "plc-harll",
        "plc-harl",
        *[""] * 6,
        "The lower one.",
        "",
    ]
    monkeypatch.setattr(sys, "stdin", Typed("\n".join(answers) + "\n"))
    ran = run("new", "place", "--data", data)
    assert (ran.code, ran.out) == (0, "plc-lower-lock\n")
    assert "A building, a compound or a spot within a town." in ran.err
    written = yaml.safe_load((data / "places.yaml").read_text())["places"][-1]
    assert written == {
        "id": "plc-lower-lock",
        "name": "Lower lock",
        "kind": "site",
        "parent": "plc-harl",
        "note": "The lower one.",
    }


def test_where_there_is_no_dataset(tmp_path: Path, run: Run) -> None:
    ran = run("new", "actor", "--data", tmp_path, "--name", "x", "--kind", "person")
    assert ran.code == 3
    assert "allegata init" in ran.err


def test_ids_are_new_and_plain() -> None:
    taken = {"act-harl-courier", "act-harl-courier-2"}
    assert proposed("actors", "The Harl Courier", taken) == "act-harl-courier-3"
    assert proposed("actors", "Ångström & Søn", set()) == "act-angstrom-son"
    assert proposed("actors", "東京", set()) == "act-new"


# man


def test_the_manual_has_every_verb(run: Run) -> None:
    ran = run("man")
    assert ran.code == 0
    for verb in ("check", "new\\ actor", "new actor", "site serve"):
        assert f".SS {verb}\n" in ran.out or "\\ " in verb
    assert not [line for line in ran.out.splitlines() if line[:1] == "'"]
    if shutil.which("man"):
        done = subprocess.run(
            ["man", "--warnings", "-l", "-"], input=ran.out, capture_output=True, text=True
        )
        assert done.returncode == 0
        assert done.stderr == ""
