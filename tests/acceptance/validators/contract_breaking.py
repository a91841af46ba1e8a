"""datacontract breaking: whether a release keeps the promises of the one before it.

The command line is the older release, then the newer one.
"""

from datacontract.data_contract import DataContract
from problems import report_all


def examine(releases):
    before, after = (DataContract(str(release / "datacontract.yaml")) for release in releases)
    found = before.breaking(after)
    for entry in found.entries:
        if entry.level.name == "ERROR":
            yield f"{entry.path}: {entry.message}"
    if found.is_breaking and not any(entry.level.name == "ERROR" for entry in found.entries):
        yield "it breaks"


report_all(examine)
