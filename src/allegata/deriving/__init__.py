"""Derived tables: what follows from the base tables, computed and never typed in."""

from allegata.deriving.deriving import create_derived, derive
from allegata.deriving.models import Basis, Status, Voice
from allegata.deriving.parties import DerivingError
from allegata.deriving.specs import derived_tables
from allegata.deriving.voices import create_voices

__all__ = [
    "Basis",
    "DerivingError",
    "Status",
    "Voice",
    "create_derived",
    "create_voices",
    "derive",
    "derived_tables",
]
