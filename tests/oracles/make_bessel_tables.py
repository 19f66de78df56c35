"""Make the Chebyshev coefficients of numerics/bessel.py from mpmath's Bessel functions.

Run `python tests/oracles/make_bessel_tables.py`; it prints the tuples that bessel.py holds.
"""

from __future__ import annotations

from collections.abc import Callable

import mpmath as mp

mp.mp.dps = 40
SPLIT = 2


def chebyshev(function: Callable[[mp.mpf], mp.mpf], low: float, high: float, n: int) -> list[float]:
    """Chebyshev coefficients c_0..c_{n-1} of `function` on [low, high]."""
    nodes = [mp.cos(mp.pi * (k + mp.mpf(1) / 2) / n) for k in range(n)]
    values = [function((high - low) / 2 * t + (high + low) / 2) for t in nodes]
    out = []
    for j in range(n):
        terms = (v * mp.cos(j * mp.pi * (k + mp.mpf(1) / 2) / n) for k, v in enumerate(values))
        out.append((1 if j == 0 else 2) * mp.fsum(terms) / n)
    return [float(c) for c in out]


def large(order: int) -> Callable[[mp.mpf], mp.mpf]:
    """sqrt(x) e^x K_order(x) as a function of y = 2/x in (0, 1]."""

    def function(y: mp.mpf) -> mp.mpf:
        x = SPLIT / y
        return mp.sqrt(x) * mp.exp(x) * mp.besselk(order, x)

    return function


def small_k0(z: mp.mpf) -> mp.mpf:
    """K0(x) + log(x/2) I0(x) as a function of z = x^2."""
    x = mp.sqrt(z)
    return mp.besselk(0, x) + mp.log(x / 2) * mp.besseli(0, x)


def small_k1(z: mp.mpf) -> mp.mpf:
    """x K1(x) - x log(x/2) I1(x) as a function of z = x^2."""
    x = mp.sqrt(z)
    return x * mp.besselk(1, x) - x * mp.log(x / 2) * mp.besseli(1, x)


def main() -> None:
    tables = {
        "LARGE_K0": chebyshev(large(0), mp.mpf(10) ** -30, 1, 22),
        "LARGE_K1": chebyshev(large(1), mp.mpf(10) ** -30, 1, 22),
        "SMALL_K0": chebyshev(small_k0, mp.mpf(10) ** -30, 4, 13),
        "SMALL_K1": chebyshev(small_k1, mp.mpf(10) ** -30, 4, 13),
    }
    for name, coefficients in tables.items():
        print(f"_{name} = (")
        for c in coefficients:
            print(f"    {c!r},")
        print(")")


if __name__ == "__main__":
    main()
