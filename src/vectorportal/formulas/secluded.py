"""Dark matter annihilating into a pair of dark vectors: sigma(DM antiDM -> V V) at tree level.

The squared amplitude is integrated over the angle in closed form. With s = 4 m^2 (1 + eta)^2,

    mu = 4 m^2/s,  nu = 4 M^2/s,  b = 1 - mu = beta_DM^2,  B = 1 - nu = beta_V^2,
    A = 2 - nu,  w = 2 sqrt(b B)/A,  D = A^2 (1 - w^2) = 4 mu B + nu^2,  L = atanh(w)/w,

every channel has the form sigma beta_DM = (2 pi alpha_D^2/s) beta_V R, where (checked against
explicit spinor and polarisation sums)

    complex scalar  R = 2 + (4 mu - nu)^2/(2 D) - Y L/(2 A^2),
                    Y = 32 mu - 16 nu - 16 mu^2 + 8 mu nu - nu^2
    Dirac, vector   R = -1 - (nu + 2 mu)^2/D + N L/A^2,
                    N = 8 + 8 mu + 2 nu^2 - 4 nu mu - 4 mu^2
    Majorana, axial R = -1 - 8 mu/nu + 8 mu/nu^2 - (nu - 4 mu)^2/D + N L/(A nu)^2,
                    N = 2 nu^4 + 8 nu^2 - 8 nu^3 mu - 24 nu^2 mu + 32 nu mu (1 + mu) - 32 mu^2.

These cancel badly near the thresholds, so the code uses the same expressions rearranged: the value
at w = 0 is a sum of positive terms and the rest is proportional to b B.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from vectorportal.errors import ParameterError, nearest_name
from vectorportal.numerics.arrays import namespace

__all__ = [
    "beta_sigma_v_v",
    "beta_sigma_vv_complex_scalar",
    "beta_sigma_vv_dirac",
    "beta_sigma_vv_majorana",
    "log_tail",
    "majorana_unitarity_limits",
    "sigma_v_v",
    "sigma_vv_complex_scalar",
    "sigma_vv_dirac",
    "sigma_vv_majorana",
]

_SERIES_BELOW, _SERIES_TERMS = 0.04, 12


class _Kinematics(NamedTuple):
    """The dimensionless variables of the module docstring, harmless where the channel is closed."""

    is_open: Any
    inverse_s: Any
    b: Any
    big_b: Any
    mu: Any
    nu: Any
    a2: Any
    tail: Any
    pole: Any


def log_tail(xp: Any, w2: Any, one_minus_w2: Any) -> Any:
    """(atanh(w)/w - 1)/w^2 = 1/3 + w^2/5 + ..., from w^2 and an accurate 1 - w^2."""
    small = w2 < _SERIES_BELOW
    series_w2 = xp.where(small, w2, 0.0)
    series = 0.0 * w2
    for k in range(_SERIES_TERMS, -1, -1):
        series = series * series_w2 + 1.0 / (2 * k + 3)
    safe_w2 = xp.where(small, 0.5, w2)
    w = xp.sqrt(safe_w2)
    atanh = xp.log1p(w) - 0.5 * xp.log(xp.where(small, 0.5, one_minus_w2))
    return xp.where(small, series, (atanh / w - 1.0) / safe_w2)


def _kinematics(xp: Any, eta: Any, m_dm: Any, m_v: Any, eta_v: Any | None) -> _Kinematics:
    excess = (m_dm - m_v) + m_dm * eta if eta_v is None else m_v * eta_v
    is_open = ~((eta < 0.0) | (excess <= 0.0))  # a NaN stays a NaN
    ratio = m_v / m_dm
    e = xp.where(is_open, eta, 1.0)
    r = xp.where(is_open, ratio, 1.0)
    gap = xp.where(is_open, excess / m_dm, 1.0)  # (sqrt(s) - 2 M)/(2 m)
    mu = 1.0 / (1.0 + e) ** 2
    nu = r**2 * mu
    b = e * (2.0 + e) * mu
    big_b = gap * (gap + 2.0 * r) * mu
    a2 = (1.0 + big_b) ** 2
    d = 4.0 * mu * big_b + nu**2
    w2 = 4.0 * b * big_b / a2
    tail = log_tail(xp, w2, d / a2)
    return _Kinematics(is_open, 0.25 * mu / m_dm**2, b, big_b, mu, nu, a2, tail, a2 / d)


def _reduced_complex_scalar(k: _Kinematics) -> Any:
    """R A^2 for a complex scalar."""
    y = 16.0 * (k.mu * (1.0 + k.b) - k.nu) + k.nu * (8.0 * k.mu - k.nu)
    at_zero = 8.0 * k.b**2 + 2.0 * (2.0 * k.mu - k.nu) ** 2 + k.nu**2
    rest = (4.0 * k.mu - k.nu) ** 2 * k.pole - y * k.tail
    return at_zero + 2.0 * k.b * k.big_b / k.a2 * rest


def _reduced_dirac(k: _Kinematics) -> Any:
    """R A^2 for a Dirac fermion with a vector coupling."""
    n = 8.0 + 8.0 * k.mu + 2.0 * k.nu**2 - 4.0 * k.mu * (k.nu + k.mu)
    at_zero = 4.0 * k.big_b + 8.0 * k.b * (k.mu + k.nu)
    rest = n * k.tail - (k.nu + 2.0 * k.mu) ** 2 * k.pole
    return at_zero + 4.0 * k.b * k.big_b / k.a2 * rest


def _reduced_majorana(k: _Kinematics) -> Any:
    """R A^2 for a Majorana fermion with an axial coupling; grows like 1/nu^2 in the p wave."""
    b, big_b, mu, nu = k.b, k.big_b, k.mu, k.nu
    n = nu**2 * (2.0 * nu**2 + 8.0 - 8.0 * nu * mu - 24.0 * mu)
    n = n + 32.0 * mu * (nu * (1.0 + mu) - mu)
    at_zero = 16.0 * mu * b * (2.0 * big_b + nu**2) + 4.0 * nu**2 * (big_b + 2.0 * nu * b)
    rest = n * k.tail - (nu * (nu - 4.0 * mu)) ** 2 * k.pole
    return (at_zero + 4.0 * b * big_b / k.a2 * rest) / nu**2


_Reduced = Callable[[_Kinematics], Any]


def _beta_sigma(
    reduced: _Reduced, eta: Any, m_dm: Any, m_v: Any, alpha_d: Any, eta_v: Any | None
) -> tuple[Any, Any]:
    """sigma beta_DM, and beta_DM^2 (harmless where the channel is closed)."""
    xp = namespace(eta, m_dm, m_v, alpha_d, eta_v)
    eta, m_dm, m_v, alpha_d = (xp.asarray(a, dtype=xp.float64) for a in (eta, m_dm, m_v, alpha_d))
    if eta_v is not None:
        eta_v = xp.asarray(eta_v, dtype=xp.float64)
    k = _kinematics(xp, eta, m_dm, m_v, eta_v)
    value = 2.0 * np.pi * alpha_d**2 * k.inverse_s * xp.sqrt(k.big_b) * reduced(k) / k.a2
    return xp.where(k.is_open, value, 0.0), k.b


def _sigma(reduced: _Reduced, eta: Any, m_dm: Any, m_v: Any, alpha_d: Any, eta_v: Any) -> Any:
    """sigma, with the honest infinity of 1/beta_DM exactly at an open threshold."""
    beta_sigma, b = _beta_sigma(reduced, eta, m_dm, m_v, alpha_d, eta_v)
    xp = namespace(beta_sigma)
    moving = ~(b <= 0.0)
    sigma = beta_sigma / xp.sqrt(xp.where(moving, b, 1.0))
    return xp.where(moving | (beta_sigma == 0.0), sigma, np.inf)


def beta_sigma_vv_complex_scalar(
    eta: Any, m_dm: Any, m_v: Any, alpha_d: Any, eta_v: Any | None = None
) -> Any:
    """beta_DM sigma(phi phi* -> V V) [GeV^-2] for a complex scalar with g = sqrt(4 pi alpha_D).

    Arguments as in `beta_sigma_v_v`. At rest, with r = m_v/m_dm, sigma v = 2 pi alpha_D^2/m_dm^2
    sqrt(1 - r^2) (1 - r^2 + 3 r^4/8)/(1 - r^2/2)^2; for s >> m_dm^2 >> m_v^2, s sigma tends to
    4 pi alpha_D^2.
    """
    return _beta_sigma(_reduced_complex_scalar, eta, m_dm, m_v, alpha_d, eta_v)[0]


def beta_sigma_vv_dirac(
    eta: Any, m_dm: Any, m_v: Any, alpha_d: Any, eta_v: Any | None = None
) -> Any:
    """beta_DM sigma(chi chibar -> V V) [GeV^-2] for a Dirac fermion with a vector coupling.

    Arguments as in `beta_sigma_v_v`. At rest, with r = m_v/m_dm, sigma v = pi alpha_D^2/m_dm^2
    (1 - r^2)^(3/2)/(1 - r^2/2)^2; for m_v = 0 this is e+e- -> 2 gamma.
    """
    return _beta_sigma(_reduced_dirac, eta, m_dm, m_v, alpha_d, eta_v)[0]


def beta_sigma_vv_majorana(
    eta: Any, m_dm: Any, m_v: Any, alpha_d: Any, eta_v: Any | None = None
) -> Any:
    """beta_DM sigma(chi chi -> V V) [GeV^-2] for L = (g/2) chibar gamma^mu gamma5 chi V_mu.

    Arguments as in `beta_sigma_v_v`, m_v > 0. At rest the result is the Dirac one. The longitudinal
    p wave grows like (m_dm/m_v)^4 and s sigma like m_dm^2 s/m_v^4: without a dark Higgs this is
    meaningful only inside `majorana_unitarity_limits`.
    """
    return _beta_sigma(_reduced_majorana, eta, m_dm, m_v, alpha_d, eta_v)[0]


def sigma_vv_complex_scalar(
    eta: Any, m_dm: Any, m_v: Any, alpha_d: Any, eta_v: Any | None = None
) -> Any:
    """sigma(phi phi* -> V V) [GeV^-2]; see `beta_sigma_vv_complex_scalar`."""
    return _sigma(_reduced_complex_scalar, eta, m_dm, m_v, alpha_d, eta_v)


def sigma_vv_dirac(eta: Any, m_dm: Any, m_v: Any, alpha_d: Any, eta_v: Any | None = None) -> Any:
    """sigma(chi chibar -> V V) [GeV^-2]; see `beta_sigma_vv_dirac`."""
    return _sigma(_reduced_dirac, eta, m_dm, m_v, alpha_d, eta_v)


def sigma_vv_majorana(eta: Any, m_dm: Any, m_v: Any, alpha_d: Any, eta_v: Any | None = None) -> Any:
    """sigma(chi chi -> V V) [GeV^-2]; see `beta_sigma_vv_majorana`."""
    return _sigma(_reduced_majorana, eta, m_dm, m_v, alpha_d, eta_v)


_REDUCED: dict[str, _Reduced] = {
    "complex-scalar": _reduced_complex_scalar,
    "dirac": _reduced_dirac,
    "majorana": _reduced_majorana,
}


def _reduced(dm: str) -> _Reduced:
    if dm not in _REDUCED:
        raise ParameterError(
            "dm", dm, allowed="one of " + ", ".join(_REDUCED), nearest=nearest_name(dm, _REDUCED)
        )
    return _REDUCED[dm]


def beta_sigma_v_v(
    dm: str, eta: Any, m_dm: Any, m_v: Any, alpha_d: Any, eta_v: Any | None = None
) -> Any:
    """beta_DM sigma(DM antiDM -> V V) [GeV^-2], finite at rest: the function to integrate.

    Exact tree level (see the module docstring), spin averaged, with the 1/2 of identical vectors;
    sigma v = 2 beta_DM sigma in the centre of mass. Accurate to about 1e-13 at all energies.

    Parameters
    ----------
    dm : "complex-scalar", "dirac" or "majorana".
    eta : sqrt(s)/(2 m_dm) - 1, dimensionless, so that s - 4 m_dm^2 = 4 m_dm^2 eta (2 + eta).
    m_dm, m_v : masses [GeV], m_dm > 0, m_v >= 0. alpha_d : g^2/(4 pi). All broadcast.
    eta_v : sqrt(s)/(2 m_v) - 1, optional (m_v > 0). Without it s - 4 m_v^2 comes from
        `eta`, which loses digits very close to the threshold of a forbidden channel.

    Returns the broadcast array; zero below either threshold (eta < 0, or sqrt(s) <= 2 m_v). Raises
    ParameterError for an unknown `dm`.
    """
    return _beta_sigma(_reduced(dm), eta, m_dm, m_v, alpha_d, eta_v)[0]


def sigma_v_v(
    dm: str, eta: Any, m_dm: Any, m_v: Any, alpha_d: Any, eta_v: Any | None = None
) -> Any:
    """sigma(DM antiDM -> V V) [GeV^-2] = `beta_sigma_v_v`/beta_DM; same arguments and errors.

    It diverges as 1/beta_DM at rest where m_v < m_dm; at eta = 0 exactly it is infinite there.
    """
    return _sigma(_reduced(dm), eta, m_dm, m_v, alpha_d, eta_v)


def majorana_unitarity_limits(m_dm: Any, m_v: Any, alpha_d: Any) -> tuple[Any, Any]:
    """Largest m_dm and largest sqrt(s) [GeV] with perturbative unitarity and no dark Higgs.

    m_dm < sqrt(pi/2) m_v/g and sqrt(s) < pi m_v^2/(g^2 m_dm), g = sqrt(4 pi alpha_d), for an axial
    coupling: Kahlhoefer, Schmidt-Hoberg, Schwetz and Vogl, arXiv:1510.02110 (the second is
    stricter by 2 sqrt 2 than |a_0| < 1/2 with |M(++ -> LL)| = 4 g^2 m_dm sqrt(s)/m_v^2). A caller
    flags points outside; the cross sections are not modified. Arguments broadcast, all positive.
    """
    xp = namespace(m_dm, m_v, alpha_d)
    m_dm, m_v, alpha_d = (xp.asarray(a, dtype=xp.float64) for a in (m_dm, m_v, alpha_d))
    heaviest = m_v / xp.sqrt(8.0 * alpha_d) + 0.0 * m_dm
    return heaviest, m_v**2 / (4.0 * alpha_d * m_dm)
