"""Showing a release in a terminal: one record with all that hangs on it, or the answer to SQL."""

from allegata.showing.output import table_of, write_answer
from allegata.showing.querying import QueryError, query
from allegata.showing.session import ReleaseSession
from allegata.showing.showing import show

__all__ = ["QueryError", "ReleaseSession", "query", "show", "table_of", "write_answer"]
