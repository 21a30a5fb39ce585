"""Makes graph-nulls.json: directed measures, ensembles of random graphs with the same degrees, predictions of a quadratic surface.

The ensembles are independent of Plexus: networkx's own swaps of undirected graphs, and of directed graphs swaps of two arcs written
here on Python sets, both from the graph itself: 20 swaps done, or 50 tried, for each edge. Small graphs of few degrees are also counted out:
every graph with the same degrees is listed, and the mean is exact.

Run: /usr/bin/python3 make-graph-nulls.py > graph-nulls.json
"""
import itertools
import json
import math
import random

import networkx as nx
import numpy as np
from scipy import stats

COUNT = 2000


def reachable_length(graph):
    lengths = [d for _, row in nx.all_pairs_shortest_path_length(graph) for d in row.values() if d > 0]
    return sum(lengths) / len(lengths) if lengths else None


def measures(graph):
    return {"clustering": nx.average_clustering(graph), "reachablePathLength": reachable_length(graph), "transitivity": nx.transitivity(graph.to_undirected())}


def swap_arcs(graph, attempts, rng):
    arcs = list(graph.edges)
    there = set(arcs)
    for _ in range(attempts):
        i, j = rng.randrange(len(arcs)), rng.randrange(len(arcs))
        (a, b), (c, d) = arcs[i], arcs[j]
        if a == d or c == b or (a, d) in there or (c, b) in there:
            continue
        there -= {(a, b), (c, d)}
        there |= {(a, d), (c, b)}
        arcs[i], arcs[j] = (a, d), (c, b)
    result = nx.DiGraph()
    result.add_nodes_from(graph)
    result.add_edges_from(arcs)
    return result


def swap_edges(graph, swaps, rng):
    result = graph.copy()
    nx.double_edge_swap(result, swaps, max_tries=1000 * swaps, seed=rng)
    return result


def ensemble(graph):
    rng = random.Random(1)
    swap, times = (swap_arcs, 50) if graph.is_directed() else (swap_edges, 20)
    rows = [measures(swap(graph, times * graph.number_of_edges(), rng)) for _ in range(COUNT)]
    return {name: {"mean": float(np.mean([row[name] for row in rows])), "std": float(np.std([row[name] for row in rows], ddof=1))} for name in rows[0]}


def all_with_degrees(graph):
    """Mean C over every graph with the degrees of `graph`, and how many there are."""
    n, directed = len(graph), graph.is_directed()
    pairs = list(itertools.permutations(range(n), 2)) if directed else list(itertools.combinations(range(n), 2))
    wanted = ([d for _, d in graph.out_degree], [d for _, d in graph.in_degree]) if directed else ([d for _, d in graph.degree],) * 2
    values = []
    for chosen in itertools.combinations(pairs, graph.number_of_edges()):
        out, into = [0] * n, [0] * n
        for u, v in chosen:
            out[u] += 1
            into[v] += 1
            if not directed:
                out[v] += 1
                into[u] += 1
        if (out, into) != wanted:
            continue
        other = nx.DiGraph() if directed else nx.Graph()
        other.add_nodes_from(range(n))
        other.add_edges_from(chosen)
        values.append(nx.average_clustering(other))
    return {"graphs": len(values), "mean": float(np.mean(values)), "std": float(np.std(values))}


def described(graph):
    return {"nodes": len(graph), "directed": graph.is_directed(), "edges": sorted([list(edge) for edge in graph.edges])}


SMALL = {
    "watts20": nx.watts_strogatz_graph(20, 4, 0.1, seed=1),
    "barabasi24": nx.barabasi_albert_graph(24, 3, seed=2),
    "arcs16": nx.gnp_random_graph(16, 0.2, seed=3, directed=True),
    "apart14": nx.disjoint_union(nx.gnp_random_graph(9, 0.3, seed=4, directed=True), nx.gnp_random_graph(5, 0.5, seed=5, directed=True)),
}
TINY = {
    "path5": nx.Graph([(0, 1), (1, 2), (2, 3), (3, 4)]),
    "house6": nx.Graph([(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (0, 3)]),
    # One turn of the triangle leads to its other graph; no swap does.
    "triangle3": nx.DiGraph([(0, 1), (1, 2), (2, 0)]),
    "arcs5": nx.DiGraph([(0, 1), (1, 2), (2, 0), (0, 3), (3, 4), (4, 1)]),
}


def surface():
    """The table that test/golden/make-findings.py makes up; its quadratic surface at some places."""
    clustering = np.array([(i * 0.6180339887498949 + 0.1) % 1 for i in range(60)])
    length = np.array([1.05 + 3.4 * ((i * 0.7548776662466927) % 1) for i in range(60)])
    density = np.array([0.1 + 0.85 * ((i * 0.5698402909980532) % 1) for i in range(60)])
    base = 30 + 4 * (clustering - 0.45) ** 2 + 0.8 * (length - 2.2) ** 2 + 0.5 * np.log(density) ** 2
    y = np.mean([[base[i] + 0.2 * math.sin(12.9898 * i + 78.233 * s) for s in range(3)] for i in range(60)], axis=1)

    def design(c, l):
        return np.stack([np.ones_like(c), c, l, c * c, l * l, c * l], axis=1)

    x = design(clustering, length)
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    residual = y - x @ beta
    std = math.sqrt(residual @ residual / (len(y) - 6))
    rows = []
    for c, l in [(0.5, 2.2), (0.1, 1.5), (0.9, 4.0), (1.4, 6.0)]:
        row = design(np.array([c]), np.array([l]))[0]
        half = stats.t.ppf(0.975, len(y) - 6) * std * math.sqrt(1 + row @ np.linalg.inv(x.T @ x) @ row)
        rows.append({"clustering": c, "pathLength": l, "value": float(row @ beta), "half": half})
    return {"std": std, "r2": float(1 - residual @ residual / ((y - y.mean()) @ (y - y.mean()))), "places": rows}


print(json.dumps({
    "count": COUNT,
    "ensembles": [{"name": name} | described(graph) | {"measures": measures(graph), "nulls": ensemble(graph)} for name, graph in SMALL.items()],
    "counted": [{"name": name} | described(graph) | all_with_degrees(graph) for name, graph in TINY.items()],
    "surface": surface(),
}))
