"""The table of formats: what each is for, what it keeps, and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from allegata.exporting.linked.annotations import write_annotations
from allegata.exporting.linked.claims import write_claims
from allegata.exporting.linked.nanopubs import write_nanopubs
from allegata.exporting.linked.prov import write_prov
from allegata.exporting.others.followthemoney import write_followthemoney
from allegata.exporting.others.inception import write_inception
from allegata.exporting.others.label_studio import write_label_studio
from allegata.exporting.others.network import write_graphml, write_network_json
from allegata.exporting.others.plover import write_plover
from allegata.exporting.rows import Export
from allegata.exporting.tables.csvw import write_csvw
from allegata.exporting.tables.duckdb_ import write_duckdb
from allegata.exporting.tables.sqlite import write_sqlite


@dataclass(frozen=True)
class ExportFormat:
    """A format that releases are exported to."""

    name: str
    title: str
    """What it is."""
    use: str
    """What it is for."""
    ending: str
    """How its file's name ends; a folder where it is empty."""
    keeps: str
    loses: str
    """What it does not keep, and so is not in the export."""
    write: Callable[[Export, Path], None]

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of files."""
        return not self.ending


_SPEECH = "speaker, stance and source of each claim, and its chain"

FORMATS: dict[str, ExportFormat] = {
    one.name: one
    for one in (
        ExportFormat(
            "claims", "schema.org Claim, JSON-LD", "search engines and fact-checking tools",
            ".jsonld", f"{_SPEECH} in words; the published quote",
            "chains as ids, positions of quotes, evidence, clarity, numbers, relations, history; "
            "times of publication that are not plain days",
            write_claims,
        ),
        ExportFormat(
            "prov", "PROV-O, Turtle", "provenance tools and triple stores", ".ttl",
            f"{_SPEECH}, hop by hop, with channel and cue; how sources hang together",
            "quotes, offices, places, events, the text of propositions apart from claims, "
            "relations of propositions, history",
            write_prov,
        ),
        ExportFormat(
            "nanopub", "nanopublications, TriG", "citing single claims; nanopublication servers",
            ".trig", f"{_SPEECH} in words, with the dataset's makers and terms",
            "signatures and trusty URIs, which who publishes them adds; quotes, positions, "
            "relations, history",
            write_nanopubs,
        ),
        ExportFormat(
            "annotation", "Web Annotation, JSON-LD", "annotation servers and readers", ".jsonld",
            "the place of each quote, its role, published words, who says what about what",
            "chains, hashes of quotes, translations, claims without quotes",
            write_annotations,
        ),
        ExportFormat(
            "followthemoney", "FollowTheMoney entities, JSON Lines", "OpenSanctions, Aleph",
            ".ftm.json", "actors, offices, places, sources, and events that nobody disputes",
            "propositions, statements, claims, stances and quotes, for which it has no place; "
            "alleged initiators and targets; events that are disputed, unless asked for; days of "
            "years before 1000 or after 2999",
            write_followthemoney,
        ),
        ExportFormat(
            "plover", "events in the manner of PLOVER, JSON Lines", "event data analysis",
            ".jsonl", "calls, meetings, negotiations and attacks that nobody disputes; who accuses "
            "whom of an attack and who denies it",
            "other types of events, other claims, chains, quotes; events that are contested, "
            "denied or doubted, unless asked for",
            write_plover,
        ),
        ExportFormat(
            "csvw", "CSV on the Web, a folder", "spreadsheets and statistics packages", "",
            "all rows of all tables, descriptions, types, keys", "nothing", write_csvw,
        ),
        ExportFormat(
            "sqlite", "SQLite", "applications, Datasette, and SQL without a server", ".sqlite",
            "all rows of all tables, descriptions, keys, foreign keys, indices",
            "types for days, times and truth values, which are text and 0 or 1",
            write_sqlite,
        ),
        ExportFormat(
            "duckdb", "DuckDB", "analysis by SQL", ".duckdb",
            "all rows of all tables, descriptions as comments, keys, views of what holds now",
            "foreign keys, which here would forbid that events and propositions name each other",
            write_duckdb,
        ),
        ExportFormat(
            "graphml", "attribution network, GraphML", "Gephi, igraph, networkx", ".graphml",
            "actors and their parties, sources, and how many claims each passes on from whom",
            "which claims, on what, with which stance, and when; parties that changed",
            write_graphml,
        ),
        ExportFormat(
            "network", "attribution network, JSON", "networkx, D3", ".json",
            "as graphml", "as graphml", write_network_json,
        ),
        ExportFormat(
            "label-studio", "tasks of Label Studio, a folder", "coding claims again", "",
            "each claim with its codes, chain and quotes, to be judged and brought back",
            "texts of sources, which no release has; the history of records",
            write_label_studio,
        ),
        ExportFormat(
            "inception", "documents of INCEpTION (UIMA CAS JSON), a folder",
            "coding claims again", "",
            "each claim with its codes, chain and quotes, to be judged and brought back",
            "texts of sources, which no release has; the history of records",
            write_inception,
        ),
    )
}  # fmt: skip
"""Name -> the format."""
