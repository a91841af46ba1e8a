"""The site in a real browser: what only a browser can show."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from allegata.publishing import publish, publish_site

FICTIONAL = Path(__file__).parent / "fictional"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAGES = ["", "events/", "events/evt-harl-lock-alleged-attack/", "actors/", "data/", "codebook/"]

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")

if CHROMIUM:
    from playwright.sync_api import Browser, Page, sync_playwright


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of requests."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    out = tmp_path_factory.mktemp("site") / "dist"
    site = publish_site(publish(FICTIONAL, out, "2026.11.0").release, out)
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(params=[(1280, "light"), (1280, "dark"), (390, "light")], ids=str)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_quietly_from_its_own_host_and_fits(
    path: str, page: Page, address: str
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}{path}", wait_until="networkidle")
    assert said == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_mark_of_the_matrix_leads_to_its_claim(page: Page, address: str) -> None:
    page.goto(f"{address}events/evt-harl-lock-alleged-attack/")
    link = page.locator("table a[href*='#clm-']:visible").first
    target = (link.get_attribute("href") or "").partition("#")[2]
    link.click()
    assert page.url.endswith(f"#{target}")
    assert page.locator(f"[id='{target}']").is_visible()


def test_the_search_finds_an_actor(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("/")
    page.keyboard.type("Maren Osk")
    found = page.locator(".md-search-result__link", has_text="Maren Osk").first
    found.wait_for()
    assert page.get_by_role("dialog", name="Search").count() == 1
