"""Keyed random numbers and quantile functions: from a key to a uniform to a draw.

A counter-based generator: the n-th number of a stream is a hash of (stream key, n), so no draw
depends on how many others were made before it (Salmon et al. 2011, "Parallel random numbers: as
easy as 1, 2, 3"). The mixing function is the finalizer of SplitMix64 (Steele, Lea & Flood 2014).
All quantile functions increase in u, so that common random numbers stay common when a mean moves.
"""

import math

MASK = 0xFFFFFFFFFFFFFFFF
GOLDEN_GAMMA = 0x9E3779B97F4A7C15


def mix(x: int) -> int:
    """Return a 64-bit hash of a 64-bit integer."""
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def combine(key: int, part: int) -> int:
    """Return the key of what ``part`` names within ``key``; both 64-bit integers."""
    return mix((key + GOLDEN_GAMMA * mix(part & MASK)) & MASK)


def uniform(stream: int, n: int) -> float:
    """Return the n-th uniform of a stream, strictly between 0 and 1."""
    bits = mix((stream + GOLDEN_GAMMA * n + GOLDEN_GAMMA) & MASK) >> 12
    return (bits + 0.5) / 4503599627370496.0


def _tail_quantile(r: float) -> float:
    """Return the normal quantile in the tails, r = sqrt(-ln(tail probability)); Wichura AS 241."""
    if r <= 5.0:
        r -= 1.6
        top = (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r
            + 2.41780725177450611770e-1) * r + 1.27045825245236838258e0) * r
            + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
            + 4.63033784615654529590e0) * r + 1.42343711074968357734e0)  # fmt: skip
        bottom = (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r
            + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1) * r
            + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
            + 2.05319162663775882187e0) * r + 1.0)  # fmt: skip
        return top / bottom
    r -= 5.0
    top = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
        + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2) * r
        + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
        + 5.46378491116411436990e0) * r + 6.65790464350110377720e0)  # fmt: skip
    bottom = (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r
        + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4) * r
        + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
        + 5.99832206555887937690e-1) * r + 1.0)  # fmt: skip
    return top / bottom


def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of u in (0, 1); Wichura (1988), algorithm AS 241.

    Written out, not taken from the standard library, so that a compiled twin of the model computes
    the very same bits.
    """
    q = u - 0.5
    if abs(q) > 0.425:
        tail = _tail_quantile(math.sqrt(-math.log(min(u, 1.0 - u))))
        return tail if q > 0.0 else -tail
    r = 0.180625 - q * q
    top = (((((((2.50908092873012267270e3 * r + 3.34305755835881281050e4) * r
        + 6.72657709270087008530e4) * r + 4.59219539315498714570e4) * r
        + 1.37316937655094611250e4) * r + 1.97159095030655144270e3) * r
        + 1.33141667891784377450e2) * r + 3.38713287279636660800e0)  # fmt: skip
    bottom = (((((((5.22649527885285456100e3 * r + 2.87290857357219426740e4) * r
        + 3.93078958000927106100e4) * r + 2.12137943015865958670e4) * r
        + 5.39419602142475110770e3) * r + 6.87187007492057908300e2) * r
        + 4.23133307016009112520e1) * r + 1.0)  # fmt: skip
    return q * top / bottom


def lognormal_quantile(u: float, median: float, spread: float) -> float:
    """Return the lognormal quantile of u; ``spread`` is the standard deviation of the logarithm."""
    return median * math.exp(spread * normal_quantile(u))


def exponential_quantile(u: float, rate: float) -> float:
    """Return the waiting time of a hazard ``rate`` > 0, in its unit of time."""
    return -math.log(1.0 - u) / rate


def negative_binomial_start(mean: float, dispersion: float) -> float:
    """Return P(K = 0) of a negative binomial with variance mean + mean² / dispersion."""
    return math.exp(-dispersion * math.log1p(mean / dispersion))


def negative_binomial_quantile(u: float, mean: float, dispersion: float) -> int:
    """Return the smallest k with P(K <= k) >= u; it ends at a hundred times the mean plus 1000."""
    if mean <= 0.0:
        return 0
    term = negative_binomial_start(mean, dispersion)
    ratio = mean / (mean + dispersion)
    total = term
    k = 0
    limit = int(100.0 * mean) + 1000
    while total < u and k < limit:
        term *= ratio * (k + dispersion) / (k + 1.0)
        total += term
        k += 1
    return k


def negative_binomial_log_probability(k: int, mean: float, dispersion: float) -> float:
    """Return ln P(K = k); mean and dispersion > 0."""
    return (
        math.lgamma(k + dispersion)
        - math.lgamma(dispersion)
        - math.lgamma(k + 1.0)
        - dispersion * math.log1p(mean / dispersion)
        + k * (math.log(mean) - math.log(mean + dispersion))
    )
