# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a clever leadership would try to speak first, and what happens."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.deliberation.acts.answer_fact import answer_fact
from kollontai.chapters.deliberation.acts.correct_fact import correct_fact
from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.revise_contribution import revise_contribution
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.seal_statement import seal_statement
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.acts.withdraw_draft import withdraw_draft
from kollontai.chapters.deliberation.models import Contribution
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.act import Actor
from kollontai.chapters.record.models import Content
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from tests.deliberation.hall import Hall, opened_hall
from tests.world import founded, founders, held_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def early(db, now):
    """The hall before the confirmations: hal and iva lead in some days, not yet."""
    return opened_hall(now, seated=False)


def test_a_leader_is_told_the_article_and_the_day(hall):
    issue = hall.talked()
    refusal = hall.refusal(speak, "hal", issue_id=issue.pk, stance="for", text="Trust me.")
    assert (refusal.code, refusal.article, refusal.until) == ("leaders-after-members", 2, issue.stage_ends_at)


def test_who_leads_above_is_silent_in_a_branch_and_who_leads_in_a_branch_is_not_above(hall):
    branch = hall.talked("kit", "Ferry Crews")
    assert hall.refused(speak, "hal", issue_id=branch.pk, stance="for", text="x") == "leaders-after-members"
    assert hall.refused(speak, "iva", issue_id=branch.pk, stance="for", text="x") == "leaders-after-members"
    assert hall.refused(speak, "ada", issue_id=branch.pk, stance="for", text="x") == "another-unit"
    whole = hall.talked("ada")
    assert hall.said("iva", whole).stage == "talk"


def test_who_becomes_a_leader_while_members_talk_falls_silent(early):
    hall = early
    issue = hall.talked()
    question = hall.said("ben", issue, "question")
    before = hall.said("hal", issue)
    draft = hall.drafted("hal", issue)
    other = hall.drafted("ben", issue)
    while not Term.objects.filter(member=hall.world.people["hal"]).exists():
        hall.now.pass_days(1)
    issue = hall.fresh(issue)
    assert issue.stage == "talk"

    words = {"title": "Anew", "text": "Anew."}
    assert hall.refused(speak, "hal", issue_id=issue.pk, stance="for", text="x") == "leaders-after-members"
    assert (
        hall.refused(revise_contribution, "hal", contribution_id=before.pk, text="x")
        == "leaders-after-members"
    )
    assert hall.refused(revise_draft, "hal", draft_id=draft.pk, **words) == "leaders-after-members"
    assert hall.refused(put_draft, "hal", issue_id=issue.pk, **words) == "leaders-after-members"
    assert hall.refused(support_draft, "hal", draft_id=other.pk) == "leaders-do-not-support"
    assert answer_fact(hall.world.actor("hal"), contribution_id=question.pk, text="19.90").value.as_leader


def test_no_leader_rewrites_what_they_said_as_a_member(early):
    hall = early
    issue = hall.talked()
    before = hall.said("hal", issue, text="I am one of you.")
    issue = hall.turned(issue)
    assert issue.stage == "answer"
    assert (
        hall.refused(revise_contribution, "hal", contribution_id=before.pk, text="Obey.")
        == "said-as-a-member"
    )
    now_said = hall.said("hal", issue, text="I lead.")
    revise_contribution(hall.world.actor("hal"), contribution_id=now_said.pk, text="I lead, and answer.")
    issue = hall.turned(issue)
    for words in (before, now_said):
        code = hall.refused(revise_contribution, "hal", contribution_id=words.pk, text="More.")
        assert code == "members-reply-now"


def test_nobody_answers_their_own_planted_question(early):
    hall = early
    issue = hall.talked()
    planted = hall.said("hal", issue, "question", text="Is it not true that I am right?")
    hall.now.pass_days(8)
    assert hall.fresh(issue).stage == "talk"
    assert hall.refused(answer_fact, "hal", contribution_id=planted.pk, text="It is.") == "only-to-a-member"
    assert (
        hall.refused(correct_fact, "hal", contribution_id=planted.pk, text="I am.", source="Me.")
        == "only-to-a-member"
    )


def test_leaving_the_post_during_the_issue_gives_no_voice_back(now, db):
    hall = opened_hall(now, old_end=datetime(2026, 2, 14, 12, 0, tzinfo=UTC))
    issue = hall.talked()
    hall.now.pass_to(datetime(2026, 2, 15, 12, 0, tzinfo=UTC))
    term = Term.objects.get(member=hall.world.people["hal"])
    assert term.ended_at is not None
    assert hall.fresh(issue).stage == "talk"
    assert hall.refused(speak, "hal", issue_id=issue.pk, stance="for", text="x") == "leaders-after-members"
    later = hall.talked("ben")
    assert hall.said("hal", later).as_leader is False


def test_a_leader_raises_briefly_and_members_stand_behind_it(hall):
    long = {"title": "t", "text": "x" * 1_500, "draft_title": "t", "draft_text": "y" * 501}
    unit_id = hall.world.unit().pk
    assert hall.refused(raise_issue, "hal", unit_id=unit_id, **long) == "leader-raises-briefly"
    issue = hall.raised("hal", text="x" * 1_500, draft_text="y" * 500)
    assert issue.by_leader
    assert not issue.supporters.exists()
    assert hall.refused(support_issue, "hal", issue_id=issue.pk) == "leaders-do-not-support"
    support_issue(hall.world.actor("ada"), issue_id=issue.pk)
    assert hall.fresh(issue).stage == "gathering"
    support_issue(hall.world.actor("ben"), issue_id=issue.pk)
    assert hall.fresh(issue).stage == "talk"
    assert hall.refused(speak, "hal", issue_id=issue.pk, stance="for", text="x") == "leaders-after-members"
    first = issue.drafts.get()
    assert not first.supporters.exists()
    code = hall.refused(revise_draft, "hal", draft_id=first.pk, title="t", text="longer")
    assert code == "leaders-after-members"


def test_a_leader_above_does_not_raise_in_a_branch_that_is_not_theirs(hall):
    words = {"title": "t", "text": "t", "draft_title": "t", "draft_text": "t"}
    unit_id = hall.world.unit("Ferry Crews").pk
    assert hall.refused(raise_issue, "hal", unit_id=unit_id, **words) == "another-unit"


def test_a_leaders_draft_comes_to_the_vote_only_by_members_who_want_it(hall):
    issue = hall.stood_in("answer")
    draft = hall.drafted("hal", issue)
    lonely = hall.drafted("hal", issue, title="Sell it")
    assert hall.refused(support_draft, "hal", draft_id=draft.pk) == "leaders-do-not-support"
    for name in ("ben", "cleo"):
        support_draft(hall.world.actor(name), draft_id=draft.pk)
    support_draft(hall.world.actor("dai"), draft_id=lonely.pk)
    issue = hall.turned(hall.turned(issue))
    assert issue.stage == "vote"
    assert draft.pk in issue.poll.options
    assert lonely.pk not in issue.poll.options


def test_in_the_reply_the_last_word_is_the_members(hall):
    issue = hall.stood_in("reply")
    assert hall.refused(speak, "hal", issue_id=issue.pk, stance="against", text="But.") == "members-reply-now"
    assert (
        hall.refused(speak, "hal", issue_id=issue.pk, stance="question", text="But?") == "members-reply-now"
    )
    draft = hall.drafted("ben", issue)
    words = {"issue_id": issue.pk, "title": "t", "text": "t"}
    assert hall.refused(put_draft, "hal", **words) == "members-reply-now"
    assert hall.refused(withdraw_draft, "hal", draft_id=draft.pk) == "not-your-draft"


def test_while_leaders_answer_members_only_ask(hall):
    issue = hall.stood_in("answer")
    refusal = hall.refusal(speak, "ada", issue_id=issue.pk, stance="for", text="I go on.")
    assert (refusal.code, refusal.until) == ("leaders-answer-now", issue.stage_ends_at)
    assert hall.said("ada", issue, "question").stage == "answer"


def test_a_fact_is_short_has_its_source_and_is_said_once(hall):
    issue = hall.talked()
    question = hall.said("ada", issue, "question", text="What does it cost?")
    opinion = hall.said("ben", issue, text="It cost 100 last year.")
    assert (
        hall.refused(answer_fact, "hal", contribution_id=question.pk, text="x" * 2_001) == "facts-are-short"
    )
    assert hall.refused(answer_fact, "hal", contribution_id=opinion.pk, text="90.") == "only-to-a-question"
    assert hall.refused(answer_fact, "ada", contribution_id=question.pk, text="90.") == "for-leaders-on-it"
    assert (
        hall.refused(correct_fact, "hal", contribution_id=opinion.pk, text="90.", source=" ")
        == "source-needed"
    )
    fact = correct_fact(
        hall.world.actor("hal"), contribution_id=opinion.pk, text="90.", source="Accounts 2025, line 4."
    ).value
    assert (fact.form, str(fact.source)) == ("correction", "Accounts 2025, line 4.")
    again = {"contribution_id": opinion.pk, "text": "And moreover.", "source": "Me."}
    assert hall.refused(correct_fact, "hal", **again) == "fact-stated-already"
    assert hall.refused(answer_fact, "hal", contribution_id=fact.pk, text="x") == "answers-nothing-here"
    long = {"contribution_id": fact.pk, "text": "x" * 2_001}
    assert hall.refused(revise_contribution, "hal", **long) == "facts-are-short"
    revise_contribution(hall.world.actor("hal"), contribution_id=fact.pk, text="91.")


def test_a_leaders_words_as_a_leader_stay_and_a_members_go(hall):
    issue = hall.talked()
    question = hall.said("ada", issue, "question")
    fact = answer_fact(hall.world.actor("hal"), contribution_id=question.pk, text="90.").value
    assert hall.refused(erase_contribution, "hal", contribution_id=fact.pk) == "leaders-words-stay"
    assert hall.refused(erase_contribution, "ben", contribution_id=question.pk) == "not-your-words"
    erase_contribution(hall.world.actor("ada"), contribution_id=question.pk)
    assert hall.refused(erase_contribution, "ada", contribution_id=question.pk) == "erased-already"
    gone = question.versions.get().text
    assert (gone.value, gone.salt, gone.erased_at) == (None, None, hall.now.time)
    issue = hall.turned(issue)
    said = hall.said("hal", issue)
    assert hall.refused(erase_contribution, "hal", contribution_id=said.pk) == "leaders-words-stay"


def test_who_became_a_leader_may_still_erase_what_they_said_as_a_member(early):
    hall = early
    issue = hall.talked()
    before = hall.said("hal", issue)
    hall.now.pass_days(8)
    erase_contribution(hall.world.actor("hal"), contribution_id=before.pk)
    assert before.versions.get().text.erased


def test_a_statement_is_one_sealed_and_opened_by_the_clock_alone(hall):
    issue = hall.raised()
    statement = seal_statement(hall.world.actor("hal"), issue_id=issue.pk, text="Buy the red one.").value
    assert statement.text.held_until == statement.pk
    again = {"issue_id": issue.pk, "text": "And one more."}
    assert hall.refused(seal_statement, "hal", **again) == "sealed-already"
    assert hall.refused(seal_statement, "ada", **again) == "for-leaders-on-it"
    support_issue(hall.world.actor("ben"), issue_id=issue.pk)
    hall.now.pass_days(1)
    statement.refresh_from_db()
    assert statement.opened_at is None
    issue = hall.turned(issue)
    statement.refresh_from_db()
    assert statement.opened_at == hall.now.time == issue.stage_began_at
    assert Content.objects.get(pk=statement.text_id).held_until == ""
    assert hall.refused(seal_statement, "hal", **again) == "not-in-this-stage"


def test_a_statement_on_an_issue_that_lapses_is_opened_too(hall):
    issue = hall.raised()
    statement = seal_statement(hall.world.actor("hal"), issue_id=issue.pk, text="Buy the red one.").value
    hall.now.pass_days(91)
    statement.refresh_from_db()
    assert hall.fresh(issue).stage == "lapsed"
    assert statement.opened_at is not None
    assert not Content.objects.exclude(held_until="").exists()


def test_where_leaders_are_half_nobody_is_silenced(now, db):
    from tests.deliberation.hall import Hall
    from tests.world import founded, founders, held_by

    world = founded(
        listed=founders("ada", "ben", "cleo", "dai"),
        preset="small",
        units=(),
        posts=(held_by("ada ben", title="Committee", seats=2),),
    )
    hall = Hall(world, now)
    now.move(minutes=1)
    now.pass_to(now.time)
    from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
    from kollontai.chapters.voting.models import Poll

    for poll in Poll.objects.all():
        for name in ("ada", "ben", "cleo"):
            cast_ballot(world.actor(name), poll_id=poll.pk, choice="yes")
    now.pass_days(100)  # posts younger than ninety days do not count for this
    issue = hall.raised()
    assert not issue.by_leader
    support_issue(world.actor("cleo"), issue_id=issue.pk)
    assert hall.said("ben", issue).as_leader is False


def test_a_muted_leader_or_member_is_heard_by_all_others(hall):
    from kollontai.chapters.deliberation.muting import mute, muted_by, unmute
    from kollontai.chapters.deliberation.queries import issue_page
    from kollontai.chapters.record.models import EntryRow

    issue = hall.talked()
    hall.said("ben", issue)
    entries = EntryRow.objects.count()
    ada, cleo, ben = (hall.world.member(name) for name in ("ada", "cleo", "ben"))
    assert mute(ada, ben.pk)
    assert mute(ada, ben.pk)
    assert not mute(ada, ada.pk)
    assert not mute(ada, "nobody")
    assert EntryRow.objects.count() == entries

    def covered(reader: Member) -> list[bool]:
        return [voice.covered for voice in issue_page(issue, reader, at=hall.now.time).voices]

    assert (covered(ada), covered(cleo), covered(ben)) == ([True], [False], [False])
    unmute(ada, ben.pk)
    assert muted_by(ada) == set()


def test_flood_limits_are_equal_for_all(hall):
    issue = hall.talked()
    for _ in range(30):
        hall.said("ada", issue)
    assert hall.refused(speak, "ada", issue_id=issue.pk, stance="for", text="x") == "too-many-contributions"
    hall.said("ben", issue)
    hall.now.move(hours=1)
    hall.said("ada", issue)
    issue = hall.turned(issue)
    for _ in range(30):
        hall.said("hal", issue)
    assert hall.refused(speak, "hal", issue_id=issue.pk, stance="for", text="x") == "too-many-contributions"
    assert Contribution.objects.filter(issue=issue).count() == 62


def test_nobody_lifts_the_silence_by_leaving_and_asking_to_join_again(db, now):
    world = founded(
        listed=founders("ada", "ben", "cleo", "dai", "hal"),
        posts=(held_by("hal"), held_by("dai", title="Recorder")),
    )
    now.move(minutes=1)
    now.pass_to(now.time)
    for poll in Poll.objects.filter(about="confirmation"):
        for voter in poll.voters.exclude(member__in=[world.people["hal"], world.people["dai"]]):
            cast_ballot(Actor(world.id, voter.member_id, "code"), poll_id=poll.pk, choice="yes")
    now.pass_days(100)  # their posts are no young ones any more
    hall = Hall(world, now)
    issue = hall.raised("ada")
    support_issue(world.actor("ben"), issue_id=issue.pk)
    now.move(minutes=1)
    assert hall.refused(speak, "hal", issue_id=issue.pk, stance="for", text="x") == "leaders-after-members"
    leave(world.actor("cleo"))
    assert hall.refused(speak, "hal", issue_id=issue.pk, stance="for", text="x") == "leaders-after-members"
    apply(world.actor("cleo"), unit_id=world.unit().pk, name="Cleo")
    assert hall.refused(speak, "hal", issue_id=issue.pk, stance="for", text="x") == "leaders-after-members"
