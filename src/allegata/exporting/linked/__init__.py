"""Exports as linked data: who says what, never what is so."""
