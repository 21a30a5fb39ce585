"""Makes graph-hierarchical.json: modules of modules, permuted and steered graphs, measures of hierarchy, wiring cost and
temporal paths, made from their definitions with networkx 2.8 and CPython's random.Random.

`hierarchical`: every outer node becomes a copy of the inner graph; for each outer edge u < v (directed: u -> v), in
ascending order, bridges join two copies, between hubs, at random, or all. `permuted`: relabel_nodes. Every row has the
line of a spec, the number of nodes and the sorted edges.

Run: /usr/bin/python3 make-graph-hierarchical.py > graph-hierarchical.json
"""
import json
import math
import random

import networkx as nx
from networkx.algorithms.community import louvain_communities, modularity


def edges_of(graph):
    return sorted(graph.edges if graph.is_directed() else (tuple(sorted(edge)) for edge in graph.edges))


def row(spec, graph):
    return {"spec": spec, "nodes": graph.number_of_nodes(), "edgeList": [list(edge) for edge in edges_of(graph)]}


def hierarchical(outer, inner, bridge, bridges=1, seed=1):
    generator = random.Random(seed)
    m = inner.number_of_nodes()
    graph = nx.disjoint_union_all([inner] * outer.number_of_nodes())
    ranked = sorted(inner, key=lambda node: (-inner.degree(node), node))
    if bridge == "hub":
        # By the larger rank; of one larger rank, (0, r) .. (r-1, r) before (r, 0) .. (r, r).
        places = sorted(
            ((i, j) for i in range(m) for j in range(m)),
            key=lambda pair: (max(pair), pair[0] == max(pair), pair[0] if pair[0] < max(pair) else pair[1]),
        )
        fixed = [(ranked[i], ranked[j]) for i, j in places[:bridges]]
    for a, b in edges_of(outer):
        if bridge == "all":
            pairs = [(i, j) for i in range(m) for j in range(m)]
        elif bridge == "hub":
            pairs = fixed
        else:
            pairs = []
            while len(pairs) < bridges:
                x = generator.randrange(m * m)
                if divmod(x, m) not in pairs:
                    pairs.append(divmod(x, m))
        graph.add_edges_from((a * m + i, b * m + j) for i, j in pairs)
    return graph


def permuted(graph, order, by):
    n = graph.number_of_nodes()
    numbers = list(range(n))
    if order == "random":
        random.Random(by).shuffle(numbers)
    elif order == "rotate":
        numbers = [(u + by) % n for u in numbers]
    else:
        columns = n // by
        numbers = [(u % columns) * by + u // columns for u in numbers]
    return nx.relabel_nodes(graph, dict(enumerate(numbers)))


def families():
    ring, star, four = nx.cycle_graph(5), nx.star_graph(4), nx.complete_graph(4)
    inner = "hierarchical:outer=(complete:n=4),inner=(complete:n=4),bridge=random,bridges=2,seed=3"
    three = hierarchical(four, four, "random", 2, 3)
    yield row("hierarchical:outer=(ring-lattice:n=5,k=2),inner=(star:n=5),bridge=hub", hierarchical(ring, star, "hub"))
    for bridges in (2, 3, 7):
        yield row(
            f"hierarchical:outer=(complete:n=4),inner=(star:n=5),bridge=hub,bridges={bridges}",
            hierarchical(four, star, "hub", bridges),
        )
    for bridges, seed in ((1, 1), (4, 2), (25, 3)):
        yield row(
            f"hierarchical:outer=(ring-lattice:n=5,k=2),inner=(ring-lattice:n=5,k=2),bridge=random,"
            f"bridges={bridges},seed={seed}",
            hierarchical(ring, ring, "random", bridges, seed),
        )
    yield row("hierarchical:outer=(star:n=5),inner=(ring-lattice:n=5,k=2),bridge=all", hierarchical(star, ring, "all"))
    yield row(f"hierarchical:outer=(ring-lattice:n=5,k=2),inner=({inner}),bridge=hub,bridges=3", hierarchical(ring, three, "hub", 3))
    yield row(f"hierarchical:outer=(complete:n=4),inner=({inner}),bridge=random,bridges=5", hierarchical(four, three, "random", 5))
    line = "hierarchical:outer=(ring-lattice:n=5,k=2),inner=(complete:n=4),bridge=random,bridges=2"
    graph = hierarchical(ring, four, "random", 2)
    for steps in (1, 7, 20):
        yield row(f"permuted:of=({line}),order=rotate,steps={steps}", permuted(graph, "rotate", steps))
    for seed in (1, 9):
        yield row(f"permuted:of=({line}),order=random,seed={seed}", permuted(graph, "random", seed))
    for rows in (2, 5, 20):
        yield row(f"permuted:of=({line}),order=transpose,rows={rows}", permuted(graph, "transpose", rows))


def deviation(graph, c, l):
    # Added in ascending order, as Plexus does: equal deviations must be equal to the last bit.
    clustering = sum(sorted(nx.clustering(graph).values())) / graph.number_of_nodes()
    return max(abs(clustering - c) / 0.01, abs(nx.average_shortest_path_length(graph) - l) / 0.02)


def steered(graph, seed, c, l, attempts):
    """Threshold accepting from a connected random graph of the same degrees; the nearest that is met."""
    generator = random.Random(seed)
    start = nx.Graph()
    start.add_nodes_from(range(graph.number_of_nodes()))
    start.add_edges_from(edges_of(graph))
    m = start.number_of_edges()
    nx.connected_double_edge_swap(start, 10 * m, _window_threshold=math.inf, seed=generator)
    edges = [list(edge) for edge in edges_of(start)]
    now = nearest = deviation(start, c, l)
    best = start.copy()
    for at in range(attempts * m):
        if nearest <= 0.25:
            break
        first, second = edges[generator.randrange(m)], edges[generator.randrange(m)]
        if generator.randrange(2) == 1:
            second.reverse()
        (u, v), (x, y) = first, second
        if len({u, v, x, y}) < 4 or start.has_edge(u, y) or start.has_edge(x, v):
            continue
        start.remove_edges_from([(u, v), (x, y)])
        start.add_edges_from([(u, y), (x, v)])
        far = deviation(start, c, l) if nx.is_connected(start) else math.inf
        if far > now + 0.1 * (1 - at / (attempts * m)):
            start.remove_edges_from([(u, y), (x, v)])
            start.add_edges_from([(u, v), (x, y)])
            continue
        first[1], second[1] = y, v
        now = far
        if now < nearest:
            nearest, best = now, start.copy()
    return best


def steered_rows():
    lattice = nx.watts_strogatz_graph(20, 4, 0)
    for c, l, attempts, seed in ((0.5, 2.9, 10, 1), (0.3, 2.3, 20, 2), (0.9, 2, 3, 3)):
        yield row(
            f"steered:of=(ring-lattice:n=20,k=4),clustering={c},pathLength={l},attempts={attempts},seed={seed}",
            steered(lattice, seed, c, l, attempts),
        )


def rebuilt(graph, nodes=None):
    """Nodes 0, 1, ... in ascending order of the old ones, edges in ascending order: as Plexus holds them."""
    nodes = sorted(graph if nodes is None else nodes)
    number = {node: at for at, node in enumerate(nodes)}
    result = nx.Graph()
    result.add_nodes_from(range(len(nodes)))
    result.add_edges_from(sorted(tuple(sorted((number[u], number[v]))) for u, v in graph.subgraph(nodes).edges))
    return result


def q_of(graph, seed):
    """Communities and modularity; every node on its own where there are no edges."""
    if graph.number_of_edges() == 0:
        return [{node} for node in graph], 0
    found = louvain_communities(graph, seed=seed)
    return found, modularity(graph, found)


def hierarchical_modularity(graph, seed):
    parts = [rebuilt(graph, part) for part in q_of(graph, seed)[0]]
    edges = sum(part.number_of_edges() for part in parts)
    return None if edges == 0 else sum(part.number_of_edges() * q_of(part, seed)[1] for part in parts) / edges


def swappable(graph):
    edges = list(graph.edges)
    return any(
        len({a, b, c, d}) == 4 and not graph.has_edge(a, d) and not graph.has_edge(c, b)
        for a, b in edges + [edge[::-1] for edge in edges]
        for c, d in edges
    )


def levels(graph, seed, references, generator):
    if graph.number_of_nodes() < 4 or not swappable(graph):
        return 0
    parts, own = q_of(graph, seed)
    most = max(
        q_of(rebuilt(nx.random_reference(graph, niter=10, connectivity=False, seed=generator)), seed)[1]
        for _ in range(references)
    )
    if own <= most + 1e-9:
        return 0
    return 1 + max(levels(rebuilt(graph, part), seed, references, generator) for part in parts)


def wiring_cost(graph):
    ring = nx.cycle_graph(graph.number_of_nodes())
    lengths = [nx.shortest_path_length(ring, u, v) for u, v in graph.edges]
    return sum(lengths) / len(lengths) / nx.average_shortest_path_length(ring)


def measures():
    four, eight = nx.complete_graph(4), nx.complete_graph(8)
    three = hierarchical(four, four, "random", 2, 3)
    nested = "hierarchical:outer=(complete:n=4),inner=(complete:n=4),bridge=random,bridges=2,seed=3"
    graphs = {
        "hierarchical:outer=(complete:n=4),inner=(complete:n=8),bridge=random,bridges=2": hierarchical(four, eight, "random", 2),
        f"hierarchical:outer=(complete:n=4),inner=({nested}),bridge=random,bridges=4": hierarchical(four, three, "random", 4),
        f"hierarchical:outer=(complete:n=4),inner=({nested}),bridge=hub": hierarchical(four, three, "hub"),
        "ring-lattice:n=24,k=4": nx.watts_strogatz_graph(24, 4, 0),
        "gnm:n=30,m=90,seed=3": nx.gnm_random_graph(30, 90, seed=3),
        "barabasi-albert:n=30,m=3,seed=2": nx.barabasi_albert_graph(30, 3, seed=2),
        "star:n=9": nx.star_graph(8),
    }
    for line, graph in graphs.items():
        graph = rebuilt(graph)
        yield {
            "spec": line,
            "hierarchicalModularity": hierarchical_modularity(graph, 1),
            "communityLevels": [levels(graph, seed, references, random.Random(seed)) for seed, references in ((1, 10), (2, 20))],
            "wiringCost": wiring_cost(graph),
        }


def temporal(graphs):
    """First rounds by breadth-first search of the graph unfolded in time: (node, round) -> (neighbour, round + 1)."""
    n = graphs[0].number_of_nodes()
    rounds = 4 * n
    unfolded = nx.DiGraph()
    for at in range(rounds):
        graph = graphs[at % len(graphs)]
        unfolded.add_edges_from(((v, at), (v, at + 1)) for v in range(n))
        arcs = graph.edges if graph.is_directed() else [*graph.edges, *((v, u) for u, v in graph.edges)]
        unfolded.add_edges_from(((u, at), (v, at + 1)) for u, v in arcs)
    first = {}
    for u in range(n):
        for v, at in nx.descendants(unfolded, (u, 0)):
            if u != v:
                first[u, v] = min(at, first.get((u, v), at))
    pairs = n * (n - 1)
    reach = [sum(at <= after + 1 for at in first.values()) / pairs for after in range(len(graphs))]
    return {"reach": reach, "pathLength": sum(first.values()) / pairs if len(first) == pairs else None}


def temporal_rows():
    ring, tree, parts = nx.cycle_graph(12), nx.star_graph(11), nx.disjoint_union_all([nx.complete_graph(3)] * 4)
    arcs = nx.DiGraph([(u, (u + 1) % 12) for u in range(12)])
    ends = nx.DiGraph([(0, u) for u in range(1, 12)])
    turned = [ring, permuted(ring, "random", 2), permuted(ring, "random", 3)]
    for graphs in ([ring], [ring] * 3, turned, [parts, ring], [parts], [parts, permuted(parts, "transpose", 4)], [tree, parts, ring], [arcs, ends], [ends]):
        yield {
            "graphs": [{"directed": graph.is_directed(), "edges": [list(edge) for edge in edges_of(graph)]} for graph in graphs],
            **temporal(graphs),
        }


print(
    json.dumps(
        {
            "graphs": [*families(), *steered_rows()],
            "measures": list(measures()),
            "temporal": list(temporal_rows()),
        }
    )
)
