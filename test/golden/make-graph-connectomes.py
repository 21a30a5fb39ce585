"""Makes graph-connectomes.json: numbers of the connectomes, undirected and directed, with networkx. No matrix is in it.

The files are those of `plexus data get connectomes`. Row (source) u and column (target) v, whatever the weight, make the
connection u -> v; undirected: either direction. C adds the nodes' values in ascending order. L is null unless (strongly)
connected; reachablePathLength is the mean distance over the ordered pairs that are joined by a path. readers has, for a
few nodes, which nodes they point to.

Run: python3 make-graph-connectomes.py FOLDER > graph-connectomes.json
"""
import json
import re
import sys
from pathlib import Path

import networkx as nx
import numpy as np

FOLDER = Path(sys.argv[1])


def digits(text):
    return np.array([[int(digit) for digit in line.strip()] for line in text.split()])


def counts(text):
    return np.array([[float(value) for value in line.split()] for line in text.strip().splitlines()])


def gml(text):
    nodes = len(re.findall(r"\bid \d+", text))
    matrix = np.zeros((nodes, nodes))
    for source, target in re.findall(r"source (\d+)\s+target (\d+)", text):
        matrix[int(source), int(target)] = 1
    return matrix


FILES = {
    "macaque-whole": ("mcwhole.txt", digits),
    "macaque-visual": ("mcvisual.txt", digits),
    "cat": ("cat.txt", digits),
    "c-elegans": ("celegansneural.gml", gml),
    "drosophila-left": ("drosophila-left.csv", counts),
    "drosophila-right": ("drosophila-right.csv", counts),
}


def numbers(graph):
    total = 0.0
    for value in sorted(nx.clustering(graph).values()):
        total += value
    connected = nx.is_strongly_connected(graph) if graph.is_directed() else nx.is_connected(graph)
    distances = [d for _, row in nx.all_pairs_shortest_path_length(graph) for d in row.values() if d > 0]
    return {
        "edges": graph.number_of_edges(),
        "clustering": total / graph.number_of_nodes(),
        "pathLength": nx.average_shortest_path_length(graph) if connected else None,
        "reachablePairs": len(distances),
        "reachablePathLength": sum(distances) / len(distances),
    }


def row(name):
    file, read = FILES[name]
    matrix = (read((FOLDER / file).read_text()) != 0).astype(int)
    np.fill_diagonal(matrix, 0)
    directed = nx.from_numpy_array(matrix, create_using=nx.DiGraph)
    undirected = nx.from_numpy_array(np.logical_or(matrix, matrix.T).astype(int))
    n = len(matrix)
    return {
        "name": name,
        "nodes": n,
        "directed": numbers(directed),
        "undirected": numbers(undirected),
        "readers": {str(u): sorted(directed.successors(u)) for u in (0, n // 2)},
    }


print("[" + ",\n".join(json.dumps(row(name), separators=(",", ":")) for name in FILES) + "]")
