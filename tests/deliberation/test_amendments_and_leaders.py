# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a leadership might get round amendments, each way tried."""

from __future__ import annotations

import pytest

from kollontai.chapters.deliberation.acts.accept_amendment import accept_amendment
from kollontai.chapters.deliberation.acts.agree_to_combination import agree_to_combination
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.propose_combination import propose_combination
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.support_amendment import support_amendment
from kollontai.chapters.deliberation.acts.withdraw_amendment import withdraw_amendment
from kollontai.chapters.deliberation.models import Alternative
from tests.deliberation.amended import FIVE, accepted, moved, talked, voted

pytestmark = pytest.mark.django_db


def revised(hall, by, draft, text):
    revise_draft(hall.world.actor(by), draft_id=draft.pk, title="Buy one", text=text)


def texts_on(issue):
    return [str(one.text) for one in Alternative.objects.filter(issue=issue).order_by("pk")]


def delete(draft, line, version=1):
    return {"draft_id": draft.pk, "version": version, "operation": "delete", "first": line, "last": line}


def test_a_leader_does_not_amend_or_support_while_members_talk_or_reply(hall):
    issue, draft = talked(hall)
    one = moved(hall, "ben", draft, 2, 2, "X.")
    for code in ("leaders-after-members", "members-reply-now"):
        assert hall.refused(move_amendment, "hal", **delete(draft, 1)) == code
        assert hall.refused(support_amendment, "hal", amendment_id=one.pk) == "leaders-do-not-support"
        issue = hall.turned(issue)
        if code == "leaders-after-members":
            issue = hall.turned(issue)


def test_a_leader_who_moved_a_draft_does_not_accept_what_a_friend_moves_in_the_talk(hall):
    issue, draft = talked(hall, by="hal", text="It leaks.")
    one = moved(hall, "ben", draft, 2, 2, "X.")
    assert hall.refused(accept_amendment, "hal", amendment_id=one.pk) == "leaders-after-members"
    hall.turned(issue)
    accepted(hall, "hal", one)  # in the leaders' own stage, in the open


def test_a_leaders_support_does_not_carry_an_amendment_to_the_vote(hall):
    issue, draft = talked(hall)
    hall.turned(issue)
    one = moved(hall, "hal", draft, 2, 2, "X.")
    support_amendment(hall.world.actor("ben"), amendment_id=one.pk)
    voted(hall, issue)
    assert texts_on(issue) == []  # ben alone stands behind it; a leader who moves does not count


def test_ten_amendments_of_friends_do_not_push_off_one_that_more_members_want(hall):
    issue, draft = talked(hall)
    for number in range(10):
        moved(hall, "eva", draft, 1, 1, f"Noise {number}.", "finn")
    for number in range(4):
        moved(hall, "finn", draft, 1, 1, f"More noise {number}.", "eva")
    moved(hall, "ben", draft, 5, 5, "Wanted.", "cleo", "dai")
    issue = voted(hall, issue)
    assert len(issue.poll.options) == 13
    assert "One.\nTwo.\nThree.\nFour.\nWanted." in texts_on(issue)


def test_what_is_accepted_and_revised_away_at_the_last_minute_comes_to_the_vote(hall):
    issue, draft = talked(hall)
    one = moved(hall, "ben", draft, 2, 2, "At least two.", "cleo")
    accepted(hall, "ada", one)
    support_amendment(hall.world.actor("dai"), amendment_id=one.pk)  # one may still stand behind it
    issue = hall.turned(hall.turned(issue))
    hall.now.pass_to(issue.drafts_close_at - (issue.drafts_close_at - issue.stage_began_at) / 50)
    revised(hall, "ada", draft, FIVE)
    voted(hall, issue)
    assert texts_on(issue) == ["One.\nAt least two.\nThree.\nFour.\nFive."]


def test_what_is_accepted_and_stays_makes_no_alternative(hall):
    issue, draft = talked(hall)
    one = moved(hall, "ben", draft, 2, 2, "At least two.", "cleo")
    accepted(hall, "ada", one)
    revised(hall, "ada", draft, "Nought.\nOne.\nAt least two.\nThree.\nFour.")
    issue = voted(hall, issue)
    assert issue.poll.form == "yes_no"


def test_an_equal_amendment_takes_no_second_place_and_no_support_away(hall):
    issue, draft = talked(hall)
    moved(hall, "eva", draft, 2, 2, "X.", "finn")
    moved(hall, "ben", draft, 2, 2, "X.", "cleo", "dai")
    voted(hall, issue)
    assert texts_on(issue) == ["One.\nX.\nThree.\nFour.\nFive."]


def test_taking_a_parent_back_takes_no_child_along(hall):
    issue, draft = talked(hall)
    parent = moved(hall, "eva", draft, 2, 2, "P.\nQ.")
    moved(hall, "ben", draft, 2, 2, "Better.", "cleo", parent_id=parent.pk)
    withdraw_amendment(hall.world.actor("eva"), amendment_id=parent.pk)
    voted(hall, issue)
    assert texts_on(issue) == ["One.\nP.\nBetter.\nThree.\nFour.\nFive."]


def test_accepting_a_parent_takes_no_child_along(hall):
    issue, draft = talked(hall)
    parent = moved(hall, "eva", draft, 2, 2, "P.\nQ.")
    moved(hall, "ben", draft, 2, 2, "Better.", "cleo", parent_id=parent.pk)
    accepted(hall, "ada", parent)
    voted(hall, issue)
    assert texts_on(issue) == ["One.\nP.\nBetter.\nThree.\nFour.\nFive."]


def test_a_parent_that_shrinks_takes_no_child_along(hall):
    issue, draft = talked(hall)
    parent = moved(hall, "eva", draft, 2, 2, "P.\nQ.\nR.")
    moved(hall, "ben", draft, 3, 3, "Better.", "cleo", parent_id=parent.pk)
    friend = moved(hall, "finn", draft, 2, 3, "", parent_id=parent.pk, operation="delete")
    accepted(hall, "eva", friend)
    voted(hall, issue)
    assert texts_on(issue) == ["One.\nP.\nQ.\nBetter.\nThree.\nFour.\nFive."]


def test_nobody_is_combined_with_others_against_their_will(hall):
    issue, draft = talked(hall)
    weak = moved(hall, "eva", draft, 1, 1, "Weak.")
    strong = moved(hall, "ben", draft, 5, 5, "Strong.", "cleo")
    given = {"amendment_id": weak.pk, "with_ids": [strong.pk]}
    proposal = propose_combination(hall.world.actor("eva"), **given).value
    assert hall.refused(agree_to_combination, "eva", combination_id=proposal.pk) == "not-asked-to-combine"
    assert hall.refused(agree_to_combination, "cleo", combination_id=proposal.pk) == "not-asked-to-combine"
    voted(hall, issue)
    assert texts_on(issue) == ["One.\nTwo.\nThree.\nFour.\nStrong."]


def test_a_combination_with_a_weak_one_takes_no_strong_one_off_the_ballot(hall):
    issue, draft = talked(hall)
    weak = moved(hall, "eva", draft, 1, 1, "Weak.")
    strong = moved(hall, "ben", draft, 5, 5, "Strong.", "cleo")
    given = {"amendment_id": weak.pk, "with_ids": [strong.pk]}
    proposal = propose_combination(hall.world.actor("eva"), **given).value
    agree_to_combination(hall.world.actor("ben"), combination_id=proposal.pk)
    voted(hall, issue)
    assert texts_on(issue) == ["One.\nTwo.\nThree.\nFour.\nStrong."]


def test_nobody_amends_an_old_text_to_bring_it_back_or_to_look_in_conflict(hall):
    issue, draft = talked(hall)
    revised(hall, "ada", draft, "One.\nThe members decided otherwise.\nThree.\nFour.\nFive.")
    given = {**delete(draft, 2), "operation": "replace", "text": "Two, after all."}
    refusal = hall.refusal(move_amendment, "ben", **given)
    assert (refusal.code, refusal.facts) == ("lines-moved-on", {"newest": 2})
    moved(hall, "ben", draft, 5, 5, "Last.", "cleo")  # its line stands: moved with version 1, it is carried
    voted(hall, issue)
    assert texts_on(issue) == ["One.\nThe members decided otherwise.\nThree.\nFour.\nLast."]


def test_the_mover_of_a_draft_does_not_shake_an_amendment_off_by_rewriting_its_lines(hall):
    issue, draft = talked(hall)
    moved(hall, "ben", draft, 2, 2, "At least two.", "cleo")
    revised(hall, "ada", draft, "One.\nTwo or so.\nThree.\nFour.\nFive.")
    voted(hall, issue)
    assert texts_on(issue) == ["One.\nAt least two.\nThree.\nFour.\nFive."]
