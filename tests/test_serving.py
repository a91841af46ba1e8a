"""`site serve` shows the records as they are saved, and the last good site where they are wrong."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from allegata.serving import Preview, Server, is_loopback
from allegata.site import SiteError
from conftest import Ran
from test_browser import CHROMIUM, FLAGS
from test_site import contents

FICTIONAL = Path(__file__).parent / "fictional"
PACKAGED = Path(__file__).parents[1] / "src" / "allegata" / "site" / "mkdocs.yml"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    left_out = shutil.ignore_patterns(".allegata_cache")
    return Path(shutil.copytree(FICTIONAL, tmp_path / "data", ignore=left_out))


@pytest.fixture(autouse=True)
def a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1762300800")


def changed(path: Path, old: str, new: str) -> Path:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return path


class TestPreview:
    def test_only_pages_that_differ_are_made_anew_and_the_whole_is_as_if_made_at_once(
        self, data: Path
    ) -> None:
        with Preview(data) as preview, Preview(data) as other:
            assert preview.update().ok
            before = contents(preview.site)
            files = {path: path.stat().st_mtime_ns for path in preview.site.rglob("*")}
            events = next(data.rglob("events.yaml"))
            outcome = preview.update([changed(events, "Fire at", "A fire at")])
            assert outcome.ok
            kept = [path for path, at in files.items() if path.stat().st_mtime_ns == at]
            assert {preview.site / "rules" / "index.html"} < set(kept)
            assert {path.name for path in kept} >= {"statements.parquet", "hops.parquet"}
            assert "events/evt-harl-lock-fire/" in outcome.changed
            assert "rules/" not in outcome.changed
            now = contents(preview.site)
            same = {path for path in now if now[path] == before.get(path)}
            assert not {f"{url}index.html" for url in outcome.changed} & same
            assert other.update().ok
            expected = contents(other.site)
            assert {path for path in now if now[path] != expected.get(path)} <= {
                "search/search_index.json",  # whose entries may be in another order
                "feed.xml",
                "llms.txt",
                "sitemap.xml",
                "sitemap.xml.gz",
            }
            assert now.keys() == expected.keys()
            found = [json.loads(one["search/search_index.json"])["docs"] for one in (now, expected)]
            assert sorted(map(str, found[0])) == sorted(map(str, found[1]))

    def test_a_record_that_goes_takes_its_page_with_it(self, data: Path) -> None:
        places = next(data.rglob("places.yaml"))
        sound = places.read_text("utf-8")
        places.write_text(f"{sound}  - {{id: plc-new, kind: city, name: New}}\n", "utf-8")
        with Preview(data) as preview:
            preview.update()
            assert (preview.site / "places" / "plc-new" / "index.html").is_file()
            places.write_text(sound, "utf-8")
            assert "places/plc-new/" in preview.update([places]).changed
            assert not (preview.site / "places" / "plc-new").exists()

    def test_problems_are_told_and_the_last_good_site_stays(self, data: Path) -> None:
        with Preview(data) as preview:
            preview.update()
            before = contents(preview.site)
            events = next(data.rglob("events.yaml"))
            outcome = preview.update([changed(events, "type: attack", "type: <b>")])
            assert (outcome.ok, outcome.changed) == (False, frozenset())
            assert "ENUM_UNKNOWN" in outcome.lines[0]
            assert contents(preview.site) == before
            changed(events, "type: <b>", "type: attack")
            assert preview.update([events]).ok

    def test_pages_by_hand_are_made_anew_when_they_change_alone(
        self, data: Path, tmp_path: Path
    ) -> None:
        page = tmp_path / "docs" / "about.md"
        page.parent.mkdir()
        page.write_text("# Of old\n")
        config = tmp_path / "mkdocs.yml"
        config.write_text(f"INHERIT: {PACKAGED}\nnav: [index.md, about.md]\n")
        with Preview(data, config) as preview:
            assert preview.watched == [data, page.parent]
            preview.update()
            page.write_text("# Of now\n")
            events = next(data.rglob("events.yaml"))
            preview.update([events])
            about = preview.site / "about" / "index.html"
            assert "Of old" in (preview.site / "about" / "index.html").read_text("utf-8")
            preview.update([page])
            about = preview.site / "about" / "index.html"
            assert "Of now" in about.read_text("utf-8")
            page.write_text("[nowhere](missing.md)\n")
            with pytest.raises(SiteError, match=r"missing\.md"):
                preview.update([page])
            assert "Of now" in about.read_text("utf-8")


class TestServer:
    @pytest.fixture
    def server(self, tmp_path: Path) -> Iterator[Server]:
        site = tmp_path / "site"
        (site / "events").mkdir(parents=True)
        (site / "events" / "index.html").write_text("<html><body>Events</body></html>")
        (site / "404.html").write_text("<html><body>Nothing</body></html>")
        (site / "a.json").write_text("{}")
        (tmp_path / "secret.txt").write_text("secret")
        with Server(lambda: site, port=0) as server:
            yield server

    @staticmethod
    def ask(server: Server, path: str, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=30)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        try:
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def test_it_shows_the_files_of_the_site_and_no_others(self, server: Server) -> None:
        status, text = self.ask(server, "/events/")
        assert (status, text.startswith("<html><body>Events<link")) == (200, True)
        assert '<script type="module" src="/-/preview.js"></script></body>' in text
        assert self.ask(server, "/a.json") == (200, "{}")
        assert self.ask(server, "/events")[0] == 301
        for path in ("/none/", "/../secret.txt", "/%2e%2e/secret.txt", "/events/../../secret.txt"):
            status, text = self.ask(server, path)
            assert (status, "Nothing" in text, "secret" in text) == (404, True, False)

    def test_a_page_elsewhere_cannot_reach_it_by_another_name(self, server: Server) -> None:
        assert self.ask(server, "/events/", Host="evil.example")[0] == 403
        assert self.ask(server, "/-/state", Host="evil.example:80")[0] == 403
        assert self.ask(server, "/events/", Host="localhost:1")[0] == 200

    def test_it_tells_what_is_new(self, server: Server) -> None:
        server.tell()
        server.tell([f"<b>{number}</b>" for number in range(60)], changed=False)
        state = json.loads(self.ask(server, "/-/state?after=1")[1])
        assert (state["number"], state["site"], state["rest"]) == (2, 1, 10)
        assert state["problems"][0] == "<b>0</b>"

    @pytest.mark.parametrize(
        ("host", "here"),
        [
            ("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("[::1]", True),
            ("localhost", True), ("0.0.0.0", False), ("::", False), ("192.168.1.2", False),
            ("localhost.evil.example", False), ("", False),
        ],
    )  # fmt: skip
    def test_what_this_machine_alone_can_reach(self, host: str, here: bool) -> None:
        assert is_loopback(host) is here


class TestCommandLine:
    def test_a_host_that_others_reach_is_refused(self, data: Path, run: Callable[..., Ran]) -> None:
        ran = run("site", "serve", data, "--host", "0.0.0.0")
        assert (ran.code, "--public" in ran.err) == (2, True)
        assert run("site", "serve", data / "missing").code == 2

    @pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")
    def test_a_browser_follows_what_is_saved(self, data: Path) -> None:
        from playwright.sync_api import expect, sync_playwright

        events = next(data.rglob("events.yaml"))
        with (
            subprocess.Popen(
                [sys.executable, "-m", "allegata", "site", "serve", "data", "--port", "0"],
                cwd=data.parent,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            ) as process,
            sync_playwright() as play,
        ):
            try:
                assert process.stdout
                address = process.stdout.readline().strip()
                browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                page = browser.new_page()
                said: list[str] = []
                page.on(
                    "console", lambda message: said.append(f"{message.text} {message.location}")
                )
                page.on("dialog", lambda dialog: said.append(dialog.message))
                page.goto(address)
                heading = page.locator("h1")
                expect(heading).to_be_visible(timeout=60_000)
                page.goto(f"{address}events/evt-harl-lock-fire/")
                expect(heading).to_contain_text("Fire at", timeout=60_000)
                changed(events, "Fire at", "A fire at")
                expect(heading).to_contain_text("A fire at", timeout=60_000)
                changed(events, "type: attack", "type: <img src=x onerror=alert(1)>")
                alert = page.get_by_role("alert")
                expect(alert).to_contain_text("ENUM_UNKNOWN", timeout=60_000)
                expect(heading).to_contain_text("A fire at")
                changed(events, "type: <img src=x onerror=alert(1)>", "type: attack")
                expect(alert).to_be_hidden(timeout=60_000)
                assert said == []
                browser.close()
            finally:
                process.send_signal(signal.SIGINT)
                assert process.wait(timeout=60) == 0
