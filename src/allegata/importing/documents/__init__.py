"""Formats that are documents rather than tables, each read by a function of its own."""

from allegata.importing.documents.claimreview import read_claimreview
from allegata.importing.documents.followthemoney import read_followthemoney
from allegata.importing.documents.spkatt import read_spkatt
from allegata.importing.documents.tasks import read_inception, read_label_studio
from allegata.importing.documents.wikidata import read_wikidata

__all__ = [
    "read_claimreview",
    "read_followthemoney",
    "read_inception",
    "read_label_studio",
    "read_spkatt",
    "read_wikidata",
]
