"""Dark matter made in a beam and scattering in a detector: limits on y.

y = epsilon^2 alpha_d (m_dm/m_v)^4 against the mass of the dark matter, published at one mass ratio
m_v/m_dm. The number of events goes as epsilon^2 (production) times epsilon^2 alpha_d (scattering)
as long as V decays to dark matter, so that mu = (y/limit)^2/alpha_d times the published alpha_d.
"""

from __future__ import annotations

import numpy as np

from vectorportal.bounds.arrays import Arrays
from vectorportal.bounds.computed import positive_number
from vectorportal.bounds.curve import interpolate
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.result import NO_DATA, NOT_APPLICABLE, BoundResult, make_result
from vectorportal.bounds.view import DarkMatterView
from vectorportal.errors import DataError

__all__ = ["evaluate_recoil"]

_TOLERANCE = 0.02
"""Relative difference of the mass ratio from the published one at which a curve still speaks"""


def evaluate_recoil(
    record: BoundRecord, p: Arrays, dark_matter: DarkMatterView, include_grade_d: bool
) -> BoundResult:
    """The BoundResult of a search for recoils of dark matter from a beam.

    Applies to vectors that mix, with the mass ratio of the record within 2%; the branching ratio to
    dark matter counts as it is. DataError for a record without mass_ratio and alpha_d.
    """
    if record.curve is None:
        raise DataError(f"{record.id}/record.yaml, field region: curve.csv is missing.")
    ratio, published = (positive_number(record, name) for name in ("mass_ratio", "alpha_d"))
    alpha = getattr(dark_matter, "alpha", None)
    m = np.broadcast_to(np.asarray(dark_matter.mass, dtype=np.float64), p.mass.shape)
    usable = np.abs(p.mass / (ratio * m) - 1.0) < _TOLERANCE
    if alpha is None or not p.mixing:
        usable = np.zeros(p.mass.shape, bool)
    coupling = np.broadcast_to(np.asarray(0.0 if alpha is None else alpha, float), p.mass.shape)
    limit, _ = interpolate(record.curve, m)
    limit = np.where(usable, limit, np.nan)
    share = np.where(p.total > 0.0, p.dark / np.where(p.total > 0.0, p.total, 1.0), 0.0)
    events = p.coupling**4 * coupling * share
    mu = events * published / (limit * ratio**4) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        edge = np.where(mu > 0.0, p.coupling / mu**0.25, np.nan)
    blank = np.where(usable, np.where(np.isnan(limit), NO_DATA, 0), NOT_APPLICABLE)
    nan = np.full(p.mass.shape, np.nan)
    why = "its curve ends there"
    if not usable.all():
        why = f"it is published for a dark photon of {ratio:g} times the mass of the dark matter"
    if p.dipoles:
        why = "dipoles change how dark matter scatters on electrons, which is not computed there"
    return make_result(record, p, mu, edge, nan, blank, why, include_grade_d=include_grade_d)
