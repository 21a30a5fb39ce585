"""Weighted graphs, their weighted clustering and path lengths, and their strongest edges.

    python3 test/golden/make-graph-weighted.py > test/golden/graph-weighted.json

Debian 12: python3-networkx 2.8.8, python3-numpy. Barrat's coefficient is written out here by its
formula over ordered pairs of neighbours; networkx has none.
"""

import json

import networkx as nx
import numpy as np


def barrat(graph):
    """Barrat, Barthelemy, Pastor-Satorras and Vespignani 2004, equation 5; 0 below degree 2."""
    values = []
    for u in graph:
        near = list(graph[u])
        if len(near) < 2:
            values.append(0.0)
            continue
        strength = sum(graph[u][v]["weight"] for v in near)
        total = sum(
            (graph[u][v]["weight"] + graph[u][w]["weight"]) / 2
            for v in near
            for w in near
            if v != w and graph.has_edge(v, w)
        )
        values.append(total / (strength * (len(near) - 1)))
    return values


def strongest(graph, density):
    """The round(density * pairs) heaviest edges; weights here differ."""
    most = int(np.rint(density * graph.number_of_nodes() * (graph.number_of_nodes() - 1) / 2))
    edges = sorted(graph.edges(data="weight"), key=lambda edge: -edge[2])[:most]
    return sorted([min(u, v), max(u, v)] for u, v, _ in edges)


entries = []
for seed, (nodes, p) in enumerate([(8, 0.6), (20, 0.3), (40, 0.2), (30, 1.0)], 1):
    random = np.random.RandomState(seed)
    graph = nx.gnp_random_graph(nodes, p, seed=seed)
    assert nx.is_connected(graph)
    for _, _, data in graph.edges(data=True):
        data["weight"] = round(float(random.uniform(0.05, 3)), 6)
        data["distance"] = 1 / data["weight"]
    entries.append(
        {
            "nodes": nodes,
            "edges": [[u, v, w] for u, v, w in graph.edges(data="weight")],
            "onnela": list(nx.clustering(graph, weight="weight").values()),
            "averageOnnela": nx.average_clustering(graph, weight="weight"),
            "barrat": barrat(graph),
            "inverse": nx.average_shortest_path_length(graph, weight="distance"),
            "given": nx.average_shortest_path_length(graph, weight="weight"),
            "strength": [s for _, s in graph.degree(weight="weight")],
            "density": 0.1,
            "strongest": strongest(graph, 0.1),
        }
    )
print(json.dumps(entries))
