"""Derived tables: what follows from the base tables, computed and never typed in."""

from allegata.deriving.deriving import create_derived, create_voices, derive
from allegata.deriving.models import Voice
from allegata.deriving.parties import DerivingError
from allegata.deriving.specs import derived_tables

__all__ = ["DerivingError", "Voice", "create_derived", "create_voices", "derive", "derived_tables"]
