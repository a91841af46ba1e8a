"""The schema: what a record may hold. Everything else about a field follows from here."""

from allegata.schema.dataset import Dataset
from allegata.schema.happenings import Event, Participant, Proposition
from allegata.schema.links import Relation, Revision, Waiver
from allegata.schema.origins import Origin
from allegata.schema.record import Record
from allegata.schema.registers import Actor, ActorAlias, Place, Role, Source
from allegata.schema.sayings import Audience, Claim, Hop, Quote, Statement
from allegata.schema.vocabulary import Vocabulary

SCHEMA_VERSION = "1.1.0"
"""The version of the schema as it stands (semantic versioning, apart from any data version)."""

MODELS: dict[str, type[Record]] = {
    model.table: model
    for model in (
        Source,
        Actor,
        ActorAlias,
        Role,
        Place,
        Event,
        Participant,
        Proposition,
        Statement,
        Audience,
        Claim,
        Hop,
        Quote,
        Relation,
        Origin,
        Revision,
    )
}
"""Table -> the model of its records, in the order in which they are best read."""

__all__ = [
    "MODELS",
    "SCHEMA_VERSION",
    "Actor",
    "ActorAlias",
    "Audience",
    "Claim",
    "Dataset",
    "Event",
    "Hop",
    "Origin",
    "Participant",
    "Place",
    "Proposition",
    "Quote",
    "Record",
    "Relation",
    "Revision",
    "Role",
    "Source",
    "Statement",
    "Vocabulary",
    "Waiver",
]
