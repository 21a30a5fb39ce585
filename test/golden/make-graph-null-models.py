"""Makes graph-null-models.json: graphs rewired by networkx 2.8 (double-edge swaps, random and lattice references).

Every graph is built from its nodes in order and its edges u < v in ascending order, which decides the order of neighbours.
Where `double_edge_swap` runs out of attempts, the row has no result.

Run: /usr/bin/python3 make-graph-null-models.py > graph-null-models.json
"""
import json
import math

import networkx as nx


def ordered(graph):
    result = nx.Graph()
    nodes = sorted(graph)
    number = {node: at for at, node in enumerate(nodes)}
    result.add_nodes_from(range(len(nodes)))
    result.add_edges_from(sorted(tuple(sorted((number[u], number[v]))) for u, v in graph.edges))
    return result


def edges(graph):
    return sorted(sorted(edge) for edge in graph.edges)


GRAPHS = {
    "ws16": nx.watts_strogatz_graph(16, 4, 0.2, seed=1),
    "ws32": nx.watts_strogatz_graph(32, 6, 0.1, seed=2),
    "ring12": nx.circulant_graph(12, [1, 2]),
    "er20": nx.gnp_random_graph(20, 0.25, seed=3),
    "sparse24": nx.gnm_random_graph(24, 22, seed=4),
    "ba30": nx.barabasi_albert_graph(30, 3, seed=5),
    "tree15": nx.balanced_tree(2, 3),
    "grid16": nx.grid_2d_graph(4, 4),
    "path4": nx.path_graph(4),
    "cycle5": nx.cycle_graph(5),
    "dense14": nx.complement(nx.gnm_random_graph(14, 14, seed=6)),
    "isolated9": nx.disjoint_union(nx.cycle_graph(6), nx.empty_graph(3)),
    "cliques10": nx.disjoint_union(nx.complete_graph(5), nx.complete_graph(5)),
    "barbell11": nx.barbell_graph(5, 1),
    "er64": nx.gnp_random_graph(64, 0.12, seed=7),
}
GRAPHS = {name: ordered(graph) for name, graph in GRAPHS.items()}


def swapped(name, swaps, tries, seed):
    graph = GRAPHS[name].copy()
    count = round(swaps * graph.number_of_edges())
    row = {"graph": name, "swaps": swaps, "tries": tries, "seed": seed}
    try:
        nx.double_edge_swap(graph, count, tries * count, seed)
    except nx.NetworkXAlgorithmError:
        return row | {"edges": None}
    return row | {"edges": edges(graph)}


def swapped_connected(name, swaps, seed):
    graph = GRAPHS[name].copy()
    nx.connected_double_edge_swap(graph, round(swaps * graph.number_of_edges()), _window_threshold=math.inf, seed=seed)
    return {"graph": name, "swaps": swaps, "seed": seed, "edges": edges(graph)}


def reference(function, name, niter, connectivity, seed):
    graph = function(GRAPHS[name], niter=niter, connectivity=connectivity, seed=seed)
    return {"graph": name, "niter": niter, "connected": connectivity, "seed": seed, "edges": edges(graph)}


SWAPPED = [
    ("ws16", 1, 100, 1), ("ws16", 10, 100, 2), ("ws16", 0.05, 100, 0), ("ws32", 5, 100, 3), ("ring12", 3.3, 100, 4),
    ("er20", 2, 100, 2**32 + 5), ("sparse24", 4, 100, 6), ("ba30", 1.5, 100, 7), ("tree15", 2, 100, 8), ("grid16", 1, 100, 9),
    ("path4", 2, 100, 10), ("cycle5", 3, 100, 11), ("dense14", 0.5, 100, 12), ("dense14", 3, 2, 13), ("isolated9", 3, 100, 14),
    ("cliques10", 2, 100, 15), ("barbell11", 1, 100, 16), ("er64", 1, 100, 2**53 - 1), ("er64", 0, 100, 1),
]
CONNECTED = [
    ("ws16", 1, 1), ("ws16", 10, 2), ("ws32", 3, 3), ("ring12", 20, 4), ("ba30", 2, 5), ("tree15", 10, 6), ("tree15", 1, 7),
    ("grid16", 4, 8), ("path4", 5, 9), ("cycle5", 7, 10), ("dense14", 2, 11), ("barbell11", 8, 12), ("er64", 2, 13),
]
RANDOM = [
    ("ws16", 1, True, 1), ("ws16", 10, True, 2), ("ws32", 3, True, 3), ("ring12", 5, True, 4), ("er20", 2, False, 5),
    ("sparse24", 4, True, 6), ("sparse24", 4, False, 6), ("ba30", 2, True, 7), ("tree15", 8, True, 8), ("tree15", 8, False, 8),
    ("grid16", 4, True, 9), ("path4", 5, True, 10), ("cycle5", 3, True, 11), ("dense14", 4, True, 12), ("isolated9", 5, False, 13),
    ("cliques10", 3, True, 14), ("barbell11", 6, True, 15), ("er64", 1, True, 16), ("er64", 0, True, 17),
]
LATTICE = [
    ("ws16", 5, True, 1), ("ws16", 1, False, 2), ("ws32", 5, True, 3), ("ring12", 5, True, 4), ("er20", 5, True, 5),
    ("sparse24", 4, True, 6), ("ba30", 5, True, 7), ("tree15", 8, True, 8), ("tree15", 8, False, 8), ("grid16", 4, True, 9),
    ("path4", 5, True, 10), ("cycle5", 3, True, 11), ("dense14", 4, True, 12), ("isolated9", 5, False, 13), ("barbell11", 6, True, 15),
    ("er64", 3, True, 16),
]

print(json.dumps({
    "graphs": {name: {"n": len(graph), "edges": edges(graph)} for name, graph in GRAPHS.items()},
    "rewired": [swapped(*case) for case in SWAPPED],
    "connected": [swapped_connected(*case) for case in CONNECTED],
    "random": [reference(nx.random_reference, *case) for case in RANDOM],
    "lattice": [reference(nx.lattice_reference, *case) for case in LATTICE],
}, separators=(",", ":")))
