"""Other people's data as ordinary records, with what became of each of their rows."""

from allegata.importing.importing import FORMATS, ImportRefused, import_files
from allegata.importing.mapping import Mapping, MappingError, load_mapping, mapping_schema
from allegata.importing.report import Aside, Report
from allegata.importing.staging import OutExists

__all__ = [
    "FORMATS",
    "Aside",
    "ImportRefused",
    "Mapping",
    "MappingError",
    "OutExists",
    "Report",
    "import_files",
    "load_mapping",
    "mapping_schema",
]
