"""Publishing to an object store and reading from one: one run wins, and a cut-off one does no harm.

Against a server that speaks S3, started here on loopback.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import http.server
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import allegata
from allegata.describing import describe
from allegata.publishing import publish, publish_site
from allegata.releasing import (
    MissingPackage,
    NotARelease,
    PublishingBusy,
    ReleaseExists,
    UnknownVersion,
    open_release,
    write_release,
)
from allegata.schema import SCHEMA_VERSION, Actor, Dataset
from allegata.storage import StorageError, place_of, store_of
from allegata.tables import base_tables, build_tables
from allegata.uploading import Lease, LeaseTimes, Run, remote_run
from conftest import Ran
from ledgers import with_ledger
from s3server import BUCKET, S3Server, s3_server

pytest.importorskip("obstore", reason="obstore is not installed")

FICTIONAL = Path(__file__).parent / "fictional"
URL = f"s3://{BUCKET}/some/dist"
FIRST, SECOND = "2026.11.0", "2026.12.0"
BRIEF = LeaseTimes(renewed=0.2, lapses=3)
DATASET = Dataset.model_validate(
    {
        "name": "fictional",
        "title": "A fictional dataset",
        "description": "Invented people.",
        "schema_version": SCHEMA_VERSION,
        "licence": {"id": "CC0-1.0", "name": "CC0", "url": "https://example.org/cc0"},
        "creators": [{"name": "Ada Example"}],
        "publisher": "Nobody",
        "lang": "en",
        "window": {"start": "2025-01-01", "end": "2026-12-31"},
        "coverage": {"sources": "None.", "start": "2025-01-01", "end": "2025-12-31"},
    }
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    with s3_server() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780000000")
        yield server


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A dataset of one actor."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(FICTIONAL / "dataset.yaml", folder)
    add_actor(folder, "ada")
    return folder


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publishing folder here with two releases, of one actor and of two."""
    folder = tmp_path_factory.mktemp("both")
    (folder / "data").mkdir()
    shutil.copy(FICTIONAL / "dataset.yaml", folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1780000000")
        for version, name in ((FIRST, "ada"), (SECOND, "bo")):
            add_actor(folder / "data", name)
            publish(folder / "data", folder / "dist", version)
    return folder / "dist"


def add_actor(data: Path, name: str) -> None:
    (data / f"{name}.yaml").write_text(
        f"actors:\n  - {{id: act-{name}, kind: person, name: {name.title()}}}\n"
    )


def tiny(run: Run, version: str, *names: str) -> None:
    """Publish a release of some actors, without the work that records need."""
    records = [
        Actor.model_validate({"id": f"act-{name}", "kind": "person", "name": name.title()})
        for name in names
    ]
    release = write_release(
        with_ledger(build_tables(records), None, version),
        base_tables(),
        DATASET,
        run.folder,
        version,
        date=datetime.date(2026, 11, 5),
        describe=describe,
        problems={},
        source_commit=None,
        source_date_epoch=0,
    )
    run.publish(release, lambda _: None)


def objects() -> dict[str, bytes]:
    """What is in the store, but for the lease."""
    place = store_of(URL)
    paths = [path for path in place.files() or () if path != ".publishing.json"]
    return {path: place.read(path) for path in paths}


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".publishing")
    }


class TestPublishing:
    def test_the_same_bytes_as_in_a_folder(self, server: S3Server, data: Path, both: Path) -> None:
        for version in (FIRST, SECOND):
            done = publish(data, URL, version)
            assert done.is_new
            assert done.release.name == f"{URL}/releases/{version}"
            add_actor(data, "bo")
        assert objects() == files(both)
        assert not publish(data, URL).is_new
        publish(data, URL, SECOND)  # the same once more is no error, and changes nothing
        assert objects() == files(both)
        add_actor(data, "cy")
        with pytest.raises(ReleaseExists, match="has been published"):
            publish(data, URL, SECOND)
        verified = allegata.verify(URL)
        assert (verified.findings, verified.not_checked) == ([], [])
        assert allegata.verify(f"{URL}/releases/{FIRST}", derived=False).ok

    def test_objects_first_pointer_last(self, server: S3Server, data: Path) -> None:
        publish(data, URL, FIRST)
        put = [path for method, path in server.requests if method == "PUT"]
        prefix = f"/{BUCKET}/some/dist/"
        names = [path.removeprefix(prefix) for path in put if not path.endswith(".publishing.json")]
        assert names[-4:] == [
            f"releases/{FIRST}/manifest.json",
            "catalog.json",
            "catalog.ttl",
            "latest.json",
        ]
        assert all(name.startswith(f"releases/{FIRST}/") for name in names[:-3])
        assert not [path for method, path in server.requests if method in ("DELETE", "POST")]

    def test_the_command_and_its_site(
        self, server: S3Server, data: Path, run: Callable[..., Ran]
    ) -> None:
        done = run("publish", data, "--out", URL, "--version", FIRST)
        assert done.code == 0, done.err
        assert f"release {FIRST}: {URL}/releases/{FIRST}" in done.err
        assert f"site: open {URL}/site/index.html" in done.err
        assert b"<html" in objects()["site/index.html"]
        store_of(URL).put("site/stale/index.html", b"stale")
        assert run("publish", data, "--out", URL).code == 0
        assert "site/stale/index.html" not in objects()
        assert run("verify", URL, "-q").code == 0
        done = run("query", "SELECT name FROM actors", "--release", URL, "--format", "json")
        assert json.loads(done.out) == [{"name": "Ada"}]

    def test_what_is_set_aside_lies_beside_it(self, server: S3Server, data: Path) -> None:
        (data / "bad.yaml").write_text("actors:\n  - {id: act-bad, kind: nothing, name: Bad}\n")
        publish(data, URL, FIRST, quarantine=True)
        assert b"act-bad" in objects()[f"quarantine/{FIRST}.jsonl"]

    def test_a_large_file_is_put_in_parts_and_only_where_there_is_none(
        self, server: S3Server, tmp_path: Path
    ) -> None:
        large = tmp_path / "large"
        large.write_bytes(os.urandom(17 << 20))
        place = store_of(URL)
        place.create("large", large)
        with pytest.raises(StorageError, match="is there already"):
            place.create("large", tmp_path / "large")
        assert place.files() == {"large": True}
        got = place.receive("large", tmp_path / "got", lambda _: None)
        assert got.sha256 == hashlib.sha256(large.read_bytes()).hexdigest()

    def test_files_that_no_catalog_names_are_never_overwritten(
        self, server: S3Server, data: Path
    ) -> None:
        path = f"releases/{FIRST}/README.md"
        store_of(URL).create(path, b"someone's")
        with pytest.raises(ReleaseExists, match=r"README\.md is there, though catalog\.json"):
            publish(data, URL, FIRST)
        assert objects() == {path: b"someone's"}

    def test_a_server_that_minds_no_conditions_is_refused(
        self, server: S3Server, data: Path
    ) -> None:
        server.minds_conditions = False
        with pytest.raises(StorageError, match="puts files whatever the condition"):
            publish(data, URL, FIRST)
        assert objects() == {}

    def test_nothing_is_left_of_a_run_that_fails(self, server: S3Server, data: Path) -> None:
        def full(method: str, path: str) -> None:
            if path.endswith("manifest.json") and method == "PUT":
                raise RuntimeError("the server is out of order")

        server.before = full
        with suppress(StorageError):
            publish(data, URL, FIRST)
        server.before = lambda method, path: None
        assert objects() == {}


class TestTwoAtOnce:
    def test_the_other_is_told(self, server: S3Server, data: Path, run: Callable[..., Ran]) -> None:
        with Lease(store_of(URL), LeaseTimes(renewed=0.2)):
            with pytest.raises(PublishingBusy, match="another run is publishing to s3://"):
                publish(data, URL, FIRST, lease=BRIEF)
            done = run("publish", data, "--out", URL, "--no-site")
            assert done.code == 3
            assert "another run is publishing" in done.err
        publish(data, URL, FIRST)

    def test_one_wins_in_each_of_many_rounds(self, server: S3Server) -> None:
        rounds, published, told = 12, 0, 0

        def attempt(start: threading.Barrier, version: str, name: str) -> bool:
            start.wait()
            try:
                with remote_run(URL, version, LeaseTimes(renewed=0.1, lapses=30)) as one:
                    tiny(one, version, "ada", name)
            except (PublishingBusy, ReleaseExists):
                return False
            return True

        with ThreadPoolExecutor(2) as threads:
            for number in range(rounds):
                version = f"2026.11.{number}"
                one = functools.partial(attempt, threading.Barrier(2), version)
                results = list(threads.map(one, ("bo", "cy")))
                assert results.count(True) == 1
                told += results.count(False)
                published += 1
                release = open_release(URL)
                assert release.version == version
                release.bring()  # every file is that of the manifest
        assert (published, told) == (rounds, rounds)
        assert len(json.loads(objects()["catalog.json"])["releases"]) == rounds

    def test_who_was_thought_dead_cannot_publish(self, server: S3Server) -> None:
        """A run sleeps just before it publishes, is taken over, and wakes after the other."""
        asleep, awake = threading.Event(), threading.Event()

        def sleeper() -> str:
            with remote_run(URL, FIRST, LeaseTimes(renewed=600, lapses=1200)) as one:
                real = one._on_condition

                def slow(path: str, *more: Any) -> Any:
                    asleep.set()
                    awake.wait(120)
                    return real(path, *more)

                one._on_condition = slow  # type: ignore[method-assign]
                tiny(one, FIRST, "ada", "sleeper")
            return "published"

        with ThreadPoolExecutor(1) as threads:
            sleeping = threads.submit(sleeper)
            assert asleep.wait(120)
            try:
                with remote_run(URL, FIRST, BRIEF) as other:
                    tiny(other, FIRST, "ada", "other")
            finally:
                awake.set()
            with pytest.raises(StorageError, match="changed by someone else"):
                sleeping.result()
        release = open_release(URL)
        release.bring()
        assert release.table("actors").column("id").to_pylist() == ["act-ada", "act-other"]

    def test_a_lease_that_was_lost_is_noticed(self, server: S3Server) -> None:
        place = store_of(URL)
        with Lease(place, LeaseTimes(renewed=600)) as lease:
            lease.check()
            with Lease(place, BRIEF):
                with pytest.raises(PublishingBusy, match="taken over"):
                    lease.begin(FIRST)
                with pytest.raises(PublishingBusy, match="taken over"):
                    lease.check()
        with Lease(place, BRIEF):  # the loser's end has not freed or blocked it
            pass

    def test_a_site_of_an_older_release_is_not_put(self, server: S3Server, data: Path) -> None:
        older = publish(data, URL, FIRST).release
        add_actor(data, "bo")
        publish(data, URL, SECOND)
        publish_site(older, URL)
        assert not [path for path in objects() if path.startswith("site/")]


KILLED = """
import sys
from allegata.publishing import publish
from allegata.uploading import LeaseTimes
publish(sys.argv[1], sys.argv[2], sys.argv[3], lease=LeaseTimes(0.2, 60))
"""


class TestKilled:
    def killed_at(self, server: S3Server, data: Path, number: int, *, after: bool) -> None:
        """Publish the second release in a process that is killed at its n-th put of an object."""
        seen = 0

        def kill(method: str, path: str) -> None:
            nonlocal seen
            if method == "PUT" and not path.endswith(".publishing.json"):
                seen += 1
                if seen == number:
                    os.kill(process.pid, signal.SIGKILL)
                    process.wait()
                    if not after:
                        raise ConnectionError("the client is gone")

        process = subprocess.Popen([sys.executable, "-c", KILLED, data, URL, SECOND])
        setattr(server, "after" if after else "before", kill)
        assert process.wait() == -signal.SIGKILL
        server.before = server.after = lambda method, path: None

    @pytest.mark.parametrize(
        "where", ["first", "middle", "manifest", "catalog", "beside", "latest"]
    )
    def test_the_release_before_stays_and_the_next_run_succeeds(
        self, server: S3Server, data: Path, both: Path, where: str
    ) -> None:
        publish(data, URL, FIRST)
        add_actor(data, "bo")
        count = len(files(both / "releases" / SECOND))
        number = {
            "first": 1,
            "middle": count // 2,
            "manifest": count,
            "catalog": count + 1,
            "beside": count + 2,
            "latest": count + 3,
        }[where]
        self.killed_at(server, data, number, after=where not in ("catalog", "beside", "latest"))
        assert open_release(URL).version == FIRST
        if where in ("beside", "latest"):
            assert allegata.verify(URL, SECOND, derived=False).findings[0].file == "latest.json"
        else:
            assert allegata.verify(URL, derived=False).ok
            with pytest.raises(UnknownVersion):
                open_release(URL, SECOND)
        publish(data, URL, SECOND, lease=BRIEF)
        assert objects() == files(both)

    def test_another_release_after_one_that_was_cut_off(self, server: S3Server, data: Path) -> None:
        publish(data, URL, FIRST)
        add_actor(data, "bo")
        self.killed_at(server, data, 20, after=True)
        add_actor(data, "cy")
        publish(data, URL, SECOND, lease=BRIEF)
        assert allegata.verify(URL, derived=False).findings == []
        assert len(open_release(URL).table("actors")) == 3

    def test_a_release_that_was_published_is_finished_by_any_run(
        self, server: S3Server, data: Path, both: Path
    ) -> None:
        publish(data, URL, FIRST)
        add_actor(data, "bo")
        count = len(files(both / "releases" / SECOND))
        self.killed_at(server, data, count + 3, after=False)
        add_actor(data, "cy")
        with pytest.raises(ReleaseExists, match="would give other bytes"):
            publish(data, URL, SECOND, lease=BRIEF)
        assert objects() == files(both)
        publish(data, URL, "2026.12.1", lease=BRIEF)
        assert allegata.verify(URL, derived=False).findings == []


class TestReading:
    @pytest.fixture
    def dist(self, both: Path, tmp_path: Path) -> Path:
        return Path(shutil.copytree(both, tmp_path / "dist"))

    def test_over_http(self, dist: Path) -> None:
        with web_server(dist) as (address, asked):
            release = open_release(address)
            assert release.version == SECOND
            assert release.name == f"{address}/releases/{SECOND}"
            assert asked == {"/manifest.json", "/catalog.json", "/latest.json"} | {
                f"/releases/{SECOND}/manifest.json",
                f"/releases/{SECOND}/tombstone.json",
            }
            assert release.table("actors").column("id").to_pylist() == ["act-ada", "act-bo"]
            assert f"/releases/{SECOND}/data/claims.parquet" not in asked
            assert len(open_release(address, FIRST).table("actors")) == 1
            assert len(open_release(f"{address}/releases/{FIRST}").table("actors")) == 1
            done = allegata.verify(address)
            assert done.findings == []
            assert [line.split(":")[0] for line in done.not_checked] == [
                "whether there are files that no list names"
            ]

    def test_what_was_altered_on_the_way_is_not_read(self, dist: Path) -> None:
        file = dist / "releases" / SECOND / "data/actors.parquet"
        file.write_bytes(file.read_bytes()[:-1] + b"x")
        with web_server(dist) as (address, _):
            release = open_release(address)
            with pytest.raises(NotARelease, match="is not the file that was published"):
                release.table("actors")
            findings = allegata.verify(address, derived=False).findings
            assert findings[0].code == "FILE_CHANGED"
            file.unlink()
            with pytest.raises(NotARelease, match="is missing; the release is incomplete"):
                release.table("actors")

    def test_errors_name_the_address_and_no_secret(self, dist: Path) -> None:
        with web_server(dist) as (address, _):
            secret = address.replace("://", "://me:a-secret@")
            with pytest.raises(UnknownVersion, match=r"has no release '2020\.1\.0'") as raised:
                open_release(secret, "2020.1.0")
            assert "a-secret" not in str(raised.value)
            with pytest.raises(NotARelease, match=f"{address}/none is not a release") as other:
                open_release(f"{secret}/none")
            assert "a-secret" not in str(other.value)

    def test_over_tls(self, dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        certificate = self_signed(tmp_path)
        with web_server(dist, certificate) as (address, _):
            with pytest.raises(StorageError, match="cannot be reached"):
                open_release(address)
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            assert len(open_release(address).table("actors")) == 2

    def test_through_fsspec(self, dist: Path) -> None:
        pytest.importorskip("fsspec", reason="fsspec is not installed")
        archive = shutil.make_archive(str(dist.parent / "all"), "zip", dist)
        # A zip file is a file system of fsspec; so are hdfs://, sftp://, github:// and others.
        address = f"zip://::file://{archive}"
        with pytest.raises(StorageError):
            store_of("ftp://127.0.0.1:1/dist")
        from allegata.storage.foreign import ForeignPlace

        place = ForeignPlace.of(address)
        assert json.loads(place.read("latest.json"))["version"] == SECOND
        assert set(place.files()) == set(files(dist)) | {".publishing.lock"}
        got = place.receive("catalog.json", dist.parent / "got", lambda _: None)
        assert got.sha256 == hashlib.sha256((dist / "catalog.json").read_bytes()).hexdigest()


class TestPlaces:
    @pytest.mark.parametrize(
        "address", ["s3://bucket/a?x=secret", "https://me:secret@host/a#b", "s3://", "gs:///x"]
    )
    def test_addresses_that_are_none(self, address: str) -> None:
        with pytest.raises(StorageError) as raised:
            place_of(address)
        assert "secret" not in str(raised.value)

    def test_what_cannot_be_written_to(self) -> None:
        with pytest.raises(StorageError, match="cannot be published to"):
            store_of("https://example.org/dist")

    def test_other_clouds_are_made_from_their_addresses(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GOOGLE_SKIP_SIGNATURE", "true")
        monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "someone")
        monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", "c2VjcmV0LXNlY3JldA==")
        for address in ("gs://bucket/dist", "az://account/container/dist"):
            assert store_of(address).at("releases").name == f"{address}/releases"

    def test_the_protocol_in_a_store_in_memory(self) -> None:
        """What holds for S3 holds for any store that minds conditions."""
        address = "memory://of-this-test/dist"
        with remote_run(address, FIRST, BRIEF) as one:
            tiny(one, FIRST, "ada")
        with remote_run(address, SECOND, BRIEF) as one:
            tiny(one, SECOND, "ada", "bo")
        assert len(open_release(address).table("actors")) == 2
        assert open_release(address, FIRST).version == FIRST

    def test_a_refusal_shows_no_key(
        self, server: S3Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1/an-invented-secret")
        with pytest.raises(StorageError, match="cannot be reached") as raised:
            place_of(URL).read("catalog.json")
        assert "an-invented" not in str(raised.value)

    def test_without_the_package_the_extra_is_named(
        self, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran], tmp_path: Path
    ) -> None:
        monkeypatch.setitem(sys.modules, "obstore", None)
        monkeypatch.setitem(sys.modules, "obstore.store", None)
        with pytest.raises(MissingPackage, match=r"pip install 'allegata\[remote\]'"):
            open_release("s3://bucket/dist")
        for command in (["verify", "s3://b/d"], ["publish", FICTIONAL, "--out", "s3://b/d"]):
            done = run(*command)
            assert done.code == 3
            assert "pip install 'allegata[remote]'" in done.err


@contextmanager
def web_server(folder: Path, certificate: Path | None = None) -> Iterator[tuple[str, set[str]]]:
    """A plain web server of a folder, and the paths that it was asked for."""
    asked: set[str] = set()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None: ...

        def do_GET(self) -> None:
            asked.add(self.path)
            with suppress(BrokenPipeError, ConnectionResetError):
                super().do_GET()

    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, certificate.with_suffix(".key"))
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        scheme = "https" if certificate else "http"
        yield f"{scheme}://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def self_signed(folder: Path) -> Path:
    """A certificate of 127.0.0.1 that nobody has signed."""
    certificate = folder / "host.pem"
    made = subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE"),
            *("-keyout", certificate.with_suffix(".key"), "-out", certificate),
        ],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("openssl cannot make a certificate here")
    return certificate
