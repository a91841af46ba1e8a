"""How far two coders agree who coded the same sources, and what they have to settle."""

from allegata.agreeing.comparing import SAMPLES, SEED, agree
from allegata.agreeing.errors import AgreementError
from allegata.agreeing.model import Agreement
from allegata.agreeing.reckoning import krippendorff_alpha

__all__ = [
    "SAMPLES",
    "SEED",
    "Agreement",
    "AgreementError",
    "agree",
    "krippendorff_alpha",
]
