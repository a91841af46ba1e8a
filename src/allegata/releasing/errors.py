"""What can be wrong with a release, or with the wish to make one, in words for people."""

from __future__ import annotations


class ReleaseError(Exception):
    """The base of all errors about releases. Its text says what is wrong and what to do."""


class NotARelease(ReleaseError):  # noqa: N818 - named for what it says, as are those below
    """The folder is neither a release nor a publishing folder, or a part of it is damaged."""


class UnknownTable(ReleaseError):  # noqa: N818
    """The release has no table of that name."""


class UnknownRecord(ReleaseError):  # noqa: N818
    """The release has no record of that id."""


class UnknownVersion(ReleaseError):  # noqa: N818
    """There is no release of that version."""


class NewerSchema(ReleaseError):  # noqa: N818
    """The release was made by a later allegata than this one can read."""


class MissingPackage(ReleaseError, ImportError):  # noqa: N818
    """What was asked for needs a package that is not installed."""


class ReleaseExists(ReleaseError):  # noqa: N818
    """The version has been published, and a release is never overwritten."""


class VersionRefused(ReleaseError):  # noqa: N818
    """The version cannot come next."""


class PublishingBusy(ReleaseError):  # noqa: N818
    """Another run is publishing to the same folder."""


class AllWithdrawn(ReleaseError):  # noqa: N818
    """Every release of the folder has been withdrawn, so none is the latest."""


class TakenDown(ReleaseError):  # noqa: N818
    """The files of the release were taken down. Its tombstone tells why."""


class StillReleased(ReleaseError):  # noqa: N818
    """The latest release still holds the record that is to be taken down."""


class WithdrawnRelease(UserWarning):
    """A release that has been withdrawn was opened. The text says why it was."""
