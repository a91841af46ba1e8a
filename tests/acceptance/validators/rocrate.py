"""roc-validator: the RO-Crate, the files it lists, and what the standard recommends.

It asks the web for the context of RO-Crate 1.2. Here the copy is put into its cache that the npm
package ro-crate brings, and nothing is asked.
"""

import tempfile
from pathlib import Path

import requests
from problems import report
from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings
from rocrate_validator.utils.http import HttpRequester
from urllib3 import HTTPResponse

URL = "https://w3id.org/ro/crate/1.2/context"
CONTEXT = Path(__file__).parent.parent / "node/node_modules/ro-crate/lib/context.json"

# Recommended facts that a dataset need not state: the URL, the ROR identifier and the contact of
# its creators and its publisher.
UNSTATED = {f"ro-crate-1.2_{number}" for number in ("86.2", "89.0", "90.1", "93.0")}

CACHE = tempfile.mkdtemp()


def fill_cache():
    """Put the context into the validator's cache, as if it had been fetched."""
    requester = HttpRequester.initialize_cache(cache_path=f"{CACHE}/http", cache_max_age=-1)
    response = requests.Response()
    response.status_code, response.url, response.encoding = 200, URL, "utf-8"
    response.request = requests.Request("GET", URL).prepare()
    response.headers["Content-Type"] = "application/ld+json"
    response._content = CONTEXT.read_bytes()
    response.raw = HTTPResponse(body=b"", status=200, headers=response.headers)
    requester.session.cache.save_response(response)


def examine(release):
    settings = ValidationSettings(
        rocrate_uri=str(release),
        profile_identifier="ro-crate-1.2",
        requirement_severity=Severity.RECOMMENDED,
        cache_path=f"{CACHE}/http",
        cache_max_age=-1,
        offline=True,
    )
    for issue in services.validate(settings).get_issues():
        if issue.severity is Severity.RECOMMENDED and issue.check.identifier in UNSTATED:
            continue
        yield f"{issue.severity.name} {issue.check.identifier}: {issue.message}"


fill_cache()
report(examine)
