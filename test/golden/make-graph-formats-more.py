"""Makes graph-formats-more.json: GML, Pajek, Matrix Market and adjacency lists of networkx 2.8.8, igraph 0.10.2 and
SciPy 1.10.1, with the edges that these programs read from them.

    /usr/bin/python3 test/golden/make-graph-formats-more.py    # Debian 12: python3-networkx, python3-igraph, python3-scipy

Each entry: who wrote the file, the format, the file as base64, the number of nodes, direction, the edges as the reader
named with it finds them (numbers of nodes in the order of the file, sorted), and the threshold that was used for
weights. Files without a writer are made here by hand, to be read by igraph and SciPy.
"""

import base64
import io
import json
import os
import tempfile

import igraph
import networkx as nx
import numpy as np
import scipy.io
import scipy.sparse

entries = []


def add(name, format, data, nodes, directed, edges, threshold):
    kept = {
        (u, v) if directed else (min(u, v), max(u, v))
        for u, v, weight in edges
        if u != v and (threshold is None or weight >= threshold)
    }
    entries.append(
        {
            "name": name,
            "format": format,
            "file": base64.b64encode(data).decode(),
            "nodes": nodes,
            "directed": directed,
            "edges": sorted(kept),
            **({} if threshold is None else {"threshold": threshold}),
            **({"saysDirected": True} if directed and format == "adjacency-list" else {}),
        }
    )


def by_networkx(name, format, data, graph, threshold=None):
    index = {node: i for i, node in enumerate(graph)}
    edges = [(index[u], index[v], data.get("weight", 1)) for u, v, data in graph.edges(data=True)]
    add(name, format, data, len(graph), graph.is_directed(), edges, threshold)


def by_igraph(name, format, data, threshold=None):
    with tempfile.NamedTemporaryFile(suffix=".dat") as file:
        file.write(data)
        file.flush()
        reader = igraph.Graph.Read_GML if format == "gml" else igraph.Graph.Read_Pajek
        graph = reader(file.name)
    names = graph.es.attributes()
    weights = next((graph.es[key] for key in ("weight", "value") if key in names), [1] * graph.ecount())
    edges = [(*pair, weight) for pair, weight in zip(graph.get_edgelist(), weights)]
    add(name, format, data, graph.vcount(), graph.is_directed(), edges, threshold)


def by_scipy(name, data, threshold=None):
    matrix = scipy.io.mmread(io.BytesIO(data))
    matrix = scipy.sparse.coo_matrix(matrix)
    symmetric = (abs(matrix - matrix.T) > 0).nnz == 0
    edges = [(int(u), int(v), float(x)) for u, v, x in zip(matrix.row, matrix.col, matrix.data) if x != 0]
    add(name, "matrix-market", data, matrix.shape[0], not symmetric, edges, threshold)


def written(writer, graph, **options):
    out = io.BytesIO()
    writer(graph, out, **options)
    return out.getvalue()


def weighted(graph, seed):
    random = np.random.RandomState(seed)
    for _, _, data in graph.edges(data=True):
        data["weight"] = round(float(random.uniform(-1, 2)), 3)
    return graph


karate = nx.karate_club_graph()
for _, _, data in karate.edges(data=True):
    data.clear()
directed = nx.gnp_random_graph(20, 0.2, seed=5, directed=True)
isolated = nx.empty_graph(6)
isolated.add_edges_from([(1, 4), (4, 5)])
named = nx.Graph([("Ann & Bob", "<C>"), ("<C>", 'D "d"'), ("Ann & Bob", "\u00e9 \u4e16")])
weights = weighted(nx.gnp_random_graph(12, 0.5, seed=1), 7)
weights_directed = weighted(nx.gnp_random_graph(9, 0.4, seed=4, directed=True), 8)
nested = nx.Graph([(0, 1), (1, 2)])
nested.nodes[0]["graphics"] = {"x": 1.5, "y": -2, "fill": {"r": 1, "name": "a [b] \"c\" # d"}}
nested.nodes[1]["list"] = [1, 2, 3]

for name, graph in [("karate", karate), ("directed", directed), ("isolated", isolated), ("named", named), ("nested", nested)]:
    by_networkx(name, "gml", written(nx.write_gml, graph, stringizer=str), graph)
    if name not in ("named", "nested"):
        by_networkx(name, "pajek", written(nx.write_pajek, nx.relabel_nodes(graph, str)), graph)
        by_networkx(name, "adjacency-list", written(nx.write_adjlist, graph), graph)
        out = io.BytesIO()
        scipy.io.mmwrite(out, scipy.sparse.coo_matrix(nx.to_numpy_array(graph)), field="pattern")
        by_scipy(name, out.getvalue())
        out = io.BytesIO()
        scipy.io.mmwrite(out, nx.to_numpy_array(graph).astype(int), field="integer")
        by_scipy(name, out.getvalue())
for threshold in (-2, 0, 0.5):
    for name, graph in [("weights", weights), ("weights-directed", weights_directed)]:
        by_networkx(name, "gml", written(nx.write_gml, graph), graph, threshold)
        by_networkx(name, "pajek", written(nx.write_pajek, nx.relabel_nodes(graph, str)), graph, threshold)
        matrix = nx.to_numpy_array(graph)
        for form in (matrix, scipy.sparse.coo_matrix(matrix)):
            out = io.BytesIO()
            scipy.io.mmwrite(out, form)
            by_scipy(name, out.getvalue(), threshold)

with tempfile.TemporaryDirectory() as folder:
    for name, graph in [("karate", karate), ("directed", directed), ("weights", weights)]:
        other = igraph.Graph(len(graph), [*graph.edges()], directed=graph.is_directed())
        if name == "weights":
            other.es["weight"] = [data["weight"] for _, _, data in graph.edges(data=True)]
        for format, method in [("gml", "write_gml"), ("pajek", "write_pajek")]:
            path = os.path.join(folder, f"{name}.{format}")
            getattr(other, method)(path)
            with open(path, "rb") as file:
                by_igraph(f"{name} of igraph", format, file.read(), 0.5 if name == "weights" else None)

GML = [
    'Creator "someone"\nVersion 1\n# a comment\ngraph\n[\n  comment "a # b"\n  directed 1\n  node [ id 10 label "a &#38; b" ]\n'
    "  node [ id 3 graphics [ x 1.5 y -2e3 ] ]\n  node [ id 7 ]\n  edge [ source 10 target 3 value 2 ]\n"
    "  edge [ source 7 target 3 value 0.25 label \"x\" ]\n]\n",
    "graph [ directed 0 node [ id 1 ] node [ id 2 ] node [ id 5 ] edge [ source 2 target 1 weight 3 ] edge [ source 1 target 5 weight -1 ] ]",
]
for at, text in enumerate(GML):
    by_igraph(f"by hand {at}", "gml", text.encode(), 1)
PAJEK = [
    '*Vertices 4\n1 "a b" 0.1 0.2 0.5 ic Red\n2 "c"\n3 d\n4 "e"\n*Arcs\n1 2 2\n2 3 0.5 c Blue\n3 4 1\n',
    "*vertices 5\r\n*edges\r\n1 2\r\n2 5\r\n% no more\r\n",
    "*Network x\n*Vertices 4\n*Arcslist\n1 2 3\n4 1\n",
    "*Vertices 5\n*Edgeslist\n1 2 3\n4 1\n",
]
for at, text in enumerate(PAJEK):
    by_igraph(f"by hand {at}", "pajek", text.encode(), 1 if at == 0 else None)
MARKET = [
    "%%MatrixMarket matrix coordinate pattern symmetric\n% a comment\n\n6 6 3\n2 1\n3 1\n3 2\n",
    "%%MatrixMarket MATRIX Coordinate Real General\n3 3 4\n1 2 1e0\n2 3  1.0\n3 1 1\n2 2 5\n",
    "%%MatrixMarket matrix array integer symmetric\n3 3\n0\n1\n0\n0\n1\n0\n",
    "%%MatrixMarket matrix array real general\n2 2\n0\n0\n1\n0\n",
]
for at, text in enumerate(MARKET):
    by_scipy(f"by hand {at}", text.encode())

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "graph-formats-more.json")
with open(path, "w", encoding="utf-8") as out:
    versions = {"networkx": nx.__version__, "igraph": igraph.__version__, "scipy": scipy.__version__}
    json.dump({**versions, "entries": entries}, out, separators=(",", ":"))
    out.write("\n")
