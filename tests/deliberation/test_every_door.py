# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every act in every stage by a member and by a leader: the acts keep the table, and so does the page."""

from __future__ import annotations

import pytest

from kollontai.chapters.deliberation.acts.answer_fact import answer_fact
from kollontai.chapters.deliberation.acts.correct_fact import correct_fact
from kollontai.chapters.deliberation.acts.post_letter import post_letter
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.seal_statement import seal_statement
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.acts.withdraw_draft import withdraw_draft
from kollontai.chapters.deliberation.models import Contribution
from kollontai.chapters.deliberation.queries import issue_page
from kollontai.chapters.deliberation.stages import MAY, Doing, Role, Stage

OPEN = [Stage.GATHERING, Stage.TALK, Stage.ANSWER, Stage.REPLY, Stage.VOTE, Stage.DECIDED]


def tries(hall, issue):
    """What can be tried on an issue, as `Doing` and act with what it is given."""
    here = {"issue_id": issue.pk}
    first = {"draft_id": issue.drafts.get(first=True).pk}
    question = Contribution.objects.filter(issue=issue, stance="question").first()
    fact = {"contribution_id": question.pk, "text": "19.90"} if question else None
    words = {"title": "Mend it", "text": "1. We mend it."}
    yield Doing.SPEAK, speak, {**here, "stance": "against", "text": "No."}
    yield Doing.ASK, speak, {**here, "stance": "question", "text": "What is it?"}
    yield Doing.PUT_DRAFT, put_draft, {**here, **words}
    yield Doing.SUPPORT_DRAFT, support_draft, first
    yield Doing.SEAL, seal_statement, {**here, "text": "I like tea."}
    yield Doing.POST_LETTER, post_letter, {
        **here, "sender": "The shop", "text": "Sold out.", "received_at": hall.now.time,
    }  # fmt: skip
    if fact:
        yield Doing.STATE_FACTS, answer_fact, fact
        yield Doing.STATE_FACTS, correct_fact, {**fact, "source": "The bill."}
    yield Doing.SUPPORT, support_issue, here  # last: the talk may begin with it


@pytest.mark.parametrize("stage", OPEN)
def test_no_act_does_what_the_table_does_not_grant(hall, stage):
    issue = hall.talked()
    hall.said("cleo", issue, "question", "What does it cost?")
    hall.drafted("ben", issue, "dai")
    if stage is Stage.GATHERING:
        issue = hall.raised("cleo")
    while issue.stage != stage:
        issue = hall.turned(issue)
    for name, role in (("hal", Role.LEADER), ("gus", Role.MEMBER)):
        page = issue_page(issue, hall.world.member(name), at=hall.now.time)
        told = {**page.may}
        for doing, act, given in tries(hall, issue):
            granted = doing in MAY[stage][role]
            if doing is Doing.STATE_FACTS and act is correct_fact and granted:
                continue  # one fact of each leader under the same words; the first was just stated
            if doing.value in told:
                assert (told[doing.value] is None) is granted, f"the page on {doing} for {role} in {stage}"
            if granted:
                act(hall.world.actor(name), **given)
            else:
                assert hall.refused(act, name, **given), f"{role} was let through to {doing} in {stage}"


@pytest.mark.parametrize("stage", OPEN)
def test_movers_change_and_withdraw_their_drafts_only_where_the_table_grants_it(hall, stage):
    issue = hall.stood_in(stage)
    draft = issue.drafts.get()
    for doing, act, given in (
        (Doing.REVISE_DRAFT, revise_draft, {"title": "Buy two", "text": "1. Two."}),
        (Doing.WITHDRAW_DRAFT, withdraw_draft, {}),
    ):
        if doing in MAY[stage][Role.MEMBER]:
            act(hall.world.actor("ada"), draft_id=draft.pk, **given)
        else:
            assert hall.refused(act, "ada", draft_id=draft.pk, **given)
