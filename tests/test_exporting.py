"""Exports: read by the tools they are for, and compared with the release that they were made of."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import networkx as nx
import pytest
import rdflib
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from acceptance.releases import add_edges
from allegata import open_release
from allegata.exporting import FORMATS
from allegata.importing import import_files
from allegata.importing.documents.tasks import CODED
from allegata.publishing import publish
from allegata.releasing import Release
from allegata.schema import MODELS

Run = Callable[..., Any]
HERE = Path(__file__).parent
PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")
NP = rdflib.Namespace("http://www.nanopub.org/nschema#")
STANCE = rdflib.URIRef("urn:allegata:field:claims:stance")
HOSTILE = """
actors:
  - {id: act-hostile, kind: unnamed, name: '"]} <b>&amp;''; DROP TABLE claims;-- \\ @en . <urn:x>'}
sources:
  - id: src-hostile
    kind: other
    publisher: act-harl-courier
    published: "2025-03-03"
    lang: en
    title: '</script>]]> "''" }{ \\u0022 \\" 𠮷野家 ‏(1)'
    text_sha256: d4ab8291f20392128eb81beac83695fc2938bad106363bab7c89b62e790f7e10
    text_chars: 100
    claims:
      - id: clm-hostile-01
        proposition: prp-harl-attack-occurrence
        stance: denies
        method: human
        coder: c1
        reviewer: c2
        coded: "2025-03-10"
        chain: [{statement: stm-hostile, cue: '"" > said'}]
        quotes:
          - role: speech
            start: 0
            end: 5
            sha256: 0e997b58018628d19c06a631ad85697dfd2510475419ed74b613a254eb32a312
            exact: '"}𠮷\\'
statements:
  - {id: stm-hostile, speaker: act-hostile, channel: speech, said: "2025-03-03"}
"""


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exporting")
    shutil.copytree(HERE / "fictional", folder / "data")
    add_edges(folder / "data")
    (folder / "data" / "hostile.yaml").write_text(HOSTILE, encoding="utf-8")
    publish(folder / "data", folder / "dist", "2025.4.0")
    return folder / "dist"


@pytest.fixture(scope="module")
def release(dist: Path) -> Release:
    return open_release(dist)


@pytest.fixture
def exported(run: Run, dist: Path, tmp_path: Path) -> Callable[..., Path]:
    def export(name: str, *options: str) -> Path:
        out = tmp_path / f"out{FORMATS[name].ending}"
        ran = run("export", name, dist, "--out", out, *options)
        assert (ran.code, ran.out) == (0, ""), ran.err
        assert FORMATS[name].loses in ran.err
        return out

    return export


def rows(release: Release, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = release.table(table).arrow.to_pylist()
    return found


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, datetime.date) else value


def test_sqlite_holds_every_row_with_sound_keys(
    exported: Callable[..., Path], release: Release
) -> None:
    connection = sqlite3.connect(exported("sqlite"))
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        keys = connection.execute("SELECT * FROM pragma_foreign_key_list('claims')").fetchall()
        assert {(key[3], key[2]) for key in keys} == {
            ("source_id", "sources"),
            ("proposition_id", "propositions"),
        }
        for table in release.table_names:
            found = connection.execute(f'SELECT * FROM "{table}"').fetchall()
            wanted = [tuple(map(_plain, row.values())) for row in rows(release, table)]
            assert Counter(found) == Counter(wanted), table
        told = connection.execute(
            "SELECT description FROM column_descriptions WHERE column_name = 'source_id' "
            "AND table_name = 'claims'"
        ).fetchone()
        assert told == ("The document that makes the report.",)
    finally:
        connection.close()


def test_duckdb_holds_every_row_with_comments_and_views(
    exported: Callable[..., Path], release: Release
) -> None:
    with duckdb.connect(str(exported("duckdb")), read_only=True) as connection:
        for table in release.table_names:
            wanted = release.table(table).arrow
            found = connection.table(table).to_arrow_table()
            assert found.cast(wanted.schema).to_pylist() == wanted.to_pylist(), table
        comments = connection.sql(
            "SELECT count(*) FROM duckdb_columns() WHERE NOT internal AND comment IS NULL "
            "AND table_name NOT LIKE '%_now'"
        ).fetchall()
        assert comments == [(0,)]
        now = [row for row in rows(release, "contestation") if row["valid_to"] is None]
        assert connection.sql("SELECT count(*) FROM contestation_now").fetchall() == [(len(now),)]


def test_csvw_is_the_edition_of_the_release(
    exported: Callable[..., Path], release: Release
) -> None:
    out = exported("csvw")
    theirs = {path.name: path.read_bytes() for path in (release.path / "csv").iterdir()}
    assert {path.name: path.read_bytes() for path in out.iterdir()} == theirs


def _edges(release: Release) -> Counter[tuple[str, str, str]]:
    sources = {row["id"]: row for row in rows(release, "sources")}
    speakers = {row["id"]: row["speaker_id"] for row in rows(release, "statements")}
    chains: dict[str, list[str]] = {row["id"]: [] for row in rows(release, "claims")}
    for hop in sorted(rows(release, "hops"), key=lambda hop: int(hop["position"])):
        chains[hop["claim_id"]].append(speakers[hop["statement_id"]])
    found: Counter[tuple[str, str, str]] = Counter()
    for claim in rows(release, "claims"):
        chain = chains[claim["id"]]
        first = chain[0] if chain else sources[claim["source_id"]]["publisher_id"]
        how = "gives_words_to" if chain else "speaks_itself"
        found[claim["source_id"], first, how] += 1
        for outer, inner in pairwise(chain):
            found[outer, inner, "passes_on"] += 1
    return found


@pytest.mark.parametrize("name", ["graphml", "network"])
def test_the_network_counts_claims(
    name: str, exported: Callable[..., Path], release: Release
) -> None:
    out = exported(name)
    if name == "graphml":
        graph = nx.read_graphml(out)
    else:
        graph = nx.node_link_graph(json.loads(out.read_text(encoding="utf-8")), edges="edges")
    found = {
        (source, target, data["relation"]): data["claims"]
        for source, target, data in graph.edges(data=True)
        if data["relation"] != "published_by"
    }
    assert found == _edges(release)
    labels = {row["id"]: row["name"] for row in rows(release, "actors")}
    assert {name: graph.nodes[name]["label"] for name in labels} == labels


def _stances(release: Release) -> dict[str, str]:
    return {row["id"]: row["stance"] for row in rows(release, "claims")}


def _last(term: Any) -> str:
    """What an IRI ends in: the id of a record, or a code."""
    return re.split("[:#]", str(term))[-1]


def test_prov_tells_who_says_it_and_keeps_the_chain(
    exported: Callable[..., Path], release: Release
) -> None:
    graph = rdflib.Graph().parse(exported("prov"), format="turtle")
    assert {_last(claim): _last(stance) for claim, stance in graph[:STANCE:]} == _stances(release)
    speakers = {row["claim_id"]: row["speaker_id"] for row in rows(release, "claims_flat")}
    for claim, _ in graph[:STANCE:]:
        assert _last(graph.value(claim, PROV.wasAttributedTo)) == speakers[_last(claim)]
        at, depth = graph.value(claim, PROV.wasGeneratedBy), 0
        assert at is None or not list(graph.objects(at, PROV.wasInformedBy))
        while at is not None:
            at, depth = graph.value(None, PROV.wasInformedBy, at), depth + 1
        hops = [hop for hop in rows(release, "hops") if hop["claim_id"] == _last(claim)]
        assert depth == len(hops)
    hostile = next(row for row in rows(release, "actors") if row["id"] == "act-hostile")
    assert (None, rdflib.RDFS.label, rdflib.Literal(hostile["name"])) in graph


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib warns of itself
def test_each_nanopublication_asserts_that_someone_says_it(
    exported: Callable[..., Path], release: Release
) -> None:
    data = rdflib.Dataset()
    data.parse(data=exported("nanopub").read_text(encoding="utf-8"), format="trig")
    found = {}
    for pub, _, _, head in data.quads((None, rdflib.RDF.type, NP.Nanopublication, None)):
        parts = {
            part: data.graph(data.graph(head).value(pub, NP[part]))
            for part in ("hasAssertion", "hasProvenance", "hasPublicationInfo")
        }
        assertion = parts["hasAssertion"]
        (claim,) = set(assertion.subjects())
        found[_last(claim)] = _last(assertion.value(claim, STANCE))
        assert set(parts["hasProvenance"].subjects()) == {assertion.identifier}
        assert set(parts["hasPublicationInfo"].subjects()) == {pub}
        label = str(assertion.value(claim, rdflib.RDFS.label))
        assert found[_last(claim)].replace("_", " ") in label
    assert found == _stances(release)


def test_schema_org_names_speaker_source_and_stance(
    exported: Callable[..., Path], release: Release
) -> None:
    graph = json.loads(exported("claims").read_text(encoding="utf-8"))["@graph"]
    flat = {row["claim_id"]: row for row in rows(release, "claims_flat")}
    assert {item["identifier"] for item in graph} == set(flat)
    for item in graph:
        row = flat[item["identifier"]]
        assert item["author"]["name"] == row["speaker_name"]
        assert _last(item["appearance"]["@id"]) == row["source_id"]
        assert item["text"].startswith(row["speaker_name"])
        stance = row["stance"].replace("_", " ")
        assert item["text"].endswith(f"{stance}: “{row['proposition_text']}”")
        assert item["@type"] == "Claim"
        assert item.get("citation") == row["quote"]


def test_annotations_point_at_every_quote(exported: Callable[..., Path], release: Release) -> None:
    items = json.loads(exported("annotation").read_text(encoding="utf-8"))["items"]
    found = [
        (_last(item["id"]), *(s.get("exact", (s.get("start"), s.get("end")))
                                         for s in item["target"]["selector"]))
        for item in items
    ]  # fmt: skip
    wanted = [
        (f"{row['claim_id']}.quote-{row['seq']}", (row["start"], row["end"]),
         *([row["exact"]] if row["exact"] is not None else []))
        for row in rows(release, "quotes")
    ]  # fmt: skip
    assert sorted(found, key=str) == sorted(wanted, key=str)


@pytest.mark.parametrize("name", ["plover", "followthemoney"])
def test_disputed_events_are_left_out_unless_asked_for(
    name: str, exported: Callable[..., Path], release: Release, run: Run, tmp_path: Path
) -> None:
    heads = {
        row["proposition_id"]: row["status_worded"]
        for row in rows(release, "contestation")
        if row["valid_to"] is None
    }
    disputed = {
        row["id"]
        for row in rows(release, "events")
        if row["head_id"] and heads[row["head_id"]] != "asserted"
    }
    assert disputed
    ids = [json.loads(line)["id"] for line in exported(name).read_text("utf-8").splitlines()]
    assert not disputed & set(ids)
    assert len(set(ids)) == len(ids)
    all_of_it = tmp_path / "all"
    assert run("export", name, release.path, "--contested", "--out", all_of_it).code == 0
    more = {json.loads(line)["id"] for line in all_of_it.read_text("utf-8").splitlines()}
    assert more - set(ids) == {
        row["id"]
        for row in rows(release, "events")
        if row["id"] in disputed and (name != "plover" or row["type"] == "attack")
    }


def test_no_one_disputed_is_said_to_have_done_it(
    exported: Callable[..., Path], release: Release
) -> None:
    now = {
        row["proposition_id"]: row["status_worded"]
        for row in rows(release, "contestation")
        if row["valid_to"] is None
    }
    accused = {
        (row["event_id"], row["actor_id"])
        for row in rows(release, "propositions")
        if row["aspect"] == "agent" and now[row["id"]] != "asserted"
    }
    assert accused
    for line in exported("followthemoney").read_text("utf-8").splitlines():
        entity = json.loads(line)
        involved = entity["properties"].get("involved", [])
        assert not {(entity["id"], actor) for actor in involved} & accused


def _authored(release: Release) -> dict[str, dict[str, Any]]:
    found = {}
    for row in rows(release, "claims"):
        mine = [dict(one) for one in rows(release, "hops") if one["claim_id"] == row["id"]]
        quotes = [dict(one) for one in rows(release, "quotes") if one["claim_id"] == row["id"]]
        claim = {name.removesuffix("_id"): _plain(row[name]) for name in MODELS["claims"].columns()}
        claim["chain"] = [
            {"statement": one["statement_id"], "cue": one["cue"]}
            for one in sorted(mine, key=lambda one: int(one["position"]))
        ]
        claim["quotes"] = [
            {name: value for name, value in one.items() if name not in ("claim_id", "seq")}
            for one in sorted(quotes, key=lambda one: int(one["seq"]))
        ]
        found[row["id"]] = claim
    return found


def _dumped(claim: dict[str, Any]) -> Any:
    return MODELS["claims"].model_validate_json(json.dumps(claim)).model_dump()


def test_what_followthemoney_keeps_comes_back(
    exported: Callable[..., Path], release: Release, run: Run, tmp_path: Path
) -> None:
    file = exported("followthemoney")
    ran = run("import", "followthemoney", file, "--out", tmp_path / "in")
    assert ran.code == 0, ran.err
    found = yaml.safe_load((tmp_path / "in" / "records.yaml").read_text("utf-8"))
    mine = {one["id"]: one["origins"][0]["item"] for one in found["actors"]}
    aliases: dict[str, set[str]] = {}
    for row in rows(release, "actor_aliases"):
        aliases.setdefault(row["actor_id"], set()).add(row["alias"])
    assert {
        mine[one["id"]]: (one["name"], one.get("country"), one.get("wikidata"),
                          {other["alias"] for other in one.get("aliases", [])})
        for one in found["actors"]
    } == {
        row["id"]: (row["name"], row["country"], row["wikidata"],
                    aliases.get(row["id"], set()) - {row["name"]})
        for row in rows(release, "actors")
    }  # fmt: skip
    people = {row["id"] for row in rows(release, "actors") if row["kind"] in ("person", "unnamed")}
    assert {
        (one["title"], mine[one["actor"]], mine.get(one.get("org"))) for one in found["roles"]
    } == {
        (row["title"], row["actor_id"], row["org_id"])
        for row in rows(release, "roles")
        if row["actor_id"] in people
    }


def _came_back(out: Path) -> tuple[list[dict[str, Any]], list[list[str]]]:
    """The claims of an import, and the rows and reasons of what was set aside."""
    with (out / "set-aside.txt").open(encoding="utf-8") as file:
        aside = [line.rstrip("\n").split("\t")[1:] for line in file][1:]
    path = out / "records.yaml"
    found = yaml.safe_load(path.read_text("utf-8"))["claims"] if path.exists() else []
    return found, aside


def _judged_by(claim: dict[str, Any], **fields: Any) -> Any:
    return _dumped({**claim, "coder": "c9", "method": "human", "reviewer": None, **fields})


def test_tasks_of_label_studio_come_back_as_they_went(
    exported: Callable[..., Path], release: Release, run: Run, tmp_path: Path
) -> None:
    tasks = json.loads((exported("label-studio") / "tasks.json").read_text(encoding="utf-8"))
    for task in tasks:
        task["annotations"] = [
            {
                "result": task["predictions"][0]["result"],
                "completed_by": 1,
                "updated_at": "2026-02-03T04:05:06.7Z",
            }
        ]
    tasks[0]["annotations"] = [{"was_cancelled": True, "result": []}]
    del tasks[1]["annotations"][0]["result"][0]
    back = tmp_path / "back.json"
    back.write_text(json.dumps([*tasks, tasks[2]]), encoding="utf-8")
    ran = run("import", "label-studio", back, "--out", tmp_path / "in", "--coder", "c9")
    assert ran.code == 0, ran.err
    claims, aside = _came_back(tmp_path / "in")
    first, second, third = (task["data"]["record"]["id"] for task in tasks[:3])
    assert aside == [
        ["1", "not-judged", first],
        ["2", "not-judged-in-full", f"{second}: without stance"],
        [str(len(tasks) + 1), "repeated", third],
    ]
    assert len(claims) + 2 == len(tasks) == len(_stances(release))
    wanted = _authored(release)
    for claim in claims:
        (origin,) = claim.pop("origins")
        assert (origin["importer"], origin["file"]) == ("label-studio", "back.json")
        assert _dumped(claim) == _judged_by(wanted[claim["id"]], coded="2026-02-03")


def test_documents_of_inception_come_back_as_they_went(
    exported: Callable[..., Path], release: Release, run: Run, tmp_path: Path
) -> None:
    files = sorted(exported("inception").iterdir())
    ran = run("import", "inception", *files, "--out", tmp_path / "in", "--coder", "c9")
    assert ran.code == 0, ran.err
    claims, aside = _came_back(tmp_path / "in")
    assert aside == []
    for claim in claims:
        del claim["origins"]
    wanted = _authored(release)
    assert {claim["id"]: _dumped(claim) for claim in claims} == {
        name: _judged_by(claim) for name, claim in wanted.items()
    }
    for file in files:
        document = json.loads(file.read_text(encoding="utf-8"))
        text, *spans = document["%FEATURE_STRUCTURES"]
        units = text["sofaString"].encode("utf-16-le")
        for span in spans:
            covered = units[2 * span["begin"] : 2 * span["end"]].decode("utf-16-le")
            assert covered.startswith("Proposition: ")
            assert "\n\n" not in covered


def test_judged_claims_pass_in_the_place_of_those_that_they_were(
    exported: Callable[..., Path], dist: Path, release: Release, run: Run, tmp_path: Path
) -> None:
    shutil.copytree(dist.parent / "data", tmp_path / "data")
    files_of_records = YAML()  # of YAML 1.2, as record files are
    for path in sorted((tmp_path / "data").rglob("*.yaml")):
        document = files_of_records.load(path)
        for source in [document, *(document.get("sources") or [])]:
            source.pop("claims", None)
        files_of_records.dump(document, path)
    files = sorted(exported("inception").iterdir())
    run("import", "inception", *files, "--out", tmp_path / "data" / "judged", "--coder", "c9")
    assert len(_came_back(tmp_path / "data" / "judged")[0]) == len(_stances(release))
    ran = run("check", "--no-cache", tmp_path / "data")
    assert ran.code == 0, ran.err


def test_who_judged_is_to_be_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("[]")
    for words in (
        ["label-studio"],
        ["claimreview", "--coder", "c9"],
        ["inception", "--coder", "C 9"],
    ):
        ran = run("import", words[0], file, *words[1:], "--out", tmp_path / "out")
        assert (ran.code, "--coder" in ran.err) == (2, True)
    assert not (tmp_path / "out").exists()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["data", "record", "annotations", "result", "value", "choices",
                         "from_name", "%FEATURE_STRUCTURES", "%TYPE", *CODED]),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=30)
@given(document=_JSON, name=st.sampled_from(["label-studio", "inception"]))
def test_whatever_comes_back_is_a_record_or_set_aside(
    document: Any, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "any.json").write_text(json.dumps(document), encoding="utf-8")
    report = import_files(name, [folder / "any.json"], folder / "out", coder="c9")
    assert report.balanced
    assert report.imported == 0


def test_the_same_release_gives_the_same_bytes(run: Run, dist: Path, tmp_path: Path) -> None:
    for name, form in FORMATS.items():
        if form.is_folder or name == "duckdb":  # whose files bear a number of their own
            continue
        made = [tmp_path / f"{name}{n}" for n in (1, 2)]
        for out in made:
            assert run("export", name, dist, "--out", out, "-q").code == 0
        assert made[0].read_bytes() == made[1].read_bytes(), name


def test_wrong_usage_says_what_to_do(run: Run, dist: Path, tmp_path: Path) -> None:
    ran = run("export", "sqlit", dist, "--out", tmp_path / "x")
    assert (ran.code, "did you mean sqlite?" in ran.err) == (2, True)
    (tmp_path / "there").write_text("kept")
    ran = run("export", "sqlite", dist, "--out", tmp_path / "there")
    assert (ran.code, "is there already" in ran.err) == (2, True)
    assert (tmp_path / "there").read_text() == "kept"
    assert run("export", "sqlite", dist).code == 2
    assert run("export", "sqlite", tmp_path / "none", "--out", tmp_path / "y").code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there"]


def test_the_guide_has_the_table_of_formats() -> None:
    guide = (HERE.parent / "docs" / "exporting.md").read_text(encoding="utf-8")
    for form in FORMATS.values():
        assert f"| `{form.name}` | {form.title} | {form.keeps} | {form.loses} |" in guide
        assert f"\nallegata export {form.name} dist --out " in guide
