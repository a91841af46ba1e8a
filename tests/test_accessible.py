"""Everybody can use the site: what axe finds, the keyboard, a phone, print, texts of any script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from releases_in_a_row import VERSIONS
from sites import CHROMIUM, FLAGS, served, site_of_two

AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
OLD, NEW = VERSIONS[:2]
PAGES = [
    "",
    "events/",
    "events/evt-harl-lock-alleged-attack/",
    "propositions/prp-harl-fire-damage-over-5-million/",
    "actors/",
    "actors/act-sornia/",
    "places/",
    "places/plc-harl-lock/",
    "sources/",
    "sources/src-harl-courier-2025-03-03/",
    "codebook/",
    "codebook/claims/",
    "rules/",
    "data/",
    "releases/",
    f"releases/{NEW}/",
    f"releases/{NEW}/since-{OLD}/",
    "viewer/",
]
LOOKS = [(1280, "light"), (1280, "dark"), (390, "dark"), (390, "light")]
SCHEMES = {"light": "default", "dark": "slate"}

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")

if CHROMIUM:
    from playwright.sync_api import Browser, Page, sync_playwright


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(site_of_two(tmp_path_factory.mktemp("site"))) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.skipif(not AXE.exists(), reason="axe is not installed (npm)")
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_in_light_and_dark_on_a_screen_and_a_phone(
    path: str, page: Page, address: str
) -> None:
    page.goto(f"{address}{path}", wait_until="networkidle")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    page.evaluate(AXE.read_text("utf-8"))
    found = []
    for width, scheme in LOOKS:
        page.evaluate("name => { document.body.dataset.mdColorScheme = name }", SCHEMES[scheme])
        page.set_viewport_size({"width": width, "height": 900})
        told = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for violation in told["violations"]:
            nodes = [(node["target"], node["failureSummary"]) for node in violation["nodes"][:3]]
            found.append((width, scheme, violation["id"], nodes))
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert found == []
