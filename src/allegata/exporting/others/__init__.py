"""Exports to the forms of other communities."""
