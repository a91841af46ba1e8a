"""Publishing to an object store, where nothing can be renamed.

How a release becomes the published one is told in ``allegata.uploading.upload``, how two runs
keep out of each other's way in ``allegata.uploading.lease``.
"""

from allegata.uploading.lease import Lease, LeaseTimes
from allegata.uploading.site import upload_site
from allegata.uploading.upload import Run, remote_run

__all__ = ["Lease", "LeaseTimes", "Run", "remote_run", "upload_site"]
