"""What pages tell of a release: counted again here in another way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegata.comparing import diff
from allegata.describing.citation import apa, bibtex, citation, csl_json, item
from allegata.publishing import publish
from allegata.releasing import Release, open_release
from allegata.rules import RULES
from allegata.site.figures import compared, paths, profiles
from allegata.site.figures.paths import MOST_CLAIMS
from allegata.site.pages import releases, rules, subject_of
from allegata.site.pages.releases import compare, pair_url
from allegata.site.pages.subject import Subject
from releases_in_a_row import FICTIONAL, VERSIONS, publish_in_a_row


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(FICTIONAL, tmp_path_factory.mktemp("release") / "dist", "2026.11.0").release


@pytest.fixture(scope="module")
def subject(release: Release) -> Iterator[Subject]:
    with subject_of(release) as subject:
        yield subject


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_in_a_row(tmp_path_factory.mktemp("four"))


class TestPaths:
    def test_every_claim_is_told_with_its_speakers_in_order(self, subject: Subject) -> None:
        flat = {row["claim_id"]: row for row in subject.release.table("claims_flat").to_pylist()}
        names = {row["id"]: row["name"] for row in subject.release.table("actors").to_pylist()}
        speakers = {
            row["id"]: names[row["speaker_id"]]
            for row in subject.release.table("statements").to_pylist()
        }
        told = set()
        for batch in subject.batches("propositions"):
            for row in batch.rows:
                drawn = paths(batch.claims.on.get(row["id"], []))
                for way in drawn.told if drawn else ():
                    for claim in way.claims:
                        ids = (flat[claim.id]["chain_ids"] or "").split()
                        chain = [speakers[one] for one in ids]
                        assert list(way.steps) == [flat[claim.id]["publisher_name"], *chain]
                        told.add(claim.id)
        assert told == flat.keys()

    def test_whoever_stands_in_a_layer_is_drawn_there_once_and_nothing_overlaps(
        self, subject: Subject
    ) -> None:
        for batch in subject.batches("events"):
            for row in batch.rows:
                drawn = paths(batch.claims.on_any(batch.records.propositions_of.get(row["id"], [])))
                if drawn is None:
                    continue
                places = Counter((node.x, node.actor or node.stance) for node in drawn.nodes)
                assert set(places.values()) == {1}
                for one in drawn.nodes:
                    assert 0 <= one.x <= drawn.width - drawn.node_width
                    assert 0 <= one.y <= drawn.height - drawn.node_height
                    for other in drawn.nodes:
                        apart = abs(one.y - other.y) >= drawn.node_height
                        assert one is other or one.x != other.x or apart

    def test_the_parties_have_letters_of_their_own(self, subject: Subject) -> None:
        (batch,) = subject.batches("events")
        drawn = paths(batch.claims.on["prp-harl-attack-agent-sornia"])
        assert drawn is not None
        letters = {party.letter: party.name for party in drawn.parties}
        assert len(letters) == len(drawn.parties)
        of = {node.label: letters.get(node.letter) for node in drawn.nodes if node.actor}
        assert of["Petra Quill"] == "Vellmark"
        assert of["Foreign Ministry of Sornia"] == "Sornia"

    @pytest.mark.parametrize("amount", [1, MOST_CLAIMS, 10 * MOST_CLAIMS])
    def test_of_too_many_claims_those_most_told_are_drawn_and_the_others_counted(
        self, subject: Subject, amount: int
    ) -> None:
        (batch,) = subject.batches("events")
        known = batch.claims.on["prp-harl-attack-occurrence"]
        drawn = paths((known * amount)[:amount])
        assert drawn is not None
        shown = sum(len(way.claims) for way in drawn.told)
        assert shown + drawn.left == amount
        assert drawn.left == 0 or shown <= MOST_CLAIMS or len(drawn.told) == 1

    def test_nothing_is_drawn_of_nothing(self) -> None:
        assert paths([]) is None


class TestNumbers:
    def test_numbers_of_one_unit_stand_side_by_side(self, subject: Subject) -> None:
        rows = {row["id"]: row for row in subject.release.table("propositions").to_pylist()}
        asked = rows["prp-harl-fire-damage-over-5-million"]
        exact = rows["prp-harl-fire-damage-4-to-6-million"]
        found = {one.proposition["id"]: one for one in compared(asked, rows.values())}
        assert found.keys() == {asked["id"], exact["id"]}
        assert found[asked["id"]].open_above
        # From 5 million on begins in the middle of 4 to 6 million.
        middle = found[exact["id"]].x + found[exact["id"]].width / 2
        assert found[asked["id"]].x == pytest.approx(middle, abs=0.2)
        assert compared(rows["prp-harl-attack-boat"], rows.values()) == ()


class TestProfiles:
    def test_they_are_what_arrow_counts(self, subject: Subject) -> None:
        for name in subject.release.table_names:
            table = subject.release.table(name).arrow
            found = profiles(subject.store, name)
            assert list(found) == table.column_names
            for column, profile in found.items():
                values = table.column(column)
                given = table.num_rows - values.null_count
                assert (profile.rows, profile.empty) == (table.num_rows, values.null_count)
                assert profile.different == pc.count_distinct(values, "only_valid").as_py()
                if profile.kind == "values":
                    counts = Counter(values.drop_null().to_pylist()).most_common()
                    assert [bar.rows for bar in profile.bars] == [n for _, n in counts[:8]]
                elif profile.kind:
                    assert sum(bar.rows for bar in profile.bars) == given

    def test_texts_in_words_are_never_listed(self, subject: Subject) -> None:
        seen = 0
        for name in subject.release.table_names:
            texts = {one.name for one in subject.store.schema(name) if str(one.type) == "string"}
            for column, profile in profiles(subject.store, name).items():
                if column in texts and profile.kind == "values":
                    assert not any(" " in (bar.value or "") for bar in profile.bars)
                    seen += 1
        assert seen


class TestReleases:
    def test_a_comparison_tells_all_that_differs(self, four: Path) -> None:
        old, new = (open_release(four, version) for version in VERSIONS[:2])
        with subject_of(new) as subject:
            told = compare(subject, old, new)
            shown = {
                one.id: one for groups in told.by_op.values() for _, of in groups for one in of
            }
            told.difference.__exit__(None, None, None)
        with diff(old, new) as expected:
            assert shown == {one.id: one for one in expected.records()}
        assert told.left == 0

    def test_a_release_is_compared_with_every_earlier_one(self, four: Path) -> None:
        with subject_of(open_release(four, VERSIONS[2])) as subject:
            pages = {page.url: page for page in releases.pages(subject)}
        first, second, third, _ = VERSIONS
        expected = {pair_url(*pair) for pair in ((first, second), (second, third), (first, third))}
        assert pages.keys() == expected | {"releases/"}
        told = pages[pair_url(second, third)].html
        assert "It was coded from the wrong page." in told
        assert "told | &lt;us&gt;" not in told  # which came with the second
        assert "told | &lt;us&gt;" in pages[pair_url(first, second)].html

    def test_many_records_are_capped_with_a_line(
        self, four: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("allegata.site.pages.releases.MOST_RECORDS", 1)
        old, new = (open_release(four, version) for version in VERSIONS[:2])
        with subject_of(new) as subject:
            told = compare(subject, old, new)
            assert sum(len(of) for groups in told.by_op.values() for _, of in groups) == 1
            assert told.left == told.difference.count - 1
            told.difference.__exit__(None, None, None)


TEX = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


class TestCitations:
    @given(title=TEX, name=TEX, publisher=TEX)
    def test_nothing_in_an_entry_for_bibtex_is_a_command_or_ends_it(
        self, title: str, name: str, publisher: str
    ) -> None:
        entry = bibtex(
            {
                "id": title,
                "author": [{"literal": name}],
                "title": title,
                "issued": {"date-parts": [[2026, 11, 5]]},
                "version": "2026.11.0",
                "publisher": publisher,
                "URL": f"https://example.org/{title}",
            }
        )
        lines = entry.split("\n")
        assert lines[0].startswith("@misc{")
        assert lines[-1] == "}"
        assert len(lines) == 9
        for line in lines[1:-1]:
            plain = line.replace(r"\textbackslash{}", "").replace(r"\textasciitilde{}", "")
            plain = plain.replace(r"\textasciicircum{}", "")
            for one in r"{}#$%&_":
                plain = plain.replace(f"\\{one}", "")
            if not line.startswith("  url"):
                assert not set(plain) & set("\\#$%&_~^")
            assert plain.count("{") == plain.count("}")

    def test_one_item_gives_all_forms(self, release: Release) -> None:
        manifest = release.manifest
        cited = item(manifest, "Alleged attack", "events/evt-a/")
        assert json.loads(csl_json(cited)) == [cited]
        assert citation(manifest) == apa(item(manifest))
        for form in (apa(cited), bibtex(cited)):
            for part in ("Alleged attack", manifest.dataset.title, manifest.version):
                assert part in form
        assert cited["URL"].endswith("/events/evt-a/")


def test_every_rule_has_its_place_on_the_page_of_rules(subject: Subject) -> None:
    (page,) = rules.pages(subject)
    assert {one.anchor for one in page.sections} >= RULES.keys()
