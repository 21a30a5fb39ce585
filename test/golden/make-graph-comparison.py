"""Makes graph-comparison.json: Louvain's communities, small-worldness, rich clubs, cores, curvatures of varied graphs.

Oracles: networkx 2.8 (communities, modularity, sigma, omega, rich club, triangles), NumPy's correlation over the same family of
cores and, up to 10 nodes, over all subsets, SciPy's linprog for every edge's transport problem. Every graph is built from its
nodes in order and its edges in ascending order. Null: the oracle raises an error, or divides by zero.

Run: /usr/bin/python3 make-graph-comparison.py > graph-comparison.json
"""
import itertools
import json
import math
import warnings

import networkx as nx
import numpy as np
from networkx.algorithms.community import louvain_communities, modularity
from scipy.optimize import linprog

warnings.simplefilter("ignore")


def ordered(graph):
    result = graph.__class__()
    nodes = sorted(graph)
    number = {node: at for at, node in enumerate(nodes)}
    result.add_nodes_from(range(len(nodes)))
    pairs = [(number[u], number[v]) for u, v in graph.edges if u != v]
    result.add_edges_from(sorted(pairs if graph.is_directed() else [tuple(sorted(pair)) for pair in pairs]))
    return result


def core_periphery_graph(core, size, seed):
    graph = nx.complete_graph(core)
    for node in range(core, size):
        for other in (node % core, (node * seed) % core):
            graph.add_edge(node, other)
    return graph


GRAPHS = {
    "single": nx.empty_graph(1),
    "pair": nx.path_graph(2),
    "path3": nx.path_graph(3),
    "triangle": nx.complete_graph(3),
    "empty6": nx.empty_graph(6),
    "complete9": nx.complete_graph(9),
    "star10": nx.star_graph(9),
    "cycle8": nx.cycle_graph(8),
    "path7": nx.path_graph(7),
    "cliques10": nx.disjoint_union(nx.complete_graph(5), nx.complete_graph(5)),
    "isolated9": nx.disjoint_union(nx.circulant_graph(6, [1, 2]), nx.empty_graph(3)),
    "barbell11": nx.barbell_graph(5, 1),
    "tree15": nx.balanced_tree(2, 3),
    "grid20": nx.grid_2d_graph(4, 5),
    "er10": nx.gnp_random_graph(10, 0.4, seed=1),
    "er10b": nx.gnp_random_graph(10, 0.6, seed=8),
    "core10": core_periphery_graph(3, 10, 5),
    "core24": core_periphery_graph(6, 24, 5),
    "karate34": nx.karate_club_graph(),
    "ws16": nx.watts_strogatz_graph(16, 4, 0.1, seed=2),
    "ws24": nx.connected_watts_strogatz_graph(24, 6, 0.2, seed=3),
    "ba20": nx.barabasi_albert_graph(20, 3, seed=4),
    "dense12": nx.complement(nx.gnm_random_graph(12, 10, seed=5)),
    "caveman20": nx.connected_caveman_graph(4, 5),
    "directed12": nx.gnp_random_graph(12, 0.2, seed=6, directed=True),
    "directed30": nx.gnp_random_graph(30, 0.15, seed=7, directed=True),
    "directedCycle6": nx.cycle_graph(6, create_using=nx.DiGraph),
    "directedStar8": nx.DiGraph([(0, leaf) for leaf in range(1, 8)]),
}
COMMUNITIES_ONLY = {
    "sbm60": nx.stochastic_block_model([20, 20, 20], [[0.5, 0.05, 0.05], [0.05, 0.5, 0.05], [0.05, 0.05, 0.5]], seed=8),
    "ws200": nx.watts_strogatz_graph(200, 8, 0.1, seed=9),
    "er300": nx.gnm_random_graph(300, 1200, seed=10),
    "sparse100": nx.gnm_random_graph(100, 90, seed=11),
    "directed80": nx.gnp_random_graph(80, 0.06, seed=12, directed=True),
    "caveman90": nx.relaxed_caveman_graph(15, 6, 0.2, seed=13),
}


def number(value):
    return None if value is None or not math.isfinite(value) else float(value)


def or_null(function):
    try:
        return number(function())
    except (nx.NetworkXError, nx.NetworkXNotImplemented, ZeroDivisionError):
        return None


def groups(graph, seed):
    if graph.number_of_edges() == 0:
        return None
    found = louvain_communities(graph, seed=seed)
    labels = [0] * len(graph)
    for at, group in enumerate(found):
        for node in group:
            labels[node] = at
    return {"seed": seed, "labels": labels, "modularity": modularity(graph, found)}


def has_swap(graph):
    """Whether two edges without a common node exist; without, networkx's references never return."""
    return any(not set(first) & set(second) for first, second in itertools.combinations(graph.edges, 2))


def small_world(function, graph, references, seed):
    # The functions below ask for a swap before they notice that a graph is not connected.
    if graph.is_directed() or not has_swap(graph):
        return None
    return or_null(lambda: function(graph, nrand=references, seed=seed))


def rich_club(graph):
    if graph.is_directed() or graph.number_of_edges() == 0:
        return None
    curve = nx.rich_club_coefficient(graph, normalized=False)
    k = np.quantile([degree for _, degree in graph.degree], 0.75, method="inverted_cdf")
    return {"curve": list(curve.values()), "value": curve.get(int(k))}


def correlation(graph, core):
    n = len(graph)
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j and (graph.is_directed() or i < j)]
    edges = np.array([float(graph.has_edge(i, j)) for i, j in pairs])
    pattern = np.array([float(i in core or j in core) for i, j in pairs])
    if len(pairs) == 0 or edges.std() == 0 or pattern.std() == 0:
        return None
    return float(np.corrcoef(edges, pattern)[0, 1])


def best_core(graph, cores):
    fits = [(fit, core) for fit, core in ((correlation(graph, core), core) for core in cores) if fit is not None]
    return None if not fits else max(fits, key=lambda item: (item[0], -len(item[1])))


def core_periphery(graph):
    degree = dict(graph.degree)
    found = best_core(graph, [{u for u in graph if degree[u] >= least} for least in sorted(set(degree.values()))])
    row = {"fit": None if found is None else found[0], "core": None if found is None else sorted(found[1])}
    if len(graph) > 10:
        return row
    best = best_core(graph, [set(core) for size in range(1, len(graph)) for core in itertools.combinations(graph, size)])
    return row | {"overall": None if best is None else best[0]}


def walker(graph, node):
    return {node: 0.5} | {other: 0.5 / graph.degree(node) for other in graph[node]}


def ollivier(graph, x, y):
    source, sink = walker(graph, x), walker(graph, y)
    distances = np.array([[nx.shortest_path_length(graph, u, v) for v in sink] for u in source], float)
    a, b = distances.shape
    rows = np.zeros((a + b, a * b))
    for i in range(a):
        rows[i, i * b:(i + 1) * b] = 1
    for j in range(b):
        rows[a + j, j::b] = 1
    found = linprog(distances.ravel(), A_eq=rows, b_eq=list(source.values()) + list(sink.values()), method="highs")
    assert found.status == 0
    return 1 - found.fun


def forman(graph, u, v):
    return 4 - graph.degree(u) - graph.degree(v) + 3 * len(set(graph[u]) & set(graph[v]))


def mean_over_edges(graph, curvature):
    if graph.is_directed() or graph.number_of_edges() == 0:
        return None
    return float(np.mean([curvature(graph, u, v) for u, v in graph.edges]))


def basics(graph):
    return {"n": len(graph), "directed": graph.is_directed(), "edges": sorted(list(edge) if graph.is_directed() else sorted(edge) for edge in graph.edges)}


def row(graph):
    return basics(graph) | {
        "groups": [groups(graph, seed) for seed in (1, 7)] if graph.number_of_edges() else None,
        "sigma": small_world(nx.sigma, graph, 2, 1),
        "omega": small_world(nx.omega, graph, 3, 2),
        "richClub": rich_club(graph),
        "corePeriphery": core_periphery(graph),
        "forman": mean_over_edges(graph, forman),
        "ollivier": mean_over_edges(graph, ollivier),
    }


GRAPHS = {name: ordered(graph) for name, graph in GRAPHS.items()}
COMMUNITIES_ONLY = {name: ordered(nx.Graph(graph) if not graph.is_directed() else graph) for name, graph in COMMUNITIES_ONLY.items()}

print(json.dumps({
    "graphs": {name: row(graph) for name, graph in GRAPHS.items()},
    "communities": {name: basics(graph) | {"groups": [groups(graph, seed) for seed in (1, 2**32 + 1)]} for name, graph in COMMUNITIES_ONLY.items()},
}, separators=(",", ":")))
