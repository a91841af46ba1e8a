"""Four releases of the fictional dataset, one after another, as its curators would make them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from allegata.publishing import publish
from trees import Found, Trees, load

FICTIONAL = Path(__file__).parent / "fictional"
VERSIONS = ("2026.9.0", "2026.10.0", "2026.11.0", "2026.12.0")
CLAIM, GONE = "clm-keldhaven-ledger-2025-03-07-01", "clm-keldhaven-ledger-2025-03-07-03"


def record(trees: Trees, wanted: str) -> Found:
    (found,) = (one for one in trees.each() if one.fields.get("id") == wanted)
    return found


def revise(
    trees: Trees, release: str, *rows: tuple[str, str, str] | tuple[str, str, str, str]
) -> None:
    trees.add(
        "revisions",
        *(
            {"release": release, "record": one, "change": change, "reason": reason}
            | ({"merged_into": into[0]} if into else {})
            for one, change, reason, *into in rows
        ),
        file="actors.yaml",
    )


def adds_and_changes(trees: Trees, version: str) -> None:
    trees.add(
        "places",
        {"id": "plc-harl-sluice", "kind": "site", "name": "Harl sluice", "parent": "plc-harl"},
        {"id": "plc-keld", "kind": "city", "name": "Keld"},
        file="places.yaml",
    )
    trees.add(
        "actors",
        {
            "id": "act-ilva-marn",
            "kind": "person",
            "name": "Ilva Marn",
            "aliases": [{"alias": "I. M."}],
        },
        file="actors.yaml",
    )
    record(trees, "plc-harl-lock").set("lat", 12.625)
    record(trees, "evt-harl-lock-fire").set("label", "Fire at the lock of Harl")
    record(trees, "act-jori-lask").fields["aliases"][0]["alias"] = "Jori Lask"
    record(trees, CLAIM).fields["chain"][0]["cue"] = "told | <us>"
    revise(
        trees,
        version,
        ("plc-harl-lock", "changed", "A better map."),
        ("evt-harl-lock-fire", "changed", "As it is *called* | there <b>."),
        ("act-jori-lask", "changed", "A slip of the pen."),
        (CLAIM, "changed", "A slip of the pen."),
    )


def merges_and_retracts(trees: Trees, version: str) -> None:
    for gone in ("plc-harl-sluice", GONE):
        found = record(trees, gone)
        found.siblings.remove(found.fields)
    record(trees, "act-vellmark").set("note", "A state.")
    revise(
        trees,
        version,
        ("plc-harl-sluice", "merged", "The same works.", "plc-harl-lock"),
        (GONE, "retracted", "It was coded from the wrong page."),
        ("act-vellmark", "changed", "Said what it is."),
    )


def changes_back_and_narrows(trees: Trees, version: str) -> None:
    del record(trees, "plc-harl-lock").fields["note"]
    record(trees, "evt-harl-lock-fire").set("label", "Fire at the Harl lock")
    record(trees, "act-ilva-marn").fields["aliases"].append({"alias": "Marn", "lang": "en"})
    trees.files["dataset.yaml"]["coverage"]["sources"] = "Four of the five documents."


STEPS: tuple[Callable[[Trees, str], None], ...] = (
    lambda trees, version: None,
    adds_and_changes,
    merges_and_retracts,
    changes_back_and_narrows,
)


def publish_in_a_row(folder: Path) -> Path:
    """Publish the four; gives the folder of releases."""
    trees, data, out = Trees(load(FICTIONAL)), folder / "data", folder / "dist"
    for version, step in zip(VERSIONS, STEPS, strict=True):
        step(trees, version)
        write(trees.files, data)
        note = "Put back as it was." if step is changes_back_and_narrows else None
        publish(data, out, version, note=note)
    return out


def write(files: dict[str, Any], folder: Path) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
