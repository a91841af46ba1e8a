"""A site of more records than pages: what is left out is counted, and no link leads nowhere."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from allegata.releasing import Release
from allegata.site import building, frames, pages_of
from allegata.site.addresses import Addresses
from allegata.site.claims import Claim, Counts
from allegata.site.pages import OF_RECORDS, record_pages, subject_of
from allegata.site.store import Store
from test_site import broken_links, contents, make_release, parsed_site

MOST = 10


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("release") / "dist")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("config")
    (folder / "docs").mkdir()
    packaged = Path(building.__file__).parent / "mkdocs.yml"
    text = f"INHERIT: {packaged}\nplugins: {{search: {{}}, allegata: {{pages: {MOST}}}}}\n"
    (folder / "mkdocs.yml").write_text(text)
    return folder / "mkdocs.yml"


class TestStaticPages:
    def test_records_beyond_them_are_left_to_the_viewer_and_no_link_leads_nowhere(
        self, release: Release, config: Path, tmp_path: Path
    ) -> None:
        out = building.build_site(release, tmp_path / "site", config)
        records = [path for name in OF_RECORDS for path in (out / name).glob("*/index.html")]
        assert len(records) == MOST
        trees = parsed_site(out)
        ids = {
            name
            for table in (*OF_RECORDS, "propositions", "claims")
            for name in release.table(table).arrow.column("id").to_pylist()
        }
        to_viewer = [
            urlsplit(e.attrs["href"]).fragment
            for root in trees.values()
            for e in root.walk()
            if re.search(r"viewer/#", e.attrs.get("href", ""))
        ]
        assert to_viewer
        assert set(map(unquote, to_viewer)) <= ids
        broken = [one for one in broken_links(out, trees) if "viewer/#" not in one]
        assert broken == []

    def test_two_builds_of_it_give_the_same_bytes(
        self, release: Release, config: Path, tmp_path: Path
    ) -> None:
        first, second = (
            contents(building.build_site(release, tmp_path / name, config)) for name in "ab"
        )
        assert first == second

    def test_events_come_first_then_what_they_need(self, release: Release) -> None:
        with Store(release) as store:
            for most in (0, 1, 4, 10, 20, 1_000):
                chosen = Addresses.of(store, most, OF_RECORDS)
                total = sum(release.table(name).num_rows for name in OF_RECORDS)
                assert len(chosen) == min(most, total)
                assert chosen.total == total
                assert chosen.complete == (most >= total)
                events = release.table("events").num_rows
                assert len(chosen.ids("events")) >= min(most // 2, events)

    def test_a_disputed_event_is_among_the_first(self, release: Release) -> None:
        denied = Counter(
            row["event_id"]
            for row in release.table("claims_flat").arrow.to_pylist()
            if row["stance"] == "denies"
        )
        with Store(release) as store:
            assert denied.most_common(1)[0][0] in Addresses.of(store, 4).ids("events")


class TestNumbers:
    def test_they_are_those_of_all_claims_counted_one_by_one(self, release: Release) -> None:
        with subject_of(release) as subject:
            for section in OF_RECORDS:
                batch = subject.batch(section, subject.addresses.ids(section))
                for row in batch.rows:
                    for part in ("home", "own-voice", "says", "said-to-say", "passes-on", "relays"):
                        listing = batch.claims.listed(section, row["id"], part)
                        assert listing.left == 0
                        assert listing.counts == Counts.of(listing.claims)

    def test_a_list_that_is_cut_counts_all_the_same_and_leaves_no_side_out(
        self, release: Release
    ) -> None:
        with subject_of(release) as subject:
            whole = _event(subject)
        with Store(release, room=12) as store, subject_of(release) as subject:
            subject.store, kept = store, subject.store
            kept.__exit__(None, None, None)
            cut = _event(subject)
        assert len(cut.claims) == 12 < len(whole.claims)
        assert cut.counts == whole.counts
        assert cut.left == len(whole.claims) - 12
        wanted, shown = _sides(whole.claims), _sides(cut.claims)
        assert shown <= wanted
        # No second claim of a side is shown while another side has none.
        assert len(shown) == min(12, len(wanted))


def _event(subject):  # type: ignore[no-untyped-def]
    batch = subject.batch("events", ["evt-harl-lock-alleged-attack"])
    return batch.claims.listed("events", "evt-harl-lock-alleged-attack", "home")


def _sides(claims: tuple[Claim, ...]) -> set[tuple[object, ...]]:
    return {(one.proposition["id"], one.stance, one.holder) for one in claims}


class TestFrames:
    def test_a_shared_frame_gives_the_bytes_that_the_theme_gives(
        self, release: Release, tmp_path: Path
    ) -> None:
        with building.as_file(building.files("allegata.site") / "mkdocs.yml") as packaged:
            (tmp_path / "docs").mkdir()
            plugin = building.built_alone(
                release, tmp_path / "site", packaged, docs_dir=str(tmp_path / "docs")
            )
        framer = plugin._framer
        shared = 0
        for page in pages_of(release):
            assert framer.framed(page) == framer.whole(page)
            shared += frames.source_of(page) not in framer._in_nav
        assert shared > 30
        assert [frame for frame in framer._frames.values() if frame is None] == []

    def test_a_page_is_the_same_whatever_else_is_made_with_it(self, release: Release) -> None:
        with subject_of(release) as subject:
            for page in record_pages(subject):
                section, name, _ = page.url.split("/")
                batch = subject.batch(section, [name])
                assert OF_RECORDS[section](batch, batch.rows[0]).html == page.html
