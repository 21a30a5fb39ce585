"""Makes graph-structure.json: structure measures of small graphs with networkx, NumPy and SciPy.

Undirected-only functions of networkx (efficiencies) are spelt out for directed graphs; where networkx refuses (graphs that
are not connected) or gives nan (assortativity), the value is null.

Run: python3 make-graph-structure.py > graph-structure.json
"""
import json
import math
import warnings

import networkx as nx
import numpy as np
import scipy.stats

warnings.simplefilter("ignore")


def ordered_distances(graph):
    return [d for _, row in nx.all_pairs_shortest_path_length(graph) for d in row.values() if d > 0]


def efficiency(graph):
    n = graph.number_of_nodes()
    return sum(1 / d for d in ordered_distances(graph)) / (n * (n - 1)) if n > 1 else 0


def local_efficiency(graph):
    return sum(efficiency(graph.subgraph(set(nx.all_neighbors(graph, v)))) for v in graph) / len(graph)


def second(matrix):
    return float(np.linalg.eigvalsh(matrix.toarray().astype(float))[1])


def measures(graph):
    n = graph.number_of_nodes()
    directed = graph.is_directed()
    distances = ordered_distances(graph)
    connected = (nx.is_strongly_connected if directed else nx.is_connected)(graph)
    degrees = [d for _, d in graph.degree]
    mixing = nx.degree_assortativity_coefficient(graph) if graph.number_of_edges() > 0 else math.nan
    betweenness = nx.betweenness_centrality(graph)
    plain = graph.to_undirected()
    spectral = not directed and n > 1
    if not directed:
        assert abs(nx.global_efficiency(graph) - efficiency(graph)) < 1e-12
        assert abs(nx.local_efficiency(graph) - local_efficiency(graph)) < 1e-12
    return {
        "transitivity": nx.transitivity(plain),
        "reachablePathLength": sum(distances) / len(distances) if distances else (0 if n == 1 else None),
        "reachablePairs": len(distances) / (n * (n - 1)) if n > 1 else 1,
        "diameter": nx.diameter(graph) if connected else None,
        "radius": nx.radius(graph) if connected else None,
        "globalEfficiency": efficiency(graph),
        "localEfficiency": local_efficiency(graph),
        "degreeMin": min(degrees),
        "degreeMax": max(degrees),
        "degreeStd": float(np.std(degrees)),
        "degreeEntropy": float(scipy.stats.entropy(nx.degree_histogram(graph) if not directed else np.bincount(degrees), base=2)),
        "assortativity": None if math.isnan(mixing) else float(mixing),
        "spectralGap": second(nx.normalized_laplacian_matrix(graph)) if spectral else None,
        "algebraicConnectivity": second(nx.laplacian_matrix(graph)) if spectral else None,
        "betweenness": max(betweenness.values()),
    }


def row(name, graph):
    graph = nx.convert_node_labels_to_integers(graph, ordering="sorted")
    core = nx.core_number(graph)
    betweenness = nx.betweenness_centrality(graph)
    clustering = nx.clustering(graph)
    nodes = sorted(graph)
    return {
        "name": name,
        "n": len(nodes),
        "directed": graph.is_directed(),
        "edgeList": sorted(sorted(e) if not graph.is_directed() else list(e) for e in graph.edges),
        "measures": measures(graph),
        "perNode": {
            "betweenness": [round(betweenness[v], 15) for v in nodes],
            "clustering": [round(clustering[v], 15) for v in nodes],
            "coreNumber": [core[v] for v in nodes],
            "degree": [graph.degree[v] for v in nodes],
        },
        "distancesFrom0": [nx.single_source_shortest_path_length(graph, 0).get(v, -1) for v in nodes],
    }


ROWS = [
    ("one node", nx.empty_graph(1)),
    ("two nodes apart", nx.empty_graph(2)),
    ("two nodes joined", nx.complete_graph(2)),
    ("empty", nx.empty_graph(5)),
    ("complete", nx.complete_graph(9)),
    ("star", nx.star_graph(11)),
    ("path", nx.path_graph(40)),
    ("cycle of 33", nx.cycle_graph(33)),
    ("two triangles and a node", nx.disjoint_union_all([nx.complete_graph(3), nx.complete_graph(3), nx.empty_graph(1)])),
    ("barbell", nx.barbell_graph(8, 5)),
    ("grid", nx.grid_2d_graph(7, 10)),
    ("Petersen", nx.petersen_graph()),
    ("karate", nx.Graph(nx.karate_club_graph().edges())),
    ("small world", nx.connected_watts_strogatz_graph(90, 6, 0.2, seed=4)),
    ("scale free", nx.barabasi_albert_graph(80, 2, seed=2)),
    ("random, sparse", nx.gnm_random_graph(70, 60, seed=5)),
    ("random, dense", nx.gnm_random_graph(75, 2200, seed=6)),
    ("tree", nx.balanced_tree(3, 3)),
    ("complete bipartite", nx.complete_bipartite_graph(4, 7)),
    ("two blocks", nx.stochastic_block_model([50, 50], [[0.25, 0.02], [0.02, 0.25]], seed=3)),
    ("directed, one node", nx.empty_graph(1, create_using=nx.DiGraph)),
    ("directed edge", nx.path_graph(2, create_using=nx.DiGraph)),
    ("directed cycle", nx.cycle_graph(40, create_using=nx.DiGraph)),
    ("directed, complete", nx.complete_graph(6, create_using=nx.DiGraph)),
    ("directed, sparse", nx.gnp_random_graph(45, 0.04, seed=7, directed=True)),
    ("directed, connected", nx.gnp_random_graph(66, 0.12, seed=8, directed=True)),
    ("directed, dense", nx.gnp_random_graph(70, 0.7, seed=9, directed=True)),
]


def spectrum(name, graph):
    """Larger graphs by their family's parameters, for the two eigenvalues only."""
    return {
        "name": name,
        "n": len(graph),
        "spectralGap": second(nx.normalized_laplacian_matrix(graph)),
        "algebraicConnectivity": second(nx.laplacian_matrix(graph)),
    }


SPECTRA = [
    spectrum("path", nx.path_graph(900)),
    spectrum("grid", nx.grid_2d_graph(21, 38)),
    spectrum("lattice", nx.circulant_graph(800, [1, 2, 3])),
    spectrum("barbell", nx.barbell_graph(200, 100)),
]

print(json.dumps({"graphs": [row(*r) for r in ROWS], "spectra": SPECTRA}, separators=(",", ":")))
