"""The site for programs: JSON, feed, sitemap and llms.txt hold what the pages hold, as text."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import markdown
import pytest

from allegata.releasing import Release, catalog_around
from allegata.site import build_site, pages_of
from allegata.site.machine import sitemap
from allegata.site.machine.feed import feed
from allegata.site.machine.llms import llms
from allegata.site.machine.records import as_json
from allegata.site.pages import subject_of
from test_site import PAYLOADS, VERSION, make_release

ATOM = "{http://www.w3.org/2005/Atom}"
PLACE = "https://example.org/data/"
# A dataset's title has room for half of the payloads only.
TITLE, OTHER = " ".join(PAYLOADS[::2]), " ".join(PAYLOADS[1::2])


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("release") / "dist")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release whose dataset and events have names that hold all payloads."""
    text = " ".join(PAYLOADS)

    def in_dataset(dataset):  # type: ignore[no-untyped-def]
        return dataset.model_copy(update={"title": TITLE, "description": text, "publisher": OTHER})

    def in_table(name, table):  # type: ignore[no-untyped-def]
        if name == "events":
            at = table.column_names.index("label")
            labels = [f"{text} {number}" for number in range(table.num_rows)]
            return table.set_column(at, table.schema.field(at), [labels])
        return table

    return make_release(tmp_path_factory.mktemp("hostile") / "dist", in_table, in_dataset)


@pytest.fixture(scope="module")
def site(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "docs").mkdir()
    (folder / "mkdocs.yml").write_text(
        f"site_name: A\nsite_url: {PLACE}\ntheme: material\nplugins: [allegata]\nnav: [index.md]\n"
    )
    return build_site(release, folder / "site", folder / "mkdocs.yml")


def feed_of(release: Release, place: str | None) -> ET.Element:
    with subject_of(release) as subject:
        catalog = catalog_around(release.path)
        return ET.fromstring(feed(subject, catalog.releases if catalog else [], place))


class TestRecords:
    def test_each_record_has_its_rows_as_the_tables_have_them(
        self, release: Release, site: Path
    ) -> None:
        tables = {
            name: {as_json(row) for row in release.table(name).arrow.to_pylist()}
            for name in release.table_names
        }
        found: dict[str, set[str]] = {}
        for path in sorted(site.glob("*/*/index.json")):
            told = json.loads(path.read_bytes())
            assert (told["table"], told["id"]) == path.parts[-3:-1]
            assert told["release"]["version"] == VERSION
            assert told["release"]["licence"]["id"] == release.dataset.licence.id
            assert told["records"][told["table"]][0]["id"] == told["id"]
            for table, rows in told["records"].items():
                columns = list(release.table(table).arrow.schema.names)
                for row in rows:
                    assert list(row) == columns
                    assert as_json(row) in tables[table]
                found.setdefault(table, set()).update(map(str, rows))
        for table in ("events", "actors", "places", "sources", "propositions", "claims", "quotes"):
            assert len(found[table]) == len(tables[table])

    def test_each_satisfies_the_schema_and_the_schema_refuses_what_is_wrong(
        self, site: Path
    ) -> None:
        schema = json.loads((site / "record.schema.json").read_bytes())
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        paths = sorted(site.glob("*/*/index.json"))
        assert len(paths) > 30
        for path in paths:
            told = json.loads(path.read_bytes())
            assert list(map(str, validator.iter_errors(told))) == []
        told["records"]["claims"][0]["coded"] = "yesterday"
        assert not validator.is_valid(told)
        page = (site / "data" / "index.html").read_text("utf-8")
        assert 'href="../record.schema.json"' in page
        assert all(f"<dt>{name}</dt>" in page for name in schema["required"])

    def test_the_page_leads_to_it(self, site: Path) -> None:
        page = next(site.glob("events/*/index.html")).read_text("utf-8")
        assert (
            '<link rel="alternate describedby" type="application/json" href="index.json">' in page
        )
        assert 'type="application/atom+xml"' in page
        home = (site / "index.html").read_text("utf-8")
        assert 'title="Releases and changes" href="feed.xml"' in home


class TestFeed:
    @pytest.mark.parametrize("place", [PLACE, None])
    def test_it_has_what_atom_asks_for(self, release: Release, place: str | None) -> None:
        top = feed_of(release, place)
        assert top.tag == f"{ATOM}feed"
        for one in (top, *top.iter(f"{ATOM}entry")):
            (identity,), (title,), (updated,) = (
                one.findall(f"{ATOM}{name}") for name in ("id", "title", "updated")
            )
            assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", identity.text or "")
            assert (title.text or "").strip()
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", updated.text or "")
            alternate = [e for e in one.findall(f"{ATOM}link") if e.get("rel") == "alternate"]
            assert len(alternate) == 1
            assert not place or alternate[0].attrib["href"].startswith(place)
        assert top.findtext(f"{ATOM}author/{ATOM}name")
        ids = [e.text for e in top.iter(f"{ATOM}id")]
        assert len(ids) == len(set(ids)) > 2

    def test_its_ids_stay_and_its_links_lead_to_pages(self, release: Release, site: Path) -> None:
        first, second = feed_of(release, PLACE), feed_of(release, None)
        ids = [[e.text for e in one.iter(f"{ATOM}id")] for one in (first, second)]
        assert ids[0] == ids[1]
        for entry in second.iter(f"{ATOM}entry"):
            link = entry.find(f"{ATOM}link")
            assert link is not None
            assert (site / link.attrib["href"] / "index.html").is_file()

    def test_texts_are_text(self, hostile: Release) -> None:
        top = feed_of(hostile, None)
        expected = " ".join(PAYLOADS)
        assert top.findtext(f"{ATOM}title") == TITLE
        assert top.findtext(f"{ATOM}author/{ATOM}name") == OTHER
        titles = [e.findtext(f"{ATOM}title") or "" for e in top.iter(f"{ATOM}entry")]
        events = hostile.table("events").num_rows
        assert sum(title.startswith(expected) for title in titles) == events
        tags = {e.tag.removeprefix(ATOM) for e in top.iter()}
        assert tags <= {
            *("feed", "title", "subtitle", "id", "updated", "author", "name", "link", "rights"),
            *("entry", "summary"),
        }


class TestLlms:
    def test_it_has_the_form_and_its_links_lead_somewhere(
        self, release: Release, site: Path
    ) -> None:
        with subject_of(release) as subject:
            text = llms(subject, None)
        lines = text.splitlines()
        assert lines[0].startswith("# ")
        assert lines[2].startswith("> ")
        links = re.findall(r"^- \[[^\]]+\]\(([^)]+)\): \S", text, re.MULTILINE)
        assert len(links) > 20
        for link in links:
            assert (site / link).exists()
        assert text == (site / "llms.txt").read_text("utf-8").replace(f"({PLACE}", "(")

    def test_what_a_dataset_says_is_no_markup(self, release: Release, hostile: Release) -> None:
        shapes = []
        for one in (release, hostile):
            with subject_of(one) as subject:
                html = markdown.markdown(llms(subject, PLACE))
            shapes.append(re.findall(r"</?[a-z0-9]+", html))
        assert shapes[0] == shapes[1]


class TestSitemap:
    def test_it_names_every_page_with_the_day_of_the_release(
        self, release: Release, site: Path
    ) -> None:
        top = ET.fromstring((site / "sitemap.xml").read_bytes())
        space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
        named = [e.findtext(f"{space}loc") for e in top]
        assert {e.findtext(f"{space}lastmod") for e in top} == {"2026-11-05"}
        assert sorted(named) == sorted({f"{PLACE}{page.url}" for page in pages_of(release)})
        compressed = (site / "sitemap.xml.gz").read_bytes()
        assert gzip.decompress(compressed) == (site / "sitemap.xml").read_bytes()
        assert f"Sitemap: {PLACE}sitemap.xml" in (site / "robots.txt").read_text()

    def test_of_very_many_pages_there_are_several(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sitemap, "_MOST", 2)
        sitemap.write_sitemap(tmp_path, PLACE, ["", "a/", "b&/"], "2026-11-05")
        index = (tmp_path / "sitemap.xml").read_text()
        assert "<sitemapindex" in index
        assert re.findall("<loc>(.*)</loc>", index) == [
            f"{PLACE}sitemap-1.xml",
            f"{PLACE}sitemap-2.xml",
        ]
        assert f"<loc>{PLACE}b%26/</loc>" in (tmp_path / "sitemap-2.xml").read_text()
