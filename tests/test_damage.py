"""One thing is damaged in the sound fictional dataset, and is told of where it was damaged.

The kinds of damage are those of ``damages``. Each is done at places that hypothesis picks: once
judged by the rules of the group that it belongs to, so that hundreds of examples take minutes at
most, and for a sample judged by all rules.
"""

from __future__ import annotations

import copy
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegata.engines import check, judging
from allegata.rules import GROUPS, RULES, Problem
from damages import DAMAGES, Damage
from trees import Spot, Trees, Written, load

FICTIONAL = Path(__file__).parent / "fictional"
SOUND = load(FICTIONAL)

GROUP_OF = {rule.code: rules for rules in GROUPS.values() for rule in rules}
"""Code -> the rules that are about the same."""


def written(trees: Trees, folder: Path) -> dict[Spot, tuple[int, int]]:
    """Write the files of a dataset; give back where each value stands."""
    places: dict[Spot, tuple[int, int]] = {}
    for name, tree in trees.files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        file = Written(tree, file=name)
        path.write_bytes(file.text.encode("utf-8", "surrogateescape"))
        places |= file.places
    return places


def problems_of(folder: Path, texts: Path | None = None) -> list[Problem]:
    return check([folder], texts=texts).problems


def assert_found(damage: Damage, data: st.DataObject) -> None:
    """Do a damage somewhere, and see that it is told of there, and nothing else is."""
    trees = Trees(
        copy.deepcopy(SOUND), lambda choices: choices[data.draw(st.integers(0, len(choices) - 1))]
    )
    done = damage.do(trees)
    spots = done if isinstance(done, list) else [done]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        folder.mkdir()
        places = written(trees, folder)
        problems = problems_of(folder, FICTIONAL / "texts" if damage.with_texts else None)
    found = {
        (str(Path(p.place.file).relative_to(folder)), p.place.line, p.place.column)
        for p in problems
        if p.code == damage.code
    }
    assert found == {(spot.file, *places[spot]) for spot in spots}
    others = [p for p in problems if p.code not in (damage.code, *damage.also)]
    assert others == []


def test_the_undamaged_dataset_is_sound_as_it_is_written_here(tmp_path: Path) -> None:
    written(Trees(SOUND), tmp_path)
    shutil.copytree(FICTIONAL / "texts", tmp_path / "texts")
    report = check([tmp_path], texts=tmp_path / "texts")
    assert report.problems == []
    assert (report.anchors.wrong, report.anchors.unverified) == (0, 0)
    assert report.anchors.verified == len(Trees(SOUND).each("quotes"))


def test_the_kinds_of_damage_span_all_groups_of_rules() -> None:
    damaged = {damage.code for damage in DAMAGES}
    assert len(DAMAGES) >= 40
    assert damaged <= set(RULES)
    for group, rules in GROUPS.items():
        assert damaged & {rule.code for rule in rules}, group


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damage_is_told_of_where_it_was_done(damage: Damage, data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "RULES", {one.code: one for one in GROUP_OF[damage.code]})
        assert_found(damage, data)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(damage=st.sampled_from(DAMAGES), data=st.data())
def test_no_other_rule_takes_damage_for_something_else(damage: Damage, data: st.DataObject) -> None:
    assert_found(damage, data)
