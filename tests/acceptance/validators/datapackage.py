"""check-datapackage: the Data Package by the standard, its recommendations included."""

import json

from check_datapackage import Config, check
from problems import report


def examine(release):
    properties = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    for issue in check(properties, config=Config(strict=True)):
        yield f"{issue.jsonpath}: {issue.message}"


report(examine)
