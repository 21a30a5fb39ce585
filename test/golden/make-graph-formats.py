"""Makes graph-formats.json: files of graphs written by networkx 2.8.8, with the edges that are in them.

    /usr/bin/python3 test/golden/make-graph-formats.py    # Debian 12: python3-networkx, python3-numpy, python3-lxml

Each entry: the format, the file as base64, the number of nodes, direction, the edges (numbers of nodes in the order of
the graph's nodes, sorted), and, where edges have weights, the threshold that was used for them.
"""

import base64
import io
import json
import os

import networkx as nx
import numpy as np
from networkx.readwrite import json_graph


def edges_of(graph, threshold=None):
    index = {node: i for i, node in enumerate(graph)}
    kept = set()
    for u, v, data in graph.edges(data=True):
        if u == v or (threshold is not None and data.get("weight", 1) < threshold):
            continue
        pair = (index[u], index[v])
        kept.add(pair if graph.is_directed() else tuple(sorted(pair)))
    return sorted(kept)


def written(writer, graph, **options):
    out = io.BytesIO()
    writer(graph, out, **options)
    return out.getvalue()


def matrix(graph, separator, header):
    array = nx.to_numpy_array(graph)
    names = [str(node) for node in graph]
    rows = [separator.join(f"{x:g}" for x in row) for row in array]
    if header:
        rows = [separator.join(["", *names])] + [separator.join([name, row]) for name, row in zip(names, rows)]
    return ("\n".join(rows) + "\n").encode()


def node_link(graph, key):
    return json.dumps(json_graph.node_link_data(graph, link=key)).encode()


def weighted(graph, seed):
    random = np.random.RandomState(seed)
    for _, _, data in graph.edges(data=True):
        data["weight"] = round(float(random.uniform(-1, 2)), 3)
    return graph


entries = []


def add(name, format, data, graph, threshold=None, directed=None):
    entries.append(
        {
            "name": name,
            "format": format,
            "file": base64.b64encode(data).decode(),
            "nodes": graph.number_of_nodes(),
            "directed": graph.is_directed(),
            "edges": edges_of(graph, threshold),
            **({} if threshold is None else {"threshold": threshold}),
            **({} if directed is None else {"saysDirected": directed}),
        }
    )


karate = nx.karate_club_graph()
for _, _, data in karate.edges(data=True):
    data.clear()
small_world = nx.watts_strogatz_graph(64, 4, 0.2, seed=3)
petersen = nx.petersen_graph()
directed = nx.gnp_random_graph(20, 0.2, seed=5, directed=True)
loops = nx.Graph([(0, 0), (0, 1), (1, 2), (2, 2)])
isolated = nx.Graph()
isolated.add_nodes_from(range(6))
isolated.add_edges_from([(1, 4), (4, 5)])
named = nx.Graph([("Ann & Bob", "<C>"), ("<C>", 'D "d"'), ("Ann & Bob", "\u00e9")])
weights = weighted(nx.gnp_random_graph(12, 0.5, seed=1), 7)
assert min(degree for _, degree in weights.degree()) > 0
weights_directed = weighted(nx.gnp_random_graph(9, 0.4, seed=4, directed=True), 8)
multi = nx.MultiDiGraph([(0, 1), (0, 1), (1, 0), (2, 1)])
grid = nx.grid_2d_graph(3, 3)

for name, graph in [("karate", karate), ("small-world", small_world), ("petersen", petersen), ("isolated", isolated)]:
    add(name, "graphml", written(nx.write_graphml, graph), graph)
    add(name, "gexf", written(nx.write_gexf, graph), graph)
    add(name, "graph6", written(nx.write_graph6, graph), graph)
    add(name, "graph6", written(nx.write_graph6, graph, header=False), graph)
    add(name, "sparse6", written(nx.write_sparse6, graph), graph)
    add(name, "node-link", node_link(graph, "links"), graph)
    add(name, "node-link", node_link(graph, "edges"), graph)
    add(name, "csv", matrix(graph, ",", True), graph)
    add(name, "matrix", matrix(graph, " ", False), graph)
    add(name, "tsv", matrix(graph, "\t", True), graph)
    if name != "isolated":
        add(name, "edge-list", written(nx.write_edgelist, graph), graph)
        add(name, "edge-list", written(nx.write_edgelist, graph, data=False, delimiter=","), graph)

add("directed", "graphml", written(nx.write_graphml, directed), directed)
add("directed", "gexf", written(nx.write_gexf, directed), directed)
add("directed", "node-link", node_link(directed, "links"), directed)
add("directed", "csv", matrix(directed, ",", True), directed)
add("directed", "edge-list", written(nx.write_edgelist, directed), directed, directed=True)
add("loops", "graphml", written(nx.write_graphml, loops), loops)
add("loops", "sparse6", written(nx.write_sparse6, loops), loops)
add("loops", "edge-list", written(nx.write_edgelist, loops), loops)
add("named", "graphml", written(nx.write_graphml, named), named)
add("named", "gexf", written(nx.write_gexf, named), named)
add("named", "node-link", node_link(named, "links"), named)
add("multi", "graphml", written(nx.write_graphml, multi), multi)
add("multi", "gexf", written(nx.write_gexf, multi), multi)
add("multi", "node-link", node_link(multi, "links"), multi)
add("grid", "node-link", node_link(grid, "links"), grid)
add("grid", "graphml", written(nx.write_graphml, grid), grid)
for n in (1, 2, 4, 16, 62, 63, 64):
    graph = nx.gnp_random_graph(n, 0.1, seed=n)
    add(f"random-{n}", "graph6", written(nx.write_graph6, graph), graph)
    add(f"random-{n}", "sparse6", written(nx.write_sparse6, graph), graph)
for threshold in (-2, 0, 0.5):
    for name, graph in [("weights", weights), ("weights-directed", weights_directed)]:
        add(name, "graphml", written(nx.write_graphml, graph), graph, threshold)
        add(name, "gexf", written(nx.write_gexf, graph), graph, threshold)
        add(name, "node-link", node_link(graph, "links"), graph, threshold)
        add(name, "csv", matrix(graph, ",", False), graph, threshold)
    add("weights", "edge-list", written(nx.write_edgelist, weights), weights, threshold)
    add("weights", "edge-list", written(nx.write_weighted_edgelist, weights), weights, threshold)

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "graph-formats.json")
with open(path, "w", encoding="utf-8") as out:
    json.dump({"networkx": nx.__version__, "entries": entries}, out, separators=(",", ":"))
    out.write("\n")
