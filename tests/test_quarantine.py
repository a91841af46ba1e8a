"""Quarantine: what is wrong is set aside with what depends on it, and the rest is published."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import allegata
from allegata.engines import check
from allegata.publishing import ProblemsFound, publish
from test_bulk import Records, as_lines, fictional, nested_out, put

Run = Callable[..., Any]
VERSION = "2026.11.0"


@pytest.fixture
def records() -> Records:
    """The records with claims in a file of their own, and all else nested."""
    found = fictional()
    claims = [
        {"source": source["id"], **claim}
        for source in found["sources"]
        for claim in source.pop("claims", [])
    ]
    return found | {"claims": claims}


def set_aside(
    records: Records, tmp_path: Path
) -> tuple[allegata.Release, list[dict[str, Any]], dict[str, tuple[int, int, int]]]:
    """The release of what is sound, what was set aside, and the counts of each table."""
    data = put(tmp_path / "data", records, as_lines)
    assert not check([data]).ok
    with pytest.raises(ProblemsFound):
        publish(data, tmp_path / "dist", VERSION)
    assert not (tmp_path / "dist" / "catalog.json").exists()
    release = publish(data, tmp_path / "dist", VERSION, quarantine=True).release
    file = tmp_path / "dist" / "quarantine" / f"{VERSION}.jsonl"
    entries = [json.loads(line) for line in file.read_text().splitlines()]
    counts = {
        one.table: (one.met, one.accepted, one.quarantined) for one in release.manifest.intake
    }
    told: Counter[str] = Counter()
    for entry in entries:
        told.update(entry["records"])
    assert told == Counter({table: n for table, (_, _, n) in counts.items() if n})
    for table, (met, accepted, quarantined) in counts.items():
        assert met == accepted + quarantined
        assert accepted == release.table(table).num_rows
    return release, entries, counts


def claim_of(records: Records, where: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    return next(one for one in records["claims"] if where(one))


def test_a_bad_claim_is_set_aside_with_all_of_it_and_no_other(
    records: Records, tmp_path: Path
) -> None:
    claim = claim_of(records, lambda one: len(one.get("chain", [])) == 2)
    claim["stance"] = "denys"
    release, (entry,), counts = set_aside(records, tmp_path)
    assert entry["line"] == records["claims"].index(claim) + 1
    assert entry["codes"] == ["ENUM_UNKNOWN"]
    assert json.loads(entry["text"]) == claim
    assert entry["problems"][0]["field"] == "stance"
    assert counts["claims"][2] == 1
    assert counts["hops"][2] == 2
    assert claim["id"] not in release.table("claims").column("id").to_pylist()
    assert claim["id"] not in release.table("hops").column("claim_id").to_pylist()


def test_a_bad_step_sets_its_claim_aside(records: Records, tmp_path: Path) -> None:
    """A claim with one hop less would be another speaker's."""
    claim = claim_of(records, lambda one: len(one.get("chain", [])) == 2)
    claim["chain"][0]["statement"] = "stm-nobody-knows"
    release, (entry,), counts = set_aside(records, tmp_path)
    assert entry["codes"] == ["REF_UNKNOWN"]
    assert counts["claims"][2] == 1
    assert claim["id"] not in release.table("hops").column("claim_id").to_pylist()


def test_a_bad_step_in_a_file_of_its_own_sets_its_claim_aside(
    records: Records, tmp_path: Path
) -> None:
    apart = nested_out(records)
    hop = next(one for one in apart["hops"] if one["position"] == 2)
    hop["statement"] = "STM"
    release, entries, counts = set_aside(apart, tmp_path)
    assert counts["claims"][2] == 1
    assert hop["claim"] not in release.table("claims").column("id").to_pylist()
    assert {code for one in entries for code in one["codes"]} == {"ID_FORMAT"}
    because = {why for one in entries for why in one["because"]}
    assert because == {"holds a part that is set aside", f"refers to {hop['claim']}"}


def test_what_depends_on_it_is_set_aside_with_the_reason(records: Records, tmp_path: Path) -> None:
    source = records["sources"][0]
    source["lang"] = "english"
    release, entries, _ = set_aside(records, tmp_path)
    claims = [one["id"] for one in records["claims"] if one["source"] == source["id"]]
    assert claims
    assert not set(claims) & set(release.table("claims").column("id").to_pylist())
    of_claims = [one for one in entries if one["file"].endswith("claims.jsonl")]
    assert {one["ids"][0] for one in of_claims} == set(claims)
    assert all(f"refers to {source['id']}" in one["because"] for one in of_claims)


def test_what_breaks_a_rule_over_tables_is_set_aside(records: Records, tmp_path: Path) -> None:
    doubled = dict(records["claims"][3])
    records["claims"].append(doubled)
    release, entries, counts = set_aside(records, tmp_path)
    assert {entry["line"] for entry in entries} == {len(records["claims"])}
    assert "ID_DUPLICATE" in entries[0]["codes"]
    assert counts["claims"][2] == 1
    assert release.table("claims").column("id").to_pylist().count(doubled["id"]) == 1


def test_lines_that_are_no_json_are_kept_as_they_are(tmp_path: Path, records: Records) -> None:
    data = put(tmp_path / "data", records, as_lines)
    with (data / "places.jsonl").open("ab") as file:
        file.write(b'{"id": "plc-x", "name": "\xff"}\n{"id": \n')
    publish(data, tmp_path / "dist", VERSION, quarantine=True)
    text = (tmp_path / "dist" / "quarantine" / f"{VERSION}.jsonl").read_text()
    entries = [json.loads(line) for line in text.splitlines()]
    assert [(one["codes"], "base64" in one, one.get("text")) for one in entries] == [
        (["FILE_ENCODING"], True, None),
        (["FILE_SYNTAX"], False, '{"id": '),
    ]


def test_what_is_left_keeps_every_rule(records: Records, tmp_path: Path) -> None:
    records["propositions"] = [
        {**one, "text": one["text"], "event": event["id"]}
        for event in records["events"]
        for one in event.pop("propositions", [])
    ] + records.get("propositions", [])
    for claim in records["claims"][::5]:
        claim["coded"] = "2025-02-30"
    records["statements"][1]["channel"] = "telepathy"
    release, _, _ = set_aside(records, tmp_path)
    assert all(allegata_rule_is_warning(code) for code in release.manifest.problems), (
        release.manifest.problems
    )
    assert release.table("claims_flat").num_rows == release.table("claims").num_rows


def allegata_rule_is_warning(code: str) -> bool:
    from allegata.rules import RULES, Severity

    return RULES[code].severity is Severity.WARNING


def test_records_written_by_hand_are_set_aside_too(tmp_path: Path, records: Records) -> None:
    data = put(tmp_path / "data", records, as_lines)
    (data / "more.yaml").write_text(
        "actors:\n  - {id: act-more, kind: persn, name: More}\n"
        "roles:\n  - {id: rol-more, actor: act-more, title: Clerk}\n"
    )
    release = publish(data, tmp_path / "dist", VERSION, quarantine=True).release
    counts = {one.table: one.quarantined for one in release.manifest.intake}
    assert (counts["actors"], counts["roles"]) == (1, 1)


def test_a_file_that_is_no_record_file_stops_the_release(tmp_path: Path, records: Records) -> None:
    data = put(tmp_path / "data", records, as_lines)
    (data / "more.yaml").write_text("actors: [\n")
    with pytest.raises(ProblemsFound):
        publish(data, tmp_path / "dist", VERSION, quarantine=True)
    assert not (tmp_path / "dist" / "quarantine").exists()


def test_nothing_is_set_aside_where_nothing_is_wrong(tmp_path: Path, records: Records) -> None:
    data = put(tmp_path / "data", records, as_lines)
    release = publish(data, tmp_path / "dist", VERSION, quarantine=True).release
    assert release.manifest.intake == []
    assert not (tmp_path / "dist" / "quarantine").exists()


def test_the_command_says_how_many(tmp_path: Path, records: Records, run: Run) -> None:
    records["claims"][0]["stance"] = "denys"
    data = put(tmp_path / "data", records, as_lines)
    out = tmp_path / "dist"
    assert run("publish", data, "--out", out, "--no-site").code == 1
    ran = run("publish", data, "--out", out, "--no-site", "--quarantine")
    assert ran.code == 0, ran.err
    met = len(records["claims"])
    assert f"claims: {met} met, {met - 1} accepted, 1 quarantined" in ran.err
