"""The command line: one file a verb, each a thin call of a public function."""

from allegata.cli.main import main

__all__ = ["main"]
