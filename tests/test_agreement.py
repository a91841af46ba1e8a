"""Agreement: pairing two codings, reckoning how far they agree, and what is left to settle."""

from __future__ import annotations

import builtins
import json
import math
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from allegata.agreeing import AgreementError, agree, krippendorff_alpha
from allegata.agreeing.assignment import best_pairs
from allegata.agreeing.model import Agreement
from allegata.engines import check
from allegata.publishing import publish
from allegata.releasing import ReleaseError
from allegata.site.pages import pages_of
from allegata.verifying import verify

FICTIONAL = Path(__file__).parent / "fictional"
COURIER = "src-harl-courier-2025-03-03"
FILE = f"sources/{COURIER}.yaml"

WEIGHTS = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(0, 6)), st.integers(1, 50), max_size=30
)


@given(WEIGHTS)
def test_the_pairs_are_the_best_that_another_method_finds(
    weights: dict[tuple[int, int], int],
) -> None:
    graph = nx.Graph()
    for (a, b), weight in weights.items():
        graph.add_edge(f"a{a}", f"b{b}", weight=weight)
    expected = sum(graph.edges[edge]["weight"] for edge in nx.max_weight_matching(graph))
    found = best_pairs(weights)
    assert sum(weights[pair] for pair in found) == expected
    assert len({a for a, _ in found}) == len({b for _, b in found}) == len(found)


# K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): his examples B (two coders,
# binary), C and D (four coders, missing values), with the values that he prints.
NONE = None
BINARY = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
MANY = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
    [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
]
# The example of the encyclopedias: three coders, values 1 to 4, many missing.
THREE = [
    [NONE, NONE, NONE, NONE, NONE, 3, 4, 1, 2, 1, 1, 3, 3, NONE, 3],
    [1, NONE, 2, 1, 3, 3, 4, 3, NONE, NONE, NONE, NONE, NONE, NONE, NONE],
    [NONE, NONE, 2, 1, 3, 4, 4, NONE, 2, 1, 1, 3, 3, NONE, 4],
]


@pytest.mark.parametrize(
    ("coders", "level", "published"),
    [
        (BINARY, "nominal", 0.095),
        (MANY, "nominal", 0.743),
        (MANY, "ordinal", 0.815),
        (MANY, "interval", 0.849),
        (THREE, "nominal", 0.691),
        (THREE, "ordinal", 0.807),
        (THREE, "interval", 0.811),
    ],
)
def test_alpha_is_as_published(coders: list[list[Any]], level: Any, published: float) -> None:
    units = [[one for one in unit if one is not None] for unit in zip(*coders, strict=True)]
    assert krippendorff_alpha(units, level).value == pytest.approx(published, abs=0.0005)


def test_alpha_without_two_values_is_not_defined() -> None:
    assert krippendorff_alpha([["x", "x"], ["x", "x"]]).value is None
    assert krippendorff_alpha([]).value is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=30))
def test_alpha_does_not_heed_who_is_first(units: list[tuple[str, str]]) -> None:
    one = krippendorff_alpha(units).value
    other = krippendorff_alpha([(b, a) for a, b in units]).value
    assert one == other or math.isclose(one or 0, other or 0, abs_tol=1e-6)
    if all(a == b for a, b in units):
        assert one in (None, 1.0)


def test_the_interval_is_the_same_at_every_run_and_holds_alpha() -> None:
    units = [("a", "a")] * 20 + [("a", "b")] * 3 + [("b", "b")] * 10
    one, again = (krippendorff_alpha(units, seed=7, samples=300) for _ in range(2))
    assert one == again
    assert one.low < one.value < one.high  # type: ignore[operator]
    assert krippendorff_alpha(units, seed=8, samples=300) != one


def coder(folder: Path, *edits: Callable[[dict[str, Any]], None], name: str = "c9") -> Path:
    """The fictional dataset as another coder has it, with edits of the Courier's file."""
    shutil.copytree(FICTIONAL, folder)
    path = folder / FILE
    document = yaml.safe_load(path.read_text())
    document["defaults"]["coder"] = name
    for edit in edits:
        edit(document)
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
    return folder


def shuffled(random_: random.Random) -> Callable[[dict[str, Any]], None]:
    """Claims in another order, under ids of the coder's own."""

    def edit(document: dict[str, Any]) -> None:
        claims = document["sources"][0]["claims"]
        random_.shuffle(claims)
        for number, claim in enumerate(claims):
            claim["id"] = f"clm-own-{number}"

    return edit


def changed(random_: random.Random) -> Callable[[dict[str, Any]], None]:
    """Some stances, some quotes and some claims other than they were."""

    def edit(document: dict[str, Any]) -> None:
        claims = document["sources"][0]["claims"]
        for claim in random_.sample(claims, 3):
            claim["stance"] = random_.choice(["asserts", "denies", "doubts"])
        for claim in random_.sample(claims, 3):
            claim["quotes"][0]["start"] -= random_.randint(0, 30)
        del claims[random_.randrange(len(claims))]

    return edit


def test_identical_codings_agree_in_everything_under_other_ids(tmp_path: Path) -> None:
    other = coder(tmp_path / "b", shuffled(random.Random(1)))
    found = agree(FICTIONAL, other, samples=0)
    assert found.is_same
    assert {one.f1 for one in found.alignments} == {1.0}
    assert {one.observed for one in found.fields} == {1.0}
    assert {one.alpha for one in found.fields} <= {1.0, None}
    assert found.span_overlap == 1.0
    for confusion in found.confusions:
        for row, counts in enumerate(confusion.counts):
            assert all(not count or row == column for column, count in enumerate(counts))


@settings(max_examples=6)
@given(st.integers(0, 1000))
def test_alignment_is_the_same_from_both_sides(tmp_path_factory: Any, seed: int) -> None:
    random_ = random.Random(seed)
    other = coder(tmp_path_factory.mktemp("s") / "b", changed(random_), shuffled(random_))
    one, back = agree(FICTIONAL, other, samples=0), agree(other, FICTIONAL, samples=0)
    for there, here in zip(one.alignments, back.alignments, strict=True):
        assert {(p.a, p.b, p.similarity) for p in there.pairs} == {
            (p.b, p.a, p.similarity) for p in here.pairs
        }
        assert (there.only_a, there.found_of_a) == (here.only_b, here.found_of_b)
        assert there.f1 == here.f1
    assert [one.alpha for one in one.fields] == [one.alpha for one in back.fields]
    assert [one.counts for one in one.confusions] == [
        [list(row) for row in zip(*one.counts, strict=True)] for one in back.confusions
    ]


def differing(document: dict[str, Any]) -> None:
    claims = document["sources"][0]["claims"]
    claims[0]["stance"] = "suggests"
    claims[5]["evidence"] = "promised"
    del claims[4]
    claims[7]["id"] = "clm-courier-of-mine"


@pytest.fixture
def differs(tmp_path: Path) -> Path:
    return coder(tmp_path / "b", differing, shuffled(random.Random(3)))


def test_differences_are_told_side_by_side(run: Any, differs: Path) -> None:
    ran = run("agree", FICTIONAL, differs, "--source", COURIER, "--samples", 50, "--format", "json")
    assert ran.code == 0, ran.err
    found = Agreement.model_validate_json(ran.out)
    assert found.coders == ("c1", "c9")
    told = [(one.a, one.field, one.a_value, one.b_value) for one in found.differences]
    assert told == [
        ("prp-harl-attack-two-boats", None, None, None),
        (f"{COURIER}-05".replace("src", "clm"), None, None, None),
        (f"{COURIER}-01".replace("src", "clm"), "stance", "asserts", "suggests"),
        (f"{COURIER}-06".replace("src", "clm"), "evidence", "offered", "promised"),
    ]
    claims = found.alignment("claims")
    assert (claims.found_of_a, claims.found_of_b) == (pytest.approx(13 / 14, abs=1e-6), 1.0)
    pair = claims.pairs[0]
    assert [reason.by for reason in pair.reasons] == ["proposition", "chain", "place in the text"]
    stance = found.field("claims", "stance")
    assert not stance.paired_by
    assert stance.observed == pytest.approx(12 / 13, abs=1e-6)
    assert stance.low < stance.alpha < 1  # type: ignore[operator]
    evidence = next(one for one in found.confusions if one.field == "evidence")
    row, column = evidence.values.index("offered"), evidence.values.index("promised")
    assert evidence.counts[row][column] == 1


def test_a_person_is_told_in_tables(run: Any, differs: Path) -> None:
    ran = run("agree", FICTIONAL, differs, "--source", COURIER, "--samples", 10, "--all")
    assert ran.code == 0, ran.err
    for words in ("c1 and c9", "claims.stance", "suggests", "place in the text"):
        assert words in ran.out


def test_choices_are_open_until_they_are_made(run: Any, tmp_path: Path, differs: Path) -> None:
    merged = tmp_path / "merged.yaml"
    ran = run("agree", FICTIONAL, differs, "--source", COURIER, "--adjudicate", merged)
    assert ran.code == 0, ran.err
    text = merged.read_text()
    assert "Choices to make: 3." in text
    whole = tmp_path / "whole"
    shutil.copytree(FICTIONAL, whole)
    (whole / FILE).write_text(text)
    report = check([whole])
    open_ = [
        one.place.line for one in report.problems if one.place.file.endswith(f"{COURIER}.yaml")
    ]
    lines = text.splitlines()
    choices = [n for n, line in enumerate(lines, 1) if re.search(r"^ +(c1|only): ", line)]
    assert len(choices) == 3
    assert set(choices) <= set(open_)
    assert not report.ok
    text = re.sub(r"(stance|evidence):\n +c1: (\w+)\n +c9: \w+\n", r"\1: \2\n", text)
    text = re.sub(r" +only: c1\n", "", text)
    (whole / FILE).write_text(text)
    report = check([whole])
    assert report.ok, report.problems
    assert agree(FICTIONAL, whole, samples=0).is_same


def test_choices_that_were_made_are_not_written_over(run: Any, tmp_path: Path) -> None:
    there = tmp_path / "merged.yaml"
    there.write_text("made: yes\n")
    ran = run("agree", FICTIONAL, FICTIONAL, "--adjudicate", there)
    assert ran.code == 2
    assert there.read_text() == "made: yes\n"


def test_a_record_of_either_coder_under_one_id_keeps_a_name_of_its_own(
    run: Any, tmp_path: Path
) -> None:
    def other(document: dict[str, Any]) -> None:
        claim = document["sources"][0]["claims"][4]
        claim |= {"proposition": "prp-harl-fire-origin-gatehouse", "chain": []}
        claim["quotes"] = [{"role": "content", "start": 20, "end": 30, "sha256": "0" * 64}]

    merged = tmp_path / "merged.yaml"
    folder = coder(tmp_path / "b", other)
    run("agree", FICTIONAL, folder, "--source", COURIER, "--samples", 0, "--adjudicate", merged)
    claims = yaml.safe_load(merged.read_text())["sources"][0]["claims"]
    only = {claim["id"]: claim["only"] for claim in claims if "only" in claim}
    name = "clm-harl-courier-2025-03-03-05"
    assert only == {name: "c1", f"{name}-2": "c9"}


def test_folders_of_one_dataset_hold_the_claims_that_are_theirs(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(FICTIONAL, whole)
    document = yaml.safe_load((whole / FILE).read_text())
    (whole / FILE).unlink()
    for number, name in enumerate(("c1", "c9")):
        source = document["sources"][0] | {"id": f"src-of-{name}", "publisher": "act-harl-courier"}
        claims = [c | {"id": f"clm-{name}-{n}"} for n, c in enumerate(source["claims"])]
        source["claims"] = claims[number:]
        (whole / name).mkdir()
        own = {"defaults": document["defaults"] | {"coder": name}, "sources": [source]}
        (whole / name / "source.yaml").write_text(yaml.safe_dump(own))
    found = agree(whole / "c1", whole / "c9", samples=0)
    assert found.sources == ["src-of-c1"]
    assert [one.a for one in found.differences if one.table == "claims"] == ["clm-c1-0"]


def test_what_cannot_be_compared_is_told(run: Any, tmp_path: Path) -> None:
    def other_text(document: dict[str, Any]) -> None:
        document["sources"][0]["text_sha256"] = "1" * 64

    ran = run("agree", FICTIONAL, coder(tmp_path / "text", other_text))
    assert ran.code == 1
    assert "different texts" in ran.err
    ran = run("agree", FICTIONAL, tmp_path / "nowhere")
    assert ran.code == 2
    broken = coder(tmp_path / "broken", lambda d: d["sources"][0]["claims"][0].pop("stance"))
    ran = run("agree", FICTIONAL, broken)
    assert ran.code == 1
    assert "FIELD_REQUIRED" in ran.err
    with pytest.raises(AgreementError, match="no source in common"):
        agree(FICTIONAL, FICTIONAL, source="src-nowhere")


def test_without_the_library_the_extra_is_named(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    known = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "krippendorff":
            raise ImportError(name)
        return known(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    ran = run("agree", FICTIONAL, FICTIONAL)
    assert ran.code == 3
    assert "allegata[agree]" in ran.err


def test_json_and_the_model_say_the_same() -> None:
    found = agree(FICTIONAL, FICTIONAL, samples=0)
    assert Agreement.model_validate(json.loads(found.model_dump_json())) == found


def test_results_are_shipped_with_a_release_and_shown_on_its_site(
    run: Any, tmp_path: Path, differs: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(FICTIONAL, data)
    plain = publish(data, tmp_path / "dist", "2026.11.0").release
    assert not [file for file in plain.manifest.files if file.role == "reliability"]
    shipped = data / "reliability" / "courier.agreement.json"
    shipped.parent.mkdir()
    ran = run("agree", FICTIONAL, differs, "--samples", 20, "--out", shipped)
    assert ran.code == 0, ran.err
    assert check([data]).ok  # it is no record file
    done = publish(data, tmp_path / "dist")
    assert done.is_new
    (entry,) = (one for one in done.release.manifest.files if one.role == "reliability")
    assert entry.path == "reliability/courier.json"
    assert (done.release.path / entry.path).read_bytes() == shipped.read_bytes()
    assert "reliability/courier.json" in (done.release.path / "ro-crate-metadata.json").read_text()
    assert verify(done.release.path).ok
    assert not publish(data, tmp_path / "dist").is_new
    pages = {page.url: str(page.html) for page in pages_of(done.release)}
    assert "3 differences" in pages["reliability/"]
    assert "claims.stance" in pages["reliability/"]
    assert "holds no results" in {p.url: str(p.html) for p in pages_of(plain)}["reliability/"]
    shipped.write_text('{"format": "other"}')
    with pytest.raises(ReleaseError, match="is not what `allegata agree"):
        publish(data, tmp_path / "dist")
