"""SQL, previews and the viewer in a real browser, against DuckDB outside it."""

from __future__ import annotations

import csv
import functools
import http.server
import io
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

import duckdb
import pyarrow as pa
import pytest

from allegata.publishing import publish
from allegata.releasing import Release
from allegata.site import build_site, scripting
from allegata.site.attaching import DATABASE, large_tables, lay_database
from allegata.site.pages.query import examples
from payloads import CONTROLS, PAYLOADS
from test_site import make_release, poisoned_site

FICTIONAL = Path(__file__).parent / "fictional"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
needs_scripts = pytest.mark.skipif(
    not scripting.scripts(), reason="the site's scripts are not made: `make assets`"
)
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")

if CHROMIUM:
    from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ODD = [
    "SELECT [1, NULL, 3] AS a, [['x'], []] AS b, []::INTEGER[] AS c",
    "SELECT DATE '2025-03-03' AS a, DATE '0044-03-15 (BC)' AS b, NULL::DATE AS c",
    "SELECT TIMESTAMP '2025-03-03 04:05:06.789012' AS a, TIMESTAMP 'infinity' AS b",
    "SELECT TIMESTAMPTZ '2025-03-03 04:05:06+02' AS a",
    "SELECT {'a': 1, 'b': {'c': NULL, 'd': 'x'}} AS a, MAP {'k': [1]} AS b",
    "SELECT NULL AS a, '' AS b, 'NULL' AS c",
    "SELECT 9007199254740993 AS a, 170141183460469231731687303715884105727 AS b, -5::TINYINT AS c",
    "SELECT 12345678901234.5678::DECIMAL(18, 4) AS a, 0.10::DECIMAL(3, 2) AS b",
    "SELECT 0.1 + 0.2 AS a, 'nan'::DOUBLE AS b, 1e300 AS c, '-inf'::DOUBLE AS d",
    "SELECT 'Київ עברית 日本語 🙂 é' AS a, chr(769) AS b",
    "SELECT true AS a, INTERVAL 3 MONTH AS b, TIME '04:05:06' AS c",
    "SELECT 1 AS a, 2 AS b UNION ALL SELECT 3, 4 ORDER BY a DESC",
    'SELECT 1 AS "a ""b""", 2 AS "select" -- a comment at the end',
    "FROM claims_flat SELECT count(*)",
    "SELECT claim_id, chain, chain_ids, cues FROM claims_flat ORDER BY claim_id LIMIT 20",
    "SELECT * FROM sources ORDER BY id",
    "SELECT * FROM contestation ORDER BY proposition_id, seq",
    "SELECT name, lat, lon FROM places ORDER BY id",
    "SELECT * FROM origins",
    "DESCRIBE claims",
]
QUERIES = [*ODD, *(example.sql for example in examples())]


@dataclass
class Served:
    release: Release
    address: str


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of requests."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    out = tmp_path_factory.mktemp("queried")
    release = publish(FICTIONAL, out / "dist", "2026.11.0").release
    build_site(release, out / "host" / "r" / "1")  # in a folder of its host, as older releases are
    handler = functools.partial(Quiet, directory=str(out / "host"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Served(release, f"http://127.0.0.1:{server.server_port}/r/1/")
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """A page of queries that stays open, as it would for a reader who asks more than once."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.goto(f"{served.address}query/")
    yield opened
    context.close()


def ask(page: Page, sql: str) -> None:
    before = page.locator("[role=status].al-said")
    page.evaluate("sql => { location.hash = `q=${encodeURIComponent(sql)}` }", sql)
    expect(before).to_contain_text("has not been run")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(before).to_have_text(re.compile(r" seconds\.$|did not work"), timeout=60_000)
    expect(before).to_contain_text(" seconds.")


def turn_to_the_editor(page: Page) -> Locator:
    """The editor, which takes the place of the text area once somebody turns to that."""
    page.locator("#sql").focus()
    editor = page.locator(".prism-code-editor textarea")
    expect(editor).to_be_focused()
    expect(editor).to_have_accessible_name("SQL query")
    return editor


def answer(page: Page) -> list[list[str | None]]:
    rows = page.locator("[data-result] table").first.evaluate(
        "table => [...table.tBodies[0].rows].map(row => [...row.cells].map("
        "cell => cell.querySelector('.al-null') ? null : cell.textContent))"
    )
    return [list(row) for row in rows]


def outside(release: Release, sql: str) -> list[list[str | None]]:
    """What DuckDB outside the browser says, as it writes it as text."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for entry in release.manifest.tables:
            file = release.file(entry.path)
            connection.execute(f"CREATE VIEW {entry.name} AS FROM '{file}'")
        text = sql.strip().removesuffix(";")
        text = f"SELECT * FROM ({text})" if text.startswith("DESCRIBE") else text
        connection.execute(f"CREATE TEMP TABLE asked AS {text}")
        rows = connection.execute(
            "SELECT COLUMNS(*)::VARCHAR FROM asked ORDER BY rowid LIMIT 200"
        ).fetchall()
    return [list(row) for row in rows]


@needs_scripts
@pytest.mark.parametrize("sql", QUERIES)
def test_an_answer_is_that_of_duckdb_outside_the_browser(
    sql: str, page: Page, served: Served
) -> None:
    ask(page, sql)
    assert answer(page) == outside(served.release, sql)


@needs_scripts
def test_the_page_asks_its_own_host_only_and_little_of_it_before_the_first_run(
    browser: Browser, served: Served
) -> None:
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served.address}query/#q={quote('SELECT 42 AS answer')}")
    status = page.locator(".al-said")
    expect(status).to_contain_text("has not been run")
    turn_to_the_editor(page)
    page.keyboard.type(" FROM cla")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    for _ in " FROM cla":
        page.keyboard.press("Backspace")
    page.wait_for_load_state("networkidle")
    ours = [url for url in asked if "/assets/scripts/" in url]
    sizes = [
        (scripting.scripts()[0].parent / url.rsplit("/", 1)[1]).stat().st_size  # type: ignore[attr-defined]
        for url in ours
    ]
    assert 0 < sum(sizes) < 100_000
    assert not any("duckdb" in url or "parquet" in url for url in ours)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(status).to_contain_text("1 row,", timeout=60_000)
    ask(page, "SELECT count(*) FROM claims")
    page.context.set_offline(True)
    ask(page, "SELECT count(*) + 0 FROM claims")
    assert [url for url in asked if not url.startswith((served.address, "data:", "blob:"))] == []
    assert said == []
    page.close()


class ByRange(Quiet):
    """A host that gives parts of files, as those on the web do."""

    asked: ClassVar[list[tuple[int, int]]] = []

    def do_GET(self) -> None:
        given = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not given or not self.path.endswith(".duckdb"):
            super().do_GET()
            return
        whole = Path(self.translate_path(self.path)).read_bytes()
        first, last = int(given[1]), min(int(given[2] or len(whole)), len(whole) - 1)
        self.asked.append((first, last))
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(whole)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.write(whole[first : last + 1])


@needs_scripts
def test_large_tables_are_read_from_a_database_by_range(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("allegata.site.attaching.LARGE", 10_000)
    release = publish(FICTIONAL, tmp_path / "dist", "2026.11.0").release
    large = large_tables(release.manifest)
    assert 0 < len(large) < len(release.table_names)
    site = build_site(release, tmp_path / "site")
    whole = (site / DATABASE).read_bytes()
    lay_database(release, tmp_path / "site")
    assert (site / DATABASE).read_bytes() == whole
    handler = functools.partial(ByRange, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"http://127.0.0.1:{server.server_port}/query/")
        sql = f"SELECT count(*) FROM {large[0]}"
        ask(page, sql)
        assert answer(page) == outside(release, sql)
        assert 0 < sum(last - first + 1 for first, last in ByRange.asked) < len(whole)
        for name in [*large, "events"]:
            sql = f"SELECT * FROM {name} ORDER BY ALL"
            ask(page, sql)
            assert answer(page) == outside(release, sql)
        files = {url.rsplit("/", 1)[1] for url in asked if "/releases/" in url}
        assert not files & {f"{name}.parquet" for name in large}
        page.close()
        server.shutdown()


@needs_scripts
@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT nothing FROM claims", "nothing"),
        ("FROM 'https://evil.example/a.csv'", "this release and nothing else"),
        ("SELECT * FROM read_csv('/etc/passwd')", "this release and nothing else"),
        ("FROM 'x.parquet'", "did not work"),
        ("SELECT 1 AS a FROM no_such_table", "no_such_table"),
    ],
)
def test_what_goes_wrong_is_told(sql: str, told: str, page: Page) -> None:
    page.evaluate("sql => { location.hash = `q=${encodeURIComponent(sql)}` }", sql)
    expect(page.locator(".al-said")).to_contain_text("has not been run")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".al-said")).to_contain_text("This did not work", timeout=60_000)
    expect(page.locator(".al-said")).to_contain_text(told)


@needs_scripts
def test_a_query_can_be_cancelled_and_another_asked(page: Page) -> None:
    sql = "SELECT sum(a.range * b.range % 7) FROM range(1000000) a, range(1000000) b"
    page.evaluate("sql => { location.hash = `q=${encodeURIComponent(sql)}` }", sql)
    expect(page.locator(".al-said")).to_contain_text("has not been run")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".al-said")).to_contain_text("Running", timeout=60_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".al-said")).to_have_text("Cancelled.")
    ask(page, "SELECT 7 AS a")
    assert answer(page) == [["7"]]


@needs_scripts
def test_the_keyboard_is_enough(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    page.goto(f"{served.address}query/")
    editor = turn_to_the_editor(page)
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT id FROM claims ORDER BY id LIMIT 3")
    expect(editor).to_have_value("SELECT id FROM claims ORDER BY id LIMIT 3")
    page.keyboard.press("Escape")  # closes a list of names, and leaves the cursor where it is
    expect(editor).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".al-said")).to_contain_text("3 rows", timeout=60_000)
    first = answer(page)
    page.get_by_role("button", name="id", exact=False).filter(has_text="Sort.").focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_have_count(1)
    assert answer(page) == first[::-1]
    page.close()


@needs_scripts
def test_the_editor_tells_words_apart_and_completes_names(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    page.goto(f"{served.address}query/")
    editor = turn_to_the_editor(page)
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT '<b>' FROM cla")
    names = page.get_by_role("option")
    expect(names.filter(has_text="claims_flat").first).to_be_visible()
    page.keyboard.type("ims_fl")
    page.keyboard.press("Enter")
    expect(editor).to_have_value("SELECT '<b>' FROM claims_flat")
    expect(page.locator(".pce-line .keyword")).to_have_text(["SELECT", "FROM"])
    expect(page.locator(".pce-line .string")).to_have_text(["'<b>'"])
    page.keyboard.type(" c WHERE c.stan")
    expect(names.filter(has_text="stance").first).to_be_visible()
    expect(names.filter(has_text="speaker_name")).to_have_count(0)
    page.keyboard.press("Tab")
    expect(editor).to_have_value(re.compile(r"WHERE c\.stance$"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_focused()
    page.close()


@needs_scripts
def test_payloads_in_results_are_text_and_guarded_where_copied(page: Page) -> None:
    texts = [*PAYLOADS, *CONTROLS]
    values = ", ".join("('{}')".format(text.replace("'", "''")) for text in texts)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    ask(
        page,
        f'SELECT column0 AS "<img src=x onerror=alert(1)>" FROM (VALUES {values}) AS v(column0)',
    )
    shown = [row[0] for row in answer(page)]
    assert shown[: len(PAYLOADS)] == list(PAYLOADS)
    assert all("\\u" in (text or "") for text in shown[len(PAYLOADS) :])
    tags = page.locator("[data-result] tbody").evaluate(
        "body => [...new Set([...body.querySelectorAll('*')].map(one => one.tagName))].sort()"
    )
    assert tags == ["BDI", "TD", "TR"]
    page.get_by_role("button", name="CSV").click()
    expect(page.locator(".al-said")).to_contain_text("Copied as CSV")
    rows = list(csv.reader(io.StringIO(page.evaluate("navigator.clipboard.readText()"))))
    assert len(rows) == len(texts) + 1
    assert not any(row[0].lstrip().startswith(("=", "+", "-", "@", "＝")) for row in rows)  # noqa: RUF001
    page.get_by_role("button", name="Markdown").click()
    expect(page.locator(".al-said")).to_contain_text("Copied as Markdown")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert not set("<[`") & set(copied)
    assert len(copied.splitlines()) == len(texts) + 2
    assert not any("evil.example" in url for url in asked)


@needs_scripts
def test_the_query_is_copied_as_a_program_that_gives_the_same(
    page: Page, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(page, 'SELECT count(*) AS n FROM claims -- "é"')
    page.get_by_role("button", name="pandas").click()
    expect(page.locator(".al-said")).to_contain_text("Copied as code for pandas")
    program = page.evaluate("navigator.clipboard.readText()")
    monkeypatch.chdir(served.release.file(served.release.manifest.tables[0].path).parent)
    names: dict[str, object] = {}
    exec(program, names)
    assert names["result"]["n"].tolist() == [served.release.table("claims").arrow.num_rows]  # type: ignore[index]


@needs_scripts
def test_a_result_is_drawn_and_its_columns_explained(page: Page) -> None:
    ask(page, "SELECT stance, count(*) AS n FROM claims_flat GROUP BY ALL ORDER BY ALL")
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(page.get_by_role("img", name="n by stance")).to_be_visible()
    page.get_by_text("What the columns mean").click()
    expect(page.locator(".al-meanings")).to_contain_text("Made by the query.")
    expect(page.locator(".al-meanings dd").first).not_to_have_text("Made by the query.")


@needs_scripts
def test_the_rows_of_a_table_are_turned_page_by_page(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    page.goto(f"{served.address}codebook/claims_flat/")
    page.get_by_role("button", name="Show the rows").click()
    expect(page.get_by_text("Rows 1 to 10 of")).to_be_visible()
    page.get_by_role("button", name="Further").click()
    expect(page.get_by_text("Rows 11 to 20 of")).to_be_visible()
    wanted = served.release.table("claims_flat").arrow.column("claim_id").to_pylist()[10:20]
    cells = page.locator("[data-preview] table:visible td:first-child").all_inner_texts()
    assert cells == wanted
    page.close()


@needs_scripts
@pytest.mark.parametrize("section", ["events", "propositions", "claims", "statements", "actors"])
def test_the_viewer_shows_every_kind_of_record(
    section: str, browser: Browser, served: Served
) -> None:
    row = served.release.table(section).arrow.to_pylist()[-1]
    page = browser.new_page()
    page.goto(f"{served.address}viewer/#{row['id']}")
    told = page.locator("[data-viewer]")
    expect(told.locator("h2")).to_be_visible()
    for name, cell in row.items():
        if isinstance(cell, str) and name not in ("time", "published"):
            expect(told.locator(".al-facts")).to_contain_text(cell)
    if section == "claims":
        expect(told).to_contain_text("Who says what")
    page.close()


@needs_scripts
def test_the_viewer_says_what_it_does_not_find(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    page.goto(f"{served.address}viewer/#evt-no-such-%3Cimg src=x onerror=alert(1)>")
    expect(page.locator("[data-viewer]")).to_contain_text("no record with the id evt-no-such-<img")
    page.goto(f"{served.address}viewer/#")
    expect(page.locator("[data-viewer]")).to_contain_text("the id of a record")
    page.close()


@needs_scripts
def test_the_viewer_tells_of_a_record_that_was_taken_back(browser: Browser, tmp_path: Path) -> None:
    def taken_back(name: str, table: pa.Table) -> pa.Table:
        if name != "revisions":
            return table
        row = {
            "release": "2026.11.0",
            "record_id": "evt-taken-back",
            "change": "merged",
            "merged_into": "evt-harl-lock-fire",
            "reason": "The same <b>fire</b>.",
        }
        rows = sorted([*table.to_pylist(), row], key=lambda one: one["record_id"])
        return pa.Table.from_pylist(rows, schema=table.schema)

    site = build_site(make_release(tmp_path / "dist", taken_back), tmp_path / "site")
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/viewer/#evt-taken-back")
        told = page.locator("[data-viewer]")
        expect(told).to_contain_text("This record was merged")
        expect(told).to_contain_text("The same <b>fire</b>.")
        told.get_by_role("link", name="evt-harl-lock-fire").click()
        expect(told.locator(".al-facts")).to_contain_text("evt-harl-lock-fire")
        page.close()
        server.shutdown()


def test_without_javascript_the_pages_say_so_and_show_rows(
    browser: Browser, served: Served
) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{served.address}codebook/claims_flat/")
    expect(page.locator("[data-preview] table tbody tr")).to_have_count(scripting.PREVIEWED)
    page.close()


def test_without_scripts_the_pages_say_why(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("allegata.site.scripting.scripts", list)
    monkeypatch.setattr("allegata.site.plugin.scripts", list)
    site = build_site(served.release, tmp_path / "site")
    for path in ("query", "codebook/claims", "viewer"):
        text = (site / path / "index.html").read_text("utf-8")
        assert "built without its scripts" in text
        assert "assets/scripts" not in text
    assert not (site / "assets" / "scripts").exists()


@needs_scripts
def test_payloads_in_every_text_of_every_record_run_nothing_and_ask_for_nothing(
    browser: Browser, tmp_path: Path
) -> None:
    site = poisoned_site(tmp_path / "poisoned", lambda text: text)
    plain = poisoned_site(
        tmp_path / "plain",
        lambda text: "".join(c if c.isalnum() or c == " " else "x" for c in text),
    )
    seen = [_visited(browser, folder) for folder in (site, plain)]
    assert seen[0] == seen[1]


VISITED = [
    *("", "events/", "events/evt-harl-lock-fire/", "actors/", "actors/act-maren-osk/", "places/"),
    *("sources/", "data/", "codebook/", "rules/", "releases/2026.11.0/"),
    *("codebook/claims_flat/", "codebook/sources/", "codebook/quotes/", "codebook/origins/"),
    *("viewer/#evt-harl-lock-fire", "viewer/#act-maren-osk", "viewer/#prp-harl-fire-occurrence"),
]


def _visited(browser: Browser, folder: Path) -> dict[str, dict[str, int]]:
    """How many elements of each kind the pages have in the end, once nothing has run."""
    handler = functools.partial(Quiet, directory=str(folder))
    context = browser.new_context()
    found = {}
    wrong: list[str] = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        page = context.new_page()
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda request: (
                wrong.append(request.url)
                if not request.url.startswith((address, "data:", "blob:"))
                else None
            ),
        )
        for path in VISITED:
            page.goto("about:blank")
            page.goto(f"{address}{path}")
            if (more := page.get_by_role("button", name="Show the rows")).count():
                more.click()
                expect(page.locator("[data-preview] [role=status]")).to_contain_text("Rows 1")
            if path.startswith("viewer"):
                expect(page.locator("[data-viewer] h2")).to_be_visible()
            found[path] = _tags(page)
        page.goto(f"{address}query/")
        for name in ("sources", "claims_flat", "actors"):
            ask(page, f"FROM {name}")
            found[f"query {name}"] = _tags(page)
        page.goto(address)
        page.keyboard.press("/")
        page.keyboard.type("script alert")
        page.locator(".md-search-result__meta").wait_for()
        assert not page.locator(".md-search-result__list :is(script, img, svg, iframe)").count()
        server.shutdown()
    context.close()
    assert wrong == []
    return found


def _tags(page: Page) -> dict[str, int]:
    """The elements of a page by kind, once two counts in a row are the same."""
    before: dict[str, int] = {}
    for _ in range(100):
        counted: dict[str, int] = page.evaluate(
            "() => [...document.querySelectorAll('body *')].reduce((all, one) => "
            "({ ...all, [one.tagName]: (all[one.tagName] ?? 0) + 1 }), {})"
        )
        if counted == before:
            return counted
        before = counted
        page.wait_for_timeout(100)
    raise AssertionError(f"{page.url} does not come to rest")
