"""Versions of the schema: each is frozen as it was, and told apart by what changes mean."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from allegata.evolving import (
    CLASSES,
    Bump,
    Level,
    NoSnapshotError,
    Snapshot,
    broken_seals,
    compare,
    frozen_versions,
    snapshot,
)
from allegata.migrations import (
    DATASET,
    MIGRATIONS,
    PER_FILE,
    Add,
    Drop,
    Edit,
    Recode,
    Rename,
    numbers,
)
from allegata.schema import SCHEMA_VERSION

SCHEMA = Path(__file__).parent.parent / "schema"
Run = Callable[..., Any]
CURRENT = snapshot("current")


# What CI holds the code against


def test_the_schema_is_frozen_as_it_stands() -> None:
    frozen = snapshot(SCHEMA_VERSION, SCHEMA)
    for name, part in CURRENT.parts.items():
        assert part == frozen.parts[name], (
            f"{name} has changed: `make schema`; if {SCHEMA_VERSION} is sealed, raise the version"
        )


def test_sealed_versions_are_as_they_were() -> None:
    assert broken_seals(SCHEMA) == []
    assert (SCHEMA / "1.0.0" / "SHA256SUMS").is_file()


@pytest.mark.parametrize(("old", "new"), list(pairwise(frozen_versions(SCHEMA))))
def test_each_version_is_raised_as_far_as_it_differs(old: str, new: str) -> None:
    made = compare(snapshot(old, SCHEMA), snapshot(new, SCHEMA))
    assert made.differences
    assert made.is_enough, f"{new} is not enough: {made.due} is due"


def test_every_version_is_told_of() -> None:
    told = (SCHEMA / "CHANGELOG.md").read_text()
    assert frozen_versions(SCHEMA)[-1] == SCHEMA_VERSION
    assert all(f"\n## {version}\n" in told for version in frozen_versions(SCHEMA))


# Migrations are facts of history


@pytest.mark.parametrize("migration", MIGRATIONS, ids=lambda one: one.new)
def test_a_migration_speaks_of_what_there_was(migration: Any) -> None:
    old = snapshot(migration.old, SCHEMA)
    assert numbers(migration.old) < numbers(migration.new)
    found: dict[str, dict[str, str]] = {}
    base = [name for name, facts in old.tables.items() if not facts["derived"]]
    tables = {old.fields[name]["type"]: name for name in base}
    for name, facts in old.fields.items():
        table, _, field = name.partition(".")
        if facts["type"] in tables and table in base and field:
            found.setdefault(table, {})[field] = tables[facts["type"]]
    assert migration.nests == found
    for edit in migration.edits:
        assert edit.of in {*old.tables, *PER_FILE} or edit.of.split(".")[0] == DATASET
        if isinstance(edit, Rename):
            assert f"{edit.of}.{edit.old}" in old.fields
            assert f"{edit.of}.{edit.new}" not in old.fields


# Classification: one change at a time


def field(parts: Any, model: str, name: str) -> Any:
    return parts["records"]["$defs"][model]["properties"][name]


def column(parts: Any, table: str, name: str) -> Any:
    (found,) = (one for one in parts["tables"]["tables"] if one["name"] == table)
    return next(one for one in found["columns"] if one["name"] == name)


def table(parts: Any, name: str) -> Any:
    return next(one for one in parts["tables"]["tables"] if one["name"] == name)


def without_column(parts: Any, of: str, name: str) -> None:
    table(parts, of)["columns"].remove(column(parts, of, name))


def new_column(parts: Any, of: str, name: str) -> None:
    table(parts, of)["columns"].append({**column(parts, of, "id"), "name": name})


def codes(parts: Any, name: str) -> Any:
    return parts["tables"]["vocabularies"][name]["codes"]


def renamed(parts: Any, model: str, of: str, old: str, new: str) -> None:
    properties = parts["records"]["$defs"][model]["properties"]
    properties[new] = properties.pop(old)
    required = parts["records"]["$defs"][model]["required"]
    if old in required:
        required[required.index(old)] = new
    column(parts, of, old)["name"] = new


def new_table(parts: Any) -> None:
    """A table with a required field, a column and an error of its own: one thing is new."""
    parts["tables"]["tables"].append({**table(parts, "relations"), "name": "deeds"})
    parts["records"]["properties"]["deeds"] = parts["records"]["properties"]["relations"]


def set_to(found: Any, **values: Any) -> None:
    found.update(values)


ERROR = {
    "severity": "error",
    "summary": "S.",
    "revision": 1,
    "waivable": True,
    "tables": ["actors"],
}
WORD = {"rule": "New.", "revision": 1}

CHANGES: list[tuple[str, str, Callable[[Any], object]]] = [
    ("table-added", "deeds", new_table),
    (
        "table-removed",
        "relations",
        lambda p: (
            p["tables"]["tables"].remove(table(p, "relations")),
            p["records"]["properties"].pop("relations"),
        ),
    ),
    ("key-changed", "relations", lambda p: set_to(table(p, "relations"), key=["subject_id"])),
    ("order-changed", "relations", lambda p: set_to(table(p, "relations"), order=["object_id"])),
    (
        "field-added",
        "actors.new",
        lambda p: p["records"]["$defs"]["Actor"]["properties"].update(new={"type": "string"}),
    ),
    (
        "field-demanded",
        "actors.new",
        lambda p: (
            p["records"]["$defs"]["Actor"]["properties"].update(new={"type": "string"}),
            p["records"]["$defs"]["Actor"]["required"].append("new"),
        ),
    ),
    (
        "field-removed",
        "dataset.homepage",
        lambda p: p["dataset"]["properties"].pop("homepage"),
    ),
    (
        "field-required",
        "dataset.homepage",
        lambda p: p["dataset"]["required"].append("homepage"),
    ),
    ("field-optional", "actors.name", lambda p: p["records"]["$defs"]["Actor"]["required"].pop()),
    (
        "field-default",
        "claims.evidence",
        lambda p: set_to(field(p, "Claim", "evidence"), default="offered"),
    ),
    ("type-changed", "actors.name", lambda p: set_to(field(p, "Actor", "name"), type="integer")),
    (
        "constraint-tightened",
        "actors.name",
        lambda p: set_to(field(p, "Actor", "name"), maxLength=100),
    ),
    (
        "constraint-tightened",
        "actors.name",
        lambda p: set_to(field(p, "Actor", "name"), minLength=2),
    ),
    (
        "constraint-tightened",
        "actors.name",
        lambda p: set_to(field(p, "Actor", "name"), pattern="^a$"),
    ),
    (
        "constraint-tightened",
        "actors.note",
        lambda p: field(p, "Actor", "note")["anyOf"].remove({"type": "null"}),
    ),
    (
        "constraint-loosened",
        "actors.name",
        lambda p: set_to(field(p, "Actor", "name"), maxLength=1000),
    ),
    ("constraint-loosened", "quotes.start", lambda p: field(p, "Quote", "start").pop("minimum")),
    ("constraint-loosened", "actors.id", lambda p: field(p, "Actor", "id").pop("pattern")),
    ("pattern-changed", "actors.id", lambda p: set_to(field(p, "Actor", "id"), pattern="^act-$")),
    ("column-added", "actors.new", lambda p: new_column(p, "actors", "new")),
    ("column-removed", "claims_flat.stance", lambda p: without_column(p, "claims_flat", "stance")),
    ("column-type", "actors.name", lambda p: set_to(column(p, "actors", "name"), type="int32")),
    (
        "column-nullable",
        "actors.name",
        lambda p: set_to(column(p, "actors", "name"), nullable=True),
    ),
    ("column-filled", "actors.note", lambda p: set_to(column(p, "actors", "note"), nullable=False)),
    ("column-unit", "quotes.start", lambda p: set_to(column(p, "quotes", "start"), unit="byte")),
    (
        "reference-changed",
        "roles.actor_id",
        lambda p: set_to(column(p, "roles", "actor_id"), refers_to="places"),
    ),
    (
        "codes-changed",
        "actors.kind",
        lambda p: set_to(column(p, "actors", "kind"), vocabulary="PlaceKind"),
    ),
    ("code-added", "Channel.telex", lambda p: codes(p, "Channel").update(telex=WORD)),
    ("code-added-to-closed", "Stance.hints", lambda p: codes(p, "Stance").update(hints=WORD)),
    ("code-removed", "Stance.asks", lambda p: codes(p, "Stance").pop("asks")),
    (
        "list-opened",
        "Stance",
        lambda p: set_to(p["tables"]["vocabularies"]["Stance"], open_to_readers=True),
    ),
    (
        "list-closed",
        "Channel",
        lambda p: set_to(p["tables"]["vocabularies"]["Channel"], open_to_readers=False),
    ),
    ("definition-revised", "Stance.asks", lambda p: set_to(codes(p, "Stance")["asks"], revision=2)),
    (
        "definition-revised",
        "actors.name",
        lambda p: set_to(column(p, "actors", "name"), revision=2),
    ),
    ("definition-revised", "actors", lambda p: set_to(table(p, "actors"), revision=2)),
    (
        "definition-revised",
        "dataset.title",
        lambda p: p["dataset"]["properties"]["title"].update({"x-revision": 2}),
    ),
    ("description-worded", "Stance.asks", lambda p: set_to(codes(p, "Stance")["asks"], rule="X.")),
    (
        "description-worded",
        "actors.name",
        lambda p: set_to(column(p, "actors", "name"), description="X."),
    ),
    (
        "description-worded",
        "actors.name",
        lambda p: set_to(field(p, "Actor", "name"), description="X."),
    ),
    ("rule-added", "NEW", lambda p: p["rules"].update(NEW=ERROR)),
    ("warning-added", "NEW", lambda p: p["rules"].update(NEW={**ERROR, "severity": "warning"})),
    ("rule-removed", "ID_LOADED", lambda p: p["rules"].pop("ID_LOADED")),
    ("rule-raised", "ID_LOADED", lambda p: set_to(p["rules"]["ID_LOADED"], severity="error")),
    (
        "rule-lowered",
        "ENUM_UNKNOWN",
        lambda p: set_to(p["rules"]["ENUM_UNKNOWN"], severity="warning"),
    ),
    ("rule-unwaivable", "ID_LOADED", lambda p: set_to(p["rules"]["ID_LOADED"], waivable=False)),
    ("rule-waivable", "ID_REUSED", lambda p: set_to(p["rules"]["ID_REUSED"], waivable=True)),
    ("rule-revised", "ID_LOADED", lambda p: set_to(p["rules"]["ID_LOADED"], revision=2)),
    (
        "output-added",
        "problem.new",
        lambda p: p["problem"]["properties"].update(new={"type": "string"}),
    ),
    ("output-removed", "problem.fix", lambda p: p["problem"]["properties"].pop("fix")),
    (
        "output-changed",
        "problem.message",
        lambda p: set_to(
            p["problem"]["properties"]["message"], type="array", items={"type": "string"}
        ),
    ),
]

DECLARED: list[tuple[str, str, Edit, Callable[[Any], object]]] = [
    (
        "field-renamed column-renamed",
        "actors.name",
        Rename("actors", "name", "title"),
        lambda p: renamed(p, "Actor", "actors", "name", "title"),
    ),
    (
        "field-supplied",
        "actors.new",
        Add("actors", "new", "a"),
        lambda p: CHANGES[5][2](p),
    ),
    (
        "field-dropped",
        "dataset.homepage",
        Drop("dataset", "homepage"),
        lambda p: p["dataset"]["properties"].pop("homepage"),
    ),
    (
        "code-renamed",
        "Stance.asks",
        Recode("claims", "stance", "asks", "inquires"),
        lambda p: codes(p, "Stance").update(inquires=codes(p, "Stance").pop("asks")),
    ),
]


def changed(change: Callable[[Any], object]) -> Snapshot:
    parts = copy.deepcopy(CURRENT.parts)
    change(parts)
    return Snapshot(CURRENT.version, parts)


@pytest.mark.parametrize(
    ("kind", "element", "change"), CHANGES, ids=[f"{c[0]}-{n}" for n, c in enumerate(CHANGES)]
)
def test_one_change_is_one_difference(
    kind: str, element: str, change: Callable[[Any], object]
) -> None:
    made = compare(CURRENT, changed(change))
    assert [(one.of.kind, one.element) for one in made.differences] == [(kind, element)]
    assert made.bump is CLASSES[kind].bump
    assert compare(changed(change), changed(change)).bump is Bump.NONE


@pytest.mark.parametrize(
    ("kinds", "element", "edit", "change"), DECLARED, ids=[d[0] for d in DECLARED]
)
def test_what_is_declared_is_no_loss(
    kinds: str, element: str, edit: Edit, change: Callable[[Any], object]
) -> None:
    made = compare(CURRENT, changed(change), edits=(edit,))
    assert {(one.of.kind, one.element) for one in made.differences} == {
        (kind, element) for kind in kinds.split()
    }
    assert compare(CURRENT, changed(change), Level.RECORDS, (edit,)).bump is Bump.MINOR
    assert compare(CURRENT, changed(change), edits=()).bump is Bump.MAJOR


def test_every_kind_of_change_is_tried() -> None:
    tried = {kind for kind, _, _ in CHANGES} | {k for kinds, *_ in DECLARED for k in kinds.split()}
    assert tried | {"rule-added-to-new"} == set(CLASSES)


def test_a_new_table_brings_its_fields_columns_and_errors_along() -> None:
    def change(parts: Any) -> None:
        new_table(parts)
        parts["rules"]["NEW"] = {**ERROR, "tables": ["deeds"]}

    made = compare(CURRENT, changed(change))
    assert [one.of.kind for one in made.differences] == ["table-added", "rule-added-to-new"]
    assert made.bump is Bump.MINOR


def test_levels_tell_for_whom_a_change_breaks() -> None:
    demanded = changed(CHANGES[5][2])
    assert compare(CURRENT, demanded, Level.RECORDS).bump is Bump.MAJOR
    assert compare(CURRENT, demanded, Level.TABLES).differences == ()
    added = changed(lambda p: codes(p, "Stance").update(hints=WORD))
    assert compare(CURRENT, added, Level.RECORDS).bump is Bump.MINOR
    assert compare(CURRENT, added, Level.TABLES).bump is Bump.MAJOR
    assert {CLASSES[k].level for k in ("field-removed", "column-removed", "code-removed")} == {
        *Level
    }


def test_all_differences_are_told_at_once_the_weightiest_first() -> None:
    def change(parts: Any) -> None:
        for kind, _, one in CHANGES:
            if kind in ("column-nullable", "rule-raised", "code-added", "order-changed"):
                one(parts)

    made = compare(CURRENT, changed(change))
    kinds = [one.of.kind for one in made.differences]
    assert kinds == ["column-nullable", "rule-raised", "code-added", "order-changed"]
    major = int(SCHEMA_VERSION.split(".")[0])
    assert (made.due, made.is_enough) == (f"{major + 1}.0.0", False)


def test_the_step_to_1_1_is_a_minor_one_with_a_migration() -> None:
    made = compare(snapshot("1.0.0", SCHEMA), snapshot("1.1.0", SCHEMA))
    kinds = {one.of.kind for one in made.differences}
    assert {"table-added", "field-renamed", "list-opened", "rule-added-to-new"} <= kinds
    assert (made.bump, made.due) == (Bump.MINOR, "1.1.0")
    unaided = compare(snapshot("1.0.0", SCHEMA), snapshot("1.1.0", SCHEMA), edits=())
    assert unaided.bump is Bump.MAJOR  # what was called reliability would be lost


# The command


def test_compare_tells_people_and_programs(run: Run, tmp_path: Path) -> None:
    told = run("schema", "compare", "1.0.0", "1.1.0", "--folder", SCHEMA)
    assert told.code == 0
    assert "dataset.coverage.reliability → dataset.coverage.agreement" in told.out
    assert told.out.endswith("minor; due: 1.1.0\n")
    told = run(
        "schema", "compare", SCHEMA / "1.0.0", "1.1.0", "--folder", SCHEMA, "--format", "json"
    )
    plain = json.loads(told.out)
    assert (plain["old"], plain["due"], plain["enough"]) == ("1.0.0", "1.1.0", True)
    assert {"element": "origins", "kind": "table-added"}.items() <= plain["differences"][0].items()
    other = tmp_path / "9.9.9"
    shutil.copytree(SCHEMA / "1.0.0", other)
    rules = json.loads((other / "rules.json").read_text())
    (other / "rules.json").write_text(json.dumps({**rules, "NEW": ERROR}))
    told = run("schema", "compare", "1.0.0", other, "--folder", SCHEMA)
    assert (told.code, told.err) == (1, "1.0.0 is not enough: these differences need 2.0.0\n")
    assert run("schema", "compare", "0.9.0", "--folder", SCHEMA).code == 2
    (other / "rules.json").unlink()
    assert run("schema", "compare", other).code == 2
    with pytest.raises(NoSnapshotError, match="not a whole frozen schema"):
        snapshot(str(other))


def test_a_sealed_version_is_not_written_again(run: Run, tmp_path: Path) -> None:
    place = tmp_path / SCHEMA_VERSION
    assert run("schema", "freeze", "--folder", tmp_path).code == 0
    files = {path.name: path.read_bytes() for path in place.iterdir()}
    (place / "rules.json").write_text("{}")
    told = run("schema", "freeze", "--folder", tmp_path)
    assert (told.code, "rules.json" in told.err, "--refresh" in told.err) == (1, True, True)
    assert run("schema", "freeze", "--folder", tmp_path, "--refresh", "--seal").code == 0
    assert {name: (place / name).read_bytes() for name in files} == files
    assert run("schema", "freeze", "--folder", tmp_path, "--refresh").code == 0  # nothing differs
    assert broken_seals(tmp_path) == []
    (place / "rules.json").write_text("{}")
    assert broken_seals(tmp_path) == [f"{SCHEMA_VERSION}/rules.json"]
    told = run("schema", "freeze", "--folder", tmp_path, "--refresh", "--seal")
    assert (told.code, "is sealed" in told.err) == (1, True)
    assert (place / "rules.json").read_text() == "{}"


def test_a_part_is_shown_as_it_is_frozen(run: Run) -> None:
    for name in CURRENT.parts:
        frozen = (SCHEMA / SCHEMA_VERSION / f"{name}.json").read_text()
        assert run("schema", "show", name).out == frozen
