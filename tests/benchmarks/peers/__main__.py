"""Run one peer: ``python -m benchmarks.peers NAME DERIVED OUT SOURCE…``.

With one source, the process does that job and nothing else, to be measured. With several, it
tells of each whether the peer objects to it. What it prints is one JSON object a source.
"""

from __future__ import annotations

import json
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks.peers import PEERS, Job, Peer


def _told(peer: Peer, job: Job) -> dict[str, object]:
    shutil.rmtree(job.out, ignore_errors=True)
    job.out.mkdir(parents=True)
    told: dict[str, object] = {"source": job.source.name, "version": version(peer.distribution)}
    try:
        return told | {"rejected": peer.run(job).rejected, "aborted": None}
    except Exception as error:
        return told | {"rejected": 0, "aborted": f"{type(error).__name__}: {error}"[:300]}


if __name__ == "__main__":
    name, derived, out, *sources = sys.argv[1:]
    for source in sources:
        job = Job(Path(source), Path(derived), Path(out))
        print(json.dumps(_told(PEERS[name], job)), flush=True)
