"""Reading: from record files to rows with their places, and the problems met on the way."""

from allegata.reading.files import MissingPathError
from allegata.reading.findings import nearest
from allegata.reading.places import Places, ReadFile, Spot
from allegata.reading.progress import Progress, Step, untold
from allegata.reading.reading import Reading, dataset_folder, read
from allegata.reading.records import Findings, WrittenWaiver
from allegata.reading.stock import Origin, Stock
from allegata.reading.watching import changes

__all__ = [
    "Findings",
    "MissingPathError",
    "Origin",
    "Places",
    "Progress",
    "ReadFile",
    "Reading",
    "Spot",
    "Step",
    "Stock",
    "WrittenWaiver",
    "changes",
    "dataset_folder",
    "nearest",
    "read",
    "untold",
]
