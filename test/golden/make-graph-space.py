"""Makes graph-space.json: sets of graphs picked from the plane of C and L by the official procedure, with NumPy.

The procedure for 64 nodes is that of ../shared/OFFICIAL.md ("The space"), written down as it stands there: indices of
cells come from numpy.digitize and start at 1. Two of its parts have no official counterpart and follow Plexus's own
description: strides other than 3 and 9 do not occur here, and the rules for 16 nodes (108 cells, L up to 2.5, the set of
stride 9 filled everywhere) are a reconstruction from the sizes of the published sets.

Made-up places are a linear congruential sequence that a test can repeat, so that they need not be stored. The real grids
are WS-flex graphs by the definition (see make-graph-ws-flex.py), drawn on plain sets with CPython's random.Random, and
measured here without any library.

Run: /usr/bin/python3 make-graph-space.py > graph-space.json
"""
import hashlib
import json
import random

import numpy as np


def sequence(state):
    """The made-up numbers from 0 to 1."""
    while True:
        state = state * 48271 % 2147483647
        yield state / 2147483648


# --- the official procedure -------------------------------------------------------------------------------------------


def shuffled(count, seed):
    return np.random.RandomState(seed).permutation(np.arange(count))


def degrees_of(nodes, grid):
    low, high = grid.get("degreeRange", [8 if nodes == 64 else 4, nodes - 2])
    return np.square(np.linspace(np.sqrt(low), np.sqrt(high), grid["degrees"]))


def probabilities_of(grid):
    return np.square(np.linspace(0, 1, grid["probabilities"]))


def cells_of(places, bins, longest):
    """The first place of every cell and how many lie in it, in the order of the first ones; indices start at 1."""
    rows = np.digitize(places[:, 0], np.linspace(0, 1, bins + 1))
    columns = np.digitize(places[:, 1], np.linspace(1, longest, bins + 1))
    first, count = {}, {}
    for at, cell in enumerate(zip(rows.tolist(), columns.tolist())):
        if not (1 <= cell[0] <= bins and 1 <= cell[1] <= bins):
            continue
        first.setdefault(cell, at)
        count[cell] = count.get(cell, 0) + 1
    return first, count


def sets_of(first, bins, above):
    """Sets of stride 1, 3 and 9 as places in the shuffled order. `above`: from which C on the stride's gaps are filled."""
    every = list(first.values())
    ninth = [at for (i, j), at in first.items() if i % 9 == 5 and j % 9 == 5]
    third = [at for (i, j), at in first.items() if i % 9 in (2, 5, 8) and j % 9 in (2, 5, 8)]
    edges = np.linspace(0, 1, bins + 1)
    for i in range(bins + 1):
        for j in range(bins + 1):
            if (i, j) in first:
                continue
            if i % 9 == 5 and j % 9 == 5:
                if edges[i - 1] > above[9]:
                    near = [first[a, b] for a in (i - 1, i, i + 1) for b in range(j - 3, j + 4) if (a, b) in first]
                    ninth += near[:1]
                    third += near[:1]
            elif i % 9 in (2, 5, 8) and j % 9 in (2, 5, 8):
                if edges[i - 1] > above[3]:
                    third += [first[i, b] for b in (j - 1, j, j + 1) if (i, b) in first][:1]
    return [every, third, ninth]


def binned(places, bins, longest, above):
    first, count = cells_of(places, bins, longest)
    sets = sets_of(first, bins, above)
    # Official code compares the upper edge's element of linspace; for its own 135 cells that is the same.
    assert bins != 135 or all(
        (np.linspace(0, 1, 136)[i] > 0.75) == (np.linspace(0, 1, 136)[i - 1] > 0.75) for i in range(2, 136) if i % 3 == 2
    )
    return {"cells": [[i - 1, j - 1, at, count[i, j]] for (i, j), at in first.items()], "sets": sets}


# --- WS-flex graphs and their measures --------------------------------------------------------------------------------


def draw(n, k, p, generator):
    m = round(k * n / 2)
    ring = [(u, (u + step) % n) for u in range(n) for step in range(1, m // n + (1 if u < m % n else 0) + 1)]
    near = [set() for _ in range(n)]
    for u, v in ring:
        near[u].add(v)
        near[v].add(u)
    for u, v in ring:
        if generator.random() >= p:
            continue
        w = generator.choice(range(n))
        given_up = False
        while w == u or w in near[u]:
            w = generator.choice(range(n))
            if len(near[u]) >= n - 1:
                given_up = True
                break
        if not given_up:
            near[u].remove(v)
            near[v].remove(u)
            near[u].add(w)
            near[w].add(u)
    return near


def distances_from(near, start):
    found = {start: 0}
    queue = [start]
    for u in queue:
        for v in near[u]:
            if v not in found:
                found[v] = found[u] + 1
                queue.append(v)
    return found


def place(n, k, p, seed):
    """C and L of a WS-flex graph; None after 100 draws without a connected one."""
    generator = random.Random(seed)
    for _ in range(100):
        near = draw(n, k, p, generator)
        if len(distances_from(near, 0)) < n:
            continue
        values = []
        for u in range(n):
            d = len(near[u])
            doubled = sum(len(near[u] & near[v]) for v in near[u])
            values.append(doubled / (d * (d - 1)) if d > 1 else 0.0)
        total = 0.0
        for value in sorted(values):
            total += value
        length = sum(sum(distances_from(near, u).values()) for u in range(n)) / (n * (n - 1))
        return total / n, length
    return None


# --- cases ------------------------------------------------------------------------------------------------------------

RULES = {
    64: {"bins": 135, "longest": 4.5, "above": {3: 0.75, 9: 0.75}},
    16: {"bins": 108, "longest": 2.5, "above": {3: 0.75, 9: -1}},
}


def made_up(nodes, count, state, low_c, high_l):
    """Places with C from low_c to 1 and L from 1 to high_l."""
    numbers = sequence(state)
    rules = RULES[nodes]
    places = np.array([[low_c + (1 - low_c) * next(numbers), 1 + (high_l - 1) * next(numbers)] for _ in range(count)])
    case = {"nodes": nodes, "count": count, "state": state, "lowC": low_c, "highL": high_l}
    return case | binned(places, rules["bins"], rules["longest"], rules["above"])


def real(nodes, grid):
    order = shuffled(grid["degrees"] * grid["probabilities"] * grid["seeds"], grid["shuffleSeed"])
    candidates = [(k, p, seed) for k in degrees_of(nodes, grid) for p in probabilities_of(grid) for seed in range(grid["seeds"])]
    places = [place(nodes, *candidates[number]) for number in order]
    row = {"nodes": nodes, "grid": grid, "order": order.tolist(), "places": places}
    if nodes not in RULES:
        return row
    rules = RULES[nodes]
    lost = (np.nan, np.nan)
    return row | binned(np.array([pair or lost for pair in places]), rules["bins"], rules["longest"], rules["above"])


def official(nodes, degrees):
    """The whole grid behind the published sets, its order as a checksum of little-endian 32-bit integers."""
    grid = {"degrees": degrees, "probabilities": 300}
    order = shuffled(degrees * 300 * 30, 1)
    return {
        "nodes": nodes,
        "degrees": degrees_of(nodes, grid).tolist() if nodes == 64 else np.square(np.linspace(2, np.sqrt(14), 200)).tolist(),
        "probabilities": probabilities_of(grid).tolist(),
        "first": order[:20].tolist(),
        "sha256": hashlib.sha256(order.astype("<i4").tobytes()).hexdigest(),
        "clusteringEdges": np.linspace(0, 1, RULES[nodes]["bins"] + 1).tolist(),
        "pathLengthEdges": np.linspace(1, RULES[nodes]["longest"], RULES[nodes]["bins"] + 1).tolist(),
    }


print(json.dumps({
    "official": [official(64, 300), official(16, 200)],
    "madeUp": [
        made_up(64, 1500, 1, 0.6, 2.4),
        made_up(64, 600, 2, 0, 5),
        made_up(64, 100, 3, 0.7, 1.5),
        made_up(16, 1500, 4, 0.5, 2.0),
        made_up(16, 300, 5, 0, 2.7),
    ],
    "real": [
        real(64, {"degrees": 9, "probabilities": 8, "seeds": 2, "shuffleSeed": 1}),
        real(16, {"degrees": 14, "probabilities": 9, "seeds": 2, "shuffleSeed": 1}),
        real(20, {"degrees": 5, "probabilities": 6, "seeds": 3, "shuffleSeed": 7, "degreeRange": [2, 9.5]}),
        real(4, {"degrees": 3, "probabilities": 4, "seeds": 2, "shuffleSeed": 0, "degreeRange": [2, 3]}),
    ],
}, separators=(",", ":")))
