"""Two-body processes of SU(2)_X vector dark matter: appendices A, B of [Foguel:2025], corrected.

X+X- couple to a neutral vector V through x_V J + y_V j (times g_X): J is the Yang-Mills current
of (9), j the dipole-like current of (10). Summed over the spins of the pair their squares are

    T_JJ = 12 m^4 + 20 m^2 s + s^2,   T_Jj = s (10 m^2 + s),   T_jj = s (4 m^2 + s),   m = m_X.

The s^2 terms cancel in every amplitude (x and y sum to zero far above the masses), so the code sums
(x + y)^2 s^2 + m^2 s (20 x (x + y) + 4 y^2) + 12 m^4 x^2. `prescription="as-printed"` selects
what the paper prints (see formulas/nonabelian_printed.py for what is wrong with it). Masses and
widths in GeV, s in GeV^2, cross sections in GeV^-2, averaged over the 9 spin states of the pair;
arguments broadcast.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import pi
from typing import Any, NamedTuple

from vectorportal.formulas import nonabelian_printed as printed
from vectorportal.formulas.nonabelian_dark import (
    atanh_ratio,
    beta_sigma_dark,
    dark_threshold,
    sigma_dark,
)
from vectorportal.formulas.nonabelian_printed import is_printed
from vectorportal.formulas.spectral import fermion_pair, velocity
from vectorportal.formulas.vector_pair import contract
from vectorportal.numerics.arrays import namespace

__all__ = [
    "FermionLine",
    "beta_sigma_dark",
    "cutoff_scale",
    "dark_threshold",
    "decay_to_pair",
    "m_zd_minimal",
    "pair_contraction",
    "pair_tensors",
    "sigma_broken_photon_like",
    "sigma_dark",
    "sigma_fermion",
    "sigma_top",
    "sigma_unbroken",
    "vev_x",
]


class FermionLine(NamedTuple):
    """What (B16) asks of a fermion: e Q, the Z couplings (B10), mass [GeV] and colours."""

    q_em: Any
    z_left: Any
    z_right: Any
    mass: Any = 0.0
    colours: float = 1.0


def pair_tensors(s: Any, m_x: Any, prescription: str = "verified") -> tuple[Any, Any, Any]:
    """(T_JJ, T_Jj, T_jj) of the module's text [GeV^4]; as-printed: T_Jj with the other sign."""
    m2 = m_x**2
    cross = s * (10.0 * m2 + s)
    if is_printed(prescription):
        cross = -cross
    return 12.0 * m2**2 + 20.0 * m2 * s + s**2, cross, s * (4.0 * m2 + s)


def pair_contraction(s: Any, m_x: Any, first: tuple, second: tuple | None = None) -> Any:
    """sum_ab T_ab u_a v_b [GeV^4 times u v] of u = (u_J, u_j) and v (default u), real arrays.

    Arranged in u_J + u_j, so that the cancellation of the growing terms costs no digits.
    """
    (a, c), (b, d) = first, first if second is None else second
    sum1, sum2 = a + c, b + d
    return m_x**4 * contract(s, m_x, a * b, 0.5 * (a * sum2 + b * sum1), sum1 * sum2)


def decay_to_pair(mass: Any, m_x: Any, x: Any, y: Any, g_x: Any) -> Any:
    """Gamma(V -> X+ X-) [GeV] of a vector of this mass (Z_D or Z) that couples to x J + y j.

    g_X^2 beta^3 m_V sum_ab T_ab(m_V^2) / (192 pi m_X^4), zero below 2 m_X; derived from T_ab.
    x = 1, y = 0 is Z' -> W+ W- with the Yang-Mills vertex.
    """
    xp = namespace(mass, m_x, x, y, g_x)
    s = xp.asarray(mass, dtype=xp.float64) ** 2
    beta = velocity(s, m_x)
    return g_x**2 * beta**3 * mass * pair_contraction(s, m_x, (x, y)) / (192.0 * pi * m_x**4)


def _photon_like_bracket(s: Any, m2: Any, z2: Any, prescription: str) -> Any:
    """|s (J term) - (s - m_ZD^2) (j term)|^2/s [GeV^6]: 12 m^4 s + 4 m^2 (...) + s m_ZD^4."""
    if is_printed(prescription):
        return printed.photon_like_bracket(s, m2, z2)
    return 12.0 * m2**2 * s + 4.0 * m2 * (z2**2 + 3.0 * z2 * s + s**2) + s * z2**2


def sigma_unbroken(
    s: Any,
    m_x: Any,
    m_zd: Any,
    g_x: Any,
    width_ff: Any,
    width_zd: Any,
    prescription: str = "verified",
) -> Any:
    """sigma(X+X- -> f fbar) above the electroweak transition; (B13), corrected, for any m_ZD.

    g_X^2 beta Gamma_ff(s) K / (36 m_X^4 s^(1/2) [(s - m_ZD^2)^2 + m_ZD^2 Gamma_ZD^2]),
    K = 12 m_X^4 s + 4 m_X^2 (m_ZD^4 + 3 m_ZD^2 s + s^2) + s m_ZD^4, which at m_ZD = m_X is
    m_X^2 (4 m_X^4 + 25 m_X^2 s + 4 s^2). `width_ff` is (B8) at alpha = 0 and mass s^(1/2), summed
    over what f stands for; `width_zd` the total width. Leading order in epsilon; m_ZD Gamma_ZD is
    dropped where the mediator interferes with the photon-like term, as in the paper.
    """
    m2, z2 = m_x**2, m_zd**2
    pole = (s - z2) ** 2 + z2 * width_zd**2
    top = _photon_like_bracket(s, m2, z2, prescription) * velocity(s, m_x) * width_ff
    return g_x**2 * top / (36.0 * m2**2 * s**0.5 * pole)


def sigma_broken_photon_like(
    s: Any,
    m_x: Any,
    m_zd: Any,
    g_x: Any,
    epsilon: Any,
    sin_alpha: Any,
    fermion: FermionLine,
    sw2: Any,
    m_z: Any,
    gamma_z: Any,
    gamma_zd: Any,
    prescription: str = "verified",
) -> Any:
    """sigma(X+X- -> f fbar) below the transition for m_ZD << m_Z; (B14)-(B16), corrected.

    beta g_X^2/(36 s^(1/2) c_w^2 m_X^4) [F_Z/BW_Z + F_V/BW_V + F_I/(BW_Z BW_V)]. Corrected: the
    minus sign in front of 2 s_alpha epsilon in F_Z, the bracket of F_V, and sign and bracket of
    F_I. Leading order in epsilon; `sigma_fermion` holds without this limit.
    """
    m2, z2, cw2 = m_x**2, m_zd**2, 1.0 - sw2
    mixed, dipole = sin_alpha * cw2**0.5, epsilon * sw2**0.5
    sign = 1.0 if is_printed(prescription) else -1.0
    z_part = s * pair_contraction(s, m_x, (mixed, sign * dipole))
    squares = fermion.z_left**2 + fermion.z_right**2
    product = fermion.z_left * fermion.z_right
    z_width = fermion_pair(s, fermion.mass, squares, product, fermion.colours)  # times s^(1/2)
    unit = 2.0 * fermion_pair(s, fermion.mass, 1.0, 0.5, fermion.colours)
    v_part = (epsilon * fermion.q_em) ** 2 * cw2 * _photon_like_bracket(s, m2, z2, prescription)
    if is_printed(prescription):
        bracket = printed.interference_bracket(s, m2, z2, mixed, dipole)
    else:
        rest = 6.0 * m2 * s + 4.0 * m2 * z2 + s * z2
        bracket = -(mixed - dipole) * rest
        bracket = bracket - mixed * (12.0 * m2**2 + 4.0 * m2 * s + 6.0 * m2 * z2)
    i_part = fermion.q_em * (fermion.z_left + fermion.z_right) * epsilon * cw2**0.5 * s * bracket
    bw_z = (s - m_z**2) ** 2 + (m_z * gamma_z) ** 2
    bw_v = (s - z2) ** 2 + z2 * gamma_zd**2
    cross = (s - z2) / bw_v * ((s - m_z**2) / bw_z)
    total = z_width * z_part / bw_z + unit * (v_part / bw_v + i_part * cross)
    return g_x**2 * velocity(s, m_x) * total / (36.0 * s * cw2 * m2**2)


def sigma_fermion(
    s: Any,
    m_x: Any,
    g_x: Any,
    m_f: Any,
    colours: float,
    amplitudes: Mapping[tuple[str, str], tuple[Any, Any]],
) -> Any:
    """sigma(X+X- -> f fbar) for any mixing, masses and widths.

    g_X^2 N_c beta_X beta_f/(864 pi m_X^4) sum_ab T_ab Re[(s - m_f^2)(G_L^a G_L^b* + G_R^a G_R^b*)
    + 6 m_f^2 G_L^a G_R^b*]. `amplitudes[a, chi]` is (real, imaginary) part [GeV^-2] of
    G_chi^a = sum_V c_V g_chi^V/(s - m_V^2 + i m_V Gamma_V), a = "J" (c = x_V) or "j" (c = y_V),
    chi = "L" or "R". Derived from T_ab; agrees with (B14)-(B16), corrected, for m_ZD << m_Z.
    """
    left = [(amplitudes["J", "L"][i], amplitudes["j", "L"][i]) for i in (0, 1)]
    right = [(amplitudes["J", "R"][i], amplitudes["j", "R"][i]) for i in (0, 1)]
    squares = sum(pair_contraction(s, m_x, u) for u in (*left, *right))
    product = sum(pair_contraction(s, m_x, u, v) for u, v in zip(left, right, strict=True))
    final = fermion_pair(s, m_f, squares, product, colours)
    return g_x**2 * velocity(s, m_x) * final / (36.0 * m_x**4)


def sigma_top(
    s: Any,
    m_top: Any,
    m_higgs: Any,
    epsilon: Any,
    g_prime: Any,
    cw2: Any,
    yukawa: Any,
    prescription: str = "verified",
) -> Any:
    """sigma(t tbar -> Z_D Phi) [GeV^-2] above the electroweak transition; (B21).

    With b = (1 - 4 m_t^2/s)^(1/2), (epsilon yukawa g'/c_w)^2 (1/36 + 4/9)/(16 pi s (s - m_H^2)^2
    (s - 4 m_t^2)) {-4 s b (m_H^2 - 4 m_t^2)(s - m_H^2) + 2 (s - m_H^2)[m_H^4 - 4 m_H^2 m_t^2
    + (s - 4 m_t^2)^2] ln[(1 + b)/(1 - b)]}. `yukawa` is the paper's m_t/v, thermal masses in GeV.
    Printed with (1 + b)/(b - 1), a negative number, inside the logarithm: its modulus is the
    corrected argument, so both prescriptions give the same. This is the paper's leading-log
    estimate, not the full amplitude: t and u channels with a massless Z_D, the squared
    hypercharges standing for a vector coupling, no s channel, spin averaged, one colour.
    Zero for s below 4 m_t^2 or m_H^2; at s -> m_H^2 > 4 m_t^2 it grows like 1/(s - m_H^2).
    """
    is_printed(prescription)
    xp = namespace(s, m_top, m_higgs, epsilon, g_prime, cw2, yukawa)
    s = xp.asarray(s, dtype=xp.float64)
    root, h2 = xp.sqrt(s), m_higgs**2
    excess, gap = (root - 2.0 * m_top) * (root + 2.0 * m_top), (root - m_higgs) * (root + m_higgs)
    is_open = ~((excess <= 0.0) | (gap <= 0.0))
    excess, gap = xp.where(is_open, excess, s), xp.where(is_open, gap, s)
    b2, delta = excess / s, (2.0 * m_top - m_higgs) * (2.0 * m_top + m_higgs)
    log = atanh_ratio(xp, b2, 4.0 * m_top**2 / s)
    # s delta + (excess^2 - m_H^2 delta) atanh(b)/b, with atanh(b)/b = 1 + (log - 1)
    bracket = gap**2 - gap * delta + delta**2 + (excess**2 - h2 * delta) * (log - 1.0)
    coupling = (epsilon * yukawa * g_prime) ** 2 / cw2 * (17.0 / 36.0)
    value = coupling * bracket / (4.0 * pi * s * gap * excess) * xp.sqrt(b2)
    return xp.where(is_open, value, 0.0)


def vev_x(m_x: Any, g_x: Any) -> Any:
    """v_X = 2 m_X/g_X [GeV], the vacuum value of the dark doublet; (5)."""
    return 2.0 * m_x / g_x


def cutoff_scale(v_x: Any, epsilon: Any, cw2: Any) -> Any:
    """Lambda = v_X (c_w/epsilon)^(1/2) [GeV], the scale of the mixing operator; (4)."""
    return v_x * (cw2**0.5 / abs(epsilon)) ** 0.5


def m_zd_minimal(m_x: Any, epsilon: Any, m_z: Any, sw2: Any) -> tuple[Any, Any, Any]:
    """(m_ZD [GeV], m_ZD^2/m_X^2 - 1, allowed) where X3 and X+- have one mass m_X; (A7) inverted.

    With the physical m_Z held, rho = m_X^2/m_Z^2, k2 = 1 - epsilon^2/c_w^2 and
    q = 1 - epsilon^2 - rho: m_ZD^2 = m_X^2 (k2 - rho)/(k2 q). It lies on the branch connected to
    small epsilon, outside the forbidden roots of (A4), where q^2 > (1 - epsilon^2) t_w^2 epsilon^2
    and k2 > 0 (`allowed`; elsewhere m_ZD = m_X as a placeholder). The second value is
    epsilon^2 (k2 - rho/c_w^2)/(k2 q): no digits are lost for small epsilon.
    """
    xp = namespace(m_x, epsilon, m_z, sw2)
    e2, cw2 = xp.asarray(epsilon, dtype=xp.float64) ** 2, 1.0 - sw2
    rho = (m_x / m_z) ** 2
    k2 = 1.0 - e2 / cw2
    q = (1.0 - m_x / m_z) * (1.0 + m_x / m_z) - e2
    allowed = (k2 > 0.0) & (q**2 > (1.0 - e2) * e2 * sw2 / cw2)
    delta = e2 * (k2 - rho / cw2) / xp.where(allowed, k2 * q, 1.0)
    delta = xp.where(allowed, delta, 0.0)
    return m_x * xp.sqrt(1.0 + delta), delta, allowed
