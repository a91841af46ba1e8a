"""The mapping language: how rows of a table become records, declared and never executed as code."""

from allegata.importing.mapping.loading import MappingError, load_mapping, mapping_schema
from allegata.importing.mapping.model import Mapping

__all__ = ["Mapping", "MappingError", "load_mapping", "mapping_schema"]
