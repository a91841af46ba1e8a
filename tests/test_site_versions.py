"""Releases in a row: the latest at the root, the earlier ones below it, and what is gone."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from unittest.mock import ANY

import pytest

from allegata.publishing import publish_site
from allegata.releasing import open_release, plan_takedown, takedown, withdraw
from allegata.site import SiteError, build_site, building, plugin, scripting
from conftest import Ran
from releases_in_a_row import GONE, VERSIONS, publish_in_a_row
from test_site import Element, broken_links, contents, foreign_or_blocked, parsed, parsed_site

NEWEST = VERSIONS[-1]
SITE_URL = "https://example.org/data/"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_in_a_row(tmp_path_factory.mktemp("row"))


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("config")
    (folder / "docs").mkdir()
    packaged = Path(building.__file__).parent / "mkdocs.yml"
    path = folder / "mkdocs.yml"
    path.write_text(f"INHERIT: {packaged}\nsite_url: {SITE_URL}\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def site(dist: Path, config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(open_release(dist), tmp_path_factory.mktemp("built") / "site", config)


def page(site: Path, url: str) -> Element:
    return parsed((site / url / "index.html").read_text("utf-8"))


def one(root: Element, tag: str, **attrs: str) -> Element:
    (found,) = (e for e in root.walk() if e.tag == tag and attrs.items() <= e.attrs.items())
    return found


def test_every_release_has_its_pages_and_all_links_between_them_hold(site: Path) -> None:
    # That of lost addresses can only name them in full, below the path of the site's address.
    trees = {path: root for path, root in parsed_site(site).items() if "404" not in path}
    assert broken_links(site, trees) == []
    foreign = {found for root in trees.values() for found in foreign_or_blocked(root)}
    assert {found for found in foreign if not found.startswith(f"link href={SITE_URL}")} == set()
    for version in VERSIONS[:-1]:
        assert (site / "r" / version / "index.html").is_file()
        assert (site / "r" / version / "releases" / version / "manifest.json").is_file()


def test_versions_are_told_at_the_root_alone(site: Path) -> None:
    told = json.loads((site / "versions.json").read_bytes())["versions"]
    assert [(one["version"], one["path"]) for one in told] == [
        (NEWEST, ""),
        *((version, f"r/{version}/") for version in reversed(VERSIONS[:-1])),
    ]
    for name in ("versions.json", "feed.xml", "sitemap.xml", "robots.txt", "llms.txt"):
        assert (site / name).is_file()
        assert not (site / "r" / VERSIONS[0] / name).exists()
    assert "/r/" not in (site / "sitemap.xml").read_text("utf-8")


def test_an_earlier_page_says_so_and_leads_to_the_same_page_of_the_newest(site: Path) -> None:
    url = "events/evt-harl-lock-fire/"
    root = page(site, f"r/{VERSIONS[0]}/{url}")
    banner = one(root, "aside", **{"class": "al-edition"})
    assert f"This is release {VERSIONS[0]} of " in banner.text
    assert one(banner, "a").attrs["href"] == f"../../../../{url}"
    assert one(root, "link", rel="canonical").attrs["href"] == f"{SITE_URL}{url}"
    assert one(root, "meta", name="robots").attrs["content"] == "noindex"
    newest = page(site, url)
    assert not [e for e in newest.walk() if e.has_class("al-edition")]
    assert one(newest, "link", rel="canonical").attrs["href"] == f"{SITE_URL}{url}"
    assert not [e for e in newest.walk() if e.attrs.get("name") == "robots"]


def test_versions_share_the_scripts_at_the_root(
    dist: Path, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "query.js"
    script.write_text("export {};\n")
    for module in (plugin, scripting):
        monkeypatch.setattr(module, "scripts", lambda: [script])
    site = build_site(open_release(dist), tmp_path / "site", config)
    assert [path.parent for path in site.rglob("query.js")] == [site / "assets" / "scripts"]
    for version in (f"r/{VERSIONS[0]}/", ""):
        found = one(page(site, f"{version}query/"), "script", type="module", src=ANY)
        loaded = site / version / "query" / found.attrs["src"]
        assert loaded.resolve() == (site / "assets" / "scripts" / "query.js").resolve()


def test_every_page_links_to_all_releases_without_javascript(site: Path) -> None:
    for path, root in parsed_site(site).items():
        if "404" not in path:
            (box,) = (e for e in root.walk() if e.has_class("al-versions"))
            link = one(box, "a").attrs["href"]
            target, _, anchor = link.partition("#")
            place = (site / path).parent / target / "index.html"
            assert place.resolve() == (site / "data" / "index.html").resolve()
            assert any(e.attrs.get("id") == anchor for e in page(site, "data/").walk())


def test_an_earlier_version_is_taken_over_and_gives_the_same_bytes(
    dist: Path, config: Path, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    shutil.copytree(site, out)
    (out / "r" / VERSIONS[0] / "index.html").write_text("kept")
    built: list[str] = []
    true = building._build

    def counted(release: object, *given: object, **options: str) -> object:
        built.append(release.version)  # type: ignore[attr-defined]
        return true(release, *given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(building, "_build", counted)
    build_site(open_release(dist), out, config)
    assert built == [NEWEST]
    assert (out / "r" / VERSIONS[0] / "index.html").read_text() == "kept"
    expected = contents(site) | {f"r/{VERSIONS[0]}/index.html": b"kept"}
    assert contents(out) == expected
    # Another configuration makes other pages.
    config_of_fewer = tmp_path / "mkdocs.yml"
    (tmp_path / "docs").mkdir()
    config_of_fewer.write_text(
        f"INHERIT: {config}\nplugins: {{search: {{}}, allegata: {{pages: 3, earlier: 1}}}}\n"
    )
    built.clear()
    build_site(open_release(dist), out, config_of_fewer)
    assert built == [NEWEST, VERSIONS[-2]]
    assert [path.name for path in (out / "r").iterdir()] == [VERSIONS[-2]]


def test_a_record_that_is_gone_has_its_address_and_what_replaced_it(site: Path) -> None:
    root = page(site, "places/plc-harl-sluice/")
    assert f"merged in release {VERSIONS[2]}" in root.text
    assert "The same works." in root.text
    assert [e for e in root.walk() if e.attrs.get("href", "").endswith("/plc-harl-lock/")]
    assert one(root, "meta", name="robots").attrs["content"] == "noindex"
    assert "plc-harl-sluice" not in (site / "sitemap.xml").read_text("utf-8")
    # It stood in the release before.
    assert "Harl sluice" in page(site, f"r/{VERSIONS[1]}/places/plc-harl-sluice/").text


def test_a_release_that_is_gone_has_its_address(dist: Path, tmp_path: Path) -> None:
    out = tmp_path / "dist"
    shutil.copytree(dist, out)
    day = datetime.date(2026, 12, 24)
    withdraw(out, VERSIONS[2], "All <b>days</b> are wrong.", day)
    takedown(plan_takedown(out, record=GONE), "By order of a court.", day)
    site = Path(publish_site(open_release(out), out))
    taken = page(site, f"releases/{VERSIONS[1]}/")
    assert "taken down" in taken.text
    assert "By order of a court." in taken.text
    withdrawn = page(site, f"releases/{VERSIONS[2]}/")
    assert "All <b>days</b> are wrong." in withdrawn.text
    assert "should not be used" in withdrawn.text
    assert not (site / "r").exists()
    trees = parsed_site(site)
    assert broken_links(site, trees) == []


def test_a_record_known_from_a_release_that_was_taken_down_alone_is_told_of(
    dist: Path, tmp_path: Path
) -> None:
    out = tmp_path / "dist"
    shutil.copytree(dist, out)
    newest = out / "releases" / NEWEST / "tombstone.json"
    day = datetime.date(2026, 12, 24)
    takedown(plan_takedown(out, version=NEWEST), "By order of a court.", day, even_latest=True)
    told = json.loads(newest.read_bytes())
    told["records"] = [*told["records"], "evt-of-that-release-alone"]
    newest.write_text(json.dumps(told))
    site = Path(publish_site(open_release(out), out))
    root = page(site, "events/evt-of-that-release-alone/")
    assert f"was in release {NEWEST}, which was taken down" in root.text


def test_an_earlier_release_that_cannot_be_read_is_named(dist: Path, tmp_path: Path) -> None:
    out = tmp_path / "dist"
    shutil.copytree(dist, out)
    (out / "releases" / VERSIONS[0] / "manifest.json").unlink()
    with pytest.raises(SiteError, match=rf"release {VERSIONS[0]} cannot be shown: "):
        build_site(open_release(out), tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_the_command_line_builds_it(dist: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    out = tmp_path / "site"
    ran = run("site", "build", dist, "--out", out, "--version", VERSIONS[1])
    assert (ran.code, ran.out) == (0, "")
    assert f"site: open {out}/index.html" in ran.err
    assert [path.name for path in (out / "r").iterdir()] == [VERSIONS[0]]
    assert run("site", "build", dist, "--out", out, "--version", "2020.1.0").code == 2
    assert run("site", "build", tmp_path / "nothing", "--out", out).code == 3
    (tmp_path / "mine").write_text("mine")
    ran = run("site", "build", dist, "--out", tmp_path / "mine")
    assert (ran.code, "something other than a site" in ran.err) == (3, True)
