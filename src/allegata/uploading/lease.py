"""One run at a time, in a store that has no locks.

The file ``.publishing.json`` says who publishes. It is written on condition only: where there is
none, or in place of the very content that was read; so of two who write at once one is refused.

- A run *takes* the lease by writing a random name of its own into it. While it works, it *renews*
  the lease every few seconds: it raises the counter in it. When it ends, it writes that the lease
  is free.
- Who meets a lease that is not free *watches* it. If it changes, its holder is at work, and the
  watcher gives up (``PublishingBusy``). If it does not for the time after which a lease lapses, the
  holder is gone, and the watcher takes it over. Each measures that time by its own clock, from the
  moment at which it saw the lease as it is; no clocks are compared.
- A holder does nothing to the store but while it knows that nobody can have taken over: a change of
  the lease that it began less than half that time ago was its own. It looks at its clock before
  each request. A request that takes longer than the other half is given up by the client.

A holder that sleeps for longer, is taken over, and wakes between the look at its clock and the
request that follows, cannot publish either: the run that took over has changed the catalog, which
the sleeper would have to replace as it was (``allegata.uploading.upload``).

The lease also says which version its holder has begun to write, so that whoever takes over knows
what may lie about half made.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from allegata.releasing import PublishingBusy
from allegata.schema.types import Version
from allegata.storage import Changed, Missing, StorageError, StorePlace

LEASE = ".publishing.json"
_JSON = "application/json"


@dataclass(frozen=True)
class LeaseTimes:
    """How long things take, in seconds."""

    renewed: float = 5
    """A holder renews its lease so often."""
    lapses: float = 90
    """A lease that has not changed for so long has lapsed."""


class _State(BaseModel):
    """What the lease says."""

    model_config = ConfigDict(frozen=True)

    run: str
    """Who has it, or had it last."""
    count: int
    """How often it has been renewed."""
    is_free: bool
    """Whether nobody has it."""
    version: Version | None
    """The version that has been begun, and is neither published nor cleared away."""

    def to_json(self) -> bytes:
        return (self.model_dump_json() + "\n").encode()


class Lease:
    """The lease of a publishing place, from being taken to being given back."""

    def __init__(self, place: StorePlace, times: LeaseTimes | None = None) -> None:
        """Take the lease; this may take as long as one needs to lapse.

        Raises:
            PublishingBusy: another run has it.
            StorageError: the place cannot be reached or written to.
        """
        self.place = place
        self.times = times or LeaseTimes()
        self._name = secrets.token_hex(8)
        self._mutex = threading.Lock()
        self._is_lost = False
        self._known = 0.0
        self._state, self._version = self._taken()
        self._try_out()
        self.left = self._state.version
        """The version that a run before had begun, and neither published nor cleared away."""
        self._over = threading.Event()
        self._renewing = threading.Thread(target=self._renew_often, daemon=True)
        self._renewing.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._renewing.join()
        with suppress(StorageError, PublishingBusy):
            self._write(is_free=True)

    def begin(self, version: str | None) -> None:
        """Have the lease say which version is being written; None when nothing lies about.

        Raises:
            PublishingBusy: the lease has been lost.
            StorageError: the place cannot be reached.
        """
        self._write(version=version)

    def check(self) -> None:
        """See that nobody can have taken the lease over; to be called before each request.

        Raises:
            PublishingBusy: the lease has been lost.
            StorageError: it could not be renewed in time.
        """
        if self._is_sure():
            return
        self._write()
        if not self._is_sure():
            raise StorageError(f"{self.place.name} answers too slowly to publish to")

    def _try_out(self) -> None:
        """See that the store minds conditions: a server that does not know them passes them over.

        Raises:
            StorageError: it does not.
        """
        content = self._state.to_json()
        other = dict.fromkeys(self._version, '"99999999"')
        if "version" in other:
            other["version"] = "1"
        attempts: tuple[Callable[[], object], ...] = (
            lambda: self.place.create(LEASE, content, _JSON),
            lambda: self.place.replace(LEASE, content, other, _JSON),
        )
        for attempt in attempts:
            try:
                attempt()
            except Changed:
                continue
            raise StorageError(
                f"{self.place.name} cannot be published to: its server puts files whatever the "
                "condition (If-None-Match, If-Match), so that two runs could overwrite each other"
            )

    def _is_sure(self) -> bool:
        if self._is_lost:
            raise _lost(self.place)
        return time.monotonic() - self._known < self.times.lapses / 2

    def _renew_often(self) -> None:
        while not self._over.wait(self.times.renewed):
            # If it cannot be reached now, `check` will tell; and who has lost it is told there too.
            with suppress(StorageError, PublishingBusy):
                self._write()

    def _write(self, **changes: object) -> None:
        """Change what the lease says, and the counter with it."""
        with self._mutex:
            if self._is_lost:
                raise _lost(self.place)
            begun = time.monotonic()
            count = self._state.count + 1
            state = self._state.model_copy(update={"count": count, **changes})
            try:
                self._version = _put(self.place, state, self._version)
            except Changed:
                self._is_lost = True
                raise _lost(self.place) from None
            self._state, self._known = state, begun

    def _taken(self) -> tuple[_State, dict[str, str]]:
        watched: tuple[_State | None, float] = (None, 0.0)
        while True:
            begun = time.monotonic()
            found = _read(self.place)
            if found is None:
                state, version = None, None
            else:
                state, version = found
            if state is not None and not state.is_free:
                if watched[0] is None:
                    watched = (state, time.monotonic())
                elif watched[0] != state:
                    raise PublishingBusy(
                        f"another run is publishing to {self.place.name}; wait until it ends"
                    )
                if time.monotonic() - watched[1] < self.times.lapses:
                    time.sleep(self.times.renewed / 4)
                    continue
            left = state.version if state else None
            mine = _State(run=self._name, count=0, is_free=False, version=left)
            with suppress(Changed):  # somebody else was quicker, and is watched now
                got = _put(self.place, mine, version)
                self._known = begun
                return mine, got


def _put(place: StorePlace, state: _State, version: dict[str, str] | None) -> dict[str, str]:
    """Write what the lease says, on condition; gives the version of it.

    A request may have been carried out though its answer was lost, and be refused when it is
    repeated; what stands there then tells.
    """
    content = state.to_json()
    try:
        if version is None:
            return place.create(LEASE, content, _JSON)
        return place.replace(LEASE, content, version, _JSON)
    except Changed:
        found, now = place.read_version(LEASE)
        if found == content:
            return now
        raise


def _read(place: StorePlace) -> tuple[_State, dict[str, str]] | None:
    try:
        content, version = place.read_version(LEASE)
    except Missing:
        return None
    try:
        return _State.model_validate_json(content), version
    except ValidationError:
        # Nobody who publishes has written this: it is as good as free.
        return _State(run="", count=0, is_free=True, version=None), version


def _lost(place: StorePlace) -> PublishingBusy:
    return PublishingBusy(
        f"another run has taken over publishing to {place.name}, as this one was silent for long"
    )
