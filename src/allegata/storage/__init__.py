"""Where releases lie: a folder of this machine, or a place that is named by a URL.

What is read is read alike from everywhere. What is written conditionally (a new object only, or
in place of a known one only) is for object stores; folders have renames instead, which
``allegata.releasing.commit`` uses.

>>> place_of("https://someone:secret@example.org/dist").name
'https://example.org/dist'
"""

from allegata.storage.errors import Changed, Missing, NeedsPackage, StorageError
from allegata.storage.folder import FolderPlace
from allegata.storage.place import Place, Received
from allegata.storage.places import folder_of, is_url, place_of, store_of
from allegata.storage.store import UNDER_WAY, StorePlace

__all__ = [
    "UNDER_WAY",
    "Changed",
    "FolderPlace",
    "Missing",
    "NeedsPackage",
    "Place",
    "Received",
    "StorageError",
    "StorePlace",
    "folder_of",
    "is_url",
    "place_of",
    "store_of",
]
