"""followthemoney: each entity by its schema, and that its cleaning changes no value.

But for characters that are not seen, such as marks of direction, and quotation marks round a name,
which it takes out.
"""

import json
import unicodedata

from exports import exports
from followthemoney import model
from followthemoney.exc import InvalidData
from problems import report


def values(properties):
    return {name: sorted(map(seen, given)) for name, given in properties.items()}


def seen(text):
    return "".join(char for char in text if unicodedata.category(char) != "Cf").strip("'\"")


def examine(release):
    lines = (exports(release) / "followthemoney").read_text(encoding="utf-8").splitlines()
    if not lines:
        yield "there are no entities"
    known = {}
    for line in lines:
        entity = json.loads(line)
        known[entity["id"]] = entity
        try:
            proxy = model.get_proxy(entity, cleaned=False)
            proxy.schema.validate(entity)
        except InvalidData as error:
            yield f"{entity['id']}: {error} {error.errors}"
            continue
        if values(proxy.to_dict()["properties"]) != values(entity["properties"]):
            yield f"{entity['id']}: {proxy.to_dict()['properties']}"
    for entity in known.values():
        schema = model.get(entity["schema"])
        for name, given in entity["properties"].items():
            if name not in schema.properties or schema.get(name).type.name != "entity":
                continue
            for other in given:
                target = model.get(known[other]["schema"]) if other in known else None
                if target is None or not target.is_a(schema.get(name).range):
                    yield f"{entity['id']}: {name} {other} is no {schema.get(name).range}"


report(examine)
