"""Work done by two processes, where there are two processors for it."""

from __future__ import annotations

import gc
import os
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

FEWEST = 16
"""For fewer items no second process is begun."""


def in_halves(items: Sequence[_Item], do: Callable[[_Item], _Result]) -> list[_Result]:
    """What a function gives for each of some items, every other of which a second process does.

    The second process begins as a copy of this one, so that it has all that this one has, and takes
    memory only for what it changes. It has no other threads, though: ``do`` must not ask anything
    of DuckDB or Arrow. Where there is one processor, or no such copies, this process does all.

    Args:
        items: The items.
        do: What is done with each. What it gives is passed between processes; what it raises is
            raised here.

    Raises:
        OSError: the second process was ended from without.
    """
    if len(items) < FEWEST or not _has_two():
        return [do(one) for one in items]
    first = do(items[0])  # what is worked out once, for all, is then there for both
    ours, theirs = items[2::2], items[1::2]
    context = get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sending, do, theirs), daemon=True)
    gc.freeze()  # or collecting garbage would touch, and so copy, all that is shared
    try:
        with warnings.catch_warnings():
            # Newer versions of Python warn of the threads that the copy does not have.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        sending.close()
        found = [first, *(do(one) for one in ours)]
        done, told = receiving.recv()
    except EOFError:
        raise OSError("a process that makes pages was ended before it was done") from None
    finally:
        gc.unfreeze()
        receiving.close()
        if process.pid is not None:
            process.terminate()
            process.join()
    if not done:
        raise told
    results: list[_Result] = [
        told[at // 2] if at % 2 else found[at // 2] for at in range(len(items))
    ]
    return results


def _has_two() -> bool:
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def _work(
    sending: Connection, do: Callable[[_Item], _Result], items: Sequence[_Item]
) -> None:  # pragma: no cover - runs in the other process
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends this one
    gc.disable()
    try:
        told = (True, [do(one) for one in items])
    except Exception as error:
        sending.send((False, error))
    else:
        sending.send(told)
