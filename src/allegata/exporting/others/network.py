"""The attribution network: who passes on whom, as GraphML and as JSON.

GraphML is http://graphml.graphdrawing.org/; the JSON is networkx' node-link form
(``networkx.node_link_graph``). Nodes are actors, with the party each counts for now where there is
one, and sources. Edges are counts of claims: a source is published by an actor, a source gives
words to a speaker (the outermost hop, or the publisher where the source speaks itself), and a
speaker passes on another. No edge says that who passes on agrees.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from allegata.describing.dataset.xml import clean
from allegata.exporting.rows import Export

NODES = """
SELECT a.id, 'actor' AS sort, a.kind, a.name AS label, a.country, p.party_id
FROM actors a
LEFT JOIN (
    SELECT actor_id, min(party_id) AS party_id FROM parties WHERE valid_to IS NULL
    GROUP BY actor_id HAVING count(DISTINCT party_id) = 1
) p ON p.actor_id = a.id
UNION ALL
SELECT id, 'source', kind, coalesce(title, id), NULL, NULL FROM sources
ORDER BY id
"""
EDGES = """
WITH spoken AS (
    SELECT h.claim_id, h.position, t.speaker_id, c.source_id
    FROM hops h JOIN statements t ON t.id = h.statement_id JOIN claims c ON c.id = h.claim_id
)
SELECT id AS source, publisher_id AS target, 'published_by' AS relation,
    CAST(0 AS BIGINT) AS claims FROM sources
UNION ALL
SELECT source_id, speaker_id, 'gives_words_to', count(*) FROM spoken WHERE position = 1
GROUP BY source_id, speaker_id
UNION ALL
SELECT c.source_id, s.publisher_id, 'speaks_itself', count(*)
FROM claims c JOIN sources s ON s.id = c.source_id
WHERE NOT EXISTS (SELECT 1 FROM hops h WHERE h.claim_id = c.id)
GROUP BY c.source_id, s.publisher_id
UNION ALL
SELECT o.speaker_id, i.speaker_id, 'passes_on', count(*)
FROM spoken o JOIN spoken i ON i.claim_id = o.claim_id AND i.position = o.position + 1
GROUP BY o.speaker_id, i.speaker_id
ORDER BY 1, 2, 3
"""
_OF_NODES = {"sort": "string", "kind": "string", "label": "string", "country": "string",
             "party_id": "string"}  # fmt: skip
_OF_EDGES = {"relation": "string", "claims": "long"}


def write_graphml(export: Export, out: Path) -> None:
    """Write the network to a file of GraphML, as a directed graph with parallel edges."""
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for domain, keys in (("node", _OF_NODES), ("edge", _OF_EDGES)):
            for name, kind in keys.items():
                file.write(
                    f'<key id="{name}" for="{domain}" attr.name="{name}" attr.type="{kind}"/>\n'
                )
        file.write('<graph edgedefault="directed">\n')
        for row in export.rows("writing nodes", NODES):
            file.write(f"<node id={_attribute(row['id'])}>{_data(row, _OF_NODES)}</node>\n")
            export.written += 1
        for nth, row in enumerate(export.rows("writing edges", EDGES)):
            ends = f"source={_attribute(row['source'])} target={_attribute(row['target'])}"
            file.write(f'<edge id="e{nth}" {ends}>{_data(row, _OF_EDGES)}</edge>\n')
            export.written += 1
        file.write("</graph>\n</graphml>\n")


def _attribute(value: str) -> str:
    return quoteattr(clean(value))


def _data(row: dict[str, Any], names: Iterable[str]) -> str:
    return "".join(
        f'<data key="{name}">{_text(row[name])}</data>' for name in names if row[name] is not None
    )


def _text(value: object) -> str:
    return escape(clean(str(value))).replace("\r", "&#13;")


def write_network_json(export: Export, out: Path) -> None:
    """Write the network to a file of JSON, in networkx' node-link form."""
    head = {"directed": True, "multigraph": True, "graph": {"name": export.release.dataset.name}}
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(head)[:-1])
        for name, sql in (("nodes", NODES), ("edges", EDGES)):
            file.write(f', "{name}": [')
            for nth, item in enumerate(_items(export, name, sql)):
                file.write((",\n" if nth else "\n") + json.dumps(item, ensure_ascii=False))
                export.written += 1
            file.write("\n]")
        file.write("}\n")


def _items(export: Export, name: str, sql: str) -> Iterator[dict[str, Any]]:
    for nth, row in enumerate(export.rows(f"writing {name}", sql)):
        kept = {key: value for key, value in row.items() if value is not None}
        yield kept if name == "nodes" else {**kept, "key": f"e{nth}"}
