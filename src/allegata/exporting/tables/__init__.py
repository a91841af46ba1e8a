"""Exports of the tables as they are."""
