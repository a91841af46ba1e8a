"""Fuzz the reader in columns: whatever the bytes, it vouches for nothing the models refuse.

By hand, with atheris installed, from the folder of the project::

    PYTHONPATH=src:tests python tests/fuzz/fuzz_columnar.py -max_total_time=600 \
        NEW_CASES tests/fuzz/corpus

The first folder takes the cases that are found. A case is the name of a table, a line feed, and a
block of lines.
"""

from __future__ import annotations

import sys

from allegata.reading.columnar import Columnar
from allegata.schema import MODELS
from columnar_cases import hold


def check(case: bytes) -> None:
    """Hold the reader against the models on one case."""
    name, _, block = case.partition(b"\n")
    table = name.decode("latin-1")
    if table not in MODELS:
        table = list(MODELS)[sum(name) % len(MODELS)]
    hold(Columnar.of(table), table, block)


def main() -> None:
    """Fuzz until told to stop."""
    import atheris

    atheris.instrument_all()
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
