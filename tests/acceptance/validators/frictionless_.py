"""frictionless: the Data Package, and every cell of its tables with keys and constraints."""

from frictionless import Package, system
from problems import report

system.trusted = True


def examine(release):
    package = Package(str(release / "datapackage.json"))
    found = package.validate()
    checked = {task.name for task in found.tasks}
    yield from found.errors
    for task in found.tasks:
        yield from (f"{task.name}: {error.type}: {error.message}" for error in task.errors)
        # What is not checked is not valid either.
        yield from (f"{task.name}: {warning}" for warning in task.warnings)
    yield from (f"{r.name}: not checked" for r in package.resources if r.name not in checked)


report(examine)
