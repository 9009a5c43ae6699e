# SPDX-License-Identifier: AGPL-3.0-or-later
"""A question that was decided comes again with more members behind it, or when its time is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kollontai.chapters.deliberation import again, comparing
from kollontai.chapters.deliberation.acts.accept_amendment import accept_amendment
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.support_amendment import support_amendment
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.again import Asked
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Issue, QuestionAgain
from kollontai.chapters.petitions.acts.open_petition import open_petition
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.record.act import Actor
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from tests import prepared
from tests.deliberation.hall import CHAIR, FERRY, MEMBERS, Hall
from tests.world import founded, founders

TEXT = (
    "We buy the old canteen beside the yard for thirty eight thousand,\n"
    "pay it from the reserve within two years,\n"
    "and open it for the children of all who work here and for their neighbours."
)
OTHER = (
    "The depot begins an hour later from the first of May on,\n"
    "so that nobody who comes by the early ferry has to wait in the rain,\n"
    "and the evening shift ends when the last tram has come in."
)


# --- The same, without a database --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (TEXT, TEXT.upper().replace(",", " –"), True),
        (TEXT, TEXT.replace("thirty", "thir\u200bty"), True),
        (TEXT, " ".join(TEXT.split()[: len(TEXT.split()) * 2 // 3]), True),
        (TEXT, f"{OTHER}\n{TEXT}\n{OTHER}", True),
        (TEXT, OTHER, False),
        ("We buy a kettle.", "we buy – a KETTLE", True),
        ("We buy a kettle.", "We buy two kettles.", False),
        ("…", "", True),
    ],
)
def test_texts_that_are_alike(one, other, same):
    assert again.alike(one, other) is same
    assert again.alike(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"effect": "set_dues", "dues": 700}, {"effect": "set_dues", "dues": 701}, True),
        ({"effect": "set_dues", "dues": 700}, {"effect": "set_dues", "dues": 900}, False),
        ({"effect": "set_dues", "dues": 0}, {"effect": "set_dues", "dues": 1}, False),
        (
            {"effect": "set_limit", "key": "a", "value": 9},
            {"effect": "set_limit", "key": "b", "value": 9},
            False,
        ),
        ({"effect": "end_post", "post": "x"}, {"effect": "change_post", "post": "x"}, False),
        (
            {"effect": "change_post", "post": "x", "pay": 100},
            {"effect": "change_post", "post": "x", "pay": 104, "title": "Scribe"},
            True,
        ),
        (
            {"effect": "create_post", "title": "Scribe", "leading": True},
            {"effect": "create_post", "title": "scribe", "leading": False},
            False,
        ),
    ],
)
def test_effects_that_are_the_same(one, other, same):
    assert again.same_effect(one, other) is again.same_effect(other, one) is same


def test_one_effect_in_common_is_the_same_question_and_two_other_ones_are_not():
    dues, scribe = {"effect": "set_dues", "dues": 700}, {"effect": "end_post", "post": "x"}
    both = Asked("A text.", (dues, scribe))
    assert again.same_question(Asked(OTHER, (scribe,)), both)
    assert not again.same_question(Asked("A text.", ({"effect": "end_post", "post": "y"},)), both)
    assert again.same_question(Asked("A text."), both)


# --- By acts -----------------------------------------------------------------------------------------

CROWD = tuple(f"m{number:02}" for number in range(28))


@prepared.once
def opened_hall(now: Any) -> Hall:
    """Forty people: an ordinary question needs three of them, one that comes again four."""
    world = founded(
        listed=(*founders(*FERRY, unit="Ferry Crews"), *founders(*MEMBERS, CHAIR, *CROWD)),
        units=("Ferry Crews",),
    )
    now.move(minutes=1)
    now.pass_to(now.time)
    return Hall(world, now)


@pytest.fixture
def hall(db: None, now: Any) -> Hall:
    return opened_hall(now)


def decided(hall: Hall, *, carried: bool = False, unit: str = "", by: str = "ada", **given: Any) -> Issue:
    issue = hall.talked(by, unit, **{"draft_text": TEXT, **given})
    while issue.stage != "vote":
        issue = hall.turned(issue)
    for voter in issue.poll.voters.all()[:6]:
        choice = "yes" if carried else "no"
        cast_ballot(Actor(hall.world.id, voter.member_id, "code"), poll_id=issue.poll_id, choice=choice)
    issue = hall.turned(issue)
    assert issue.outcome == ("carried" if carried else "not-carried")
    return issue


@pytest.mark.parametrize("carried", [True, False])
def test_what_was_decided_is_raised_and_talked_over_with_more_members(hall, carried):
    earlier = decided(hall, carried=carried)
    issue = hall.raised("ben", draft_text=f"{TEXT} {OTHER}")
    said = QuestionAgain.objects.get()
    assert (said.earlier_id, said.needed, said.version) == (earlier.pk, 4, 1)
    assert hall.world.kinds()[-4:] == ["issue.raised", "draft.put", "question.again", "issue.supported"]
    for name in ("cleo", "dai"):
        support_issue(hall.world.actor(name), issue_id=issue.pk)
    assert (hall.fresh(issue).stage, hall.fresh(issue).needed) == ("gathering", 3)
    support_issue(hall.world.actor("eva"), issue_id=issue.pk)
    issue = hall.fresh(issue)
    assert issue.stage == "talk"
    assert hall.turned(hall.turned(hall.turned(issue))).stage == "vote"


def test_after_its_days_it_is_a_question_as_any_other(hall):
    earlier = decided(hall)
    hall.now.pass_to(earlier.ended_at + timedelta(days=365, minutes=-1))
    hall.raised("ben", draft_text=TEXT)
    hall.now.pass_to(earlier.ended_at + timedelta(days=365))
    hall.raised("cleo", draft_text=TEXT)
    assert QuestionAgain.objects.count() == 1


def test_an_empty_issue_with_the_old_draft_later_and_a_revision_need_the_same_number(hall):
    decided(hall)
    issue = hall.talked("ben", draft_text="Something is to be done.")
    put = put_draft(hall.world.actor("cleo"), issue_id=issue.pk, title="So", text=TEXT).value
    revise_draft(hall.world.actor("ben"), draft_id=issue.drafts.get(first=True).pk, title="So", text=TEXT)
    assert sorted(QuestionAgain.objects.values_list("version", "needed")) == [(1, 4), (2, 4)]
    for name in ("ada", "dai"):
        support_draft(hall.world.actor(name), draft_id=put.pk)
    issue = hall.turned(hall.turned(issue))
    assert hall.turned(issue).outcome == "lapsed"


def test_where_the_first_draft_has_become_an_old_question_the_other_one_is_asked_about_alone(hall):
    decided(hall)
    issue = hall.talked("ben", draft_text="Something is to be done.")
    other = hall.drafted("cleo", issue, "ada", "dai")
    revise_draft(hall.world.actor("ben"), draft_id=issue.drafts.get(first=True).pk, title="So", text=TEXT)
    issue = hall.turned(hall.turned(hall.turned(issue)))
    assert issue.poll.form == "yes_no"
    for voter in issue.poll.voters.all()[:9]:
        given = {"poll_id": issue.poll_id, "choice": "yes"}
        cast_ballot(Actor(hall.world.id, voter.member_id, "code"), **given)
    issue = hall.turned(issue)
    assert (issue.outcome, issue.resolutions.get().draft) == ("carried", other)


def test_supporters_of_the_draft_bring_it_to_the_vote(hall):
    decided(hall)
    issue = hall.talked("ben", draft_text="Something is to be done.")
    put = put_draft(hall.world.actor("cleo"), issue_id=issue.pk, title="So", text=TEXT).value
    for name in ("ada", "dai", "eva"):
        support_draft(hall.world.actor(name), draft_id=put.pk)
    issue = hall.turned(hall.turned(hall.turned(issue)))
    assert issue.poll.options[1] == put.pk


def test_behind_the_first_draft_stand_those_of_the_issue_and_those_of_the_draft(hall):
    decided(hall)
    issue = hall.talked("ben", draft_text="Something is to be done.")
    first = issue.drafts.get()
    revise_draft(hall.world.actor("ben"), draft_id=first.pk, title="So", text=TEXT)
    assert len(comparing.behind(issue, set())[first.pk]) == 3
    support_draft(hall.world.actor("ada"), draft_id=first.pk)
    assert len(comparing.behind(issue, set())[first.pk]) == 3  # ada stands behind both
    support_draft(hall.world.actor("finn"), draft_id=first.pk)
    assert hall.turned(hall.turned(hall.turned(issue))).stage == "vote"


def test_an_accepted_amendment_that_brings_it_back_is_marked(hall):
    decided(hall)
    first, rest = TEXT.split("\n", 1)
    issue = hall.talked("ben", draft_text="Something is to be done.")
    draft = issue.drafts.get()
    amendment = move_amendment(
        hall.world.actor("cleo"), draft_id=draft.pk, version=1, operation="replace", first=1, last=1,
        text=f"{first}\n{rest}",
    ).value  # fmt: skip
    accept_amendment(hall.world.actor("ben"), amendment_id=amendment.pk)
    assert hall.world.kinds()[-3:] == ["amendment.accepted", "draft.revised", "question.again"]
    assert hall.turned(hall.turned(hall.turned(issue))).outcome == "lapsed"


@pytest.mark.parametrize(("supporters", "form"), [(2, "yes_no"), (3, "ranked")])
def test_an_alternative_that_is_it_comes_to_the_vote_with_the_same_number(hall, supporters, form):
    decided(hall)
    issue = hall.talked("ben", draft_text="Something is to be done.")
    amendment = move_amendment(
        hall.world.actor("cleo"), draft_id=issue.drafts.get().pk, version=1, operation="replace", first=1,
        last=1, text=TEXT,
    ).value  # fmt: skip
    for name in ("ada", "dai", "eva", "finn")[:supporters]:
        support_amendment(hall.world.actor(name), amendment_id=amendment.pk)
    assert hall.turned(hall.turned(hall.turned(issue))).poll.form == form


def test_a_unit_is_bound_by_the_whole_and_the_whole_not_by_a_unit(hall):
    decided(hall)
    hall.raised("kit", "Ferry Crews", draft_text=TEXT)
    assert QuestionAgain.objects.get().needed == 1
    decided(hall, unit="Ferry Crews", by="kit", draft_text=OTHER)
    hall.raised("ben", draft_text=OTHER)
    assert QuestionAgain.objects.count() == 1
    hall.raised("lou", "Ferry Crews", draft_text=OTHER)
    assert QuestionAgain.objects.count() == 2


def test_what_was_on_its_way_before_goes_on(hall):
    beside = hall.talked("ben", draft_text=TEXT)
    decided(hall)
    assert hall.fresh(beside).stage in ("vote", "decided")
    assert not QuestionAgain.objects.exists()


def test_the_same_effect_in_other_words_is_the_same_question(hall):
    scribe = Effect("create_post", title="Scribe", seats=1, term_days=365, duty="specialist")
    decided(hall, effects=[scribe])
    words = {"unit_id": hall.world.unit().pk, "title": "A", "text": "Why."}
    raise_issue(
        hall.world.actor("ben"), draft_title="B", draft_text=OTHER, effects=[scribe], **words
    )  # fmt: skip
    assert hall.world.kinds()[-3:] == ["effects.declared", "question.again", "issue.supported"]


def test_dues_that_were_decided_come_again_with_a_later_draft_and_take_the_long_times(hall):
    decided(hall, effects=[Effect("set_dues", dues=700)])
    issue = hall.talked("ben", draft_text="Something is to be done.")
    put_draft(
        hall.world.actor("cleo"), issue_id=issue.pk, title="So", text=OTHER,
        effects=[Effect("set_dues", dues=701)],
    )  # fmt: skip
    following = ["effects.declared", "question.again", "issue.made_big", "stage.begun"]
    assert hall.world.kinds()[-4:] == following
    assert hall.fresh(issue).weight == "big"


def test_a_petition_brings_it_before_the_members_and_not_to_the_vote(hall):
    decided(hall)
    petition = open_petition(
        hall.world.actor("ben"), about="question", title="Once more", text=TEXT
    ).value  # fmt: skip
    for name in ("cleo", "kit", "lou"):
        if Petition.objects.get().signatures.count() < petition.needed:
            sign_petition(hall.world.actor(name), petition_id=petition.pk)
    hall.now.pass_to(hall.now.time)
    issue = Issue.objects.get(number=2)
    said = QuestionAgain.objects.get()
    assert (said.issue_id, said.needed) == (issue.pk, 4)
    assert hall.world.kinds()[-3:] == ["question.put", "question.again", "stage.begun"]
    draft = issue.drafts.get()
    for name in ("ada", "dai", "eva"):
        support_draft(hall.world.actor(name), draft_id=draft.pk)
    assert len(comparing.behind(issue, set())[draft.pk]) == 3
    support_draft(hall.world.actor("finn"), draft_id=draft.pk)
    assert hall.turned(hall.turned(hall.turned(issue))).stage == "vote"
