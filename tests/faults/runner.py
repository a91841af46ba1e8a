"""Runs the command line again and again, each time in a child of its own, with a fault in it.

A child is forked once all that the command imports is there, and before there is a thread or a
session of DuckDB: so a run takes as long as its work does. What it runs is the command line as it
is, from ``main()`` to the end of the process. The faults are those of ``faults.c``, which the
environment has loaded into this process (LD_PRELOAD).

Requests are read from standard input, one a line, as JSON; each is answered by a line.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from typing import Any

import allegata.publishing
import allegata.reading.stock
import allegata.site.building
from allegata.cli import main

importlib.import_module("mkdocs.commands.build")  # which a run imports when it needs it

HUNG = 120  # seconds, after which a run is ended


def child(request: dict[str, Any], faults: ctypes.CDLL) -> None:
    """Be the command; ends the process as the command does."""
    signal.alarm(HUNG)
    os.chdir(request["cwd"])
    os.environ.update(request["environment"])
    time.tzset()
    tempfile.tempdir = None
    for stream, name in ((0, os.devnull), (1, request["out"]), (2, request["err"])):
        file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(file, stream)
        os.close(file)
    if request["lays_out"]:  # as if there were many rows
        allegata.reading.stock._MOST_IN_MEMORY = 0
    sys.argv = ["allegata", *request["arguments"]]
    faults.fault_arm(*request["fault"])
    main()


def serve() -> None:
    """Answer requests until there are no more."""
    faults = ctypes.CDLL(os.environ["LD_PRELOAD"])
    faults.fault_where.restype = ctypes.c_char_p
    faults.fault_arm.argtypes = [*[ctypes.c_int] * 5, ctypes.c_long]
    requests, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    for line in requests:
        request = json.loads(line)
        faults.fault_reset()
        process = os.fork()
        if process == 0:
            requests.close()
            child(request, faults)  # raises SystemExit
            raise SystemExit(0)
        status = os.waitpid(process, 0)[1]
        answer = {
            "code": os.waitstatus_to_exitcode(status),
            "steps": [faults.fault_count_of(bit) for bit in range(6)],
            "met": bool(faults.fault_met()),
            "where": faults.fault_where().decode(errors="replace"),
        }
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    try:
        serve()
    except Exception:
        traceback.print_exc()
        os._exit(71)
