"""Reading: from record files to rows with their places, and the problems met on the way."""

from allegata.reading.files import MissingPathError
from allegata.reading.findings import nearest
from allegata.reading.reading import Progress, Reading, read

__all__ = ["MissingPathError", "Progress", "Reading", "nearest", "read"]
