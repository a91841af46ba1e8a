"""From schema 1.0.0 to 1.1.0.

In a dataset of contested claims, "reliability" is read as that of its sources, which the dataset
never states. What the field holds is how far the coders agree, and so it is called now.
"""

from allegata.migrations.edits import Rename
from allegata.migrations.migration import Migration

MIGRATION = Migration(
    old="1.0.0",
    new="1.1.0",
    why="`coverage.reliability` of dataset.yaml is called `agreement`: it tells how far coders "
    "agree, and was read as how far sources are to be relied on.",
    nests={
        "actors": {"aliases": "actor_aliases"},
        "sources": {"claims": "claims"},
        "events": {"participants": "participants", "propositions": "propositions"},
        "statements": {"audience": "audience"},
        "claims": {"chain": "hops", "quotes": "quotes"},
    },
    edits=(Rename("dataset.coverage", "reliability", "agreement"),),
)
