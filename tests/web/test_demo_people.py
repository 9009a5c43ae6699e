# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom one can be in a demonstration: found by name, post or unit, and never a list of thousands."""

from __future__ import annotations

import pytest

from kollontai.chapters.members.models import Unit
from kollontai.demos import standing_clock, stories
from kollontai.web.pages import demo
from tests.web.hall import LEADER, Hall
from tests.world import World, founded, held_by
from tools import acts

pytestmark = pytest.mark.django_db


def named(people: demo.People) -> list[str]:
    """The names that are offered, in their order."""
    return [person.name for _group, persons in people.groups for person in persons]


@pytest.fixture
def world() -> World:
    """Four founders, and six in two units."""
    made = founded(posts=[held_by("ada")])
    made.move_in(["eva", "finn", "gus"], unit="Ferry Crews")
    made.move_in(["hal", "ida", "jon"], unit="Kiln Lane")
    return made


def test_everybody_is_offered_where_they_are_few(world, now):
    people = demo.people_of(world.organisation, at=now.now())
    assert len(named(people)) == 10
    assert people.more == 0


def test_where_there_are_many_only_some_are_offered_until_one_looks(world, now, monkeypatch):
    monkeypatch.setattr(demo, "MOST_FOUND", 5)
    people = demo.people_of(world.organisation, at=now.now())
    assert people.found + people.more == 10
    assert people.found < 5
    assert named(demo.people_of(world.organisation, at=now.now(), words="ID")) == ["Ida"]
    found = demo.people_of(world.organisation, at=now.now(), words="kiln")
    assert (named(found), found.more) == (["Hal", "Ida", "Jon"], 0)
    assert named(demo.people_of(world.organisation, at=now.now(), words="kiln nobody")) == []


def test_a_unit_is_offered_whole(world, now, monkeypatch):
    monkeypatch.setattr(demo, "MOST_FOUND", 2)
    units = Unit.objects.of(world.organisation.pk).select_related("name")
    ferry = next(unit for unit in units if str(unit.name) == "Ferry Crews")
    people = demo.people_of(world.organisation, at=now.now(), unit_id=ferry.pk)
    assert (named(people), people.more) == (["Eva", "Finn", "Gus"], 0)


def test_the_whole_stands_before_its_parts_and_these_by_name(world):
    units = [str(unit.name) for unit in Unit.objects.of(world.organisation.pk).select_related("name")]
    assert units[1:] == ["Ferry Crews", "Kiln Lane"]
    assert Unit.objects.of(world.organisation.pk)[0].parent_id is None


def test_whom_the_story_suggests_is_found_by_name_with_or_without_a_mailbox(world, monkeypatch):
    monkeypatch.setattr(stories, "suggested", lambda *_of, **_small: [("Ida", "Why."), ("Nobody", "Why?")])
    [found] = demo.suggested(world.organisation)
    assert (found.id, found.name, found.why) == (world.people["ida"], "Ida", "Why.")


@pytest.mark.parametrize(("who", "is_offered"), [(LEADER, True), ("ada", False), ("nobody", False)])
def test_who_must_wait_is_offered_a_refusal_and_whoever_may_speak_is_not(
    hall: Hall, monkeypatch, who: str, is_offered: bool
):
    issue, organisation = hall.at_talk(), hall.world.organisation
    told = stories.Tempted(who.title(), str(issue.title), "for", "Believe me.")
    monkeypatch.setattr(stories, "tempted", lambda *_of, **_small: told)
    found = demo.refused(organisation, at=hall.now.now())
    assert (found is not None) == is_offered
    if found is not None:
        assert (found.id, found.post, found.issue) == (hall.world.people[who], "Chair", issue)
    hall.move_on(issue, "answer")
    assert demo.refused(organisation, at=hall.now.now()) is None
    hall.move_on(issue, "reply")
    assert demo.refused(organisation, at=hall.now.now()) is None  # refused, but not for speaking early


def test_everything_the_clock_does_has_words_but_what_nobody_comes_to_see():
    every = set(acts.names(by_clock=True))
    assert set(standing_clock.HOUSEKEEPING) < every
    assert set(demo.ACTS) == every - set(standing_clock.HOUSEKEEPING)


def test_what_the_clock_did_is_told_the_last_first_and_leads_to_what_one_may_read(hall: Hall):
    begun, house = hall.now.now(), hall.world.organisation
    issue = hall.move_on(hall.at_talk(), "decided")
    told = demo.happened(begun, entered=[house.pk])
    assert [one.what for one in told] == [str(demo.ACTS["deliberation.conclude"])] + 3 * [
        str(demo.ACTS["deliberation.advance"])
    ]
    assert {(one.title, one.house) for one in told} == {("A kettle", str(house.name))}
    assert {one.address for one in told} == {f"/{house.slug}/issues/{issue.number}/"}
    assert {one.address for one in demo.happened(begun, entered=[])} == {""}
    assert demo.happened(hall.now.now(), entered=[house.pk]) == []


def test_what_comes_next_is_said_of_the_deadline_that_comes_next(hall: Hall):
    issue = hall.at_talk()
    due = standing_clock.next_deadline()
    assert (due.act, due.subject, due.due) == ("deliberation.advance", issue.pk, issue.stage_ends_at)
    assert demo.next_words(due.act) == "an issue turns to its next stage"
    assert demo.next_words("followers.stamp_export") == "nothing is due"


def test_the_walk_counts_what_anybody_comes_to_see(hall: Hall, monkeypatch):
    issue = hall.at_talk()
    monkeypatch.setattr(standing_clock, "read", hall.now.now)
    monkeypatch.setattr(standing_clock, "put", hall.now.move)
    assert standing_clock.walk_to(issue.stage_ends_at) == 1
