"""The coding page: driven in a real browser, and what its server lets in."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from allegata.coding import CodingServer, NotCodable, Work
from allegata.curating import Document
from allegata.engines import check

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FICTIONAL = Path(__file__).parent / "fictional"
SOURCE = "src-mill-gazette-2025-05-05"
ARTICLE = """Fire <b>at</b> the mill 🔥

MILL TOWN, 5 May — A fire damaged the mill on Sunday, the fire brigade said.

“It began in the store,” the mill's owner, Ada Holm, told reporters. She denied that the \
mill's alarm had failed.
"""
DATA = {
    "dataset.yaml": (FICTIONAL / "dataset.yaml").read_text() + "texts: texts\n",
    "registers.yaml": """actors:
  - id: act-mill-gazette
    name: Mill Gazette
    kind: outlet

  - id: act-mill-town-fire-brigade
    name: Mill Town fire brigade
    kind: organisation

  - id: act-ada-holm
    name: Ada Holm <img src=x onerror=alert(1)>
    kind: person
events:
  - id: evt-mill-fire
    label: Fire at the mill
    type: other
""",
    f"sources/{SOURCE}.yaml": f"""# The Gazette's report.
defaults: {{method: human, coder: c1, coded: "2025-05-06"}}
sources:
  - id: {SOURCE}
    kind: news_report
    publisher: act-mill-gazette
    published: "2025-05-05"
    lang: en
""",
    f"texts/{SOURCE}.txt": ARTICLE,
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, content in DATA.items():
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path / "data"


@pytest.fixture
def server(data: Path) -> Iterator[CodingServer]:
    work = Work(data, SOURCE)
    with CodingServer(work) as server:
        yield server
    work.close()


def quote(words: str, role: str) -> str:
    start = ARTICLE.index(words)
    sha256 = hashlib.sha256(words.encode()).hexdigest()
    exact = f"\n            exact: {words}" if role == "speech" else ""
    return f"""          - role: {role}
            start: {start}
            end: {start + len(words)}
            sha256: {sha256}{exact}
"""


def by_hand() -> str:
    """The file as a curator would write it."""
    chars, sha256 = len(ARTICLE), hashlib.sha256(ARTICLE.encode()).hexdigest()
    holm = "stm-ada-holm-2025-05-05"
    name = SOURCE.replace("src", "clm")
    return f"""{DATA[f"sources/{SOURCE}.yaml"]}    text_sha256: {sha256}
    text_chars: {chars}
    claims:
      - id: {name}-01
        proposition: prp-a-fire-damages-the-mill
        stance: asserts
        chain: [{{statement: stm-mill-town-fire-brigade-mill-gazette-2025-05-05, cue: said}}]
        quotes:
{quote("A fire damaged the mill on Sunday", "content")}      - id: {name}-02
        proposition: prp-the-fire-begins-in-the-store
        stance: asserts
        chain: [{{statement: {holm}, cue: told}}]
        quotes:
{quote("It began in the store", "speech")}      - id: {name}-03
        proposition: prp-the-alarm-of-the-mill-fails
        stance: denies
        chain: [{{statement: {holm}, cue: denied}}]
        quotes:
{quote("mill's alarm had failed", "content")}propositions:
  - id: prp-a-fire-damages-the-mill
    text: A fire damages the mill.
    aspect: outcome
    event: evt-mill-fire

  - id: prp-the-fire-begins-in-the-store
    text: The fire begins in the store.
    aspect: outcome
    event: evt-mill-fire

  - id: prp-the-alarm-of-the-mill-fails
    text: The alarm of the mill fails.
    aspect: outcome
    event: evt-mill-fire
statements:
  - id: stm-mill-town-fire-brigade-mill-gazette-2025-05-05
    speaker: act-mill-town-fire-brigade
    channel: unspecified

  - id: {holm}
    speaker: act-ada-holm
    channel: press_exchange
    said: "2025-05-05"
"""


class Coder:
    """A curator who uses nothing but the keyboard."""

    def __init__(self, page: Any) -> None:
        self.page, self.at = page, 0
        self.words = [(word, at) for at, word in enumerate(_words(ARTICLE))]

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)

    def select(self, first: str, last: str, skip: int = 0) -> None:
        """Select from a word, not its first few, to the next that is like the last."""
        names = [word for word, _ in self.words]
        start = [at for word, at in self.words if word == first][skip]
        end = names.index(last, start)
        self.press("ArrowRight" if start > self.at else "ArrowLeft", abs(start - self.at))
        self.press("Shift+ArrowRight", end - start)
        self.at = end

    def find(self, name: str, words: str, *, make: bool = False) -> None:
        """Choose a record by its words, or ask for a new one."""
        scope = self.page.locator("fieldset.made").last
        among = scope if scope.count() else self.page
        box = among.get_by_label(name, exact=True).first
        box.focus()
        self.page.keyboard.insert_text(words)
        listed = among.get_by_role("listbox", name=name).first
        listed.wait_for()
        self.page.locator(f'[data-words="{words}"]').first.wait_for(state="attached")
        if make:
            self.press("End")
        self.press("Enter")

    def choose(self, name: str, value: str) -> None:
        scope = self.page.locator("fieldset.made").last
        among = scope if scope.count() else self.page
        among.get_by_label(name).first.focus()
        self.page.keyboard.type(value)

    def new_proposition(self, words: str, aspect: str) -> None:
        self.find("proposition (required)", words, make=True)
        self.choose("aspect (required)", aspect)
        self.find("event", "mill")
        self.made()

    def made(self) -> None:
        count = self.page.locator("fieldset.made").count()
        self.press("Control+Enter")
        self.page.locator("fieldset.made").nth(count - 1).wait_for(state="detached")

    def keep(self, number: int) -> None:
        self.press("Control+Enter")
        self.page.locator("#editor").wait_for(state="hidden")
        assert self.page.locator("#claims > li").count() == number


def _words(text: str) -> list[str]:
    words = [word.strip(".,—“”<>") for word in text.split()]
    return [word for word in words if word]


@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")
def test_a_whole_article_is_coded_with_the_keyboard(server: CodingServer, data: Path) -> None:
    from playwright.sync_api import sync_playwright

    said: list[str] = []
    asked: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.goto(server.address)
        page.locator("#text span").first.wait_for()
        assert page.locator("#text").inner_text().strip() == ARTICLE.strip()
        assert page.locator("#text b").count() == 0
        coder = Coder(page)

        coder.select("A", "Sunday")
        coder.press("Enter")
        page.locator("#draft-problems", has_text="proposition is missing").wait_for()
        coder.new_proposition("A fire damages the mill.", "outcome")
        coder.choose("stance (required)", "asserts")
        coder.find("add a statement", "brigade said", make=True)
        coder.find("speaker (required)", "brigade")
        coder.choose("channel (required)", "unspecified")
        coder.made()
        page.get_by_label("cue of step 1").focus()
        page.keyboard.type("said")
        page.locator("#draft-problems", has_text="no problems").wait_for()
        coder.keep(1)
        assert page.locator("#text .anchor").inner_text() == "A fire damaged the mill on Sunday"

        coder.select("It", "store")
        coder.press("Enter")
        coder.new_proposition("The fire begins in the store.", "outcome")
        coder.choose("stance (required)", "asserts")
        coder.find("add a statement", "Holm told", make=True)
        coder.find("speaker (required)", "Holm")
        coder.choose("channel (required)", "press")
        page.locator("fieldset.made").get_by_label("said").first.focus()
        page.keyboard.type("2025-05-05")
        coder.made()
        page.get_by_label("cue of step 1").focus()
        page.keyboard.type("told")
        coder.keep(2)

        coder.select("mill's", "failed", skip=1)
        coder.press("Enter")
        coder.new_proposition("The alarm of the mill fails.", "outcome")
        coder.choose("stance (required)", "denies")
        coder.find("add a statement", "Holm")
        page.get_by_label("cue of step 1").focus()
        page.keyboard.type("denied")
        coder.keep(3)

        assert (data / f"sources/{SOURCE}.yaml").read_text() == DATA[f"sources/{SOURCE}.yaml"]
        assert page.locator("#problems").inner_text().split() == ["none"]
        coder.press("Control+s")
        page.locator("#saved", has_text="saved in").wait_for()
        assert "<img src=x" in page.locator("#claims").inner_text()
        browser.close()
    assert said == []
    assert [url for url in asked if not url.startswith(server.address)] == []
    written = (data / f"sources/{SOURCE}.yaml").read_text()
    assert Document(written).formatted() == Document(by_hand()).formatted()
    assert written == Document(written).formatted()
    assert check([data]).ok


def get(address: str, **headers: str) -> Any:
    return urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10)


def post(address: str, given: object, kind: str = "application/json", **headers: str) -> Any:
    asked = urllib.request.Request(
        address, json.dumps(given).encode(), {"Content-Type": kind, **headers}
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return json.load(answer)


def refused(asking: Callable[[], Any]) -> tuple[int, str]:
    with pytest.raises(urllib.error.HTTPError) as error, contextlib.closing(asking()):
        pass
    with error.value as answer:
        return answer.code, answer.read().decode()


def test_only_this_machine_and_the_holder_of_the_token_are_answered(server: CodingServer) -> None:
    address = server.address
    port = urlsplit(address).port
    with get(address) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    wrong: list[tuple[str, dict[str, str]]] = [
        (address, {"Host": f"evil.example:{port}"}),
        (address, {"Host": "127.0.0.1"}),
        (address, {"Origin": "http://evil.example"}),
        (f"http://127.0.0.1:{port}/", {}),
        (f"http://127.0.0.1:{port}/wrong/state", {}),
        (f"{address[:-2]}/state", {}),
    ]
    for url, headers in wrong:
        assert refused(functools.partial(get, url, **headers))[0] == 403, (url, headers)
    assert refused(lambda: post(f"{address}save", {}, kind="text/plain"))[0] == 400
    assert refused(lambda: post(f"{address}save", {}, Origin="http://evil.example"))[0] == 403


def test_claims_are_changed_taken_out_and_brought_back(server: CodingServer, data: Path) -> None:
    file = data / f"sources/{SOURCE}.yaml"
    claim = {
        "proposition": "prp-unknown",
        "stance": "asserts",
        "quotes": [{"role": "content", "start": 0, "end": 4}],
    }
    found = post(f"{server.address}attempt", claim)
    assert "REF_UNKNOWN" in {one["code"] for one in found}
    name = post(f"{server.address}keep", claim)["made"]
    state = post(f"{server.address}keep", claim | {"id": name, "stance": "denies"})["state"]
    assert [one["stance"] for one in state["claims"]] == ["denies"]
    assert not post(f"{server.address}drop", {"id": name})["state"]["claims"]
    state = post(f"{server.address}undo", {})["state"]
    assert [one["id"] for one in state["claims"]] == [name]
    assert not state["saved"]
    file.write_text(file.read_text() + "# of another hand\n")
    code, said = refused(lambda: post(f"{server.address}save", {}))
    assert code == 409
    assert "changed by another program" in said
    assert file.read_text().endswith("# of another hand\n")


def test_an_edit_leaves_what_stands_around_it(data: Path) -> None:
    file = data / f"sources/{SOURCE}.yaml"
    by_other = by_hand().replace("        stance: denies", "        stance:   denies   # her words")
    file.write_text(by_other)
    work = Work(data, SOURCE)
    claim = work.state()["claims"][2]
    work.keep(claim | {"evidence": "none_offered"})
    work.save()
    work.close()
    added = "        evidence: none_offered\n"
    at = by_other.index("        chain:", by_other.index("# her words"))
    assert file.read_text() == by_other[:at] + added + by_other[at:]


def test_what_cannot_be_coded_is_told(run: Any, data: Path) -> None:
    ran = run("code", "src-nowhere", "--data", data)
    assert ran.code == 2
    assert "stands in no YAML file" in ran.err
    (data / f"texts/{SOURCE}.txt").unlink()
    with pytest.raises(NotCodable, match="is not at hand"):
        Work(data, SOURCE)
    (data / f"texts/{SOURCE}.txt").write_text("Other words.")
    file = data / f"sources/{SOURCE}.yaml"
    file.write_text(by_hand())
    with pytest.raises(NotCodable, match="allegata anchor"):
        Work(data, SOURCE)
