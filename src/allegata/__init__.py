"""Allegata publishes datasets of contested events and of the claims made about them.

>>> import allegata
>>> release = allegata.open_release("dist")  # doctest: +SKIP
>>> release.table("claims").to_pandas()  # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

from allegata.version import __version__

if TYPE_CHECKING:
    from allegata.releasing import Release, ReleaseTable, open_release
    from allegata.verifying import Verification, verify

__all__ = ["Release", "ReleaseTable", "Verification", "__version__", "open_release", "verify"]


def __getattr__(name: str) -> Any:
    # Loading Arrow takes longer than most commands that do without it.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in ("Verification", "verify"):
        from allegata import verifying

        return getattr(verifying, name)
    from allegata import releasing

    return getattr(releasing, name)
