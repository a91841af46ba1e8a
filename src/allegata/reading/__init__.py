"""Reading: from record files to rows with their places, and the problems met on the way."""

from allegata.reading.anchors import Anchors, verify_anchors
from allegata.reading.files import MissingPathError
from allegata.reading.findings import nearest
from allegata.reading.reading import Progress, Reading, dataset_folder, read
from allegata.reading.records import WrittenWaiver

__all__ = [
    "Anchors",
    "MissingPathError",
    "Progress",
    "Reading",
    "WrittenWaiver",
    "dataset_folder",
    "nearest",
    "read",
    "verify_anchors",
]
