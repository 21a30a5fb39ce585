"""Golden values for test/stats/blocks.test.ts: additive models of item and block by dummy variables and
NumPy's least squares, with nothing reduced to the blocks; tails and quantiles from SciPy.

Run: /usr/bin/python3 test/golden/make-blocks.py
"""
import json
from pathlib import Path

import numpy as np
from scipy import stats

rng = np.random.default_rng(7)


def table(items, blocks, missing=(), share=0.0, sd=0.5):
    means, effects = rng.normal(size=(items, 1)), rng.normal(size=(1, blocks))
    y = (40 + means + effects + sd * rng.normal(size=(items, blocks))).round(3)
    y[rng.random((items, blocks)) < share] = np.nan
    for i, j in missing:
        y[i, j] = np.nan
    return y


def largest_part(y):
    """Rows and columns of the connected part with the most entries, by labels that spread along entries."""
    seen = ~np.isnan(y)
    rows, columns = np.arange(len(y)), np.full(y.shape[1], -1)
    for _ in range(sum(y.shape)):
        for i, j in zip(*np.nonzero(seen)):
            low = rows[i] if columns[j] < 0 else min(rows[i], columns[j])
            rows[i] = columns[j] = low
    best = max(dict.fromkeys(rows), key=lambda label: seen[rows == label].sum())
    return np.nonzero((rows == best) & seen.any(1))[0], np.nonzero(columns == best)[0]


def squares(x, y):
    return float(((y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) ** 2).sum())


def f_test(small, large, dof):
    f = (small - large) / dof[0] / (large / dof[1])
    return {"f": float(f), "p": float(stats.f.sf(f, *dof)), "dof": dof}


def fit(y, contrasts):
    rows, columns = largest_part(y)
    part = y[np.ix_(rows, columns)]
    at_row, at_block = np.nonzero(~np.isnan(part))
    values = part[at_row, at_block]
    t, b, n = len(rows), len(columns), len(values)
    items, blocks = np.eye(t)[at_row], np.eye(b)[at_block]
    both = np.hstack([items, blocks])
    dof = n - t - b + 1
    residual, by_items, by_blocks = squares(both, values), squares(items, values), squares(blocks, values)
    # The least-squares solution of least size, moved to blocks of mean 0.
    solved = np.linalg.lstsq(both, values, rcond=None)[0]
    means = solved[:t] + solved[t:].mean()
    effects = solved[t:] - solved[t:].mean()
    variance = residual / dof
    inverse = np.linalg.pinv(both.T @ both)
    out = {
        "rows": [[None if np.isnan(v) else float(v) for v in row] for row in y],
        "items": t, "blocks": b, "entries": n,
        "means": [float(means[list(rows).index(i)]) if i in rows else None for i in range(len(y))],
        "blockEffects": [
            float(effects[list(columns).index(j)]) if j in columns else None for j in range(y.shape[1])
        ],
        "residual": {"variance": float(variance), "dof": dof},
        "itemsTest": f_test(by_blocks, residual, [t - 1, dof]),
        "blocksTest": f_test(by_items, residual, [b - 1, dof]) if b > 1 else None,
        "oneWay": f_test(squares(np.ones((n, 1)), values), by_items, [t - 1, n - t]),
    }
    # Variance components by the traces of fitting constants, taken from the projections themselves.
    hat = lambda x: x @ np.linalg.pinv(x)
    item_trace = np.trace(items.T @ (np.eye(n) - hat(blocks)) @ items)
    block_trace = np.trace(blocks.T @ (np.eye(n) - hat(items)) @ blocks)
    out["betweenItems"] = max(0.0, (by_blocks - residual - (t - 1) * variance) / item_trace)
    between_blocks = (by_items - residual - (b - 1) * variance) / block_trace
    same_block = blocks @ blocks.T
    centre = np.eye(n) - np.full((n, n), 1 / n)
    shuffled = np.trace(centre @ (variance * np.eye(n) + between_blocks * same_block)) / (n - 1)
    small = ((dof + 1) * (n - t + 3)) / ((dof + 3) * (n - t + 1))
    efficiency = shuffled / variance * small
    without = by_items / (n - t)
    out["gain"] = {"withBlocks": variance, "withoutBlocks": without, "relativeEfficiency": efficiency}
    if t * b == n:
        block_square = (by_items - residual) / (b - 1)
        cochran_cox = ((b - 1) * block_square + b * (t - 1) * variance) / ((b * t - 1) * variance)
        assert abs(cochran_cox * small - out["gain"]["relativeEfficiency"]) < 1e-9
    out["contrasts"] = []
    for weights, level, comparisons in contrasts:
        full = np.concatenate([np.array(weights, float)[rows], np.zeros(b)])
        difference = float(full[:t] @ means)
        error = float(np.sqrt(variance * full @ inverse @ full))
        half = float(stats.t.isf((1 - level) / comparisons / 2, dof)) * error
        out["contrasts"].append({
            "weights": list(weights), "level": level, "comparisons": comparisons,
            "difference": difference, "standardError": error,
            "interval": [difference - half, difference + half],
            "p": float(stats.t.sf(difference / error, dof)),
        })
    return out


def pair(count, i, j):
    return [1 if k == i else -1 if k == j else 0 for k in range(count)]


def cells(count, first, second):
    return [1 / len(first) if k in first else -1 / len(second) if k in second else 0 for k in range(count)]


split = np.full((6, 6), np.nan)
split[:4, :3] = table(4, 3)
split[4:, 3:5] = table(2, 2)
empty = np.nan
chain = np.array([
    [40.1, 41.3, empty, empty],
    [empty, 40.2, 42.4, empty],
    [empty, empty, 41.1, 40.7],
    [40.9, empty, empty, 40.2],
])
tables = {
    "complete": fit(table(3, 4), [(pair(3, 0, 1), 0.95, 1), ([0.5, 0.5, -1], 0.9, 3)]),
    "two by two": fit(table(2, 2), [(pair(2, 1, 0), 0.95, 1)]),
    "gaps": fit(table(8, 5, [(0, 1), (0, 2), (3, 4), (5, 0), (7, 0), (7, 1), (7, 2)]), [
        (pair(8, 0, 7), 0.95, 1), (pair(8, 7, 3), 0.95, 7), (cells(8, {0, 3, 7}, {1, 2}), 0.95, 1)]),
    "chain": fit(chain, [(pair(4, 0, 2), 0.95, 1)]),
    "many": fit(table(53, 5, share=0.2), [
        (pair(53, 52, 0), 0.95, 52), (cells(53, set(range(9)), set(range(20, 27))), 0.95, 1)]),
    "parts": fit(split, [(pair(6, 0, 3), 0.95, 1)]),
}

paired = []
for n, shift in ((2, 0.4), (3, -0.2), (12, 0.0)):
    a = (40 + rng.normal(size=n) + shift).round(3)
    b = (40 + rng.normal(size=n)).round(3)
    test = stats.ttest_rel(a, b, alternative="greater")
    half = stats.t.isf(0.025, n - 1) * (a - b).std(ddof=1) / np.sqrt(n)
    centre = (a - b).mean()
    interval = [float(centre - half), float(centre + half)]
    paired.append({"a": a.tolist(), "b": b.tolist(), "p": float(test.pvalue), "interval": interval})

partials = []
for n, k in ((6, 1), (30, 2), (100, 5)):
    z = rng.normal(size=(n, k))
    x = z.sum(1) + rng.normal(size=n)
    y = 0.5 * x - z[:, 0] + rng.normal(size=n)
    # From the inverse of the correlation matrix, not from residuals.
    inverse = np.linalg.inv(np.corrcoef(np.column_stack([x, y, z]).T))
    r = float(-inverse[0, 1] / np.sqrt(inverse[0, 0] * inverse[1, 1]))
    half = stats.norm.isf(0.025) / np.sqrt(n - k - 3)
    partials.append({
        "x": x.tolist(), "y": y.tolist(), "covariates": z.T.tolist(), "r": r,
        "interval": [float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half))],
    })

places = (-8, -2, -0.3, 0, 1e-9, 0.5, 1, 1.9999, 2, 2.5, 6, 12, 37)
normal = [{"z": z, "sf": float(stats.norm.sf(z))} for z in places]
normal_quantiles = [{"p": p, "z": float(stats.norm.isf(p))} for p in (0.49, 0.25, 0.025, 0.001, 1e-9, 1e-100)]

out = {
    "tables": tables, "paired": paired, "partials": partials, "normal": normal,
    "normalQuantiles": normal_quantiles,
}
Path(__file__).with_name("blocks.json").write_text(json.dumps(out, indent=1) + "\n")
