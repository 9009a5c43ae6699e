# SPDX-License-Identifier: AGPL-3.0-or-later
"""A leader's "fact" that argues is covered by three members, until the stage is over. Article 2."""

from __future__ import annotations

import pytest

from kollontai.auditor import audit_export
from kollontai.chapters.deliberation.acts.answer_fact import answer_fact
from kollontai.chapters.deliberation.acts.cover_fact import cover_fact
from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.acts.revise_contribution import revise_contribution
from kollontai.chapters.deliberation.models import FactCover
from kollontai.followers.export import export_to
from tests.web.hall import Hall as Reader


@pytest.fixture
def fact(hall):
    """A fact stated by the leader while members talk."""
    asked = hall.said("ben", hall.talked(), "question", "What did it cost?")
    return answer_fact(
        hall.world.actor("hal"), contribution_id=asked.pk, text="Thirty. And it was a good buy!"
    ).value


def test_each_member_who_does_not_lead_says_so_once(hall, fact):
    for name in ("ben", "cleo", "dai"):
        cover_fact(hall.world.actor(name), contribution_id=fact.pk)
    assert FactCover.objects.filter(contribution=fact).count() == 3
    assert hall.refused(cover_fact, "ben", contribution_id=fact.pk) == "covers-already"
    assert hall.refused(cover_fact, "hal", contribution_id=fact.pk) == "leaders-cover-nothing"
    assert hall.refused(cover_fact, "ben", contribution_id="nothing") == "no-such-words"


def test_nobody_covers_what_a_member_says(hall, fact):
    words = hall.said("cleo", fact.issue, "against", "I am against.")
    assert hall.refused(cover_fact, "ben", contribution_id=words.pk) == "only-facts-are-covered"


def test_what_is_erased_needs_no_cover(hall, fact):
    assert hall.refused(erase_contribution, "hal", contribution_id=fact.pk) == "leaders-words-stay"


def test_when_the_leaders_answer_nobody_covers_anything_any_more(hall, fact):
    assert hall.turned(fact.issue).stage == "answer"
    assert hall.refused(cover_fact, "ben", contribution_id=fact.pk) == "not-in-this-stage"


def test_in_the_reply_the_facts_of_the_talk_are_open_to_all(hall, fact):
    hall.turned(fact.issue)
    assert hall.turned(fact.issue).stage == "reply"
    assert hall.refused(cover_fact, "ben", contribution_id=fact.pk) == "fact-of-another-stage"


def test_a_fact_of_an_earlier_stage_is_not_made_an_argument_in_the_members_reply(hall, fact):
    given = {"contribution_id": fact.pk, "text": "Thirty. Vote for it!"}
    revise_contribution(hall.world.actor("hal"), **{**given, "text": "Thirty-one."})
    issue = hall.turned(fact.issue)
    asked = hall.said("cleo", issue, "question", "And the freight?")
    answered = answer_fact(hall.world.actor("hal"), contribution_id=asked.pk, text="Four.").value
    revise_contribution(hall.world.actor("hal"), contribution_id=fact.pk, text="Thirty-two.")
    hall.turned(issue)
    for one in (fact, answered):
        given["contribution_id"] = one.pk
        assert hall.refused(revise_contribution, "hal", **given) == "fact-stays-as-stated"
    later = hall.said("dai", issue, "question", "And the water?")
    stated = answer_fact(hall.world.actor("hal"), contribution_id=later.pk, text="Six.").value
    given["contribution_id"] = stated.pk
    revise_contribution(hall.world.actor("hal"), **given)
    cover_fact(hall.world.actor("ben"), contribution_id=stated.pk)


def test_who_covers_is_named_and_one_click_opens_what_is_covered(hall, fact):
    for name in ("ben", "cleo", "dai"):
        cover_fact(hall.world.actor(name), contribution_id=fact.pk)
    page = Reader(hall.world, hall.now).enter("eva").get(f"/tidewater/issues/{fact.issue.number}/")
    shown = page.content.decode()
    assert "3 members say that this argues. Three cover it until the stage is over. Ben, Cleo, Dai" in shown
    assert "Thirty. And it was a good buy!" in shown


def test_three_who_cover_one_leaders_facts_again_and_again_are_told(hall, fact, tmp_path):
    asked = hall.said("cleo", fact.issue, "question", "And who sold it?")
    other = answer_fact(
        hall.world.actor("hal"), contribution_id=asked.pk, text="The yard next door, as we all know!"
    ).value
    for one in (fact, other):
        for name in ("ben", "cleo", "dai"):
            cover_fact(hall.world.actor(name), contribution_id=one.pk)
    export_to(hall.world.organisation, tmp_path / "export")
    report = audit_export(tmp_path / "export")
    told = [one.sentence for one in report.observations if one.check == "facts_covered"]
    names = ", ".join(sorted(hall.world.people[name] for name in ("ben", "cleo", "dai")))
    assert told == [f"All 2 facts of {hall.world.people['hal']} that were covered were by {names}."]
