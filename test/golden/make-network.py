#!/usr/bin/python3
"""Golden values of the network room, computed with NumPy from the official rules (run by hand; tests read the JSON).

Written from the description of graph2nn's rules, not from its code. Graphs come from this file's own ws-flex generator.
"""
import json
import math
import os
import random

import numpy as np


def ws_flex(n, k, p, seed):
    """Adjacency matrix of a connected ws-flex graph."""
    rng = random.Random(seed)
    m = round(k * n / 2)
    ahead = [m // n + (1 if i < m % n else 0) for i in range(n)]
    for _ in range(100):
        a = np.zeros((n, n), dtype=int)
        for i in range(n):
            for s in range(1, ahead[i] + 1):
                a[i, (i + s) % n] = a[(i + s) % n, i] = 1
        for u in range(n):
            for s in range(1, ahead[u] + 1):
                v = (u + s) % n
                if rng.random() >= p:
                    continue
                w = rng.choice(range(n))
                keep = False
                while w == u or a[u, w]:
                    w = rng.choice(range(n))
                    if a[u].sum() >= n - 1:
                        keep = True
                        break
                if not keep:
                    a[u, v] = a[v, u] = 0
                    a[u, w] = a[w, u] = 1
        reach = np.linalg.matrix_power((a + np.eye(n)).astype(float) / n, n)
        if (reach > 0).all():
            return a
    raise RuntimeError('not connected')


def sizes(channels, nodes):
    out = np.array([channels // nodes + (1 if i < channels % nodes else 0) for i in range(nodes)])
    np.random.seed(1)
    return np.random.permutation(out)


def mask(a, in_channels, out_channels):
    n = len(a)
    blocks = ((a + np.eye(n, dtype=int)) > 0).astype(float)
    return np.repeat(np.repeat(blocks, sizes(out_channels, n), axis=0), sizes(in_channels, n), axis=1)


def nonzeros(a, in_channels, out_channels):
    n = len(a)
    blocks = ((a + np.eye(n, dtype=int)) > 0).astype(float)
    return sizes(out_channels, n) @ blocks @ sizes(in_channels, n)


def relational(a, i, o):
    """(multiply-adds, parameters as a float) of one masked layer."""
    scale = nonzeros(a, i, o) / (i * o)
    return int(i * o * scale), i * o * scale


def mlp_cost(a, width, inputs=3072, classes=10):
    layers = [relational(a, 512, width), relational(a, width, width), relational(a, width, width)]
    macs = inputs * 512 + sum(x[0] for x in layers) + width * classes
    params = inputs * 512 + 2 * 512
    for x in layers:
        params += x[1] + 2 * width
    return macs, int(params + width * classes + classes)


def chain_cost(a, widths):
    """A made-up network of several widths: 256 -> w0 -> w1 -> w2, every layer relational."""
    dims = [256] + list(widths)
    return sum(relational(a, i, o)[0] for i, o in zip(dims, dims[1:]))


def match(cost, start, target, passes=15):
    dims = list(start)
    stats = cost(dims)
    if stats == target:
        return dims

    def follow(first):
        ratios = [d / dims[0] for d in dims]
        return [int(round(first * r)) for r in ratios]

    for _ in range(passes):
        dims = follow(int(round(dims[0] * round(math.sqrt(target / stats), 2))))
        stats = cost(dims)
    init = 1 if stats < target else -1
    while True:
        dims = follow(dims[0] + init)
        stats = cost(dims)
        if stats == target:
            break
        now = 1 if stats < target else -1
        if now != init:
            if now > 0:
                dims = follow(dims[0] - init)
            break
    ratios = [int(round(d / dims[0])) for d in dims]
    init = 1 if cost(dims) < target else -1
    for i in range(1, len(dims)):
        for _ in range(ratios[i]):
            dims[i] += init
            if (1 if cost(dims) < target else -1) != init:
                dims[i] -= init
                break
    return dims


def graph_cases():
    rng = np.random.RandomState(7)
    for n, count in ((64, 36), (16, 10), (32, 6), (100, 6), (7, 2)):
        for _ in range(count):
            yield n, float(round(rng.uniform(2, n - 1), 3)), float(round(rng.uniform(0, 1) ** 2, 4)), int(rng.randint(30))


def budget_cases():
    for n, k, p, seed in graph_cases():
        a = ws_flex(n, k, p, seed)
        w = match(lambda d: mlp_cost(a, d[0])[0], [512], 2364416)[0]
        macs, params = mlp_cost(a, w)
        yield {'spec': f'ws-flex:n={n},k={k},p={p},seed={seed}', 'width': w, 'macs': macs, 'params': params}


def task_cases():
    """Other tasks: [channels, height, width], classes."""
    for shape, classes, (n, k, p, seed) in (((1, 8, 8), 4, (64, 8, .1, 3)), ((3, 16, 16), 10, (64, 20.5, .3, 1)), ((3, 64, 64), 200, (32, 4, 0, 1))):
        a = ws_flex(n, k, p, seed)
        inputs = shape[0] * shape[1] * shape[2]
        target = inputs * 512 + 3 * 512 * 512 + 512 * classes
        w = match(lambda d: mlp_cost(a, d[0], inputs, classes)[0], [512], target)[0]
        macs, params = mlp_cost(a, w, inputs, classes)
        yield {'spec': f'ws-flex:n={n},k={k},p={p},seed={seed}', 'input': shape, 'classes': classes, 'target': target, 'width': w, 'macs': macs, 'params': params}


def chain_cases():
    rng = np.random.RandomState(3)
    for start in ([64, 128, 256], [32, 100, 333], [200, 100, 50]):
        for _ in range(5):
            n, k, p, seed = 16, float(round(rng.uniform(2, 15), 3)), float(round(rng.uniform(0, 1), 3)), int(rng.randint(30))
            a = ws_flex(n, k, p, seed)
            target = chain_cost(np.ones((n, n), dtype=int) - np.eye(n, dtype=int), start) + int(rng.randint(3)) * 777
            yield {'spec': f'ws-flex:n={n},k={k},p={p},seed={seed}', 'start': start, 'target': target, 'widths': match(lambda d: chain_cost(a, d), start, target)}


def mask_cases():
    for n, k, p, seed, i, o in ((8, 3, .2, 5, 19, 30), (16, 4.5, .5, 2, 16, 41), (5, 2, 0, 1, 12, 5)):
        m = mask(ws_flex(n, k, p, seed), i, o)
        yield {'spec': f'ws-flex:n={n},k={k},p={p},seed={seed}', 'in': i, 'out': o, 'rows': [''.join(str(int(x)) for x in row) for row in m]}


def directed_mask():
    a = np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0]])
    return {'nodes': 3, 'edges': [[0, 1], [1, 2]], 'in': 7, 'out': 4, 'rows': [''.join(str(int(x)) for x in row) for row in mask(a, 7, 4)]}


golden = {
    'partitions': [{'channels': c, 'nodes': n, 'sizes': sizes(c, n).tolist()} for c, n in ((512, 64), (1539, 64), (10, 3), (65, 64), (700, 100), (512, 1), (5, 5))],
    'masks': list(mask_cases()),
    'directed': directed_mask(),
    'budgets': list(budget_cases()),
    'tasks': list(task_cases()),
    'chains': list(chain_cases()),
    'hundredths': [[x, round(x, 2)] for x in [i / 8 for i in range(1, 40)] + np.random.RandomState(1).uniform(0, 3, 40).tolist() + [1.005, 0.285, 1.115]],
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'network.json'), 'w') as f:
    f.write(json.dumps(golden).replace('}, {', '},\n{') + '\n')
