"""Measures of graphs by networkx and python-igraph, timed for bench/graphs.mjs.

It speaks in lines of JSON. First line out: {"networkx": VERSION, "igraph": VERSION}, null for what is not installed. Then:

{"load": [{"nodes", "edges"}, ...]}: the graphs that are measured from now on; edges is base64 of pairs of 32-bit integers.
{"loaded": N} comes back.

{"library", "measure", "seconds"}: measures them all, once. Where networkx would take longer than so many seconds, it measures
from so many nodes of a graph as the time allows, and the ms are scaled up to all nodes. {"ms": {PART: MS}, "values": [{PART:
VALUE}, ...], "nodes": N} comes back: ms of all graphs together, N of the nodes that were measured from, null for all; or
{"missing": REASON} where the library has no such measure.
"""
import array
import base64
import json
import sys
import time

try:
    import networkx
except ImportError:
    networkx = None
try:
    import igraph
except ImportError:
    igraph = None

# Nodes that tell how long all will take; graphs so small that it does not matter.
PROBE = 4
SMALL = 100


def timed(function):
    begun = time.perf_counter()
    value = function()
    return value, 1000 * (time.perf_counter() - begun)


def spread(nodes, count):
    """So many nodes, evenly spread over all."""
    return [at * nodes // count for at in range(count)]


class Networkx:
    def __init__(self, nodes, edges):
        self.nodes = nodes
        self.graph = networkx.Graph()
        self.graph.add_nodes_from(range(nodes))
        self.graph.add_edges_from(edges)

    def clustering(self):
        return networkx.average_clustering(self.graph)

    def clustering_from(self, sources):
        return networkx.average_clustering(self.graph, nodes=sources)

    def length(self):
        return networkx.average_shortest_path_length(self.graph)

    def length_from(self, sources):
        """The mean from these nodes, found as average_shortest_path_length finds it from all."""
        total = sum(sum(networkx.single_source_shortest_path_length(self.graph, u).values()) for u in sources)
        return total / (len(sources) * (self.nodes - 1))

    def betweenness(self):
        values = networkx.betweenness_centrality(self.graph)
        return [values[u] for u in range(self.nodes)]

    def betweenness_from(self, sources):
        """An estimate from so many nodes that networkx chooses itself: no value to compare."""
        networkx.betweenness_centrality(self.graph, k=len(sources), seed=1)

    def louvain(self):
        if not hasattr(networkx.algorithms.community, "louvain_communities"):
            raise NotImplementedError("networkx before 2.8 has no louvain_communities")
        return networkx.algorithms.community.louvain_communities(self.graph, seed=1)

    def value(self, part, result):
        return networkx.algorithms.community.modularity(self.graph, result) if part == "louvain" else result


class Igraph:
    def __init__(self, nodes, edges):
        self.nodes = nodes
        self.graph = igraph.Graph(n=nodes, edges=edges)

    def clustering(self):
        return self.graph.transitivity_avglocal_undirected(mode="zero")

    def length(self):
        return self.graph.average_path_length()

    def betweenness(self):
        pairs = (self.nodes - 1) * (self.nodes - 2) / 2
        return [value / pairs for value in self.graph.betweenness(directed=False)]

    def louvain(self):
        return self.graph.community_multilevel()

    def value(self, part, result):
        return result.modularity if part == "louvain" else result


LIBRARIES = {name: kind for name, module, kind in (("networkx", networkx, Networkx), ("igraph", igraph, Igraph)) if module}
PARTS = {"clusteringAndLength": ("clustering", "length"), "betweenness": ("betweenness",), "louvain": ("louvain",)}


def affordable(graph, parts, seconds):
    """How many nodes the parts may be measured from; None for all, also where a part can only be measured whole."""
    samplers = [getattr(graph, part + "_from", None) for part in parts]
    if None in samplers or graph.nodes < SMALL:
        return None
    probe = spread(graph.nodes, PROBE)
    one = sum(timed(lambda: sampler(probe))[1] for sampler in samplers) / PROBE
    count = max(PROBE, int(1000 * seconds / one))
    return None if count >= graph.nodes else count


def run(graph, part, sources):
    return getattr(graph, part)() if sources is None else getattr(graph, part + "_from")(sources)


def measured(graphs, parts, seconds):
    answer = {"ms": dict.fromkeys(parts, 0), "values": [], "nodes": None}
    for graph in graphs:
        count = answer["nodes"] = affordable(graph, parts, seconds)
        sources = None if count is None else spread(graph.nodes, count)
        values = {}
        for part in parts:
            result, ms = timed(lambda: run(graph, part, sources))
            answer["ms"][part] += ms if count is None else ms * graph.nodes / count
            values[part] = graph.value(part, result)
        answer["values"].append(values)
    return answer


def decoded(edges):
    numbers = array.array("i")
    numbers.frombytes(base64.b64decode(edges))
    return list(zip(numbers[0::2], numbers[1::2]))


def main():
    versions = {"networkx": networkx and networkx.__version__, "igraph": igraph and igraph.__version__}
    print(json.dumps(versions), flush=True)
    loaded = []
    built = {}
    for line in sys.stdin:
        order = json.loads(line)
        if "load" in order:
            loaded = [(graph["nodes"], decoded(graph["edges"])) for graph in order["load"]]
            built = {}
            answer = {"loaded": len(loaded)}
        else:
            library = order["library"]
            if library not in built:
                built[library] = [LIBRARIES[library](nodes, edges) for nodes, edges in loaded]
            try:
                answer = measured(built[library], PARTS[order["measure"]], order["seconds"])
            except NotImplementedError as error:
                answer = {"missing": str(error)}
        print(json.dumps(answer), flush=True)


main()
