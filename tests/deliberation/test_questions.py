# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions that the clock puts before members: in the members' talk at once, and moved by nobody."""

from __future__ import annotations

import json

import pytest

from kollontai.chapters.bodies.models import Post
from kollontai.chapters.charter import articles
from kollontai.chapters.deliberation import rules, words
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.withdraw_draft import withdraw_draft
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import DraftEffects, Issue
from kollontai.chapters.elections.models import Election
from kollontai.chapters.petitions.acts.open_petition import open_petition
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.record.models import Deadline, EntryRow
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.openrecord.entries import from_bytes

pytestmark = pytest.mark.django_db
LIMITS = articles.read().defaults("normal")
CLERK = Effect("create_post", title="Clerk", leading=False, seats=2, term_days=365)


def voted(hall, issue: Issue, *names: str) -> None:
    """Let an issue come to its vote, be carried and counted."""
    while hall.fresh(issue).stage != "vote":
        hall.turned(issue)
    for name in names or ("ada", "ben", "cleo", "dai"):
        cast_ballot(hall.world.actor(name), poll_id=hall.fresh(issue).poll_id, choice="yes")
    hall.turned(issue)


def deserted(hall, wanted: Effect = CLERK, **given) -> Post:
    """A post for which nobody stands in two rounds, made by a vote."""
    before = set(Post.objects.values_list("pk", flat=True))
    names = ("kit", "lou", "mia") if given.get("unit") else ()
    voted(hall, hall.talked(effects=[wanted], **given), *names)
    post = Post.objects.exclude(pk__in=before).get()
    for _ in range(2):
        hall.now.pass_to(hall.now.time)
        running = Election.objects.get(post=post, state="nominations")
        assert not questions(post)
        hall.now.pass_to(running.closes_at)
        if running.round == 1:
            hall.now.pass_days(LIMITS["N.again"])
    return post


def questions(post: Post) -> list[Issue]:
    """The questions about a post, the latest last."""
    put = EntryRow.objects.filter(kind="question.put").order_by("position")
    facts = [from_bytes(bytes(row.data)).fact for row in put]
    assert {fact.why for fact in facts} <= {"nobody-stands"}
    return [Issue.objects.get(pk=fact.issue) for fact in facts if fact.subject == post.pk]


def test_after_two_rounds_without_anybody_the_members_are_asked(hall):
    post = deserted(hall)
    [issue] = questions(post)
    last = list(EntryRow.objects.filter(organisation=hall.world.id).order_by("position"))[-4:]
    assert [row.kind for row in last] == [
        "election.empty", "question.put", "effects.declared", "stage.begun"
    ]  # fmt: skip
    assert {row.actor for row in last} == {"clock"}
    assert (issue.stage, issue.weight, issue.raised_by, issue.by_leader) == ("talk", "ordinary", None, False)
    assert issue.unit == post.unit
    title, text = words.nobody_stands("Clerk", rounds=2)
    assert (str(issue.title), str(issue.text)) == (title, text)
    assert (rules.usable_title(title), rules.usable_text(text)) == (None, None)
    draft = issue.drafts.get()
    assert (draft.first, draft.mover, draft.letter, draft.version) == (True, None, "A", 1)
    assert not draft.supporters.exists()
    assert not issue.supporters.exists()
    assert DraftEffects.objects.get(draft=draft).what == ["end_post"]
    assert set(issue.limits) == {
        "D1.ordinary", "D3.other", "D4.other", "D5.other", "D9.ordinary", "R1.unit", "D10.again",
        "D10.share", "L.lapse", "N.call_big", "N.shorten_answer", "N.shorten_least", "N.shorten_reply",
        "N.shorten_share", "N.shorten_talk", "N.shorten_vote", "N.shorten_year",
    }  # fmt: skip


def test_a_post_that_leads_or_is_paid_is_dropped_by_a_big_decision_only(hall):
    post = deserted(hall, Effect("create_post", title="Treasurer", term_days=365), big=True)
    [issue] = questions(post)
    assert (issue.weight, "D1.big" in issue.limits) == ("big", True)


@pytest.mark.parametrize(("wanted", "big", "weight"), [
    (CLERK, False, "unit"), (Effect("create_post", title="Treasurer", term_days=365), True, "big"),
])  # fmt: skip
def test_a_section_is_asked_about_its_own_post(hall, wanted, big, weight):
    post = deserted(hall, wanted, unit="Ferry Crews", by="kit", big=big)
    [issue] = questions(post)
    assert (issue.unit, issue.weight) == (hall.world.unit("Ferry Crews"), weight)


def test_the_question_ends_the_post_if_it_carries_and_the_rounds_go_on_meanwhile(hall):
    post = deserted(hall)
    [issue] = questions(post)
    while hall.fresh(issue).stage != "vote":
        hall.turned(issue)
    paper = json.loads(str(hall.fresh(issue).poll.paper))["draft"]
    assert paper["effects"] == [{"effect": "end_post", "post": post.pk}]
    assert paper["would_change"][0].startswith("The post “Clerk” ends")
    voted(hall, issue)
    post.refresh_from_db()
    assert post.ended_at == hall.fresh(issue).ended_at
    rounds = Election.objects.filter(post=post).count()
    hall.now.pass_days(90)
    assert Election.objects.filter(post=post).count() - rounds <= 1  # what was begun ends empty
    assert not Election.objects.filter(post=post, state="nominations").exists()
    assert len(questions(post)) == 1


def test_nominations_open_again_while_the_question_runs(hall):
    post = deserted(hall)
    hall.now.pass_days(LIMITS["N.again"])
    assert Election.objects.get(post=post, state="nominations").round == 3


def test_there_is_no_second_question_while_one_runs(hall):
    post = deserted(hall)
    [issue] = questions(post)
    ask_now(hall, post)
    assert questions(post) == [issue]
    while hall.fresh(issue).ended_at is None:
        hall.turned(issue)
    assert hall.fresh(issue).outcome == "not-carried"
    ask_now(hall, post)
    assert len(questions(post)) == 2


def ask_now(hall, post: Post) -> None:
    """Let the clock come to the question, as it does after every second empty round."""
    Deadline.objects.create(
        organisation_id=hall.world.id,
        act="deliberation.put_nobody_stands",
        subject=post.pk,
        due=hall.now.time,
    )
    hall.now.pass_to(hall.now.time)


def test_after_four_rounds_the_members_are_asked_again(hall):
    post = deserted(hall)
    while Election.objects.filter(post=post, state="empty").count() < 4:
        hall.now.pass_days(1)
    assert [one.outcome for one in questions(post)] == ["not-carried", ""]
    assert "in 4 rounds" in str(questions(post)[1].text)


def test_nobody_revises_or_withdraws_what_nobody_moved_and_others_put_drafts_beside_it(hall):
    post = deserted(hall)
    [issue] = questions(post)
    first, said = issue.drafts.get(), {"title": "Keep it", "text": "1. One seat."}
    for name in ("ada", "hal", "kit"):
        assert hall.refused(withdraw_draft, name, draft_id=first.pk) == "nobodys-draft"
        assert hall.refused(revise_draft, name, draft_id=first.pk, **said) == "nobodys-draft"
    assert hall.refused(put_draft, "hal", issue_id=issue.pk, **said) == "leaders-after-members"
    effect = Effect("change_post", post=post.pk, seats=1, duty="specialist")
    draft = put_draft(hall.world.actor("ada"), issue_id=issue.pk, effects=[effect], **said).value
    assert draft.letter == "B"
    needed = rules.supporters_needed(14, LIMITS)
    assert issue.needed == needed > 1
    for name in ("ben", "cleo", "dai")[: needed - 1]:
        support_draft(hall.world.actor(name), draft_id=draft.pk)
    while hall.fresh(issue).stage != "vote":
        hall.turned(issue)
    assert len(hall.fresh(issue).poll.options) == 3


def test_a_draft_beside_the_clocks_question_needs_supporters_as_on_any_issue(hall):
    [issue] = questions(deserted(hall))
    hall.drafted("ada", issue)
    while hall.fresh(issue).stage != "vote":
        hall.turned(issue)
    assert hall.fresh(issue).poll.form == "yes_no"


def test_a_post_that_ended_is_asked_about_no_more(hall):
    voted(hall, hall.talked(effects=[CLERK]))
    post = Post.objects.latest("created_at")
    hall.now.pass_to(hall.now.time)
    hall.now.pass_to(Election.objects.get(post=post).closes_at)
    end = hall.talked("ben", title="End", effects=[Effect("end_post", post=post.pk)])
    voted(hall, end)
    hall.now.pass_days(60)
    assert questions(post) == []


# --- After a petition --------------------------------------------------------------------------------


def asked(hall, *names: str) -> Petition:
    """A question that these people sign, beside whoever opens it."""
    petition = open_petition(
        hall.world.actor("ada"),
        about="question",
        title="Free transport",
        text="1. Nobody pays.\n2. At night too.",
    ).value
    for name in names:
        sign_petition(hall.world.actor(name), petition_id=petition.pk)
    hall.now.pass_to(hall.now.time)
    petition.refresh_from_db()
    return petition


def test_what_enough_members_signed_comes_before_all_members_at_once(hall):
    petition = asked(hall, "kit")
    assert petition.state == "reached"
    kinds = [kind for kind in hall.world.kinds() if not kind.startswith("export")]
    assert kinds[-3:] == ["petition.reached", "question.put", "stage.begun"]
    issue = Issue.objects.get(raised_by=None)
    assert (issue.unit, issue.weight, issue.stage) == (hall.world.unit(), "ordinary", "talk")
    assert (str(issue.title), str(issue.text)) == ("Free transport", "1. Nobody pays.\n2. At night too.")
    draft = issue.drafts.get()
    assert (draft.first, draft.mover, str(draft.versions.get().text)) == (True, None, str(issue.text))
    assert not DraftEffects.objects.exists()
    assert issue.stage_ends_at > hall.now.time
    voted(hall, issue)
    assert hall.fresh(issue).outcome == "carried"


def test_what_too_few_signed_comes_before_nobody(hall):
    assert asked(hall).state == "running"
    hall.now.pass_days(LIMITS["S5.within"] + 1)
    assert "question.put" not in hall.world.kinds()


def test_whoever_leads_speaks_after_the_members_on_such_a_question_too(hall):
    asked(hall, "kit")
    issue = Issue.objects.get(raised_by=None)
    assert hall.refused(speak, "hal", issue_id=issue.pk, stance="for", text="I think so.") == (
        "leaders-after-members"
    )
    assert hall.said("kit", issue).stage == "talk"
