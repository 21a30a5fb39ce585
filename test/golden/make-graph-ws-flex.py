"""Makes graph-ws-flex.json: WS-flex graphs by the definition, on networkx and CPython's random.Random.

Definition: m = round(k n / 2) ring edges (half to even); node i gets floor(m / n) ring neighbours ahead of it, the first
m mod n nodes one more; then for each node in order and each of its ring edges (u, v), with probability p, w is drawn
uniformly until it is neither u nor a neighbour of u, and (u, v) becomes (u, w); after each rejected draw the rewiring is
given up if u has degree >= n - 1. Repeated, the same generator continuing, until connected, at most 100 times.

Run: python3 make-graph-ws-flex.py > graph-ws-flex.json
"""
import json
import random

import networkx as nx


def draw(n, k, p, generator):
    m = round(k * n / 2)
    ahead = [m // n + (1 if i < m % n else 0) for i in range(n)]
    ring = [(u, (u + step) % n) for u in range(n) for step in range(1, ahead[u] + 1)]
    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(ring)
    for u, v in ring:
        if generator.random() >= p:
            continue
        w = generator.choice(range(n))
        given_up = False
        while w == u or graph.has_edge(u, w):
            w = generator.choice(range(n))
            if graph.degree(u) >= n - 1:
                given_up = True
                break
        if not given_up:
            graph.remove_edge(u, v)
            graph.add_edge(u, w)
    return graph


def ws_flex(n, k, p, seed):
    generator = random.Random(seed)
    for tries in range(1, 101):
        graph = draw(n, k, p, generator)
        if nx.is_connected(graph):
            return graph, tries
    return None, 100


def clustering(graph):
    # Plain left-to-right addition of the sorted values; sum() compensates in newer Pythons.
    total = 0.0
    for value in sorted(nx.clustering(graph).values()):
        total += value
    return total / graph.number_of_nodes()


def undirected(n, k, p, seed):
    graph, tries = ws_flex(n, k, p, seed)
    row = {"n": n, "k": k, "p": p, "seed": seed, "tries": tries}
    if graph is None:
        return row | {"connected": False}
    return row | {
        "connected": True,
        "edges": graph.number_of_edges(),
        "edgeList": sorted(sorted(edge) for edge in graph.edges),
        "clustering": clustering(graph),
        "pathLength": nx.average_shortest_path_length(graph),
    }


def directed(n, p, seed):
    graph = nx.gnp_random_graph(n, p, seed=seed, directed=True)
    strong = nx.is_strongly_connected(graph)
    return {
        "n": n,
        "edgeList": sorted(graph.edges),
        "connected": strong,
        "density": nx.density(graph),
        "clustering": clustering(graph),
        "pathLength": nx.average_shortest_path_length(graph) if strong else None,
    }


CASES = [
    (2, 2, 1, 1), (3, 2, 1, 1), (5, 4.5, 0.5, 2), (5, 5, 1, 3), (5, 3.8, 1, 4), (9, 7.7, 1, 8),
    (16, 2, 0.5, 5), (16, 2, 1, 6), (16, 2.3, 0.9, 7), (16, 14.9, 0.8, 0), (16, 15, 0.5, 1), (16, 15.5, 0.5, 1),
    (31, 2, 1, 11), (31, 2.0645, 0.3, 12), (32, 6.25, 0.1, 0), (33, 5.5, 0.2, 2**32 + 7), (64, 2, 0, 1),
    (64, 8, 0.1, 3), (64, 8, 1, 4294967295), (64, 62, 0.3, 29), (64, 63.5, 0.3, 29), (64, 8.015625, 0.05, 2**53 - 1),
    (65, 9.3, 0.4, 17), (100, 4, 0.7, 123456789), (128, 10.7, 0.02, 99), (40, 2, 1, 1), (120, 2, 1, 4), (1500, 2, 1, 1),
]

DIRECTED = [(12, 0.3, 1), (12, 0.1, 2), (40, 0.15, 3), (40, 0.9, 4), (70, 0.1, 5)]

print(json.dumps({"wsFlex": [undirected(*case) for case in CASES], "directed": [directed(*case) for case in DIRECTED]}, separators=(",", ":")))
