"""Names from right to left stand in sentences from left to right, and neither turns the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from allegata.publishing import publish, publish_site
from releases_in_a_row import FICTIONAL, record, write
from sites import CHROMIUM, FLAGS, served
from trees import Trees, load

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")

if CHROMIUM:
    from playwright.sync_api import Page, sync_playwright

# Numbers and brackets at the end are what a sentence that goes on takes away from a name.
NAMES = {
    ("act-maren-osk", "name"): "מרן אוסק (12)",
    ("act-sornia", "name"): "سورنيا ٣",
    ("plc-harl-lock", "name"): "هويس هارل (4)",
    ("evt-harl-lock-fire", "label"): "حريق في الهويس 5",
    ("evt-harl-lock-alleged-attack", "label"): "מתקפה על הסכר [6]",
}
PAGES = [
    "",
    "events/",
    "events/evt-harl-lock-fire/",
    "events/evt-harl-lock-alleged-attack/",
    "propositions/prp-harl-attack-agent-sornia/",
    "actors/",
    "actors/act-sornia/",
    "actors/act-maren-osk/",
    "places/",
    "places/plc-harl-lock/",
    "sources/src-vellmark-presidency-2025-03-04/",
]
# The stretches of text in which the browser orders letters as one, and which have some of both.
MIXED = """() => {
  const apart = (one) => /isolate|plaintext/.test(getComputedStyle(one).unicodeBidi);
  const found = new Set();
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!/[\\u0590-\\u08ff]/.test(text.data) || !text.parentElement.checkVisibility()) continue;
    let around = text.parentElement;
    while (!apart(around) && around.localName !== "option") around = around.parentElement;
    const own = [];
    const inside = document.createTreeWalker(around, NodeFilter.SHOW_TEXT);
    while (inside.nextNode()) {
      let holder = inside.currentNode.parentElement;
      while (holder !== around && !apart(holder)) holder = holder.parentElement;
      if (holder === around) own.push(inside.currentNode.data);
    }
    if (/[A-Za-z]/.test(own.join(" "))) found.add(`${around.localName}: ${own.join("").trim()}`);
  }
  return [...found];
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("scripts")
    trees = Trees(load(FICTIONAL))
    for (wanted, field), name in NAMES.items():
        record(trees, wanted).set(field, name)
    write(trees.files, folder / "data")
    site = publish_site(
        publish(folder / "data", folder / "dist", "2026.11.0").release, folder / "dist"
    )
    with served(site) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(base_url=address)
        yield context.new_page()
        browser.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_name_from_right_to_left_is_set_apart_from_the_sentence(path: str, page: Page) -> None:
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert (
        page.locator("main")
        .filter(has_text="\u0633")
        .or_(page.locator("main").filter(has_text="\u05de"))
        .count()
    )
    assert page.evaluate(MIXED) == []


def test_mixing_is_found_where_there_is_some(page: Page) -> None:
    page.goto("events/evt-harl-lock-fire/")
    page.evaluate(
        "document.querySelectorAll('main bdi').forEach(one => one.replaceWith(one.textContent))"
    )
    assert page.evaluate(MIXED) != []
