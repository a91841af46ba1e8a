"""in-toto-attestation: the statement of provenance; and its hashes against the files."""

import hashlib

from google.protobuf import json_format
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from problems import report


def examine(release):
    text = (release / "provenance.intoto.json").read_text(encoding="utf-8")
    message = json_format.Parse(text, statement_pb2.Statement())
    try:
        Statement.copy_from_pb(message).validate()
    except ValueError as error:
        yield error
    for subject in message.subject:
        content = (release / subject.name).read_bytes()
        if dict(subject.digest) != {"sha256": hashlib.sha256(content).hexdigest()}:
            yield f"{subject.name}: its hash is another"


report(examine)
