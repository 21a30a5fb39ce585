"""Findings of the paper and their honest companions, with NumPy and SciPy, for test/analysis/findings.test.ts.

    /usr/bin/python3 test/golden/make-findings.py [ANALYSIS] > test/golden/findings.json

ANALYSIS is the analysis folder of facebookresearch/graph2nn (MIT), or the part of it with the MLP and ResNet-34; without it
only the made-up table is computed. Nothing of the folder but the figures below ends in the output.
"""
import itertools
import json
import math
import sys

import numpy as np
from scipy import stats


def made_up():
    """60 graphs x 3 seeds of plain arithmetic, the same in the test: a valley over C and L, with a density effect."""
    rows = []
    for i in range(60):
        c = (i * 0.6180339887498949 + 0.1) % 1.0
        l = 1.05 + 3.4 * ((i * 0.7548776662466927) % 1.0)
        d = 0.1 + 0.85 * ((i * 0.5698402909980532) % 1.0)
        base = 30 + 4 * (c - 0.45) ** 2 + 0.8 * (l - 2.2) ** 2 + 0.5 * math.log(d) ** 2
        rows.append((d, c, l, [base + 0.2 * math.sin(12.9898 * i + 78.233 * s) for s in range(3)]))
    return rows, (1.0, 1.0, 1.0, [31.4, 31.9, 31.6])


def published(folder):
    sets = np.concatenate([np.load(folder + '/graphs_n64_3942.npy'), np.load(folder + '/graphs_n64_52.npy')])
    measures = {(f'{r[1]:.6f}', f'{r[2]:.6f}', int(r[3])): (r[1], r[4], r[5]) for r in sets}

    def load(names, results):
        n, r = np.load(names), np.load(results)
        return {(f'{float(a[4]):.6f}', f'{float(a[5]):.6f}', int(float(a[7])), a[0] in ('linear', 'channelbasic')): list(b[:, 3]) for a, b in zip(n, r)}

    def table(parts):
        rows, baseline = [], None
        for key in parts[0]:
            errors = sum((part[key] for part in parts), [])
            if key[3]:
                baseline = (1.0, 1.0, 1.0, errors)
            else:
                rows.append((*measures[key[:3]], errors))
        return rows, baseline

    final = folder + '/final_results/'
    mlp = table([load(final + 'mlp_cifar10/names_mlp_cifar10_epoch200.npy', final + 'mlp_cifar10/results_mlp_cifar10_epoch200.npy')])

    def resnet(epoch):
        stems = ['resnet34_imagenet', 'resnet34_imagenet_seed2', 'resnet34_imagenet_seed3']
        return table([load(f'{final}resnet34_imagenet_seed{i + 1}/names_{stem}_epoch{epoch}.npy', f'{final}resnet34_imagenet_seed{i + 1}/results_{stem}_epoch{epoch}.npy') for i, stem in enumerate(stems)])

    return mlp, resnet(100), resnet(3)


def cells(rows, baseline, right):
    c_edges, l_edges = np.linspace(0, 1, 16), np.linspace(1, 4.5, 16)
    out = {}
    for row in [*rows, baseline]:
        i = int(np.digitize(row[1], c_edges, right=right))
        j = int(np.digitize(row[2], l_edges))
        inner = i + 1 < 16 and j + 1 < 16
        centre = ((c_edges[i - 1] + c_edges[i]) / 2, (l_edges[j - 1] + l_edges[j]) / 2) if inner else (c_edges[min(i, 15)], l_edges[min(j, 15)])
        out.setdefault((j, i), (centre, []))[1].append(row)
    return out


def box(points):
    return {'clustering': [min(p[0] for p in points), max(p[0] for p in points)], 'pathLength': [min(p[1] for p in points), max(p[1] for p in points)]}


def worse(errors, best):
    t, p = stats.ttest_ind(best, errors)
    return bool(t < 0 and p / 2 < 0.05)


def bh(p):
    p = np.asarray(p)
    order = np.argsort(p)[::-1]
    adjusted = np.minimum.accumulate(p[order] * len(p) / np.arange(len(p), 0, -1))
    out = np.empty(len(p))
    out[order] = adjusted
    return out


def regression(rows):
    y = np.array([np.mean(r[3]) for r in rows])
    d, c, l = (np.array([r[k] for r in rows]) for k in range(3))
    one = np.ones(len(y))
    models = {'density': [one, np.log(d), np.log(d) ** 2], 'plane': [one, c, l, c * c, l * l, c * l]}
    models['both'] = models['density'] + models['plane'][1:]
    rss = {}
    for name, columns in models.items():
        x = np.stack(columns, 1)
        rss[name] = float(np.sum((y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) ** 2))
    total = float(np.sum((y - y.mean()) ** 2))

    def partial(small, q):
        dof = len(y) - 8
        f = (rss[small] - rss['both']) / q / (rss['both'] / dof)
        return {'partialR2': (rss[small] - rss['both']) / rss[small], 'f': f, 'p': float(stats.f.sf(f, q, dof))}

    return {**{name: 1 - value / total for name, value in rss.items()}, 'planeGivenDensity': partial('density', 5), 'densityGivenPlane': partial('plane', 2)}


def held_out(rows, baseline):
    errors, base = np.array([r[3] for r in rows]), np.array(baseline[3])
    seeds = errors.shape[1]
    chosen, reported = [], []
    for choosing in itertools.combinations(range(seeds), math.ceil(seeds / 2)):
        choosing = list(choosing)
        others = [s for s in range(seeds) if s not in choosing]
        best = int(np.argmin(errors[:, choosing].mean(1)))
        chosen.append(base[choosing].mean() - errors[best, choosing].mean())
        reported.append(base[others].mean() - errors[best, others].mean())
    return {'chosen': float(np.mean(chosen)), 'reported': float(np.mean(reported)), 'range': [float(min(reported)), float(max(reported))]}


def findings(rows, baseline, mlp):
    means = np.array([np.mean(r[3]) for r in [*rows, baseline]])
    order = np.argsort(means, kind='stable')
    best = [*rows, baseline][order[2 if mlp else 0]]
    kept = [r for r in rows if not worse(r[3], best[3])]
    grid = cells(rows, baseline, True)
    errors = {key: sum((r[3] for r in members), []) for key, (_, members) in grid.items()}
    low = min(errors, key=lambda key: np.mean(errors[key]))
    kept_cells = [grid[key][0] for key in grid if key == low or not worse(errors[key], errors[low])]
    slices = {}
    for name, k, other, lo, hi in [('pathLength', 2, 1, 0.4, 0.6), ('clustering', 1, 2, 2, 2.5)]:
        points = [(r[k], np.mean(r[3])) for r in [*rows, baseline] if lo <= r[other] <= hi]
        x, y = np.array(points).T
        fit = np.polynomial.Polynomial.fit(x, y, 2).convert().coef
        residual = y - np.polynomial.polynomial.polyval(x, fit)
        slices[name] = {'coefficients': list(fit), 'r2': 1 - float(residual @ residual) / float(np.sum((y - y.mean()) ** 2)), 'graphs': len(points)}
    p = [stats.ttest_ind(baseline[3], r[3]) for r in rows]
    p = [q.pvalue / 2 if q.statistic > 0 else 1 - q.pvalue / 2 for q in p]
    between = stats.f_oneway(*[r[3] for r in rows])
    n = len(rows[0][3])
    return {
        'baseline': [float(np.mean(baseline[3])), float(np.std(baseline[3]))],
        'best': [float(np.mean(best[3])), float(np.std(best[3]))],
        'sweetSpotOfGraphs': {**box([(r[1], r[2]) for r in kept]), 'graphs': len(kept)},
        'sweetSpotOfCells': {**box(kept_cells), 'cells': len(kept_cells)},
        'slices': slices,
        'better': {'single': int(np.sum(np.array(p) < 0.05)), 'controlled': int(np.sum(bh(p) <= 0.05)), 'adjusted': [float(q) for q in bh(p)[:5]]},
        'heldOut': held_out(rows, baseline),
        # F = 1 + n between / within, so between / (between + within / n) = 1 - 1 / F.
        'reliability': 1 - 1 / float(between.statistic),
        'seeds': n,
        'regression': regression(rows),
    }


def correlate(a, b):
    left, right = ({key: np.mean([np.mean(r[3]) for r in members]) for key, (_, members) in cells(*t, False).items()} for t in (a, b))
    keys = [key for key in left if key in right]
    return {'cells': len(keys), 'r': float(stats.pearsonr([left[k] for k in keys], [right[k] for k in keys])[0])}


def crowded():
    """400 graphs x 3 seeds in some 30 cells, the same in the test: many graphs a cell."""
    rows = []
    for i in range(400):
        c = 0.2 + 0.35 * ((i * 0.6180339887498949 + 0.1) % 1.0)
        l = 1.5 + 1.1 * ((i * 0.7548776662466927) % 1.0)
        base = 30 + 4 * (c - 0.45) ** 2 + 0.8 * (l - 2.2) ** 2
        rows.append((0.5, c, l, [base + 0.2 * math.sin(12.9898 * i + 78.233 * s) for s in range(3)]))
    return rows


def cell_means(rows):
    grid = {}
    for row in rows:
        key = (int(np.digitize(row[1], np.linspace(0, 1, 16))), int(np.digitize(row[2], np.linspace(1, 4.5, 16))))
        grid.setdefault(key, []).append(np.mean(row[3]))
    return {key: np.mean(values) for key, values in grid.items()}


def subset_curve(rows, sizes, draws=4000):
    """Quantiles of r of random subsets with all graphs and with the rest; NumPy's own random numbers, so equal only nearly."""
    random = np.random.default_rng(1)
    whole = cell_means(rows)
    out = []
    for size in sizes:
        found, rest, seen = [], [], []
        for _ in range(draws):
            order = random.permutation(len(rows))
            part = cell_means([rows[i] for i in order[:size]])
            others = cell_means([rows[i] for i in order[size:]])
            seen.append(len(part))
            keys = list(part)
            found.append(np.corrcoef([part[k] for k in keys], [whole[k] for k in keys])[0, 1])
            both = [k for k in keys if k in others]
            rest.append(np.corrcoef([part[k] for k in both], [others[k] for k in both])[0, 1])
        out.append({'graphs': size, 'cells': float(np.mean(seen)), 'all': [float(q) for q in np.quantile(found, [0.05, 0.5, 0.95])], 'rest': [float(q) for q in np.quantile(rest, [0.05, 0.5, 0.95])]})
    return out


def ribbon(rows, baseline, draws=20000):
    """95 % of the resamples' parabolas over L at both ends and the middle, and of the lowest point; nearly, as above."""
    random = np.random.default_rng(2)
    points = np.array([(r[2], np.mean(r[3])) for r in [*rows, baseline] if 0.4 <= r[1] <= 0.6])
    at = np.linspace(points[:, 0].min(), points[:, 0].max(), 3)
    values = []
    for _ in range(draws):
        x, y = points[random.integers(len(points), size=len(points))].T
        values.append(np.polyval(np.polyfit(x, y, 2), at))
    return {'x': list(at), 'low': list(np.quantile(values, 0.025, axis=0)), 'high': list(np.quantile(values, 0.975, axis=0))}


out = {'madeUp': findings(*made_up(), False), 'bh': [float(q) for q in bh([0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222])]}
out['subsetCurve'] = subset_curve(crowded(), [16, 48, 128])
out['ribbon'] = ribbon(*made_up())
if len(sys.argv) > 1:
    mlp, resnet, early = published(sys.argv[1])
    out['mlp'] = findings(*mlp, True)
    out['resnet34'] = findings(*resnet, False)
    out['correlation'] = correlate(mlp, resnet)
    key = lambda r: (round(r[0], 6), r[1], r[2])
    first = {key(r): np.mean(r[3]) for r in [*early[0], early[1]]}
    last = [(first[key(r)], np.mean(r[3])) for r in [*resnet[0], resnet[1]]]
    out['early'] = float(stats.pearsonr(*zip(*last))[0])
    wanted = {key(r) for r in resnet[0]}
    grid = cells(mlp[0], (1.0, 1.0, 1.0, [0.0]), False)
    grid = {k: [r for r in members if r[1] != 1.0] for k, (_, members) in grid.items()}
    whole = {k: np.mean([np.mean(r[3]) for r in members]) for k, members in grid.items() if members}
    part = {k: np.mean([np.mean(r[3]) for r in members if key(r) in wanted]) for k, members in grid.items() if any(key(r) in wanted for r in members)}
    out['subset'] = {'cells': len(part), 'r': float(stats.pearsonr([part[k] for k in part], [whole[k] for k in part])[0])}
json.dump(out, sys.stdout, indent=1)
print()
