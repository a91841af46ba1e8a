"""Everybody can use the site: what axe finds, the keyboard, a phone, print, texts of any script."""

from __future__ import annotations

import re
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
    from playwright.sync_api import Browser, Page, Route, sync_playwright


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
    page.goto(f"{address}{path}")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    page.evaluate(AXE.read_text("utf-8"))
    found = []
    for width, scheme in LOOKS:
        # Nothing but colours is another in the dark.
        given = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
        page.evaluate("name => { document.body.dataset.mdColorScheme = name }", SCHEMES[scheme])
        page.set_viewport_size({"width": width, "height": 900})
        told = page.evaluate(
            "given => axe.run(document, given)", given | {"resultTypes": ["violations"]}
        )
        for violation in told["violations"]:
            nodes = [(node["target"], node["failureSummary"]) for node in violation["nodes"][:3]]
            found.append((width, scheme, violation["id"], nodes))
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert found == []


def listed(page: Page) -> list[str]:
    """The events that are to be seen in the list, by the last step of their address."""
    links = page.locator(".al-events .al-title a:visible")
    return sorted(
        (links.nth(at).get_attribute("href") or "").strip("/").split("/")[-1]
        for at in range(links.count())
    )


@pytest.fixture(params=["hidden in place", "read from beside the page"])
def events(request: pytest.FixtureRequest, page: Page, address: str) -> Page:
    """The list of events, as it is and as it is where the page does not hold all of them."""
    if request.param != "hidden in place":

        def as_if_too_many(route: Route) -> None:
            answer = route.fetch()
            route.fulfill(response=answer, body=re.sub(r'data-shown="\d+"', "", answer.text()))

        page.route("**/events/", as_if_too_many)
    page.goto(f"{address}events/")
    return page


def test_the_list_of_events_can_be_narrowed_and_the_address_keeps_it(
    events: Page, address: str
) -> None:
    page = events
    rows = page.request.get(f"{address}events/index.json").json()["events"]
    assert listed(page) == sorted(row["id"] for row in rows)
    for field, wanted, fits in (
        ("type", "attack", lambda row: row["type"] == "attack"),
        ("status", "contested", lambda row: row["status"] == "contested"),
        ("party", "act-sornia", lambda row: "act-sornia" in row["parties"]),
        ("from", "2025-03-04", lambda row: (row["latest"] or "") >= "2025-03-04"),
        ("to", "2025-03-03", lambda row: (row["earliest"] or "9") <= "2025-03-03"),
        ("words", "HARL", lambda row: "harl" in row["label"].lower()),
    ):
        control = page.locator(f"[data-filters] [name={field}]")
        if field in ("type", "status", "party"):
            control.select_option(wanted)
        else:
            control.fill(wanted)
        expected = sorted(row["id"] for row in rows if fits(row))
        assert 0 < len(expected) < len(rows)
        told = "1 event" if len(expected) == 1 else f"{len(expected)} events"
        page.get_by_role("status").filter(has_text=f"{told} of {len(rows)}.").wait_for()
        assert listed(page) == expected
        assert page.url.endswith(f"#{field}={wanted}")
        page.reload()
        page.get_by_role("status").filter(has_text=f"{told} of").wait_for()
        assert listed(page) == expected
        page.get_by_role("button", name="Show all").click()
        page.locator(f".al-events .al-title a:visible >> nth={len(rows) - 1}").wait_for()
    assert listed(page) == sorted(row["id"] for row in rows)


def test_the_list_can_be_narrowed_with_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}events/")
    page.locator("#al-words").focus()
    page.keyboard.type("fire")
    page.get_by_role("status").filter(has_text="event").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Show all"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/evt-*/")


def test_without_javascript_the_list_is_whole_and_by_status(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}events/")
    assert page.locator("[data-filters]").is_hidden()
    for link in page.locator("ul.al-numbers a").all():
        number, _, status = link.inner_text().partition("\n")
        group = page.locator(f"section:has(> h2{link.get_attribute('href')})")
        assert group.locator("li[data-event]").count() == int(number), status
    context.close()


def test_the_ways_of_claims_can_be_followed_with_the_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}propositions/prp-harl-attack-agent-sornia/")
    page.locator(".al-paths").focus()
    for _ in range(page.locator("a.al-node").count()):
        page.keyboard.press("Tab")
        focused = page.locator("a.al-node:focus")
        assert focused.count() == 1
        assert focused.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/actors/act-*/")


def test_on_a_phone_the_ways_of_claims_keep_their_size_in_a_box_that_scrolls(
    page: Page, address: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{address}propositions/prp-harl-attack-agent-sornia/")
    node = page.locator("a.al-node").first.bounding_box()
    assert node is not None
    assert (node["width"], node["height"]) == pytest.approx((168, 44), abs=1)
    box = page.locator(".al-paths")
    assert box.evaluate("one => one.scrollWidth > one.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_citation_is_copied_as_it_stands(browser: Browser, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}events/evt-harl-lock-fire/")
    box = page.locator("details", has_text="BibTeX").last
    box.locator("summary").click()
    page.get_by_role("button", name="Copy BibTeX").click()
    box.get_by_role("status").filter(has_text="Copied.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == box.locator("pre").text_content()
    assert copied.startswith("@misc{harl-lock-")
    context.close()


def test_on_paper_everything_stands_open(page: Page, address: str) -> None:
    page.goto(f"{address}events/evt-harl-lock-fire/")
    assert page.locator(".al-page details:not([open])").count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".al-page details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".al-page details:not([open])").count()


def test_what_can_be_pressed_is_large_enough(page: Page, address: str) -> None:
    """At least 24 px each way, or in a line of text, as WCAG 2.2 has it (2.5.8)."""
    page.set_viewport_size({"width": 390, "height": 900})
    for path in ("events/", "events/evt-harl-lock-fire/"):
        page.goto(f"{address}{path}")
        small = page.evaluate(
            """[...document.querySelectorAll(
                ".al-page :is(button, select, input, summary, .al-node, .al-mark-link, .al-anchor)"
            )].filter((one) => {
                const box = one.getBoundingClientRect();
                return one.checkVisibility() && (box.width < 24 || box.height < 24);
            }).map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert small == []
