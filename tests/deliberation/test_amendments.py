# SPDX-License-Identifier: AGPL-3.0-or-later
"""Amendments through the acts: moved, supported, accepted, combined, carried to the vote, in force."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from kollontai.chapters.deliberation.acts.accept_amendment import accept_amendment
from kollontai.chapters.deliberation.acts.agree_to_combination import agree_to_combination
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.propose_combination import propose_combination
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.support_amendment import support_amendment
from kollontai.chapters.deliberation.acts.withdraw_amendment import withdraw_amendment
from kollontai.chapters.deliberation.acts.withdraw_draft import withdraw_draft
from kollontai.chapters.deliberation.models import Alternative, Amendment, Combination, SpokenOf
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from tests.deliberation.amended import accepted, moved, talked, text_of, voted

pytestmark = pytest.mark.django_db


def revised(hall, by, draft, text):
    revise_draft(hall.world.actor(by), draft_id=draft.pk, title="Buy one", text=text)


# --- Moving ------------------------------------------------------------------------------------------


def test_amendments_are_numbered_on_their_issue_and_their_mover_is_the_first_supporter(hall):
    issue, draft = talked(hall)
    other = hall.drafted("cleo", issue)
    one = moved(hall, "ben", draft, 2, 3, "Two and three.\r\nAnd a half.", reasons="Shorter.")
    two = moved(hall, "ben", other, 1, 0, "First of all.")
    assert (one.number, two.number) == (1, 2)
    assert [str(version.text) for version in one.versions.all()] == ["Two and three.\nAnd a half."]
    assert str(one.reasons) == "Shorter."
    assert [one.member_id for one in one.supporters.all()] == [hall.world.people["ben"]]
    assert two.reasons is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"version": 2}, "version-unknown"),
        ({"version": 0}, "version-unknown"),
        ({"operation": "swap"}, "operation-unknown"),
        ({"first": 6, "last": 6}, "lines-not-there"),
        ({"first": 0, "last": 0}, "lines-not-there"),
        ({"first": 3, "last": 1}, "lines-not-there"),
        ({"first": 3, "last": 2}, "lines-not-there"),  # a place, and to replace it
        ({"operation": "insert"}, "lines-not-there"),  # lines, and to insert there
        ({"text": "Two."}, "changes-nothing"),
        ({"text": "Two\x07."}, "text-unreadable"),
        ({"first": 1, "last": 5, "text": ""}, "text-empty"),
        ({"text": "x\n" * 1_997}, "lines-too-long"),
        ({"reasons": "a\x07"}, "text-unreadable"),
        ({"parent_id": "nothing"}, "no-such-amendment"),
        ({"draft_id": "nothing"}, "no-such-draft"),
    ],
)
def test_what_cannot_be_moved(hall, given, code):
    _, draft = talked(hall)
    right = {"draft_id": draft.pk, "version": 1, "operation": "replace", "first": 2, "last": 2, "text": "X."}
    assert hall.refused(move_amendment, "ben", **{**right, **given}) == code


def test_an_amendment_to_an_amendment_goes_one_level_deep(hall):
    _, draft = talked(hall)
    parent = moved(hall, "ben", draft, 2, 3, "P.\nQ.")
    child = moved(hall, "cleo", draft, 2, 2, "QQ.", parent_id=parent.pk)
    given = {"draft_id": draft.pk, "version": 1, "operation": "replace", "first": 1, "last": 1, "text": "X."}
    assert hall.refused(move_amendment, "dai", **given, parent_id=child.pk) == "one-level-deep"
    gone = moved(hall, "ben", draft, 4, 4)
    assert hall.refused(move_amendment, "dai", **given, parent_id=gone.pk) == "nothing-to-amend"
    all_of_it = {**given, "operation": "delete", "last": 2, "text": ""}
    assert hall.refused(move_amendment, "dai", **all_of_it, parent_id=parent.pk) == "empties-amendment"
    withdraw_amendment(hall.world.actor("ben"), amendment_id=parent.pk)
    assert hall.refused(move_amendment, "dai", **given, parent_id=parent.pk) == "amendment-over"
    elsewhere = hall.drafted("eva", draft.issue)
    other = {**given, "draft_id": elsewhere.pk, "parent_id": child.pk}
    assert hall.refused(move_amendment, "dai", **other) == "no-such-amendment"


def test_nobody_fills_the_table_with_amendments(hall):
    _, draft = talked(hall)
    for _ in range(10):
        moved(hall, "ben", draft, 2, 2, "Again.")
    given = {"draft_id": draft.pk, "version": 1, "operation": "delete", "first": 1, "last": 1}
    assert hall.refused(move_amendment, "ben", **given) == "too-many-amendments"
    assert moved(hall, "cleo", draft, 2, 2, "Again.").number == 11


def test_a_withdrawn_draft_is_not_amended(hall):
    _, draft = talked(hall)
    withdraw_draft(hall.world.actor("ada"), draft_id=draft.pk)
    given = {"draft_id": draft.pk, "version": 1, "operation": "delete", "first": 1, "last": 1}
    assert hall.refused(move_amendment, "ben", **given) == "draft-withdrawn"


# --- Supporting, withdrawing, accepting --------------------------------------------------------------


def test_support_and_withdrawal(hall):
    _, draft = talked(hall)
    one = moved(hall, "ben", draft, 2, 2, "X.", "cleo")
    assert hall.refused(support_amendment, "cleo", amendment_id=one.pk) == "already-supports"
    assert hall.refused(support_amendment, "ben", amendment_id=one.pk) == "already-supports"
    assert hall.refused(support_amendment, "ben", amendment_id="nothing") == "no-such-amendment"
    assert hall.refused(withdraw_amendment, "cleo", amendment_id=one.pk) == "not-your-amendment"
    withdraw_amendment(hall.world.actor("ben"), amendment_id=one.pk)
    assert hall.refused(withdraw_amendment, "ben", amendment_id=one.pk) == "amendment-withdrawn"
    assert hall.refused(support_amendment, "dai", amendment_id=one.pk) == "amendment-withdrawn"
    assert hall.refused(accept_amendment, "ada", amendment_id=one.pk) == "amendment-withdrawn"


def test_an_accepted_amendment_is_the_next_version_of_the_draft_to_the_letter(hall):
    _, draft = talked(hall)
    one = moved(hall, "ben", draft, 2, 3, "P.\nQ.\nR.")
    two = moved(hall, "cleo", draft, 5, 5)
    three = moved(hall, "dai", draft, 3, 3, "Third.")
    assert hall.refused(accept_amendment, "ben", amendment_id=one.pk) == "not-your-draft"
    accepted(hall, "ada", one)
    draft = accepted(hall, "ada", two)
    assert (draft.version, text_of(draft)) == (3, "One.\nP.\nQ.\nR.\nFour.")
    assert hall.refused(accept_amendment, "ada", amendment_id=three.pk) == "amendment-overtaken"
    assert hall.refused(accept_amendment, "ada", amendment_id=one.pk) == "amendment-accepted"
    assert hall.refused(withdraw_amendment, "ben", amendment_id=one.pk) == "amendment-accepted"
    assert Amendment.objects.get(pk=two.pk).accepted_as == 3


def test_an_accepted_child_is_a_new_version_of_its_parent(hall):
    _, draft = talked(hall)
    parent = moved(hall, "ben", draft, 2, 2, "P.\nQ.")
    child = moved(hall, "cleo", draft, 3, 2, "R.", parent_id=parent.pk)
    assert hall.refused(accept_amendment, "ada", amendment_id=child.pk) == "not-your-amendment"
    accepted(hall, "ben", child)
    assert [str(one.text) for one in parent.versions.order_by("version")] == ["P.\nQ.", "P.\nQ.\nR."]
    second = moved(hall, "cleo", draft, 1, 1, parent_id=parent.pk, version=2)
    draft = accepted(hall, "ada", parent)
    assert text_of(draft) == "One.\nP.\nQ.\nR.\nThree.\nFour.\nFive."
    assert hall.refused(accept_amendment, "ben", amendment_id=second.pk) == "amendment-over"


def test_an_amendment_that_would_leave_nothing_or_too_much_is_not_accepted(hall):
    _, draft = talked(hall)
    one = moved(hall, "ben", draft, 2, 5)
    big = moved(hall, "cleo", draft, 1, 0, "y\n" * 1_000)
    revised(hall, "ada", draft, "One.\nTwo.\nThree.\nFour.\nFive." + "\nz" * 1_200)
    assert hall.refused(accept_amendment, "ada", amendment_id=big.pk) == "lines-too-long"
    revised(hall, "ada", draft, "Two.\nThree.\nFour.\nFive.")
    assert hall.refused(accept_amendment, "ada", amendment_id=one.pk) == "text-empty"


def test_everything_closes_at_the_middle_of_the_reply_but_for_withdrawing(hall):
    issue, draft = talked(hall)
    issue = hall.turned(hall.turned(issue))
    one, two = moved(hall, "ben", draft, 2, 2, "X."), moved(hall, "cleo", draft, 4, 4, "Y.")
    proposal = propose_combination(hall.world.actor("ben"), amendment_id=one.pk, with_ids=[two.pk]).value
    hall.now.pass_to(issue.drafts_close_at - timedelta(minutes=1))
    support_amendment(hall.world.actor("dai"), amendment_id=one.pk)
    hall.now.pass_to(issue.drafts_close_at)
    given = {"draft_id": draft.pk, "version": 1, "operation": "delete", "first": 1, "last": 1}
    for act, by, more in (
        (move_amendment, "dai", given),
        (support_amendment, "eva", {"amendment_id": one.pk}),
        (accept_amendment, "ada", {"amendment_id": one.pk}),
        (propose_combination, "ben", {"amendment_id": one.pk, "with_ids": [two.pk]}),
        (agree_to_combination, "cleo", {"combination_id": proposal.pk}),
    ):
        assert hall.refused(act, by, **more) == "drafts-closed"
    withdraw_amendment(hall.world.actor("ben"), amendment_id=one.pk)
    voted(hall, issue)
    assert hall.refused(withdraw_amendment, "cleo", amendment_id=two.pk) == "vote-is-on"


def test_members_do_not_amend_while_the_leaders_answer_but_support(hall):
    issue, draft = talked(hall)
    one = moved(hall, "ben", draft, 2, 2, "X.")
    hall.turned(issue)
    given = {"draft_id": draft.pk, "version": 1, "operation": "delete", "first": 1, "last": 1}
    assert hall.refused(move_amendment, "ben", **given) == "leaders-answer-now"
    assert hall.refused(accept_amendment, "ada", amendment_id=one.pk) == "leaders-answer-now"
    support_amendment(hall.world.actor("cleo"), amendment_id=one.pk)
    assert moved(hall, "hal", draft, 1, 1, "Ones.").supporters.count() == 0


# --- Combining ---------------------------------------------------------------------------------------


def test_combining_needs_the_yes_of_every_mover(hall):
    _, draft = talked(hall)
    one, two, three = (
        moved(hall, by, draft, at, at, "X.", "finn", "gus")
        for by, at in (("ben", 1), ("cleo", 3), ("dai", 5))
    )
    given = {"amendment_id": one.pk, "with_ids": [three.pk, two.pk]}
    assert hall.refused(propose_combination, "eva", **given) == "not-your-amendment"
    proposal = propose_combination(hall.world.actor("ben"), **given).value
    agree = {"combination_id": proposal.pk}
    assert hall.refused(agree_to_combination, "eva", **agree) == "not-asked-to-combine"
    assert hall.refused(agree_to_combination, "ben", **agree) == "not-asked-to-combine"
    assert hall.refused(agree_to_combination, "cleo", combination_id="none") == "no-such-combination"
    agree_to_combination(hall.world.actor("cleo"), **agree)
    assert hall.refused(agree_to_combination, "cleo", **agree) == "agreed-already"
    assert Combination.objects.get().combined_at is None
    agree_to_combination(hall.world.actor("dai"), **agree)
    assert Combination.objects.get().combined_at is not None
    again = {"amendment_id": two.pk, "with_ids": [one.pk]}
    assert hall.refused(propose_combination, "cleo", **again) == "combined-already"
    issue = voted(hall, draft.issue)
    (alternative,) = issue.alternatives.all()
    assert str(alternative.text) == "X.\nTwo.\nX.\nFour.\nX."
    assert alternative.amendments == [one.pk, two.pk, three.pk]


def test_what_cannot_be_combined(hall):
    issue, draft = talked(hall)
    other = hall.drafted("ben", issue)
    one, two = moved(hall, "ben", draft, 1, 2, "X."), moved(hall, "cleo", draft, 2, 3, "Y.")
    far, gone = moved(hall, "ben", other, 1, 0, "Z."), moved(hall, "ben", draft, 5, 5)
    withdraw_amendment(hall.world.actor("ben"), amendment_id=gone.pk)
    more = [moved(hall, "dai", draft, 4, 4, f"{n}.").pk for n in range(4)]
    for with_ids, code in (
        ([], "two-to-four"),
        ([one.pk], "two-to-four"),
        ([*more], "two-to-four"),
        ([far.pk], "another-draft"),
        ([two.pk], "amendments-conflict"),
        ([gone.pk], "amendment-over"),
        (["nothing"], "no-such-amendment"),
    ):
        assert hall.refused(propose_combination, "ben", amendment_id=one.pk, with_ids=with_ids) == code


def test_own_amendments_are_combined_at_once_and_proposals_end(hall):
    _, draft = talked(hall)
    one, two = moved(hall, "ben", draft, 1, 1, "X."), moved(hall, "ben", draft, 3, 3, "Y.")
    propose_combination(hall.world.actor("ben"), amendment_id=one.pk, with_ids=[two.pk])
    assert Combination.objects.get().combined_at is not None
    three, four = moved(hall, "ben", draft, 5, 5, "Z."), moved(hall, "cleo", draft, 4, 4, "W.")
    for _ in range(9):
        propose_combination(hall.world.actor("ben"), amendment_id=three.pk, with_ids=[four.pk])
    given = {"amendment_id": three.pk, "with_ids": [four.pk]}
    assert hall.refused(propose_combination, "ben", **given) == "too-many-combinations"


# --- The vote ----------------------------------------------------------------------------------------


def test_an_amendment_with_supporters_is_an_alternative_and_can_be_what_is_in_force(hall):
    issue, draft = talked(hall)
    one = moved(hall, "ben", draft, 2, 2, "Two at least.", "cleo")
    alone = moved(hall, "dai", draft, 4, 4)
    issue = voted(hall, issue)
    alternative = Alternative.objects.get()
    assert (alternative.version, alternative.amendments) == (1, [one.pk])
    assert issue.poll.options == [draft.pk, alternative.pk, "status-quo"]
    shown = json.loads(str(issue.poll.paper))["options"][1]
    assert (shown["draft"], shown["amendments"], shown["title"]) == (draft.pk, [1], "Buy one")
    assert shown["text"] == "One.\nTwo at least.\nThree.\nFour.\nFive."
    for name in ("ada", "ben", "cleo", "dai"):
        ranking = [[alternative.pk], [draft.pk], ["status-quo"]]
        cast_ballot(hall.world.actor(name), poll_id=issue.poll_id, ranking=ranking)
    issue = hall.turned(issue)
    resolution = issue.resolutions.get()
    assert (resolution.draft_id, resolution.alternative_id) == (draft.pk, alternative.pk)
    assert str(resolution.text) == "One.\nTwo at least.\nThree.\nFour.\nFive."
    assert not alone.accepted_as


def test_one_alternative_alone_is_asked_about_with_yes_and_no(hall):
    issue, draft = talked(hall)
    moved(hall, "ben", draft, 5, 5, "", "cleo")
    withdraw_draft(hall.world.actor("ada"), draft_id=draft.pk)
    issue = voted(hall, issue)
    alternative = Alternative.objects.get()
    assert (issue.poll.form, json.loads(str(issue.poll.paper))["draft"]["id"]) == ("yes_no", alternative.pk)
    for name in ("ben", "cleo", "dai"):
        cast_ballot(hall.world.actor(name), poll_id=issue.poll_id, choice="yes")
    issue = hall.turned(issue)
    assert issue.outcome == "carried"
    assert str(issue.resolutions.get().text) == "One.\nTwo.\nThree.\nFour."


def test_amendments_to_a_draft_that_does_not_qualify_come_to_the_vote(hall):
    issue, draft = talked(hall)
    other = hall.drafted("ben", issue)
    moved(hall, "cleo", other, 2, 1, "2. Soon.", "dai")
    issue = voted(hall, issue)
    alternative = Alternative.objects.get()
    assert issue.poll.options == [draft.pk, alternative.pk, "status-quo"]
    assert str(alternative.text) == "1. Mend it.\n2. Soon."


# --- Words on lines ----------------------------------------------------------------------------------


def test_words_are_said_of_lines_of_a_version_of_a_draft_on_this_issue(hall):
    issue, draft = talked(hall)
    other = hall.drafted("ben", hall.talked("cleo"))
    hall.said("ben", issue, draft_id=draft.pk, version=1, first=2, last=5)
    (row,) = SpokenOf.objects.all()
    assert (row.draft_id, row.version, row.first, row.last) == (draft.pk, 1, 2, 5)
    right = {"issue_id": issue.pk, "stance": "for", "text": "Yes.", "draft_id": draft.pk, "version": 1}
    for wrong in (
        {"first": 2, "last": 6}, {"first": 0, "last": 1}, {"first": 3, "last": 2},
        {"first": 1, "last": 1, "version": 2}, {"first": 1, "last": 1, "version": 2**70},
        {"first": 1, "last": 1, "draft_id": other.pk}, {"first": 1, "last": 1, "draft_id": "nothing"},
    ):  # fmt: skip
        assert hall.refused(speak, "ben", **{**right, **wrong}) == "lines-not-there"
