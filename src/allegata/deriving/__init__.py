"""Derived tables: what follows from the base tables, computed and never typed in."""

from allegata.deriving.deriving import create_voices, derive
from allegata.deriving.models import Voice
from allegata.deriving.parties import DerivingError
from allegata.deriving.specs import derived_tables
from allegata.deriving.texts import voices_sql

__all__ = ["DerivingError", "Voice", "create_voices", "derive", "derived_tables", "voices_sql"]
