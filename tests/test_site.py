"""The site shows a release whole, runs nothing that a record says, and asks no other host."""

from __future__ import annotations

import base64
import datetime
import errno
import hashlib
import json
import os
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pytest
from filelock import FileLock
from markupsafe import Markup
from mkdocs.commands.build import build
from mkdocs.config import load_config

from allegata.deriving import derive, derived_tables
from allegata.describing import describe
from allegata.engines import Embedded
from allegata.reading import read
from allegata.releasing import Release, write_release
from allegata.rules import RULES
from allegata.schema import Dataset
from allegata.schema.vocabularies import Predicate, Stance
from allegata.site import SiteError, build_site, check_site_target, pages_of, words
from allegata.site.page import Page, relative
from allegata.site.records import coded
from allegata.tables import base_tables
from ledgers import with_ledger
from payloads import PAYLOADS

ROOT = Path(__file__).parents[1]
FICTIONAL = ROOT / "tests" / "fictional"
VERSION = "2026.11.0"


def make_release(
    out: Path,
    changed: Callable[[str, pa.Table], pa.Table] | None = None,
    dataset: Callable[[Dataset], Dataset] | None = None,
) -> Release:
    reading = read([FICTIONAL])
    assert reading.dataset is not None
    base = with_ledger(reading.tables(), None, VERSION)
    if changed:
        base = {name: changed(name, table) for name, table in base.items()}
    with Embedded() as session:
        for name, table in base.items():
            session.register(name, table)
        derived = derive(session)
    return write_release(
        {**base, **derived},
        {**base_tables(), **derived_tables()},
        dataset(reading.dataset) if dataset else reading.dataset,
        out,
        VERSION,
        date=datetime.date(2026, 11, 5),
        describe=describe,
        problems={"RECORD_UNUSED": 2},
        source_commit=None,
        source_date_epoch=1_762_300_800,
    )


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("release") / "dist")


@pytest.fixture(scope="module")
def site(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(release, tmp_path_factory.mktemp("built") / "site")


@dataclass(eq=False)
class Element:
    """An element of a parsed page; its children are elements and texts."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def up(self) -> Iterator[Element]:
        here: Element | None = self
        while here:
            yield here
            here = here.parent

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def has_class(self, *names: str) -> bool:
        return bool(set(names) & set(self.attrs.get("class", "").split()))


def rows_with_who(path: str, root: Element) -> list[Element]:
    """The rows of tables in which who takes which stance stands beside each proposition."""
    if path not in ("codebook/claims_flat/index.html", "codebook/contestation/index.html"):
        return []
    (shown,) = (e for e in root.walk() if "data-static" in e.attrs)
    return [e for e in shown.walk() if e.tag == "tr"]


def _elements(element: Element) -> list[Element]:
    return [child for child in element.children if isinstance(child, Element)]


VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.here = self.root = Element("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Element(tag, {n: v or "" for n, v in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        for element in self.here.up():
            if element.tag == tag and element.parent:
                self.here = element.parent
                return

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def parsed(page: str) -> Element:
    tree = _Tree()
    tree.feed(page)
    tree.close()
    return tree.root


def parsed_site(folder: Path) -> dict[str, Element]:
    """Every page of a site, by its path."""
    return {
        str(path.relative_to(folder)): parsed(path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.html"))
    }


@pytest.fixture(scope="module")
def trees(site: Path) -> dict[str, Element]:
    return parsed_site(site)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def broken_links(folder: Path, trees: dict[str, Element]) -> list[str]:
    """The links within a site that lead nowhere."""
    anchors = {
        path: {e.attrs["id"] for e in root.walk() if "id" in e.attrs}
        for path, root in trees.items()
    }
    found = []
    for path, root in trees.items():
        for element in root.walk():
            link = element.attrs.get("href", element.attrs.get("src"))
            if link is None or urlsplit(link).scheme:
                continue
            parts = urlsplit(link)
            target = posixpath.normpath(
                posixpath.join("/", posixpath.dirname(path), unquote(parts.path))
            )
            file = path if not parts.path else target.lstrip("/")
            if (folder / file).is_dir():
                file = posixpath.join(file, "index.html").lstrip("/")
            known = anchors.get(file, {parts.fragment})
            known = known | ({parts.fragment} if _is_question(file, parts.fragment) else set())
            if not (folder / file).is_file() or parts.fragment not in known | {""}:
                found.append(f"{path}: {link}")
    return found


def _is_question(file: str, fragment: str) -> bool:
    """Whether a fragment asks a page for something instead of leading to a place in it.

    It fills the editor of the page of SQL, or names the record that the viewer is to show.
    """
    if file.endswith("viewer/index.html"):
        return re.fullmatch("[a-z]{3}-[a-z0-9-]+", fragment) is not None
    return file.endswith("query/index.html") and fragment.startswith("q=SELECT%20")


def foreign_or_blocked(root: Element) -> list[str]:
    """What a page would load from another host, or what its own policy would block."""
    found = []
    for element in root.walk():
        for name, value in element.attrs.items():
            loads = name in ("src", "srcset", "href", "action", "data", "poster")
            parts = urlsplit(value) if loads and element.tag != "a" else None
            if name.startswith("on") or name == "style" or (parts and parts.scheme + parts.netloc):
                found.append(f"{element.tag} {name}={value}")
    return found


class TestPages:
    def test_every_record_and_table_has_its_page(self, release: Release, site: Path) -> None:
        expected = {
            "",
            "rules/",
            "data/",
            "reliability/",
            "query/",
            "viewer/",
            f"releases/{VERSION}/",
            "codebook/",
        }
        expected |= {f"codebook/{name}/" for name in release.table_names} | {"releases/"}
        for section in ("events", "actors", "places", "sources"):
            ids = release.table(section).arrow.column("id").to_pylist()
            expected |= {f"{section}/", *(f"{section}/{name}/" for name in ids)}
        ids = release.table("propositions").arrow.column("id").to_pylist()
        expected |= {f"propositions/{name}/" for name in ids}
        assert {page.url for page in pages_of(release)} == expected
        for url in expected:
            assert (site / url / "index.html").is_file()

    def test_every_claim_has_its_place_on_one_page(
        self, release: Release, trees: dict[str, Element]
    ) -> None:
        cards = [e for root in trees.values() for e in root.walk() if e.has_class("al-card")]
        ids = release.table("claims").arrow.column("id").to_pylist()
        assert sorted(card.attrs["id"] for card in cards) == sorted(ids)

    def test_an_event_names_the_archived_copy_and_the_hash_of_each_source_of_its_claims(
        self, release: Release, trees: dict[str, Element]
    ) -> None:
        sources = {row["id"]: row for row in release.table("sources").arrow.to_pylist()}
        assert any(row["archive_url"] for row in sources.values())
        for row in release.table("claims_flat").arrow.to_pylist():
            if row["event_id"]:
                root, source = (
                    trees[f"events/{row['event_id']}/index.html"],
                    sources[row["source_id"]],
                )
                table = next(e for e in root.walk() if e.attrs.get("aria-label") == "Sources")
                links = {e.attrs.get("href") for e in table.walk() if e.tag == "a"}
                assert not source["archive_url"] or source["archive_url"] in links
                assert (source["text_sha256"] or "") in table.text

    def test_home_says_what_it_is_in_a_sentence_and_all_of_it_below(
        self, release: Release, trees: dict[str, Element]
    ) -> None:
        root, told = trees["index.html"], release.dataset.description
        (lead,) = (e for e in root.walk() if e.has_class("al-lead"))
        assert told.startswith(lead.text.strip())
        assert len(lead.text) < 200 < len(told)
        assert " ".join(told.split())[len(lead.text.strip()) :].strip() in " ".join(
            root.text.split()
        )

    def test_a_claim_about_an_event_is_on_the_page_of_the_event(
        self, release: Release, trees: dict[str, Element]
    ) -> None:
        for row in release.table("claims_flat").arrow.to_pylist():
            if row["event_id"]:
                root = trees[f"events/{row['event_id']}/index.html"]
                assert any(e.attrs.get("id") == row["claim_id"] for e in root.walk())

    def test_marks_of_the_matrix_are_the_claims_of_the_event(
        self, release: Release, trees: dict[str, Element]
    ) -> None:
        flat = release.table("claims_flat").arrow.to_pylist()
        for event in release.table("events").arrow.column("id").to_pylist():
            claims = {row["claim_id"]: row for row in flat if row["event_id"] == event}
            marks = marks_of_matrix(trees[f"events/{event}/index.html"])
            assert marks.keys() == claims.keys()
            for name, link in marks.items():
                mark = next(e for e in link.walk() if e.has_class("al-mark"))
                ambiguous = claims[name]["clarity"] == "ambiguous"
                assert mark.has_class(f"al-{claims[name]['stance']}")
                assert mark.has_class("al-relayed") == claims[name]["relayed_by_other_party"]
                assert ("*" in mark.text) == ambiguous
                assert ("the wording is ambiguous" in link.text) == ambiguous

    def test_a_source_that_repeats_itself_has_one_mark_and_the_number_of_statements(
        self, tmp_path: Path
    ) -> None:
        def one_proposition(name: str, table: pa.Table) -> pa.Table:
            if name != "claims":
                return table
            at = table.column_names.index("proposition_id")
            same = pa.array(["prp-harl-fire-occurrence"] * table.num_rows, pa.string())
            return table.set_column(at, table.schema.field(at), same)

        release = make_release(tmp_path / "dist", one_proposition)
        root = next(
            parsed(page.html) for page in pages_of(release) if "evt-harl-lock-fire" in page.url
        )
        hops = sorted(release.table("hops").arrow.to_pylist(), key=lambda hop: hop["position"])
        said_in = {hop["claim_id"]: hop["statement_id"] for hop in hops}  # the last of each
        groups: dict[tuple[str, ...], list[dict[str, str]]] = {}
        for row in release.table("claims_flat").arrow.to_pylist():
            who = row["party_id"] or row["speaker_id"]
            alike = (row["relayed_by_other_party"], row["clarity"])
            groups.setdefault((who, row["stance"], row["source_id"], *alike), []).append(row)
        marks = marks_of_matrix(root)
        cards = [e.attrs["id"] for e in root.walk() if e.has_class("al-card")]
        assert len(cards) == sum(len(rows) for rows in groups.values())
        assert len(marks) == len(groups) < len(cards)
        repeated = 0
        for rows in groups.values():
            names = {row["claim_id"] for row in rows}
            (first,) = names & marks.keys()
            start = cards.index(first)
            assert set(cards[start : start + len(rows)]) == names
            statements = {said_in[name] for name in names if name in said_in}
            beside = [e.text for e in marks[first].parent.walk() if e.tag == "small"]  # type: ignore[union-attr]
            told = [f"{len(statements)} statements"] if len(statements) > 1 else []
            assert beside == told
            repeated += len(told)
        assert repeated

    def test_names_beside_a_proposition_of_the_matrix_lead_to_their_claims(
        self, release: Release, trees: dict[str, Element]
    ) -> None:
        flat = {row["claim_id"]: row for row in release.table("claims_flat").arrow.to_pylist()}
        root = trees["events/evt-harl-lock-alleged-attack/index.html"]
        matrix = next(e for e in root.walk() if e.has_class("al-matrix"))
        sides = [e for e in matrix.walk() if e.has_class("al-side")]
        links = [(s, e) for s in sides for e in s.walk() if e.tag == "a"]
        for side, link in links:
            row = flat[link.attrs["href"].lstrip("#")]
            assert words.STANCES[coded(Stance, row["stance"])] in side.text
            assert link.text in (row["party_name"], row["speaker_name"])
        claims = [row for row in flat.values() if row["event_id"] == "evt-harl-lock-alleged-attack"]
        taken = {
            (row["proposition_id"], row["stance"], row["party_id"] or row["speaker_id"])
            for row in claims
        }
        assert len(links) == len(taken)

    def test_every_column_code_and_rule_can_be_linked_to(
        self, release: Release, trees: dict[str, Element]
    ) -> None:
        for name, table in {**base_tables(), **derived_tables()}.items():
            anchors = {e.attrs.get("id") for e in trees[f"codebook/{name}/index.html"].walk()}
            for column in table.columns:
                assert column.name in anchors
                assert {f"{column.name}-{code}" for code in column.vocabulary or ()} <= anchors
        anchors = {e.attrs.get("id") for e in trees["rules/index.html"].walk()}
        assert anchors >= RULES.keys()

    def test_codebook_tells_what_statement_and_claim_mean_elsewhere(
        self, trees: dict[str, Element]
    ) -> None:
        text = trees["codebook/index.html"].text
        assert "In Wikidata, a statement (also called a claim)" in text

    def test_the_files_of_the_release_lie_beside_its_page(
        self, release: Release, site: Path
    ) -> None:
        place = site / "releases" / VERSION
        for name, content in contents(release.path).items():
            assert (place / name).read_bytes() == content

    def test_downloads_tell_size_rows_and_hashes(
        self, release: Release, trees: dict[str, Element]
    ) -> None:
        files = {entry.path: entry for entry in release.manifest.files}
        for entry in release.manifest.tables:
            row = next(
                e for e in trees["data/index.html"].walk() if e.attrs.get("id") == entry.name
            )
            for expected in (
                files[entry.path].sha256,
                entry.content_hash,
                words.size(files[entry.path].bytes),
                words.number(entry.rows),
            ):
                assert expected in row.text

    def test_all_links_and_fragments_resolve(self, site: Path, trees: dict[str, Element]) -> None:
        assert broken_links(site, trees) == []

    def test_ids_are_unique_on_each_page(self, trees: dict[str, Element]) -> None:
        for path, root in trees.items():
            ids = Counter(e.attrs["id"] for e in root.walk() if "id" in e.attrs)
            assert [name for name, count in ids.items() if count > 1] == [], path

    def test_every_stance_and_relation_has_words(self) -> None:
        assert set(words.STANCES) == set(Stance)
        assert set(words.PREDICATES) == set(Predicate)


def marks_of_matrix(root: Element) -> dict[str, Element]:
    """The links of a page's matrix that hold a mark, by the claim that each leads to."""
    return {
        element.attrs["href"].lstrip("#"): element
        for element in root.walk()
        if element.has_class("al-mark-link") and any(e.has_class("al-matrix") for e in element.up())
    }


def sides_of(root: Element, proposition: str) -> list[str]:
    """What stands beside a proposition where its claims are."""
    block = next(e for e in root.walk() if e.attrs.get("id") == proposition)
    who = next(e for e in block.walk() if e.has_class("al-who"))
    return [" ".join(e.text.split()) for e in who.walk() if e.has_class("al-side")]


class TestNeutrality:
    def test_sides_tell_ambiguity_hearsay_and_own_voice_and_nothing_else(
        self, trees: dict[str, Element]
    ) -> None:
        attack = trees["events/evt-harl-lock-alleged-attack/index.html"]
        assert sides_of(attack, "prp-harl-attack-boat") == [
            "says it is likely or possible: Jori Läsk (wording ambiguous)",
            "doubts it: Jori Läsk",
            "denies it: Sornia (only through another party's account)",
            # A request for comment is a statement of the outlet, not the voice of its report.
            "asks about it: Harl Courier",
        ]
        fire = trees["events/evt-harl-lock-fire/index.html"]
        assert sides_of(fire, "prp-harl-fire-occurrence") == [
            "says so: Jori Läsk, Harl Courier (in its own voice)"
        ]

    def test_a_list_of_events_tells_that_the_wording_is_ambiguous(self, tmp_path: Path) -> None:
        def all_ambiguous(name: str, table: pa.Table) -> pa.Table:
            if name != "claims":
                return table
            at = table.column_names.index("clarity")
            same = pa.array(["ambiguous"] * table.num_rows, pa.string())
            return table.set_column(at, table.schema.field(at), same)

        pages = {page.url: page for page in pages_of(make_release(tmp_path, all_ambiguous))}
        for url in ("", "events/", "events/evt-harl-lock-fire/"):
            sides = [e.text for e in parsed(pages[url].html).walk() if e.has_class("al-side")]
            spoken = [text for text in sides if ":" in text]
            assert spoken
            assert all("wording ambiguous)" in text for text in spoken)

    def test_an_event_tells_from_day_to_day_where_those_who_speak_stand(
        self, release: Release, trees: dict[str, Element]
    ) -> None:
        event = "evt-harl-lock-alleged-attack"
        rows = [
            row
            for row in release.table("contestation").to_pylist()
            if row["event_id"] == event and row["valid_from"]
        ]
        page = trees[f"events/{event}/index.html"]
        days = [e for e in page.walk() if e.tag == "h3" and e.attrs["id"][:4] == "2025"]
        assert [e.attrs["id"] for e in days] == sorted({str(row["valid_from"]) for row in rows})
        shown = [e for e in page.walk() if any(c.has_class("al-stand") for c in _elements(e))]
        lines = [next(up for up in e.up() if up.tag == "li").text for e in shown]
        assert len(lines) == len(rows)
        (first,) = [
            " ".join(line.split())
            for line in lines
            if line.startswith("The gatehouse") and "before: unaddressed in words" in line
        ]
        assert first == (
            "The gatehouse of the Harl lock is set on fire on purpose on 3 March 2025. "
            "asserted in words, contested by what follows, before: unaddressed in words, "
            "contested by what follows for: Vellmark against: Sornia (by what follows) "
            "doubting: nobody 1 statement · 1 source · parties: 1 for, 1 against, 0 doubting"
        )

    def test_copies_are_not_counted_as_sources_more(self, trees: dict[str, Element]) -> None:
        page = trees["events/evt-harl-lock-alleged-attack/index.html"]
        counts = [" ".join(e.text.split()) for e in page.walk() if e.has_class("al-counts")]
        assert any("3 sources (4 with copies)" in text for text in counts)

    def test_the_legend_tells_what_ring_and_star_are(self, trees: dict[str, Element]) -> None:
        root = trees["events/evt-harl-lock-fire/index.html"]
        legend = next(e for e in root.walk() if e.has_class("al-legend"))
        rows = {e.text for item in legend.walk() if item.tag == "li" for e in item.walk()}
        assert {"dashed ring", "star", *(words.plain(stance) for stance in Stance)} <= rows

    def test_no_proposition_stands_without_who_takes_a_stance(
        self, release: Release, trees: dict[str, Element]
    ) -> None:
        texts = release.table("propositions").arrow.column("text").to_pylist()
        seen = 0
        for path, root in trees.items():
            shown = [e for e in root.walk() if e.has_class("al-proposition")]
            for element in shown:
                block = next(e for e in element.up() if e.tag in ("li", "th", "section", "dd"))
                assert any(e.has_class("al-who", "al-mark") for e in block.walk()), path
            for text in texts:
                # Nor does it stand anywhere on a page where the test above would not find it.
                stated = sum(e.text.count(text) for e in [*shown, *rows_with_who(path, root)])
                assert root.text.count(text) == stated, path
            seen += len(shown)
        assert seen > len(texts)

    def test_headings_and_search_results_are_no_propositions(
        self, release: Release, site: Path
    ) -> None:
        texts = set(release.table("propositions").arrow.column("text").to_pylist())
        index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
        assert not texts & {entry["title"] for entry in index["docs"]}

    def test_the_standing_line_is_on_every_page(self, trees: dict[str, Element]) -> None:
        for path, root in trees.items():
            assert words.STANDING in root.text, path

    def test_sources_statements_and_parties_stand_beside_any_number_of_claims(
        self, trees: dict[str, Element]
    ) -> None:
        seen = 0
        for path, root in trees.items():
            for element in root.walk():
                own = "".join(child for child in element.children if isinstance(child, str))
                if re.search(r"[0-9] claims?\b", own):
                    assert re.search(r"[0-9] sources? .*[0-9] statements? .*[0-9] part", own), path
                    seen += 1
        assert seen


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of records full of payloads."""
    return poisoned_site(tmp_path_factory.mktemp("poisoned"), lambda text: text)


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same site with letters and digits for all that could be markup."""
    return poisoned_site(
        tmp_path_factory.mktemp("harmless"),
        lambda text: "".join(c if c.isalnum() or c == " " else "x" for c in text),
    )


class TestSafety:
    def test_texts_of_records_are_never_markup(self, poisoned: Path, harmless: Path) -> None:
        first, second = parsed_site(poisoned), parsed_site(harmless)
        assert first.keys() == second.keys()
        for path in first:
            assert shape(first[path]) == shape(second[path]), path

    def test_texts_of_records_are_shown_as_they_are(self, poisoned: Path) -> None:
        trees = parsed_site(poisoned)
        text = trees["events/evt-harl-lock-fire/index.html"].text
        for payload in PAYLOADS:
            assert payload in text

    def test_no_link_runs_or_leaves_but_for_the_web(self, poisoned: Path) -> None:
        for root in parsed_site(poisoned).values():
            for element in root.walk():
                link = element.attrs.get("href", "")
                assert urlsplit(link).scheme in ("", "http", "https")
                assert not link.startswith("//")

    def test_the_search_index_holds_no_markup_of_records(self, poisoned: Path) -> None:
        index = json.loads((poisoned / "search" / "search_index.json").read_text("utf-8"))
        kept = {"", "p", "code", "pre", "li", "ol", "ul"}
        for entry in index["docs"]:
            tags = {e.tag for part in ("title", "text") for e in parsed(entry[part]).walk()}
            assert tags <= kept

    def test_every_page_has_a_policy_that_allows_its_own_scripts_only(
        self, trees: dict[str, Element]
    ) -> None:
        assert "404.html" in trees
        for path, root in trees.items():
            if path.startswith("releases/") and not path.endswith("index.html"):
                continue
            head = next(e for e in root.walk() if e.tag == "head")
            first = next(child for child in head.children if isinstance(child, Element))
            assert first.attrs["http-equiv"] == "Content-Security-Policy"
            policy = dict(part.strip().split(" ", 1) for part in first.attrs["content"].split(";"))
            assert policy["default-src"] == "'none'"
            assert "unsafe" not in first.attrs["content"]
            for script in (e for e in root.walk() if e.tag == "script" and "src" not in e.attrs):
                if script.attrs.get("type") not in ("application/json", "application/ld+json"):
                    digest = hashlib.sha256(script.text.encode()).digest()
                    assert f"'sha256-{base64.b64encode(digest).decode()}'" in policy["script-src"]

    def test_the_home_page_and_that_of_the_data_tell_search_engines_what_they_hold(
        self, site: Path, trees: dict[str, Element]
    ) -> None:
        for path in ("index.html", "data/index.html"):
            (told,) = (
                json.loads(element.text)
                for element in trees[path].walk()
                if element.tag == "script" and element.attrs.get("type") == "application/ld+json"
            )
            assert told["@type"] == "Dataset"
            for one in told["distribution"]:
                file = site / Path(path).parent / one["contentUrl"]
                assert hashlib.sha256(file.read_bytes()).hexdigest() == one["sha256"]

    def test_nothing_is_asked_of_another_host(self, site: Path, trees: dict[str, Element]) -> None:
        assert [found for root in trees.values() for found in foreign_or_blocked(root)] == []
        for sheet in site.rglob("*.css"):
            assert "@import" not in sheet.read_text("utf-8")

    def test_an_id_that_is_no_slug_makes_no_page(self) -> None:
        for url in ("../up/", "events/../../etc/", "/abs/", "events/.hidden/", "a b/", "a"):
            with pytest.raises(SiteError, match="not a slug"):
                Page(url, "", "", Markup())


FORMATTED = {"release", "first_release", "last_changed"}


def poisoned_site(folder: Path, change: Callable[[str], str]) -> Path:
    """A site of a release in which each text of each record holds all payloads, changed alike."""

    def text(at: int, original: str = "") -> str:
        at %= len(PAYLOADS)
        return change(" ".join([*PAYLOADS[at:], *PAYLOADS[:at], original]).strip())

    def in_table(name: str, table: pa.Table) -> pa.Table:
        for number, column in enumerate(base_tables()[name].columns):
            is_text = column.type == pa.string() and column.name not in FORMATTED | {"id"}
            if is_text and not column.is_reference and not column.vocabulary:
                # Every row, so that what is empty in the records is tried as well; a name stays
                # the one of its record, and so unique.
                values = [text(number + row, str(row)) for row in range(table.num_rows)]
                table = table.set_column(number, column.name, pa.array(values, pa.string()))
        return table

    def line(at: int) -> str:
        return text(6 * at)[:500].strip()  # as long as the shortest of these may be

    def in_dataset(dataset: Dataset) -> Dataset:
        licence = dataset.licence.model_copy(update={"name": line(1), "exception": line(2)})
        coverage = dataset.coverage.model_copy(update={"sources": line(3), "agreement": line(4)})
        creators = [one.model_copy(update={"name": line(5)}) for one in dataset.creators]
        return dataset.model_copy(
            update={
                "title": line(6),
                "description": line(7),
                "publisher": line(8),
                "contact": line(9),
                "licence": licence,
                "coverage": coverage,
                "creators": creators,
            }
        )

    return build_site(make_release(folder / "dist", in_table, in_dataset), folder / "site")


def shape(root: Element) -> Counter[tuple[str, tuple[str, ...]]]:
    """What a page is made of, whatever it says: its elements and their attributes."""
    return Counter((element.tag, tuple(sorted(element.attrs))) for element in root.walk())


def disk_full(*_: object, **__: object) -> None:
    """What a system call does when there is no room."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class TestBuilding:
    def test_twice_gives_the_same_bytes_on_another_day(
        self, release: Release, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1893456000")
        assert contents(build_site(release, tmp_path / "again")) == contents(site)

    def test_a_site_takes_the_place_of_the_one_before(
        self, release: Release, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        out = build_site(release, tmp_path / "site")
        (out / "events" / "index.html").write_text("old")
        (out / "left-over.html").write_text("old")
        assert build_site(release, out) == out
        assert (out / "events" / "index.html").read_text("utf-8") != "old"
        assert not (out / "left-over.html").exists()
        assert sorted(path.name for path in tmp_path.iterdir()) == [".site.lock", "site"]
        assert capfd.readouterr() == ("", "")

    def test_a_failure_leaves_the_site_as_it_was(
        self, release: Release, site: Path, tmp_path: Path
    ) -> None:
        out = build_site(release, tmp_path / "site")
        config = tmp_path / "mkdocs.yml"
        (tmp_path / "docs").mkdir()
        (tmp_path / "docs" / "about.md").write_text("[nowhere](missing.md)")
        config.write_text("site_name: A\nplugins: [allegata]\nnav: [index.md, about.md]\n")
        with pytest.raises(SiteError, match=r"about\.md.*missing\.md"):
            build_site(release, out, config)
        assert contents(out) == contents(site)
        assert sorted(p.name for p in tmp_path.iterdir()) == [
            *(".site.lock", "docs", "mkdocs.yml", "site")
        ]

    def test_what_a_killed_build_left_is_cleared(self, release: Release, tmp_path: Path) -> None:
        left = tmp_path / ".site.building" / "site"
        left.mkdir(parents=True)
        (left / "half.html").write_text("half")
        out = build_site(release, tmp_path / "site")
        assert not (out / "half.html").exists()
        assert not left.parent.exists()

    def test_a_site_that_a_killed_build_had_moved_away_comes_back(
        self, release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = tmp_path / ".site.building" / "before"
        before.mkdir(parents=True)
        (before / "sitemap.xml").write_text("old")
        monkeypatch.setattr("allegata.site.plugin.shutil.copyfile", disk_full)
        with pytest.raises(SiteError, match="No space"):
            build_site(release, tmp_path / "site")
        assert contents(tmp_path / "site") == {"sitemap.xml": b"old"}
        assert not before.parent.exists()

    @pytest.mark.parametrize("what", ["shutil.copyfile", "pathlib.Path.rename"])
    def test_a_full_disk_is_told_and_leaves_the_site_as_it_was(
        self, release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
    ) -> None:
        out = tmp_path / "site"
        out.mkdir()
        (out / "sitemap.xml").write_text("old")
        with monkeypatch.context() as patched:
            patched.setattr(what, disk_full)
            with pytest.raises(SiteError) as raised:
                build_site(release, out)
        assert str(raised.value).startswith(f"cannot build {out}: No space left on device")
        assert contents(out) == {"sitemap.xml": b"old"}
        assert sorted(p.name for p in tmp_path.iterdir()) == [".site.lock", "site"]

    def test_two_builds_of_one_site_do_not_meet(self, release: Release, tmp_path: Path) -> None:
        with (
            FileLock(tmp_path / ".site.lock"),
            pytest.raises(SiteError, match="another run is building"),
        ):
            build_site(release, tmp_path / "site")
        assert not (tmp_path / "site").exists()

    def test_a_folder_that_cannot_be_made_is_told(self, release: Release, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(SiteError, match=r"cannot build .*/file/site"):
            build_site(release, tmp_path / "file" / "site")

    @pytest.mark.parametrize(
        ("config", "message"),
        [
            (b"site_name: A\n", "does not name allegata"),
            (b"site_name: [A\n", "while parsing"),
            (b"- site_name\n", "invalid"),
            (b"site_name: \xff\n", "position"),
            (b"INHERIT: missing.yml\n", r"missing\.yml"),
            (b"site_name: A\nplugins: [allegata, unheard-of]\n", "unheard-of"),
            (b"site_name: A\nplugins: [allegata]\ntheme: unheard-of\n", "unheard-of"),
            (None, "is not a file"),
        ],
    )
    def test_a_configuration_that_does_not_serve_is_told_beforehand(
        self, release: Release, tmp_path: Path, config: bytes | None, message: str
    ) -> None:
        path = tmp_path / "mkdocs.yml"
        (tmp_path / "docs").mkdir()
        if config is not None:
            path.write_bytes(config)
        before = contents(tmp_path)
        with pytest.raises(SiteError, match=message):
            check_site_target(tmp_path / "site", path)
        with pytest.raises(SiteError, match=message):
            build_site(release, tmp_path / "site", path)
        assert contents(tmp_path) == before

    def test_a_target_that_serves_is_let_pass_and_nothing_is_written(self, tmp_path: Path) -> None:
        (tmp_path / "docs").mkdir()
        config = tmp_path / "mkdocs.yml"
        config.write_text("site_name: A\nplugins: [allegata]\n")
        (tmp_path / "empty").mkdir()
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "sitemap.xml").touch()
        before = sorted(tmp_path.rglob("*"))
        for name in ("absent", "empty", "site", "absent/site"):
            check_site_target(tmp_path / name)
            check_site_target(tmp_path / name, config)
        assert sorted(tmp_path.rglob("*")) == before

    def test_a_page_by_hand_does_not_hide_a_generated_one(
        self, release: Release, tmp_path: Path
    ) -> None:
        (tmp_path / "docs").mkdir()
        (tmp_path / "docs" / "index.md").write_text("# Mine")
        (tmp_path / "mkdocs.yml").write_text("site_name: A\nplugins: [allegata]\n")
        with pytest.raises(SiteError, match=r"index\.md is where a page of the release goes"):
            build_site(release, tmp_path / "site", tmp_path / "mkdocs.yml")

    def test_a_folder_of_something_else_is_left_alone(
        self, release: Release, tmp_path: Path
    ) -> None:
        (tmp_path / "thesis.txt").write_text("mine")
        (tmp_path / "link").symlink_to(tmp_path / "nowhere")
        for out in (tmp_path, tmp_path / "thesis.txt", tmp_path / "link"):
            with pytest.raises(SiteError, match="something other than a site"):
                check_site_target(out)
            with pytest.raises(SiteError, match="something other than a site"):
                build_site(release, out)
        assert (tmp_path / "thesis.txt").read_text() == "mine"

    def test_the_projects_own_pages_and_their_links_hold(
        self, release: Release, tmp_path: Path
    ) -> None:
        out = build_site(release, tmp_path / "site", ROOT / "mkdocs.yml")
        trees = parsed_site(out)
        assert broken_links(out, trees) == []
        assert [found for root in trees.values() for found in foreign_or_blocked(root)] == []
        for path in (ROOT / "docs").rglob("*.md"):
            name = path.relative_to(ROOT / "docs").with_suffix("").as_posix()
            told = trees[f"{name.removesuffix('/index')}/index.html"]
            assert words.STANDING in told.text
            # No generated page has taken its address.
            assert path.read_text().splitlines()[0].removeprefix("# ") in told.text
        for page in pages_of(release):
            standing = next(
                e for e in trees[f"{page.url}index.html"].walk() if e.has_class("al-standing")
            )
            (link,) = (e.attrs["href"] for e in standing.walk() if e.tag == "a")
            assert link == relative(page.url, "method/")

    def test_mkdocs_alone_builds_it_from_the_releases_of_a_folder(
        self, release: Release, tmp_path: Path
    ) -> None:
        (tmp_path / "docs").mkdir()
        (tmp_path / "dist").symlink_to(release.path.parents[1])
        (tmp_path / "mkdocs.yml").write_text(
            "site_name: A\ntheme: material\nplugins: [allegata]\nnav: [index.md]\n"
        )
        build(load_config(str(tmp_path / "mkdocs.yml"), site_dir=str(tmp_path / "site")))
        assert (tmp_path / "site" / "events" / "index.html").is_file()
