"""networkx: that both forms of the network are one and the same."""

import json

import networkx as nx
from exports import exports
from problems import report


def told(graph):
    nodes = sorted((name, sorted(data.items())) for name, data in graph.nodes(data=True))
    edges = [(*ends, sorted(data.items())) for *ends, data in graph.edges(data=True)]
    return nodes, sorted(edges)


def plain(parts):
    return json.dumps(parts).replace(r"\r\n", r"\n").replace(r"\r", r"\n")


def examine(release):
    xml = nx.read_graphml(exports(release) / "graphml")
    form = json.loads((exports(release) / "network").read_text(encoding="utf-8"))
    listed = nx.node_link_graph(form, edges="edges")
    if not listed.number_of_edges():
        yield "there are no edges"
    # What XML cannot hold is U+FFFD there; the releases of the gate have none of it.
    for one, other in zip(told(xml), told(listed), strict=True):
        if plain(one) != plain(other):
            yield f"GraphML has {plain(one)[:200]}, JSON {plain(other)[:200]}"


report(examine)
