"""Statuses of results, and the flags from which their reasons are read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = [
    "ACCURACY",
    "AT_REST",
    "BELOW_THRESHOLD",
    "CHANNEL_ALONE",
    "CHANNEL_ROUGH",
    "COLD_MEDIATOR",
    "CONTACT",
    "COUPLED",
    "CUTOFF",
    "EFFECTIVE",
    "EMPTY_CUT",
    "FEW_EVENTS",
    "LONGITUDINAL",
    "MIXED_OUT",
    "MIXING",
    "NEVER_THERMAL",
    "NOT_CONVERGED",
    "NO_CHANNEL",
    "NO_DATA",
    "NO_DECAY",
    "NO_SOLUTION",
    "OK",
    "OUT_OF_VALIDITY",
    "OVERFLOW",
    "OWN_TEMPERATURE",
    "POLE",
    "REHEATING",
    "RELATIVISTIC",
    "RESOLVED",
    "SCALARS_ONLY",
    "SIMP_CLOSED",
    "SLOW_MEDIATOR",
    "SOMMERFELD",
    "STATUS_NAMES",
    "STRONG",
    "THERMALISES",
    "THREE_PHOTONS",
    "UNFINISHED",
    "UNITARITY",
    "UNMIXED",
    "VELOCITY",
    "Flag",
    "explain",
    "flag_mask",
]

OK, NOT_CONVERGED, OUT_OF_VALIDITY, NO_SOLUTION, NO_DATA = range(5)
STATUS_NAMES = ("ok", "not-converged", "out-of-validity", "no-solution", "no-data")


@dataclass(frozen=True)
class Flag:
    """One way in which a result may not be trustworthy, as a bit in an integer array.

    `blank` says that no value is shown at all.
    """

    bit: int
    status: int
    sentence: str
    blank: bool = False


FLAGS = {
    flag.bit: flag
    for flag in (
        Flag(
            1,
            OUT_OF_VALIDITY,
            "the mediator's mass lies between the forbidden roots around m_Z, where no mixing "
            "exists.",
            blank=True,
        ),
        Flag(
            2,
            NOT_CONVERGED,
            "the integration does not promise a relative error below 1 per cent here.",
            blank=True,
        ),
        Flag(
            4,
            OUT_OF_VALIDITY,
            "the dark matter never reaches equilibrium with the bath: freeze-out does not apply.",
            blank=True,
        ),
        Flag(
            8,
            OUT_OF_VALIDITY,
            "freeze-out happens at x < 3, where Maxwell-Boltzmann statistics is poor.",
        ),
        Flag(
            16,
            OUT_OF_VALIDITY,
            "annihilation into V V matters, but V decays more slowly than the expansion at "
            "freeze-out, so it need not share the temperature of the bath.",
        ),
        Flag(
            32,
            OUT_OF_VALIDITY,
            "perturbative unitarity is violated by longitudinal V without a dark Higgs boson "
            "(arXiv:1510.02110).",
        ),
        Flag(
            64,
            OUT_OF_VALIDITY,
            "the cross section vanishes with velocity: a reference value at rest has no meaning.",
            blank=True,
        ),
        Flag(128, OUT_OF_VALIDITY, "s is below the threshold of the process.", blank=True),
        Flag(
            256,
            OUT_OF_VALIDITY,
            "the dark coupling is not perturbative: the lowest order is an estimate.",
        ),
        Flag(
            512,
            OUT_OF_VALIDITY,
            "below 2 m_e V decays to three photons, a width that is not computed, so its lifetime "
            "and branching ratios are unknown.",
            blank=True,
        ),
        Flag(
            1024,
            OUT_OF_VALIDITY,
            "alpha_d m_dm > m_v and annihilation into V V matters: Sommerfeld enhancement and "
            "bound states change the rate by more than a few per cent.",
        ),
        Flag(
            2048,
            OUT_OF_VALIDITY,
            "the dark matter reaches a tenth of its equilibrium abundance, so that freeze-in does "
            "not apply: use mechanism=auto.",
        ),
        Flag(
            4096,
            OUT_OF_VALIDITY,
            "the reheating temperature lies above the cutoff Lambda of the mixing operator, or "
            "Lambda above the Planck mass: the effective theory does not apply.",
        ),
        Flag(
            8192,
            OUT_OF_VALIDITY,
            "dark annihilation matters at energies where longitudinal vectors without a dark Higgs "
            "boson violate unitarity.",
        ),
        Flag(
            16384,
            OUT_OF_VALIDITY,
            "the dark sector thermalises by itself, at a temperature other than that of the bath: "
            "use temperature=dark.",
        ),
        Flag(
            32768,
            OUT_OF_VALIDITY,
            "3 -> 2 annihilation matters where its amplitude at rest is a poor guide (T >~ m_x, or "
            "the ratio within the thermal spread of 2).",
        ),
        Flag(
            65536,
            NO_SOLUTION,
            "no reaction of the chosen channels is open at this point.",
            blank=True,
        ),
        Flag(
            131072,
            OUT_OF_VALIDITY,
            "freeze-out takes Z_D as a part of the bath, but it decays more slowly than the "
            "expansion when the dark matter freezes out: use mechanism=auto with t_rh.",
        ),
        Flag(
            262144,
            OUT_OF_VALIDITY,
            "3 -> 2 annihilation is closed: it needs a ratio below 2, and above 2/3 for three Z_D.",
            blank=True,
        ),
        Flag(
            524288,
            OUT_OF_VALIDITY,
            "the abundance is still changing when the integration ends at a temperature of 1 eV or "
            "x = 1e10: Z_D lives too long.",
        ),
        Flag(
            1048576,
            OUT_OF_VALIDITY,
            "a channel alone is closed or never keeps the dark matter in equilibrium: it has no "
            "value of its own.",
        ),
        Flag(
            8388608,
            OUT_OF_VALIDITY,
            "the reheating temperature v_x lies outside 5 MeV to 1e16 GeV.",
            blank=True,
        ),
        Flag(
            16777216,
            OUT_OF_VALIDITY,
            "elastic scattering on electrons and muons keeps the dark matter at the temperature of "
            "the bath when it freezes out (x = 25): use temperature=bath.",
        ),
        Flag(
            4194304,
            NOT_CONVERGED,
            "the integration of a channel alone does not promise a relative error below 1 per "
            "cent: it is left out.",
        ),
        Flag(
            2097152,
            OUT_OF_VALIDITY,
            "the velocity exceeds m_zd/m_x: the range of the force is no longer short, and the "
            "cross section at rest does not apply.",
        ),
        Flag(
            33554432,
            OUT_OF_VALIDITY,
            "V has no decay at tree level here; what is left (three photons, induced mixing) is "
            "not computed, so its lifetime and branching ratios are unknown.",
            blank=True,
        ),
        Flag(
            67108864,
            OUT_OF_VALIDITY,
            "the energy of the process exceeds the scale Lambda of the dipole: the effective "
            "operator is outside its domain.",
        ),
        Flag(
            134217728,
            OUT_OF_VALIDITY,
            "the energy of the process exceeds a tenth of Lambda/alpha_d, about the mass of the "
            "particles in the loops that make the dipole: Lambda is no constant there.",
        ),
        Flag(
            268435456,
            OUT_OF_VALIDITY,
            "the ratio is to kinetic mixing, and epsilon is 0.",
            blank=True,
        ),
        Flag(
            536870912,
            OUT_OF_VALIDITY,
            "the acceptance is empty: its lower edge is not below its upper one.",
            blank=True,
        ),
        Flag(
            1073741824,
            NO_SOLUTION,
            "epsilon alone gives the rate of epsilon_max or more: no dipole makes up the rest.",
            blank=True,
        ),
        Flag(
            2147483648,
            OUT_OF_VALIDITY,
            "annihilation with one V off shell is computed for complex-scalar dark matter alone.",
            blank=True,
        ),
        Flag(
            4294967296,
            NOT_CONVERGED,
            "2 m_dm is m_v to within 1e-7: the resonance sits at the threshold, where the rate "
            "changes within less than floating point numbers resolve.",
        ),
        Flag(
            8589934592,
            OUT_OF_VALIDITY,
            "fewer than 10 events: the distribution of the likelihood ratio is not yet a Gaussian, "
            "and the number is a rough guide.",
        ),
        Flag(
            17179869184,
            OUT_OF_VALIDITY,
            "the value is beyond what a floating point number holds.",
            blank=True,
        ),
    )
}
MIXING, ACCURACY, NEVER_THERMAL, RELATIVISTIC, COLD_MEDIATOR = 1, 2, 4, 8, 16
UNITARITY, VELOCITY, BELOW_THRESHOLD = 32, 64, 128
STRONG, THREE_PHOTONS, SOMMERFELD = 256, 512, 1024
THERMALISES, CUTOFF, LONGITUDINAL, OWN_TEMPERATURE = 2048, 4096, 8192, 16384
AT_REST, NO_CHANNEL, SLOW_MEDIATOR, SIMP_CLOSED = 32768, 65536, 131072, 262144
UNFINISHED, CHANNEL_ALONE, CONTACT, CHANNEL_ROUGH = 524288, 1048576, 2097152, 4194304
REHEATING, COUPLED, NO_DECAY = 8388608, 16777216, 33554432
EFFECTIVE, RESOLVED, UNMIXED = 67108864, 134217728, 268435456
EMPTY_CUT, MIXED_OUT = 536870912, 1073741824
SCALARS_ONLY, POLE, FEW_EVENTS = 2147483648, 4294967296, 8589934592
OVERFLOW = 17179869184
_ORDER = (NOT_CONVERGED, OUT_OF_VALIDITY, NO_SOLUTION, NO_DATA)


def flag_mask(flags: np.ndarray) -> np.ndarray:
    """True where some flag asks for no value."""
    bits = sum(flag.bit for flag in FLAGS.values() if flag.blank)
    return (flags & bits) != 0


def explain(flags: np.ndarray) -> tuple[np.ndarray, dict[int, tuple[str, ...]]]:
    """Status codes of the same shape as `flags`, and the sentences behind each code."""
    status = np.zeros(flags.shape, dtype=np.int64)
    reasons: dict[int, tuple[str, ...]] = {}
    for code in reversed(_ORDER):
        bits = [flag for flag in FLAGS.values() if flag.status == code]
        mask = np.zeros(flags.shape, dtype=bool)
        for flag in bits:
            raised = (flags & flag.bit) != 0
            if raised.any():
                reasons[code] = (*reasons.get(code, ()), flag.sentence)
            mask |= raised
        status = np.where(mask, code, status)
    return status, reasons
