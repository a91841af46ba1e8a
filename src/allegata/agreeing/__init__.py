"""How far two coders agree who coded the same sources, and what they have to settle."""

from allegata.agreeing.comparing import SAMPLES, SEED, agree, agree_and_merge
from allegata.agreeing.errors import AgreementError
from allegata.agreeing.model import Agreement
from allegata.agreeing.reckoning import krippendorff_alpha

__all__ = [
    "SAMPLES",
    "SEED",
    "Agreement",
    "AgreementError",
    "agree",
    "agree_and_merge",
    "krippendorff_alpha",
]
