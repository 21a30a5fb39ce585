"""Golden values for test/stats/comparisons.test.ts, from SciPy, NumPy and (for tails) mpmath at 40 digits.

Run: /usr/bin/python3 test/golden/make-analysis.py
"""
import json
from pathlib import Path

import mpmath as mp
import numpy as np
from scipy import stats

mp.mp.dps = 40


def beta_i(a, b, x):
    return mp.betainc(mp.mpf(a), mp.mpf(b), 0, mp.mpf(x), regularized=True)


def t_sf(t, v):
    t, v = mp.mpf(t), mp.mpf(v)
    tail = beta_i(v / 2, mp.mpf(1) / 2, v / (v + t * t)) / 2
    return float(tail if t >= 0 else 1 - tail)


def f_sf(f, d1, d2):
    f, d1, d2 = mp.mpf(f), mp.mpf(d1), mp.mpf(d2)
    return float(beta_i(d2 / 2, d1 / 2, d2 / (d2 + d1 * f)))


rng = np.random.default_rng(1)
t_tails = [
    {"t": t, "dof": v, "sf": t_sf(t, v), "scipy": float(stats.t.sf(t, v))}
    for v in (1, 1.37, 2, 4, 7.5, 30, 200, 5000)
    for t in (-40, -2.5, -0.01, 1e-8, 0.3, 1, 2.7, 12, 60, 1e4)
]
f_tails = [
    {"f": f, "between": a, "within": b, "sf": f_sf(f, a, b), "scipy": float(stats.f.sf(f, a, b))}
    for a, b in ((1, 1), (2, 3), (51, 104), (51, 52), (300, 5000), (3941, 3942))
    for f in (1e-3, 0.5, 1, 1.3, 2, 8, 300)
]


def t_quantile(p, v):
    """SciPy's value (good to 1e-9 only for a fractional v) polished by mpmath."""
    v = mp.mpf(v)
    return float(mp.findroot(lambda t: beta_i(v / 2, mp.mpf(1) / 2, v / (v + t * t)) / 2 / p - 1, float(stats.t.isf(p, float(v)))))


quantiles = [{"p": p, "dof": v, "t": t_quantile(p, v)} for v in (1, 1.37, 2, 4, 7.5, 30, 200) for p in (0.025, 0.1, 1e-6)]

pairs = []
for n, m, shift in ((2, 2, 0.1), (3, 5, 1.0), (3, 3, -0.5), (30, 3, 0.3), (12, 40, 20.0)):
    a = (40 + rng.normal(size=n)).round(3)
    b = (40 + shift + rng.normal(size=m) * 1.5).round(3)
    equal = stats.ttest_ind(a, b)
    va, vb = a.var(ddof=1) / n, b.var(ddof=1) / m
    dof = (va + vb) ** 2 / (va**2 / (n - 1) + vb**2 / (m - 1))
    half = stats.t.isf(0.025, dof) * np.sqrt(va + vb)
    pairs.append({
        "a": a.tolist(), "b": b.tolist(), "t": float(equal.statistic),
        "pHigher": float(stats.ttest_ind(a, b, alternative="greater").pvalue),
        "interval": [float(a.mean() - b.mean() - half), float(a.mean() - b.mean() + half)],
    })

anovas = []
for sizes, spread in (([3] * 52, 0.5), ([3] * 52, 0.0), ([2, 5, 1, 4], 2.0), ([2, 2], 0.1), ([10] * 6, 8.0)):
    groups = [(40 + spread * rng.normal() + rng.normal(size=n)).round(3) for n in sizes]
    result = stats.f_oneway(*groups)
    anovas.append({"groups": [g.tolist() for g in groups], "f": float(result.statistic), "p": float(result.pvalue)})

fits = []
for x in (rng.uniform(0, 1, 52), rng.uniform(1.6, 4.4, 30), 1000 + rng.uniform(0, 1, 20), np.array([0.1, 0.2, 0.2, 0.9])):
    x = x.round(6)
    y = (40 + 6 * (x - x.mean() + 0.1) ** 2 + rng.normal(size=x.size) * 0.3).round(4)
    # The best that doubles hold: NumPy's fit about the mean, then expanded exactly.
    c2, c1, c0 = (mp.mpf(float(v)) for v in np.polyfit(x - x.mean(), y, 2))
    m = mp.mpf(float(x.mean()))
    fitted = np.polyval([float(c2), float(c1), float(c0)], x - x.mean())
    fits.append({
        "x": x.tolist(), "y": y.tolist(),
        "coefficients": [float(c0 - c1 * m + c2 * m * m), float(c1 - 2 * c2 * m), float(c2)],
        "r2": float(1 - ((y - fitted) ** 2).sum() / ((y - y.mean()) ** 2).sum()),
    })

# Kendall's tau-b, with and without ties, and turned round.
kendalls = []
for n, steps, share in ((12, 0, 0.5), (40, 7, 0.8), (25, 3, -0.6), (60, 0, 0.0)):
    x = rng.normal(size=n)
    y = share * x + np.sqrt(1 - share**2) * rng.normal(size=n)
    if steps:
        x, y = np.floor(x * steps / 4), np.floor(y * steps / 4)
    kendalls.append({"x": x.tolist(), "y": y.tolist(), "tau": float(stats.kendalltau(x, y).statistic)})

out = {
    "tTails": t_tails, "fTails": f_tails, "quantiles": quantiles, "pairs": pairs, "anovas": anovas, "fits": fits,
    "kendalls": kendalls,
}
path = Path(__file__).with_name("analysis.json")
path.write_text(json.dumps(out, indent=1) + "\n")
print(path, path.stat().st_size)
