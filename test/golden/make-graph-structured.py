"""Makes graph-structured.json: graphs of the structured families and products of graphs, with networkx 2.8.

Every row has the line of a spec, the number of nodes and the edges, u < v and sorted (directed: every u -> v). Nodes of networkx
that are tuples are numbered in row-major order; loops and repeated edges of its multigraphs are left out. Butterflies
and random lifts, which networkx does not have, are made here from their definitions with networkx's graph type and
CPython's random.Random. Long edge lists are held as their SHA-256: of the lines `u v` joined by newlines.

Run: /usr/bin/python3 make-graph-structured.py > graph-structured.json
"""
import hashlib
import itertools
import json
import random

import networkx as nx
from networkx.generators.harary_graph import hkn_harary_graph, hnm_harary_graph

LONGEST = 48


def numbered(graph, order=None):
    """The simple graph on 0..n-1 with nodes numbered in this order (default: ascending)."""
    number = {node: at for at, node in enumerate(sorted(graph.nodes) if order is None else order)}
    simple = nx.DiGraph() if graph.is_directed() else nx.Graph()
    simple.add_nodes_from(range(len(number)))
    simple.add_edges_from((number[u], number[v]) for u, v in graph.edges() if u != v)
    return simple


def row(spec, graph):
    graph = numbered(graph)
    edges = sorted(graph.edges if graph.is_directed() else (sorted(edge) for edge in graph.edges))
    made = {"spec": spec, "nodes": graph.number_of_nodes(), "edges": len(edges), "directed": graph.is_directed()}
    if len(edges) <= LONGEST:
        return made | {"edgeList": [list(edge) for edge in edges]}
    text = "\n".join(f"{u} {v}" for u, v in edges)
    return made | {"sha256": hashlib.sha256(text.encode()).hexdigest()}


def grid(shape, periodic):
    # networkx names points with the last side of its argument first.
    return nx.grid_graph(list(reversed(shape)), periodic=periodic)


def butterfly(d, wrapped):
    graph = nx.MultiGraph()
    levels = range(d) if wrapped else range(d + 1)
    words = ["".join(bits) for bits in itertools.product("01", repeat=d)]
    graph.add_nodes_from((level, word) for level in levels for word in words)
    for level in range(d):
        for word in words:
            place = d - 1 - level  # bit 0 is the lowest: the last character
            flipped = word[:place] + ("1" if word[place] == "0" else "0") + word[place + 1 :]
            for end in (word, flipped):
                graph.add_edge((level, word), ((level + 1) % len(levels), end))
    return graph


def flat_butterfly(d, levels, hubs):
    cube = nx.hypercube_graph(d)
    # networkx numbers the nodes of the smallest cube itself.
    number = {word: word if d == 1 else sum(bit << place for place, bit in enumerate(word)) for word in cube}
    graph = nx.Graph()
    graph.add_nodes_from(range(2**d))
    kept = range(d) if levels is None else levels
    graph.add_edges_from((number[u], number[v]) for u, v in cube.edges if (number[u] ^ number[v]) in [1 << level for level in kept])
    graph.add_edges_from((hub, node) for hub in range(hubs) for node in range(2**d) if node != hub)
    return graph


def random_lift(base, lift, seed):
    generator = random.Random(seed)
    graph = nx.DiGraph() if base.is_directed() else nx.Graph()
    graph.add_nodes_from((u, copy) for u in base for copy in range(lift))
    for u, v in sorted(base.edges if base.is_directed() else (sorted(edge) for edge in base.edges)):
        order = list(range(lift))
        generator.shuffle(order)
        graph.add_edges_from(((u, copy), (v, order[copy])) for copy in range(lift))
    return graph


PRODUCTS = {
    "lexicographic": nx.lexicographic_product,
    "strong": nx.strong_product,
    "cartesian": nx.cartesian_product,
    "tensor": nx.tensor_product,
    "rooted": lambda outer, inner: nx.rooted_product(outer, inner, 0),
}


def product(kind, outer, inner):
    return numbered(PRODUCTS[kind](outer, inner), list(itertools.product(sorted(outer), sorted(inner))))


def power(kind, graph, count):
    made = graph
    for _ in range(count - 1):
        # From the right, where Plexus multiplies from the left: products are associative.
        made = product(kind, graph, made)
    return made


FACTORS = {
    "ring-lattice:n=6,k=2": nx.circulant_graph(6, [1]),
    "complete:n=4": nx.complete_graph(4),
    "star:n=5": nx.star_graph(4),
    "tree:n=7,r=2": nx.full_rary_tree(2, 7),
    "harary:n=9,k=3": hkn_harary_graph(3, 9),
    "empty:n=3": nx.empty_graph(3),
    "complete:n=2": nx.complete_graph(2),
}


def structured():
    for n, k in [(2, 1), (3, 1), (9, 1), (3, 2), (8, 2), (4, 3), (5, 3), (8, 3), (9, 3), (9, 4), (10, 5), (11, 5), (11, 10), (12, 11), (31, 7), (64, 9), (65, 9), (65, 33)]:
        yield f"harary:n={n},k={k}", hkn_harary_graph(k, n)
    for n, m in [(2, 1), (3, 2), (3, 3), (8, 7), (9, 8), (9, 9), (9, 13), (9, 14), (9, 18), (9, 22), (9, 23), (9, 36), (10, 9), (10, 15), (10, 17), (10, 20), (10, 23), (10, 27), (10, 45), (64, 101), (64, 257), (65, 98), (65, 163), (65, 2080), (65, 1300)]:
        yield f"harary-edges:n={n},m={m}", hnm_harary_graph(n, m)
    for n, k in [(2, 2), (3, 2), (4, 2), (4, 4), (5, 4), (7, 6), (8, 8), (9, 8), (10, 6), (31, 2), (32, 12), (64, 8), (64, 64), (65, 64), (100, 20)]:
        yield f"ring-lattice:n={n},k={k}", nx.watts_strogatz_graph(n, k, 0)
    for n in [2, 3, 33]:
        yield f"empty:n={n}", nx.empty_graph(n)
        yield f"star:n={n}", nx.star_graph(n - 1)
    for n, r in [(2, 1), (5, 1), (9, 2), (10, 3), (10, 9), (40, 3), (64, 5)]:
        yield f"tree:n={n},r={r}", nx.full_rary_tree(r, n)
    for shape in [[2], [7], [2, 1], [1, 1, 3], [2, 2], [3, 3], [4, 7], [7, 4], [8, 8], [2, 3, 4], [4, 3, 2], [3, 1, 3], [2, 2, 2, 2], [3, 4, 3, 2], [1, 5, 2, 1, 3]]:
        for periodic in [False, True]:
            yield f"grid:shape={'x'.join(map(str, shape))},periodic={str(periodic).lower()}", grid(shape, periodic)
    for d in [1, 2, 3, 4, 6]:
        yield f"hypercube:d={d}", nx.hypercube_graph(d)
    for d in [1, 2, 3, 4, 5]:
        for wrapped in [False, True]:
            yield f"butterfly:d={d},wrapped={str(wrapped).lower()}", butterfly(d, wrapped)
    for m in [2, 3, 4, 5, 8, 11]:
        yield f"margulis:m={m}", nx.margulis_gabber_galil_graph(m)
    for n in [2, 3, 5, 7, 11, 13, 61, 67, 101]:
        yield f"chordal-cycle:n={n}", nx.chordal_cycle_graph(n)
    for n, jumps in [(2, [1]), (3, [1]), (8, [1, 4]), (9, [2, 3]), (12, [3, 5]), (64, [1, 7, 32]), (65, [2, 9, 30])]:
        yield f"circulant:n={n},jumps={'-'.join(map(str, jumps))}", nx.circulant_graph(n, jumps)
    for d, levels, hubs in [(1, None, 0), (3, None, 0), (4, None, 2), (4, [0, 1], 0), (4, [3], 0), (6, [0, 2, 5], 3), (2, None, 4)]:
        named = "all" if levels is None else "-".join(map(str, levels))
        yield f"flat-butterfly:d={d},levels={named},hubs={hubs}", flat_butterfly(d, levels, hubs)
    for n in [5, 13, 17, 29, 61]:
        yield f"paley:n={n}", nx.paley_graph(n).to_undirected()


def derived():
    for kind in PRODUCTS:
        for outer, inner in itertools.permutations(FACTORS, 2):
            yield f"product:kind={kind},outer=({outer}),inner=({inner})", product(kind, FACTORS[outer], FACTORS[inner])
        for line, count in [("star:n=5", 1), ("ring-lattice:n=6,k=2", 2), ("harary:n=9,k=3", 2), ("complete:n=4", 3), ("star:n=5", 3), ("complete:n=2", 5)]:
            yield f"product-power:kind={kind},graph=({line}),power={count}", power(kind, FACTORS[line], count)
    nested = product("cartesian", FACTORS["complete:n=2"], product("lexicographic", FACTORS["star:n=5"], FACTORS["complete:n=4"]))
    yield "product:kind=cartesian,outer=(complete:n=2),inner=(product:outer=(star:n=5),inner=(complete:n=4))", nested
    for line, lift, seed in [("complete:n=4", 1, 1), ("complete:n=4", 2, 1), ("complete:n=4", 2, 2), ("complete:n=4", 7, 0), ("complete:n=2", 20, 5), ("star:n=5", 6, 3), ("ring-lattice:n=6,k=2", 5, 9), ("harary:n=9,k=3", 7, 2**40 + 3), ("harary:n=9,k=3", 33, 4), ("empty:n=3", 4, 1)]:
        yield f"random-lift:base=({line}),lift={lift},seed={seed}", random_lift(FACTORS[line], lift, seed)


def directed():
    """Products of random directed graphs, which no structured family makes: given as edges."""
    sizes = [(5, 0.3, 4, 0.4), (3, 0.7, 8, 0.2), (7, 0.2, 5, 0.5)]
    for seed, (outer_nodes, outer_p, inner_nodes, inner_p) in enumerate(sizes):
        outer = nx.gnp_random_graph(outer_nodes, outer_p, seed=seed, directed=True)
        inner = nx.gnp_random_graph(inner_nodes, inner_p, seed=seed + 10, directed=True)
        for kind in PRODUCTS:
            if kind == "rooted":  # networkx has it for undirected graphs only
                continue
            given = {"kind": kind, "outer": [outer_nodes, sorted(outer.edges)], "inner": [inner_nodes, sorted(inner.edges)]}
            yield given | row("", product(kind, outer, inner))
    base = nx.gnp_random_graph(6, 0.4, seed=3, directed=True)
    lifted = random_lift(base, 5, 8)
    yield {"kind": "lift", "outer": [6, sorted(base.edges)], "inner": [5, []]} | row("", lifted)


rows = [row(spec, graph) for spec, graph in itertools.chain(structured(), derived())]
print(json.dumps({"networkx": nx.__version__, "graphs": rows, "directed": list(directed())}, separators=(",", ":")))
