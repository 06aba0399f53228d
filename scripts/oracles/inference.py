"""Expected values of statistical inference, made with SciPy and NumPy alone:
    python3 scripts/oracles/inference.py > experiments/src/test/resources/org/espalier/experiments/inference/scipy.tsv
A line is a function, its arguments as vectors that are parted by ';', and its results."""
import itertools
import numpy as np
import scipy
from scipy import stats


def text(values):
    return ",".join(repr(float(v)) for v in np.atleast_1d(values))


def line(name, arguments, results):
    print(name, ";".join(text(a) for a in arguments), text(results), sep="\t")


print(f"# SciPy {scipy.__version__}, NumPy {np.__version__}")
rng = np.random.default_rng(1)
pairs = [(x, 0.6 * x + rng.normal(size=n)) for n in (5, 8, 12, 40) for x in [rng.normal(size=n)]]
pairs += [(rng.integers(0, 4, n).astype(float), rng.integers(0, 4, n).astype(float)) for n in (6, 12, 30)]
for x, y in pairs:
    line("spearman", (x, y), stats.spearmanr(x, y))
    line("kendall", (x, y), stats.kendalltau(x, y))

for n in (3, 5, 8, 10):
    for d in (rng.normal(0.4, 1, n), rng.integers(-3, 5, n).astype(float)):
        sums = np.abs([np.dot(d, s) for s in itertools.product((-1, 1), repeat=n)])
        line("sign-flip", (d,), np.mean(sums >= abs(d.sum()) - 1e-9))
        if np.any(d):
            kept = d[d != 0]
            ranks = stats.rankdata(np.abs(kept))
            flips = np.array([np.dot(ranks, s) for s in itertools.product((-1, 1), repeat=len(kept))])
            line("signed-rank", (d,), np.mean(np.abs(flips) >= abs(np.dot(ranks, np.sign(kept))) - 1e-9))

for n in (5, 10, 30):
    values = rng.lognormal(size=n)
    replicates = rng.choice(values, (999, n)).mean(axis=1)
    jackknife = np.array([np.delete(values, i).mean() for i in range(n)])
    for level in (0.95, 0.99):
        # bias-corrected and accelerated, Efron 1987, from the definition
        estimate = values.mean()
        z0 = stats.norm.ppf((np.sum(replicates < estimate) + 0.5 * np.sum(replicates == estimate)) / len(replicates))
        d = jackknife.mean() - jackknife
        a = np.sum(d**3) / (6 * np.sum(d**2) ** 1.5)
        z = stats.norm.ppf([(1 - level) / 2, (1 + level) / 2])
        ends = np.quantile(replicates, stats.norm.cdf(z0 + (z0 + z) / (1 - a * (z0 + z))))
        line("bca", (replicates, [estimate], jackknife, [level]), ends)

for n in (4, 7, 10, 21, 40):
    values = rng.normal(size=n)
    line("iqm", (values,), stats.trim_mean(values, 0.25))
for n, m in ((3, 3), (5, 8), (10, 10)):
    x, y = rng.integers(0, 6, n).astype(float), rng.integers(0, 6, m).astype(float)
    line("improvement", (x, y), stats.mannwhitneyu(x, y).statistic / (n * m))

for n, m in ((3, 3), (5, 8), (10, 10), (7, 30)):
    x, y = rng.normal(0.3, 1, n), rng.normal(0, 1, m)
    # quantile functions are constant between the multiples of 1 / lcm: evaluated at the middle of each piece
    pieces = np.lcm(n, m)
    t = (np.arange(pieces) + 0.5) / pieces
    f, g = np.sort(x)[(t * n).astype(int)], np.sort(y)[(t * m).astype(int)]
    line("violation", (x, y), np.sum(np.where(f < g, (f - g) ** 2, 0)) / np.sum((f - g) ** 2))

for n, shift, rope in ((5, 0.5, 0.1), (10, 0.2, 0.3), (30, -0.4, 0.1), (10, 0, 2)):
    d = rng.normal(shift, 1, n)
    z = np.concatenate([[0], d])
    w = rng.dirichlet(np.concatenate([[0.5], np.ones(n)]), 100_000)
    pairwise = z[:, None] + z[None, :]
    left = np.einsum("ki,ij,kj->k", w, (pairwise < -2 * rope).astype(float), w)
    right = np.einsum("ki,ij,kj->k", w, (pairwise > 2 * rope).astype(float), w)
    inside = 1 - left - right
    best = np.argmax(np.stack([left, inside, right]), axis=0)
    line("bayesian", (d, [rope]), [np.mean(best == k) for k in range(3)])

for k in (2, 3, 5, 10, 20):
    for q in (0.1, 1, 2.5, 3.5, 5, 8):
        line("range", ([q], [k]), stats.studentized_range.cdf(q, k, np.inf))
for n in (4, 6, 9):
    blocks = rng.normal(size=(n, 4))
    chi = stats.friedmanchisquare(*blocks.T).statistic
    f = (n - 1) * chi / (n * 3 - chi)
    line("iman-davenport", list(blocks), (f, stats.f.sf(f, 3, 3 * (n - 1))))
for m in (2, 4, 9, 30):
    line("hedges", ([m],), np.exp(scipy.special.gammaln(m / 2) - scipy.special.gammaln((m - 1) / 2)) / np.sqrt(m / 2))
