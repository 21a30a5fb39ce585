"""Two layers' weights over 12 groups, their block norms as a weighted graph, and its measures.

    python3 test/golden/make-weight-graph.py > test/golden/weight-graph.json

Debian 12: python3-networkx 2.8.8, python3-numpy. The groups are consecutive channels of equal number.
"""

import json

import networkx as nx
import numpy as np

GROUPS, SIZE = 12, 2


def layer(random, keep):
    """Weights of which whole blocks are missing, some groups of groups being stronger."""
    channels = GROUPS * SIZE
    weights = random.normal(size=(channels, channels)).round(4)
    for i in range(GROUPS):
        for j in range(GROUPS):
            block = np.s_[i * SIZE : (i + 1) * SIZE, j * SIZE : (j + 1) * SIZE]
            if i % 3 == j % 3:
                weights[block] *= 3
            elif random.uniform() > keep:
                weights[block] = 0
    return weights


def squares(weights):
    return (weights.reshape(GROUPS, SIZE, GROUPS, SIZE) ** 2).sum(axis=(1, 3))


entries = []
for seed, keep in [(1, 0.3), (2, 0.6), (3, 1.0)]:
    random = np.random.RandomState(seed)
    layers = [layer(random, keep) for _ in range(2)]
    total = sum(squares(weights) for weights in layers)
    folded = np.sqrt(total + total.T)
    np.fill_diagonal(folded, 0)
    graph = nx.from_numpy_array(folded)
    for _, _, data in graph.edges(data=True):
        data["distance"] = 1 / data["weight"]
    communities = nx.community.louvain_communities(graph, weight="weight", seed=seed)
    roots = np.sqrt(folded.sum(axis=1))
    laplacian = np.eye(GROUPS) - folded / np.outer(roots, roots)
    unrolled = np.zeros((3 * GROUPS, 3 * GROUPS))
    for at, weights in enumerate(layers):
        norms = np.sqrt(squares(weights))
        rows = np.s_[(at + 1) * GROUPS : (at + 2) * GROUPS, at * GROUPS : (at + 1) * GROUPS]
        unrolled[rows] = norms
    unrolled += unrolled.T
    halves = [list(range(GROUPS // 2)), list(range(GROUPS // 2, GROUPS))]
    strength = folded.sum(axis=1)
    entries.append(
        {
            "seed": seed,
            "layers": [weights.flatten().tolist() for weights in layers],
            "folded": folded.flatten().tolist(),
            "unrolled": unrolled.flatten().tolist(),
            "clustering": nx.average_clustering(graph, weight="weight"),
            "pathLength": nx.average_shortest_path_length(graph, weight="distance"),
            "communities": sorted(sorted(group) for group in communities),
            "modularity": nx.community.modularity(graph, communities, weight="weight"),
            "cutOfHalves": nx.normalized_cut_size(graph, halves[0], halves[1], weight="weight"),
            "eigenvalues": np.linalg.eigvalsh(laplacian).tolist(),
            "hubs": float(strength.std(ddof=1) / strength.mean()),
        }
    )

print(json.dumps({"groups": GROUPS, "size": SIZE, "entries": entries}))
