"""Formats of others: small files written for these tests, in the forms that are met."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from allegata.importing import import_files, load_mapping
from allegata.importing.mapping.loading import packaged

Run = Callable[..., Any]


def imported(
    run: Run, tmp_path: Path, name: str, files: dict[str, str | bytes], code: int = 0
) -> Any:
    paths = []
    for file, content in files.items():
        path = tmp_path / file
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(path)
    ran = run("import", name, *paths, "--out", tmp_path / "out")
    assert ran.code == code, ran.out + ran.err
    assert "Traceback" not in ran.err
    if (tmp_path / "out" / "records.yaml").exists():
        checked = run("check", "--no-cache", tmp_path / "out")
        assert checked.code == 0, checked.err
    return ran


def records(tmp_path: Path) -> dict[str, list[dict[str, Any]]]:
    return yaml.safe_load((tmp_path / "out" / "records.yaml").read_text("utf-8"))


def gdelt_row(**cells: str) -> str:
    row = [""] * 61
    places = {
        "id": 0,
        "day": 1,
        "code1": 5,
        "name1": 6,
        "country1": 7,
        "code2": 15,
        "name2": 16,
        "code": 26,
        "base": 27,
        "root": 28,
        "quad": 29,
        "geo": 51,
        "place": 52,
        "lat": 56,
        "lon": 57,
        "feature": 58,
        "added": 59,
        "url": 60,
    }
    given = {
        "id": "7",
        "day": "20200304",
        "code1": "AAA",
        "name1": "AALAND",
        "code2": "BBB",
        "name2": "BEELAND",
        "code": "112",
        "base": "112",
        "root": "11",
        "quad": "3",
        "added": "20200305121500",
        "url": "https://news.example/a",
    }
    for name, value in (given | cells).items():
        row[places[name]] = value
    return "\t".join(row) + "\n"


def test_gdelt_verbal_codes_are_statements_and_material_ones_events(
    tmp_path: Path, run: Run
) -> None:
    rows = gdelt_row() + gdelt_row(
        id="8",
        quad="4",
        code="190",
        base="190",
        root="19",
        geo="4",
        place="Harbour, Aaland",
        lat="60.1",
        lon="19.9",
        feature="-12",
    )
    imported(run, tmp_path, "gdelt-events", {"a.export.CSV": rows})
    found = records(tmp_path)
    (statement,) = found["statements"]
    assert statement["said"] == "2020-03-04"
    assert len(statement["audience"]) == 1
    (event,) = found["events"]
    assert (event["type"], event["time"]) == ("attack", "2020-03-04")
    assert event["label"] == "Reported: Aaland (AAA) fights Beeland (BBB)"
    assert [one["stance"] for one in found["claims"]] == ["asserts", "asserts"]
    assert len(found["sources"]) == 1


REASONS: list[tuple[dict[str, str], str]] = [
    ({"id": "x"}, "no-id"),
    ({"day": "20200230"}, "no-day"),
    ({"added": ""}, "no-day-added"),
    ({"day": "20210101"}, "after-it-was-added"),
    ({"url": ""}, "no-article"),
    ({"quad": "5"}, "unknown-quad-class"),
    ({"base": "99", "root": "99"}, "unknown-code"),
    ({"code1": "", "name1": ""}, "statement-without-speaker"),
]


def test_gdelt_reasons(tmp_path: Path, run: Run) -> None:
    rows = [gdelt_row(**({"id": str(n)} | cells)) for n, (cells, _) in enumerate(REASONS)]
    ran = imported(run, tmp_path, "gdelt-events", {"a.CSV": gdelt_row(id="99") + "".join(rows)})
    for _, reason in REASONS:
        assert f"\n  {reason}: 1\n" in ran.out


ADM2 = 39, 47, 55


def _without(row: str, places: tuple[int, ...]) -> str:
    cells = row.rstrip("\n").split("\t")
    return "\t".join(cell for place, cell in enumerate(cells) if place not in places) + "\n"


def zipped(*contents: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for nth, content in enumerate(contents):
            file.writestr(f"{nth}.CSV", content)
    return packed.getvalue()


def test_gdelt_with_a_header_with_58_columns_and_zipped(tmp_path: Path, run: Run) -> None:
    columns = load_mapping(packaged() / "gdelt-events.yaml").reads.columns
    files = {
        "header.csv": "\t".join(columns).upper() + "\n" + gdelt_row(id="1"),
        "old.CSV": _without(gdelt_row(id="2", added="20200305"), ADM2),
        "packed.CSV.zip": zipped(gdelt_row(id="3")),
    }
    ran = imported(run, tmp_path, "gdelt-events", files)
    assert "rows in: 3\nrows imported: 3\n" in ran.out
    assert {one["said"] for one in records(tmp_path)["statements"]} == {"2020-03-04"}


MENTIONS = (
    "globaleventid,eventtimedate,mentiontimedate,mentiontype,mentionsourcename,mentionidentifier,"
    "sentenceid,actor1charoffset,actor2charoffset,actioncharoffset,inrawtext,confidence,"
    "mentiondoclen,mentiondoctone,mentiondoctranslationinfo,extras\n"
    "7,20200305121500,20200306121500,1,news.example,https://news.example/b,1,-1,2,3,1,100,9,0.1,"
    "srclc:ara;eng:X,\n"
    "7,20200305121500,20200306121500,1,news.example,https://news.example/b,2,-1,2,3,1,100,9,0.1,"
    "srclc:ara;eng:X,\n"
    "8,20200305121500,20200301121500,1,news.example,https://news.example/b,2,-1,2,3,1,100,9,0.1,,\n"
)


@pytest.mark.parametrize("form", ["comma", "tab", "no header", "capitals"])
def test_mentions_are_sources(tmp_path: Path, run: Run, form: str) -> None:
    header, _, rows = MENTIONS.partition("\n")
    content = {
        "comma": MENTIONS,
        "tab": MENTIONS.replace(",", "\t"),
        "no header": rows.replace(",", "\t"),
        "capitals": header.title() + "\n" + rows,
    }[form]
    ran = imported(run, tmp_path, "gdelt-mentions", {"m.csv": content})
    assert "mentioned-before-recorded: 1\n  repeated: 1\n" in ran.out
    (source,) = records(tmp_path)["sources"]
    assert (source["lang"], source["published"]) == ("ar", "2020-03-06")


UCDP_HEAD = (
    "id,relid,year,type_of_violence,dyad_name,side_a_new_id,side_a,side_b_new_id,side_b,"
    "source_original,where_prec,where_coordinates,where_description,latitude,longitude,country,"
    "event_clarity,date_prec,date_start,date_end,best,high,low\n"
)


def ucdp(
    tmp_path: Path, run: Run, rows: str, head: str = UCDP_HEAD
) -> tuple[Any, dict[str, list[dict[str, Any]]]]:
    return imported(run, tmp_path, "ucdp-ged", {"g.csv": head + rows}), records(tmp_path)


def test_ucdp_figures_and_originators(tmp_path: Path, run: Run) -> None:
    ran, found = ucdp(
        tmp_path,
        run,
        '5,X-1,2019,1,A - B,11,Side A,12,Side B,"police; Radio X",1,Au town,"Au, town",47.5,9.6,'
        "Russia (Soviet Union),1,2,2019-01-02,2019-01-05 00:00:00.000,3,6,2\n"
        "6,X-2,2019,1,A - B,11,Side A,12,Side B,,6,Aaland,Aaland,,,Nowhere,1,1,2019-02-02,"
        "2019-02-02,5,3,4\n",
    )
    assert "country-not-known: 1\n  figures-out-of-order: 1" in ran.out
    first = found["events"][0]
    assert first["time"] == "[2019-01-02..2019-01-05]"
    assert found["places"][0] | {"id": "", "origins": ""} == {
        "id": "",
        "origins": "",
        "name": "Au town",
        "kind": "city",
        "country": "RU",
        "lat": 47.5,
        "lon": 9.6,
    }
    figures = [(p["low"], p["high"]) for p in found["propositions"] if p["aspect"] == "quantity"]
    assert sorted(figures) == [(2, 6), (3, 3), (5, 5)]
    assert {"police", "Radio X"} <= {one["name"] for one in found["actors"]}
    assert sum(bool(one.get("chain")) for one in found["claims"]) == 2


def test_ucdp_originators_give_figures_of_their_own(tmp_path: Path, run: Run) -> None:
    _, found = ucdp(
        tmp_path,
        run,
        '5,X-1,2019,1,A - B,11,Side A,12,Side B,"Daily X (4 Deaths) , Radio Y (3 deaths);army: 9 '
        'killed;the 5th Corps;police 2 killed and 3 dead",1,Au,Au,47.5,9.6,Austria,1,1,2019-01-02,'
        "2019-01-02,3,3,3\n",
    )
    names = {one["id"]: one["name"] for one in found["actors"]}
    speakers = {one["id"]: names[one["speaker"]] for one in found["statements"]}
    figures = {
        one["id"]: one["low"] for one in found["propositions"] if one["aspect"] == "quantity"
    }
    claimed = {
        (
            speakers[one["chain"][0]["statement"]] if one.get("chain") else "UCDP",
            figures[one["proposition"]],
        )
        for one in found["claims"]
        if one["proposition"] in figures
    }
    assert claimed == {("UCDP", 3), ("Daily X", 4), ("Radio Y", 3), ("army", 9)}
    assert "the 5th Corps" in names.values()


def test_ucdp_of_an_older_edition(tmp_path: Path, run: Run) -> None:
    head = "ID,year,type_of_violence,side_a,side_b,where_prec,where_coordinates,latitude,longitude,country,date_prec,date_start,date_end,best,high,low\n"
    _, found = ucdp(
        tmp_path,
        run,
        "5,1990,1,Side A,Side B,1,Au,47.5,9.6,Austria,1,1990-01-02,1990-01-02,3,3,3\n",
        head,
    )
    assert found["events"][0]["label"] == "Reported: Side A - Side B, Au"


def review(**other: Any) -> dict[str, Any]:
    return {
        "@type": "ClaimReview",
        "claimReviewed": "The bridge is open",
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": "Ann Lee"},
            "datePublished": "2020-03-01",
        },
        "reviewRating": {"alternateName": "False"},
        "author": {"@type": "Organization", "name": "Checkers"},
        "datePublished": "2020-03-04T10:00:00+01:00",
        "url": "https://check.example/1",
        "sdLicense": "https://creativecommons.org/licenses/by-nc/4.0/",
    } | other


def test_a_review_is_a_source_and_its_claimant_speaks(tmp_path: Path, run: Run) -> None:
    imported(run, tmp_path, "claimreview", {"r.json": json.dumps(review())})
    found = records(tmp_path)
    (source,) = found["sources"]
    assert (source["kind"], source["licence"], source["published"]) == (
        "fact_check",
        "CC-BY-NC-4.0",
        "2020-03-04",
    )
    own, relayed = found["claims"]
    assert (own["stance"], own["verdict"], "chain" in own) == ("denies", "False", False)
    assert (relayed["stance"], len(relayed["chain"])) == ("asserts", 1)
    assert found["statements"][0]["said"] == "2020-03-01"


GRAPH = {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, review()]}
FEED = {
    "@type": "DataFeed",
    "dataFeedElement": [
        {"item": [review(), review(url="https://check.example/2", claimReviewed="It rains")]}
    ],
}
API = {
    "claims": [
        {
            "text": "It rains",
            "claimant": "Bo",
            "claimDate": "2020-01-01T00:00:00Z",
            "claimReview": [
                {
                    "publisher": {"name": "Checkers", "site": "check.example"},
                    "url": "https://check.example/3",
                    "reviewDate": "2020-02-01T00:00:00Z",
                    "textualRating": "Falso",
                    "languageCode": "es",
                }
            ],
        }
    ]
}
OLD = review(
    itemReviewed={
        "@type": "CreativeWork",
        "author": [
            {"@type": "Person", "name": "Ann"},
            {"@type": "Organization", "name": "The Works"},
        ],
    }
)
HTML = (
    '<html lang="fr"><script type="application/ld+json">{"broken": </script>'
    '<script type="application/ld+json">{also broken}</script><p>text</p>'
    f'<script type="application/ld+json">{json.dumps(review())}</script></html>'
)


@pytest.mark.parametrize(
    ("content", "reviews"), [(GRAPH, 1), (FEED, 2), (API, 1), (OLD, 1), ([review()], 1)]
)
def test_forms_of_claimreview(tmp_path: Path, run: Run, content: Any, reviews: int) -> None:
    ran = imported(run, tmp_path, "claimreview", {"r.json": json.dumps(content)})
    assert f"rows imported: {reviews}\n" in ran.out


def test_html_with_broken_blocks_gives_the_whole_ones(tmp_path: Path, run: Run) -> None:
    ran = imported(run, tmp_path, "claimreview", {"r.html": HTML}, code=1)
    assert ran.out.count("is not JSON") == 2
    assert records(tmp_path)["sources"][0]["lang"] == "fr"


def test_a_page_may_hold_other_blocks_and_lax_ones(tmp_path: Path, run: Run) -> None:
    def block(text: str) -> str:
        return f'<script type="application/ld+json">{text}</script>'

    lax = json.dumps(review(url="https://check.example/2"))[:-1] + ', "name": "a\tb",}'
    page = block('{"@type": "WebPage"}') + block("") + block(json.dumps(review())) + block(lax)
    ran = imported(run, tmp_path, "claimreview", {"r.html": page})
    assert "rows in: 2\nrows imported: 2\n" in ran.out


def test_words_of_ratings_in_many_languages(tmp_path: Path, run: Run) -> None:
    words = {
        "FALSCH": "denies",
        "Ложь": "denies",
        "虚假": "denies",
        "خطأ": "denies",
        "거짓": "denies",
        "ΨΕΥΔΕΣ": "denies",
        "C'est vrai": "asserts",
        "Half True.": "noncommittal",
        "Plutôt vrai": "suggests",
    }
    given = [
        review(claimReviewed=f"Number {n} is so", reviewRating={"alternateName": word})
        for n, word in enumerate(words)
    ]
    imported(run, tmp_path, "claimreview", {"r.json": json.dumps(given)})
    found = {
        one["verdict"]: one["stance"] for one in records(tmp_path)["claims"] if "verdict" in one
    }
    assert found == words


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"claimReviewed": ""}, "no-claim"),
        ({"author": None, "url": None}, "no-publisher"),
        ({"datePublished": "yesterday"}, "no-day-of-review"),
        ({"reviewRating": {"ratingValue": 1}}, "no-rating-in-words"),
        ({"reviewRating": {"alternateName": "Four bananas"}}, "rating-not-known"),
        ({"reviewRating": {"alternateName": "Satire"}}, "rating-takes-no-stance"),
        ({"claimReviewed": "Ann said that it rains"}, "claim-names-a-speaker"),
    ],
)
def test_reasons_of_claimreview(
    tmp_path: Path, run: Run, change: dict[str, Any], reason: str
) -> None:
    ran = imported(
        run, tmp_path, "claimreview", {"r.json": json.dumps([review(), review(**change)])}
    )
    assert f"rows in: 2\nrows imported: 1\nrows set aside: 1\n  {reason}: 1\n" in ran.out


def test_claimants_none_generic_and_parties(tmp_path: Path, run: Run) -> None:
    def by(author: Any, url: str) -> dict[str, Any]:
        return review(
            url=url, claimReviewed=f"It rains at {url[-1]}", itemReviewed={"author": author}
        )

    party = {"@type": "Person", "name": "Green Party", "jobTitle": ""}
    reviews = [
        by(None, "https://c.example/1"),
        by({"name": "Social media users"}, "https://c.example/2"),
        by(party, "https://c.example/3"),
    ]
    ran = imported(run, tmp_path, "claimreview", {"r.json": json.dumps(reviews)})
    for told in ("no-claimant: 2", "claimant-is-generic: 1", "party-typed-as-person: 1"):
        assert told in ran.out
    kinds = {one["name"]: one["kind"] for one in records(tmp_path)["actors"]}
    assert kinds == {"Checkers": "outlet", "Green Party": "organisation"}


def snak(value: Any, kind: str = "value") -> dict[str, Any]:
    return (
        {"snaktype": kind, "datavalue": {"value": value}} if kind == "value" else {"snaktype": kind}
    )


def wikidata_statement(
    value: Any, rank: str = "normal", kind: str = "value", **qualifiers: Any
) -> dict[str, Any]:
    return {"mainsnak": snak(value, kind), "rank": rank, "qualifiers": qualifiers}


def test_wikidata_ranks_qualifiers_and_unknown_values(tmp_path: Path, run: Run) -> None:
    begun = snak({"time": "+2013-05-00T00:00:00Z", "precision": 10})
    entity = {
        "id": "Q1",
        "labels": {"en": {"language": "en", "value": "Ann Lee"}},
        "claims": {
            "P31": [wikidata_statement({"id": "Q5"})],
            "P39": [
                wikidata_statement({"id": "Q77"}, P580=[begun], P582=[snak(None, "somevalue")]),
                wikidata_statement({"id": "Q78"}, "deprecated"),
                wikidata_statement(None, kind="somevalue"),
                wikidata_statement(None, kind="novalue"),
            ],
            "P21": [wikidata_statement({"id": "Q6581072"})],
        },
    }
    ran = imported(run, tmp_path, "wikidata", {"Q1.json": json.dumps({"entities": {"Q1": entity}})})
    assert "rows in: 7\nrows imported: 3\n" in ran.out
    for reason in ("deprecated", "no-value", "property-without-a-field", "unknown-value"):
        assert f"\n  {reason}: 1\n" in ran.out
    found = records(tmp_path)
    (role,) = found["roles"]
    assert (role["start"], "end" in role) == ("2013-05", False)
    assert "Its end is unknown" in role["note"]
    assert found["actors"][0]["wikidata"] == "Q1"


def test_wikidata_dumps_names_and_offices_by_name(tmp_path: Path, run: Run) -> None:
    def entity(ident: str, name: str, aliases: list[str], **claims: Any) -> dict[str, Any]:
        return {
            "id": ident,
            "labels": {"en": {"value": name}, "de": {"value": name + "n"}},
            "aliases": {"en": [{"value": alias} for alias in aliases]},
            "claims": claims,
        }

    def year(number: int) -> dict[str, Any]:
        return snak({"time": f"+{number}-00-00T00:00:00Z", "precision": 9})

    mayor = wikidata_statement({"id": "Q77"}, P580=[year(2019)], P582=[year(2018)])
    human = wikidata_statement({"id": "Q5"})
    moon = snak({"latitude": 1, "longitude": 2, "globe": "http://www.wikidata.org/entity/Q405"})
    entities = [
        entity("Q77", "Mayor of Au", []),
        entity("Q1", "Ann", ["A. Lee", "Ann"], P31=[human], P39=[mayor]),
        entity("Q2", "A crater", [], P625=[{"mainsnak": moon, "rank": "normal"}]),
        {"id": "L7", "type": "lexeme", "lemmas": {}, "claims": {}},
    ]
    dump = "[\n" + "".join(json.dumps(one) + ",\n" for one in entities) + "]\n"
    ran = imported(run, tmp_path, "wikidata", {"dump.json": dump})
    assert "office-ends-before-it-begins: 1" in ran.out
    found = records(tmp_path)
    assert "places" not in found
    (actor,) = found["actors"]
    assert [one["alias"] for one in actor["aliases"]] == ["A. Lee", "Annn"]
    (role,) = found["roles"]
    assert role["title"] == "Mayor of Au (Q77)"
    assert "begin on 2019 and end on 2018" in role["note"]


SPEECH = {
    "Sentences": [
        {"SentenceId": 0, "Tokens": ["Bo", "meint", ",", "Cy", "sage", ",", "es", "regne", "."]},
    ],
    "Annotations": [
        {
            "Cue": ["0:1"],
            "Source": ["0:0"],
            "Message": ["0:3", "0:4", "0:5", "0:6", "0:7"],
            "Addr": [],
        },
        {"Cue": ["0:4"], "Source": ["0:3"], "Message": ["0:6", "0:7"], "Addr": []},
        {"Cue": ["0:4"], "Source": [], "Message": [], "Addr": []},
        {"Cue": ["9:4"], "Source": [], "Message": ["0:1"], "Addr": []},
    ],
}
SPEECH_NAME = "19001_Zusatzpunkt_1_XYZ_Van_Lee_ID19100100_04.03.2020.json"


def test_nested_speech_has_a_longer_chain(tmp_path: Path, run: Run) -> None:
    ran = imported(run, tmp_path, "spkatt", {SPEECH_NAME: json.dumps(SPEECH)})
    assert "no-message: 1\n  token-does-not-exist: 1\n" in ran.out
    found = records(tmp_path)
    assert [len(one["chain"]) for one in found["claims"]] == [2, 3]
    (quote,) = found["claims"][1]["quotes"]
    assert "Bo meint , Cy sage , es regne ."[quote["start"] : quote["end"]] == "es regne"
    assert found["sources"][0]["published"] == "2020-03-04"


def test_both_forms_of_spkatt_give_the_same_claims(tmp_path: Path, run: Run) -> None:
    other = {
        "1": {
            "Tokens": SPEECH["Sentences"][0]["Tokens"],
            "Annotations": [
                {key: [spot.replace("0:", "1:") for spot in spots] for key, spots in note.items()}
                for note in SPEECH["Annotations"][:2]
            ],
        }
    }
    imported(run, tmp_path, "spkatt", {SPEECH_NAME: json.dumps(other)})
    assert [len(one["chain"]) for one in records(tmp_path)["claims"]] == [2, 3]


FTM = '"canonical_id","entity_id","prop","prop_type","schema","value","dataset","id"\n'


def test_followthemoney_statements(tmp_path: Path, run: Run) -> None:
    rows = [
        ("a", "name", "Company", "The Works"),
        ("a", "alias", "Company", "Works"),
        ("a", "country", "Company", "de"),
        ("a", "country", "Company", "zz"),
        ("a", "website", "Company", "https://w.example"),
        ("a", "id", "Company", "77"),
        ("b", "name", "Vessel", "A ship"),
        ("c", "country", "Person", "de"),
    ]
    text = FTM + "".join(
        f'"{i}","{i}","{p}","x","{s}","{v}","d","s{n}"\n' for n, (i, p, s, v) in enumerate(rows)
    )
    ran = imported(run, tmp_path, "followthemoney", {"s.csv": text})
    assert "rows in: 8\nrows imported: 3\n" in ran.out
    for reason in (
        "checksum",
        "country-not-known",
        "no-name",
        "property-without-a-field",
        "schema-without-a-table",
    ):
        assert f"\n  {reason}: 1\n" in ran.out
    (actor,) = records(tmp_path)["actors"]
    assert (actor["country"], len(actor["origins"])) == ("DE", 3)


def test_followthemoney_entities(tmp_path: Path, run: Run) -> None:
    entities = [
        {"id": "p", "schema": "Person", "properties": {"name": ["Ann"]}},
        {"id": "j", "schema": "Position", "properties": {"name": ["Mayor"]}},
        {
            "id": "o",
            "schema": "Occupancy",
            "properties": {"holder": ["p"], "post": ["j"], "startDate": ["2019-05"]},
        },
    ]
    text = "\n".join(map(json.dumps, entities)) + '\n{"id": "cut off'
    files = {"e.json": text, "array.json": json.dumps([{**entities[0], "id": "q"}])}
    ran = imported(run, tmp_path, "followthemoney", files)
    assert len(records(tmp_path)["actors"]) == 2
    assert "not-an-entity: 1\n  schema-without-a-table: 1\n" in ran.out
    (role,) = records(tmp_path)["roles"]
    assert (role["title"], role["start"]) == ("Mayor", "2019-05")


GOOD: dict[str, tuple[str, Any]] = {
    "claimreview": ("r.json", [review(), review(claimReviewed="It rains")]),
    "wikidata": ("q.json", {"id": "Q1", "labels": {"en": {"value": "Ann"}}, "claims": {"P31": [wikidata_statement({"id": "Q5"})]}}),
    "followthemoney": ("e.json", {"id": "p", "schema": "Person", "properties": {"name": ["Ann"]}}),
    "spkatt": (SPEECH_NAME, SPEECH),
}  # fmt: skip


@settings(max_examples=40)
@given(
    name=st.sampled_from(sorted(GOOD)),
    at=st.integers(0, 700),
    drop=st.integers(0, 30),
    new=st.sampled_from(
        [b"", b'"', b"{", b"]", b",", b"null", b"\xff", b"\n", b"\\ud800", b"1e999"]
    ),
)
def test_whatever_is_damaged_every_entry_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, name: str, at: int, drop: int, new: bytes
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    file, content = GOOD[name]
    data = json.dumps(content).encode()
    (folder / file).write_bytes(data[:at] + new + data[at + drop :])
    report = import_files(name, [folder / file], folder / "out")
    assert report.balanced
    assert report.rows or report.faults


@pytest.mark.parametrize("name", ["claimreview", "wikidata", "followthemoney", "spkatt"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"a": [1, 2',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"<html>",
        b'{"@type": "ClaimReview"',
        b"null",
        b'"x"',
        b"\x1f\x8b\x08junk",
    ],
    ids=range(10),
)
def test_damaged_documents_give_reports(
    tmp_path: Path, run: Run, name: str, content: bytes
) -> None:
    file = tmp_path / (SPEECH_NAME if name == "spkatt" else "x.json")
    file.write_bytes(content)
    ran = run("import", name, file, "--out", tmp_path / "out")
    assert ran.code in (0, 1), ran.err
    assert "Traceback" not in ran.err
    assert file.name in ran.out or "not-an-entity: " in ran.out
