"""Gaussian processes over graphs' errors and comparisons at equal density, with NumPy and SciPy, for test/analysis/surface.test.ts and
test/analysis/strata.test.ts.

    /usr/bin/python3 test/golden/make-surface.py > test/golden/surface.json

All data are made up by plain arithmetic, which the tests repeat. The sparse process is computed from its dense definition
(Titsias 2009, equation 9), not from the factored form that the program uses.
"""
import json
import math

import numpy as np
from scipy import linalg, stats

EXACT = {'scales': [0.9, 1.4], 'height': 0.8, 'own': 0.02, 'constant': 25.0}
SPARSE = {'scales': [1.1, 0.8], 'height': 1.2, 'own': 0.015, 'constant': 30.0}
JITTER = 1e-6
CENTRE = 30.0
QUERIES = np.array([[0.0, 0.0], [0.5, -1.0], [-1.2, 1.3], [2.5, 2.5], [0.1, 0.9]])


def graphs(count):
    """Points, errors and noise variances; every third graph has two seeds, the others three."""
    i = np.arange(count)
    x = np.stack([3.2 * ((i * 0.6180339887498949 + 0.1) % 1.0) - 1.6, 3.2 * ((i * 0.7548776662466927) % 1.0) - 1.6], axis=1)
    y = 30 + 0.5 * x[:, 0] ** 2 + 0.3 * np.sin(2 * x[:, 1]) + 0.2 * np.sin(12.9898 * i)
    noise = np.where(i % 3 == 0, 0.06 / 2, 0.06 / 3)
    return x, y, noise


def kernel(name, a, b, scales):
    d = (a[:, None, :] - b[None, :, :]) / np.array(scales)
    square = np.sum(d * d, axis=2)
    if name == 'squared-exponential':
        return np.exp(-square / 2)
    r = np.sqrt(5 * square)
    return (1 + r + r * r / 3) * np.exp(-r)


def posterior(cov, cross, prior, y):
    return (CENTRE + cross @ np.linalg.solve(cov, y - CENTRE)).tolist(), (prior - np.einsum('ij,ji->i', cross, np.linalg.solve(cov, cross.T))).tolist()


def exact(name, p, x, y, noise, at):
    k = lambda a, b: p['height'] ** 2 * kernel(name, a, b, p['scales']) + p['constant']
    cov = k(x, x) + np.diag(p['own'] + noise)
    mean, variance = posterior(cov, k(at, x), p['height'] ** 2 + p['constant'], y)
    evidence = stats.multivariate_normal(np.full(len(y), CENTRE), cov, allow_singular=False).logpdf(y)
    return {'logEvidence': float(evidence), 'mean': mean, 'variance': variance}


def sparse(name, p, x, y, noise, z, at):
    kuu = kernel(name, z, z, p['scales']) + JITTER * np.eye(len(z))
    q = lambda a, b: p['height'] ** 2 * kernel(name, a, z, p['scales']) @ np.linalg.solve(kuu, kernel(name, z, b, p['scales'])) + p['constant']
    lam = p['own'] + noise
    cov = q(x, x) + np.diag(lam)
    trace = np.sum((p['height'] ** 2 + p['constant'] - np.diag(q(x, x))) / lam)
    sign, logdet = np.linalg.slogdet(cov)
    r = y - CENTRE
    bound = -0.5 * (len(y) * math.log(2 * math.pi) + logdet + r @ linalg.solve(cov, r, assume_a='pos')) - 0.5 * trace
    mean, variance = posterior(cov, q(at, x), p['height'] ** 2 + p['constant'], y)
    return {'logEvidence': float(bound), 'mean': mean, 'variance': variance}


def ten_folds(fit, x, y, noise):
    out = np.zeros(len(y))
    for k in range(10):
        held = np.arange(len(y)) % 10 == k
        out[held] = fit(x[~held], y[~held], noise[~held], x[held])['mean']
    return float(1 - np.sum((y - out) ** 2) / np.sum((y - y.mean()) ** 2))


def made_up():
    """The table of make-findings.py: 60 graphs of three seeds."""
    rows = []
    for i in range(60):
        c = (i * 0.6180339887498949 + 0.1) % 1.0
        l = 1.05 + 3.4 * ((i * 0.7548776662466927) % 1.0)
        d = 0.1 + 0.85 * ((i * 0.5698402909980532) % 1.0)
        base = 30 + 4 * (c - 0.45) ** 2 + 0.8 * (l - 2.2) ** 2 + 0.5 * math.log(d) ** 2
        rows.append((d, c, l, sum(base + 0.2 * math.sin(12.9898 * i + 78.233 * s) for s in range(3)) / 3))
    return np.array(rows)


def residual(design, y):
    return float(np.sum((y - design @ np.linalg.lstsq(design, y, rcond=None)[0]) ** 2))


def strata(rows, count):
    d, c, l, y = rows.T
    cuts = np.quantile(d, [k / count for k in range(1, count)])
    band = np.sum(d[:, None] > cuts[None, :], axis=1)
    given = np.concatenate([np.stack([band == b, (band == b) * np.log(d)]) for b in range(count)]).T.astype(float)
    plane = np.stack([c, l, c * c, l * l, c * l], axis=1)
    small, large = residual(given, y), residual(np.hstack([given, plane]), y)
    dof = (5, len(y) - 2 * count - 5)
    f = (small - large) / dof[0] / (large / dof[1])
    bands = []
    ranks = {'c': [], 'l': [], 'y': []}
    for b in range(count):
        own = band == b
        n = int(own.sum())
        r2 = 1 - residual(np.hstack([np.ones((n, 1)), plane[own]]), y[own]) / np.sum((y[own] - y[own].mean()) ** 2)
        bands.append({
            'graphs': n, 'density': [float(d[own].min()), float(d[own].max())], 'meanError': float(y[own].mean()),
            'rankClustering': float(stats.spearmanr(c[own], y[own])[0]), 'rankPathLength': float(stats.spearmanr(l[own], y[own])[0]),
            'adjustedR2': float(1 - (1 - r2) * (n - 1) / (n - 6)) if n >= 24 else None,
        })
        for name, values in (('c', c), ('l', l), ('y', y)):
            ranks[name] += list((stats.rankdata(values[own]) - (n + 1) / 2) / n)
    pooled = lambda a, b: float(stats.pearsonr(ranks[a], ranks[b])[0])
    return {
        'bands': bands, 'partialR2': (small - large) / small, 'f': f, 'p': float(stats.f.sf(f, *dof)), 'dof': list(dof),
        'rankClustering': pooled('c', 'y'), 'rankPathLength': pooled('l', 'y'), 'rankTogether': pooled('c', 'l'),
    }


x, y, noise = graphs(40)
X, Y, NOISE = graphs(300)
Z = X[:15]
KERNELS = ('squared-exponential', 'matern-5/2')
out = {
    'exactParameters': EXACT, 'sparseParameters': SPARSE, 'queries': QUERIES.tolist(), 'exactGraphs': 40, 'sparseGraphs': 300, 'inducing': 15,
    'exact': {k: exact(k, EXACT, x, y, noise, QUERIES) for k in KERNELS},
    'sparse': {k: sparse(k, SPARSE, X, Y, NOISE, Z, QUERIES) for k in KERNELS},
    'exactTenFolds': {k: ten_folds(lambda a, b, c, at: exact(k, EXACT, a, b, c, at), x, y, noise) for k in KERNELS},
    'sparseTenFolds': {k: ten_folds(lambda a, b, c, at: sparse(k, SPARSE, a, b, c, Z, at), X, Y, NOISE) for k in KERNELS},
    'strata': {str(count): strata(made_up(), count) for count in (2, 5)},
    'signTest': [[wins, count, float(stats.binomtest(wins, count).pvalue)] for wins, count in ((0, 10), (5, 10), (16, 19), (1465, 1916), (3, 20))],
    'ranks': [[4, 2, 2, 7, 4, 4, 1], stats.rankdata([4, 2, 2, 7, 4, 4, 1]).tolist()],
}
print(json.dumps(out, indent=1))
