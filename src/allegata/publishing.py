"""Publishing: from record files to a release and its site."""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from allegata.deriving import derive, derived_tables
from allegata.describing import describe
from allegata.engines import Embedded, Report, check
from allegata.reading.reading import Progress
from allegata.releasing import Release, write_release
from allegata.site import build_site
from allegata.tables import base_tables


class Refused(Exception):  # noqa: N818 - it is not the program's error
    """A dataset that cannot be published as it is."""

    def __init__(self, message: str, report: Report | None = None) -> None:
        super().__init__(message)
        self.report = report


@dataclass(frozen=True)
class Publication:
    """What publishing gave."""

    report: Report
    release: Release
    new: bool
    """Whether the release was made now; False when nothing had changed since the latest one."""
