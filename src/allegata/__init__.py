"""Allegata publishes datasets of contested events and of the claims made about them.

>>> import allegata
>>> release = allegata.open_release("dist")  # doctest: +SKIP
>>> release.table("claims").to_pandas()  # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

from allegata.version import __version__

if TYPE_CHECKING:
    from allegata.comparing import Difference, diff
    from allegata.releasing import Release, ReleaseTable, open_release
    from allegata.verifying import Verification, verify

__all__ = [
    "Difference",
    "Release",
    "ReleaseTable",
    "Verification",
    "__version__",
    "diff",
    "open_release",
    "verify",
]


def __getattr__(name: str) -> Any:
    # Loading Arrow takes longer than most commands that do without it.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from allegata import comparing, releasing, verifying

    for part in (comparing, verifying):
        if name in part.__all__:
            return getattr(part, name)
    return getattr(releasing, name)
