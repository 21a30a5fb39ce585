"""Makes graph-random-families.json: random graphs by seed, and the order of CPython's sets of integers, with networkx 2.8.8.

Each graph is [parameters, number of edges, edges]: the edges in ascending order where there are at most 40 of them,
otherwise the first 24 hexadecimal digits of the SHA-256 of their text "u v" lines.

Run: python3 make-graph-random-families.py > graph-random-families.json
"""
import hashlib
import json

import networkx as nx


def row(params, graph):
    edges = sorted(sorted(edge) for edge in graph.edges)
    text = "".join(f"{u} {v}\n" for u, v in edges)
    shown = edges if len(edges) <= 40 else hashlib.sha256(text.encode()).hexdigest()[:24]
    return [params, len(edges), shown]


def rows(make, names, cases):
    return [row(dict(zip(names, case)), make(*case)) for case in cases]


def watts_strogatz(n, k, p, seed, connected):
    if connected:
        return nx.connected_watts_strogatz_graph(n, k, p, tries=100, seed=seed)
    return nx.watts_strogatz_graph(n, k, p, seed=seed)


def stochastic_block(sizes, inside, between, seed):
    numbers = [int(size) for size in sizes.split("-")]
    p = [[inside if i == j else between for j in range(len(numbers))] for i in range(len(numbers))]
    return nx.stochastic_block_model(numbers, p, seed=seed)


def core_periphery(n, core, inside, between, outside, seed):
    return nx.stochastic_block_model([core, n - core], [[inside, between], [between, outside]], seed=seed)


FAMILIES = {
    "watts-strogatz": rows(watts_strogatz, ("n", "k", "p", "seed", "connected"), [
        (2, 2, 0.5, 1, False), (3, 2, 1, 1, False), (3, 3, 1, 1, True), (5, 4, 0.7, 2, False), (10, 2, 1, 3, False),
        (10, 3, 0.5, 3, False), (16, 4, 0.2, 0, False), (16, 15, 0.9, 5, False), (16, 14, 1, 6, True), (31, 2, 1, 7, False),
        (12, 2, 1, 11, True), (16, 2, 0.6, 2**32 + 7, True), (64, 8, 0, 1, False), (64, 8, 0.1, 3, False), (64, 9, 1, 2**32 - 1, True),
        (64, 62, 0.3, 29, False), (65, 64, 0.5, 4, False), (100, 6, 0.03, 2**53 - 1, False), (1000, 10, 0.4, 17, True), (3000, 4, 1, 5, False),
    ]),
    "gnm": rows(nx.gnm_random_graph, ("n", "m", "seed"), [
        (2, 0, 1), (2, 1, 1), (3, 2, 1), (5, 9, 2), (5, 10, 2), (16, 0, 3), (16, 20, 4), (16, 119, 5), (33, 40, 6), (64, 256, 1),
        (64, 2015, 7), (65, 500, 2**32 + 7), (128, 1000, 0), (200, 10000, 2**53 - 1), (1000, 5000, 2**32 - 1), (3000, 9000, 8),
    ]),
    "gnp": rows(nx.gnp_random_graph, ("n", "p", "seed"), [
        (2, 0.5, 1), (2, 0.5, 2), (3, 0.6, 1), (5, 0, 2), (5, 1, 2), (16, 0.2, 3), (16, 1e-9, 3), (16, 1 - 1e-9, 4), (33, 0.05, 6),
        (64, 0.125, 1), (64, 0.9, 7), (65, 0.3, 2**32 + 7), (128, 0.1, 0), (200, 0.5, 2**53 - 1), (1000, 0.01, 2**32 - 1), (1500, 0.002, 8),
    ]),
    "barabasi-albert": rows(nx.barabasi_albert_graph, ("n", "m", "seed"), [
        (2, 1, 1), (3, 1, 1), (3, 2, 1), (16, 1, 2), (16, 2, 3), (16, 3, 0), (16, 15, 4), (33, 4, 5), (64, 1, 1), (64, 5, 6), (64, 8, 7),
        (64, 31, 8), (64, 32, 9), (64, 63, 10), (65, 12, 2**32 + 7), (128, 20, 0), (200, 77, 2**53 - 1), (1000, 5, 2**32 - 1), (1000, 100, 3),
        (1000, 400, 4), (3000, 3, 11),
    ]),
    "power-law-cluster": rows(nx.powerlaw_cluster_graph, ("n", "m", "p", "seed"), [
        (2, 1, 0, 1), (3, 1, 1, 1), (3, 2, 1, 1), (16, 1, 0.5, 2), (16, 2, 1, 3), (16, 3, 0.5, 0), (16, 15, 0.5, 4), (33, 4, 0.3, 5),
        (64, 1, 0.5, 1), (64, 5, 0, 6), (64, 8, 1, 7), (64, 31, 0.4, 8), (64, 63, 1, 10), (65, 12, 0.7, 2**32 + 7), (128, 20, 0.2, 0),
        (200, 77, 0.9, 2**53 - 1), (1000, 5, 0.5, 2**32 - 1), (1000, 100, 1, 3), (3000, 3, 0.8, 11),
    ]),
    "random-regular": rows(lambda n, d, seed: nx.random_regular_graph(d, n, seed=seed), ("n", "d", "seed"), [
        (2, 0, 1), (2, 1, 1), (3, 2, 1), (5, 4, 2), (6, 3, 3), (7, 0, 1), (10, 1, 4), (10, 2, 5), (10, 3, 6), (11, 6, 0), (16, 8, 1), (16, 12, 2),
        (16, 14, 2), (16, 15, 3), (32, 16, 2), (32, 28, 1), (32, 28, 3), (33, 4, 7), (33, 20, 2**32 + 7), (64, 8, 1), (64, 32, 4), (64, 48, 2), (64, 63, 5),
        (65, 6, 2**53 - 1), (128, 64, 3), (1000, 3, 2**32 - 1), (1000, 40, 9), (3000, 5, 10),
    ]),
    "stochastic-block": rows(stochastic_block, ("sizes", "inside", "between", "seed"), [
        ("2", 0.5, 0.5, 1), ("1-1", 0.5, 0.5, 1), ("1-1", 1, 1, 1), ("5-5", 0, 0.5, 2), ("5-5", 1, 0, 2), ("4-4", 0.5, 1, 3), ("4-4", 1, 1, 3),
        ("8-8", 0.5, 0, 0), ("3-9-4", 0.7, 0.2, 4), ("16-16-32", 0.8, 0.1, 1), ("16-16-32", 0.3, 0.3, 2**32 + 7), ("16-16-32", 0.5, 0.999, 5),
        ("1-2-3-4-5-6-7-8", 0.9, 0.05, 6), ("10-10-10-10-10-10-10", 0.6, 0.01, 7), ("64", 0.2, 0.9, 8), ("1-63", 0.2, 0.3, 9), ("64-64", 0.25, 1e-6, 10),
        ("300-500-200", 0.1, 0.02, 2**32 - 1), ("1000-7-993", 0.002, 0.001, 2**53 - 1), ("128-128", 0, 1e-15, 11),
    ]),
    "core-periphery": rows(core_periphery, ("n", "core", "inside", "between", "outside", "seed"), [
        (2, 1, 1, 0.5, 0, 1), (2, 1, 1, 1, 0, 1), (8, 3, 1, 0.5, 0, 2), (8, 7, 0.5, 0.5, 0.5, 3), (16, 4, 1, 1, 0, 4), (16, 4, 0, 0, 1, 4), (16, 4, 0.9, 0.3, 0.05, 0),
        (33, 8, 0.8, 0.2, 0.1, 5), (64, 16, 1, 0.25, 0.01, 1), (64, 16, 0.9, 0.4, 0.05, 2**32 + 7), (64, 1, 0, 0.5, 0.1, 6), (64, 63, 0.3, 0.9, 1, 7),
        (65, 13, 0.99, 0.01, 0.5, 8), (200, 50, 0.7, 0.1, 0.02, 2**53 - 1), (1000, 100, 0.8, 0.05, 0.001, 2**32 - 1),
    ]),
    "geometric": rows(lambda n, radius, seed: nx.random_geometric_graph(n, radius, seed=seed), ("n", "radius", "seed"), [
        (2, 0, 1), (2, 2, 1), (3, 0.5, 1), (5, 0.4, 2), (16, 0.1, 3), (16, 0.3, 0), (16, 1.42, 4), (33, 0.25, 5), (64, 0.2, 1), (64, 0.5, 6), (64, 0.9, 7), (64, 1.3, 8),
        (65, 0.35, 2**32 + 7), (200, 0.125, 2**53 - 1), (1000, 0.05, 2**32 - 1), (2000, 0.1, 9),
    ]),
    "random-tree": rows(nx.random_tree, ("n", "seed"), [
        (2, 1), (3, 1), (3, 2), (4, 1), (5, 3), (9, 4), (16, 0), (16, 5), (33, 6), (64, 1), (65, 7), (200, 2**53 - 1), (1000, 2**32 - 1), (3000, 2**32 + 7),
    ]),
}

SETS = [
    [3, 1, 2], [8, 0], [0, 8, 16, 24], [24, 16, 8, 0], [7, 15, 23, 31, 1], [100, 200, 300, 400, 500, 600, 700], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    [63, 31, 127, 95, 159, 191, 223], [5, 5, 5, 13, 5], [2**31 - 1, 2**31 - 9, 2**30, 7, 15],
]
# Keys i * factor modulo a number, for i below a count.
LONG_SETS = [(300, 7919, 20000), (200, 32, 10**9), (1500, 1021, 19997), (60000, 3, 200003)]
RANGES = [(0, 5), (3, 9), (5, 12), (29, 40), (60, 90), (100, 330), (1000, 1993)]


def checksum(values):
    total = 0
    for value in values:
        total = (total * 31 + value) % 1000003
    return total


def set_of(keys):
    # One key after the other, as the generators of networkx do it.
    result = set()
    for key in keys:
        result.add(key)
    return result


print(json.dumps({
    "families": FAMILIES,
    "sets": [[keys, list(set_of(keys))] for keys in SETS],
    "longSets": [[count, factor, modulus, checksum(set_of(i * factor % modulus for i in range(count)))] for count, factor, modulus in LONG_SETS],
    "ranges": [[first, end, checksum(set(range(first, end)))] for first, end in RANGES],
}, separators=(",", ":")))
