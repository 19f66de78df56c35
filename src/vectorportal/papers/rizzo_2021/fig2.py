"""Figure 2 of [Rizzo:2021]: the loop function of the toy model, and the scales that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.rizzo_2021.common import (
    ALPHA_D,
    TEV,
    Claim,
    about,
    check_order,
    claimed,
    code_notes,
    references_of,
    values,
)

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["PRESCRIPTIONS", "QUOTED_FACTOR", "QUOTED_RANGE", "dataset", "draw", "references"]

PRESCRIPTIONS = ("verified", "as-printed")
QUOTED_FACTOR = 5.8
"""8 pi s_I^2 for s_I^2 = 0.23, below (4)"""
QUOTED_RANGE = (5.0, 1000.0)
"""Lambda_e in TeV for m_E = 1 TeV, below (5)"""
_OBSERVABLES = ("loop_g", "lambda_toy_model", "a_e_toy_model")
_DIMS = ("alpha_d", "y")


def dataset(
    *, prescription: str, m_f: float, s2: float, y_min: float, y_max: float, points: int
) -> xarray.Dataset:
    """Over y = (m_F/m_WI)^2, in both prescriptions, whichever is asked for.

    loop_g (formula, y). scale (alpha_d, y) : Lambda_e in TeV, and a_e (alpha_d, y) : the ordinary
    moment that the toy model makes with it, for a portal fermion of m_f, with G as asked for.
    """
    import xarray

    check_order("y_min", y_min, y_max)
    y = np.geomspace(y_min, y_max, max(points, 2))
    alpha_d = np.asarray(ALPHA_D)
    toy = {"m_f": m_f, "y": y, "s2": s2}
    at = {"alpha_d": alpha_d[:, None]}
    loops = [values("loop_g", {}, formula, y=y).value for formula in PRESCRIPTIONS]
    scale = values("lambda_toy_model", at, prescription, **toy)
    moment = values("a_e_toy_model", at, prescription, **toy)
    variables: dict[str, Any] = {
        "loop_g": (("formula", "y"), np.stack(loops), {"units": "1", "long_name": "G(y)"}),
        "scale": (_DIMS, scale.value / TEV, {"units": "TeV", "long_name": "Lambda_e"}),
        "a_e": (_DIMS, moment.value, {"units": "1", "long_name": "(g-2)_e/2 of the toy model"}),
        "status": (_DIMS, scale.status, code_notes(scale)),
    }
    coordinates = {
        "formula": ("formula", np.asarray(PRESCRIPTIONS)),
        "alpha_d": ("alpha_d", alpha_d, {"units": "1"}),
        "y": ("y", y, {"units": "1", "long_name": "(m_F/m_WI)^2"}),
    }
    notes = about("Loop function of the toy model", prescription, _OBSERVABLES, m_f=m_f, s2=s2)
    notes |= claimed([_factor(prescription)])
    return xarray.Dataset(variables, coords=coordinates, attrs=notes)


def _factor(prescription: str) -> Claim:
    """Lambda alpha_d G/m_F, which (4) says is 8 pi s_I^2."""
    at = {"m_f": TEV, "y": 1.0, "s2": 0.23}
    loop = values("loop_g", {}, prescription, y=1.0).value
    scale = values("lambda_toy_model", {"alpha_d": 1.0}, prescription, **at).value
    return Claim("8 pi s_I^2 at 0.23, below (4)", QUOTED_FACTOR, float(scale * loop) / TEV)


def references(**_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds."""
    return references_of(*_OBSERVABLES)


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.rizzo_2021.fig2_drawing import draw as make_picture

    return make_picture(data)
