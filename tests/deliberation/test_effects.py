# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a draft would change: declared with its words, voted on, done by the clock."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.charter import articles
from kollontai.chapters.deliberation import effects, words
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import DraftEffects
from kollontai.chapters.elections.models import Election
from kollontai.chapters.record.models import Content, EntryRow
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.web.pages import undone
from tests.deliberation.test_units_and_dues import is_said_to_be_left_undone

pytestmark = pytest.mark.django_db
LIMITS = articles.read().defaults("normal")
WORDS = {"title": "Buy two", "text": "1. We buy two kettles."}
SCRIBE = Effect("create_post", title="Scribe", seats=1, term_days=365, duty="specialist")
TREASURER = Effect("create_post", title="Treasurer", leading=True, seats=1, term_days=365)


def the_chair() -> Post:
    return Post.objects.get(unit__parent=None)


def the_convenor() -> Post:
    return Post.objects.exclude(unit__parent=None).get()


def declared() -> list[tuple[int, list[str]]]:
    return list(DraftEffects.objects.order_by("draft__put_at", "version").values_list("version", "what"))


def votes(hall, issue, choice: str = "yes") -> None:
    """Let three people vote, which is enough here, and the clock count."""
    issue = hall.fresh(issue)
    for name in ("ada", "ben", "cleo", "dai"):
        cast_ballot(hall.world.actor(name), poll_id=issue.poll_id, choice=choice)
    hall.turned(issue)


def test_effects_stand_directly_after_the_words_they_belong_to(hall):
    issue = hall.raised(big=True, effects=[TREASURER])
    entries = list(EntryRow.objects.filter(organisation=hall.world.id).order_by("position"))[-4:]
    assert [one.kind for one in entries] == [
        "issue.raised", "draft.put", "effects.declared", "issue.supported"
    ]  # fmt: skip
    assert issue.weight == "big"
    row = DraftEffects.objects.get()
    assert (row.draft, row.version, row.what) == (issue.drafts.get(), 1, ["create_post"])
    assert json.loads(str(row.effects)) == [
        {"effect": "create_post", "title": "Treasurer", "leading": True, "seats": 1, "term_days": 365, "pay": 0,
         "duty": "", "box": "separated"}
    ]  # fmt: skip
    assert Content.objects.get(pk=row.effects_id).kind == "effects.declared"


def test_a_draft_without_effects_declares_none(hall):
    hall.raised()
    assert not DraftEffects.objects.exists()
    assert "effects.declared" not in hall.world.kinds()


def test_what_leads_gets_the_long_times_by_itself(hall):
    ready = {"title": "A", "text": "Why.", "draft_title": "B", "draft_text": "1. B."}
    unit = hall.world.unit().pk
    assert hall.raised(effects=[TREASURER]).weight == "big"
    assert hall.refused(
        raise_issue, "ada", unit_id=unit, effects=[replace(SCRIBE, title="chair")], **ready
    ) == ("post-title-taken")
    assert hall.raised(effects=[SCRIBE]).weight == "ordinary"


def test_a_unit_gives_its_own_leading_posts_the_long_times_and_nothing_else(hall):
    ready = {"title": "A", "text": "Why.", "draft_title": "B", "draft_text": "1. B."}
    ferry = hall.world.unit("Ferry Crews").pk
    assert hall.refused(raise_issue, "kit", unit_id=ferry, big=True, **ready) == "big-is-for-all"
    assert (
        hall.refused(raise_issue, "kit", unit_id=ferry, big=True, effects=[SCRIBE], **ready)
        == "big-is-for-all"
    )
    issue = hall.raised("kit", "Ferry Crews", big=True, effects=[end_of(the_convenor())])
    assert issue.weight == "big"
    assert issue.limits["D1.big"] == LIMITS["D1.big"]


def end_of(post: Post) -> Effect:
    return Effect("end_post", post=post.pk)


def test_the_centre_does_not_reach_into_a_section_nor_a_section_into_the_centre(hall):
    ready = {"title": "A", "text": "Why.", "draft_title": "B", "draft_text": "1. B."}
    refusal = hall.refusal(
        raise_issue, "ada", unit_id=hall.world.unit().pk, big=True, effects=[end_of(the_convenor())], **ready
    )
    assert (refusal.code, refusal.facts) == ("effect-of-another-unit", {"title": "Convenor"})
    assert hall.refused(
        raise_issue, "kit", unit_id=hall.world.unit("Ferry Crews").pk, effects=[end_of(the_chair())], **ready
    ) == "effect-of-another-unit"  # fmt: skip


def test_a_draft_beside_others_declares_its_own(hall):
    issue = hall.talked()
    put_draft(hall.world.actor("ben"), issue_id=issue.pk, effects=[SCRIBE], **WORDS)
    assert hall.world.kinds()[-2:] == ["draft.put", "effects.declared"]
    assert declared() == [(1, ["create_post"])]


def test_a_revision_keeps_what_was_declared_declares_anew_or_drops_it(hall):
    issue = hall.talked(effects=[SCRIBE])
    draft, ada = issue.drafts.get(), hall.world.actor("ada")
    revise_draft(ada, draft_id=draft.pk, **WORDS)
    assert hall.world.kinds()[-2:] == ["draft.revised", "effects.declared"]
    revise_draft(ada, draft_id=draft.pk, effects=[replace(SCRIBE, title="Poet")], **WORDS)
    revise_draft(ada, draft_id=draft.pk, effects=[], **WORDS)
    assert declared() == [(1, ["create_post"]), (2, ["create_post"]), (3, ["create_post"])]
    assert [effects.read(str(row.effects))[0].title for row in draft.effects.order_by("version")] == [
        "Scribe", "Scribe", "Poet"
    ]  # fmt: skip
    assert "effects" not in json.loads(str(hall.turned(hall.turned(hall.turned(issue))).poll.paper))["draft"]


# --- Voted and done ----------------------------------------------------------------------------------


def test_a_post_is_voted_created_by_the_count_and_filled_by_election(hall):
    issue = hall.stood_in("vote", big=True, effects=[TREASURER])
    paper = json.loads(str(issue.poll.paper))["draft"]
    assert paper["effects"] == [effects.tidied([TREASURER])[0].plain()]
    assert paper["would_change"] == [words.would_change(effects.tidied([TREASURER])[0], None)]
    votes(hall, issue)
    hall.now.pass_to(hall.now.time)
    kinds = hall.world.kinds()
    done = kinds[len(kinds) - kinds[::-1].index("poll.counted") - 1 :]
    assert done[:5] == [
        "poll.counted", "issue.decided", "resolution.in_force", "post.decided", "election.opened"
    ]  # fmt: skip
    post = Post.objects.get(created_at=hall.now.time)
    assert (str(post.title), post.leading, post.seats, post.term_days, post.pay, post.duty, post.box) == (
        "Treasurer", True, 1, 365, 0, "", "separated"
    )  # fmt: skip
    assert post.unit == issue.unit
    election = Election.objects.get(post=post)
    assert (election.why, election.seats, election.state) == ("created", 1, "nominations")
    assert not Term.objects.filter(post=post).exists()


def test_a_post_is_changed_for_later_terms_and_ended_without_ending_a_term(hall):
    chair, term = the_chair(), Term.objects.get(post__unit__parent=None)
    votes(
        hall, hall.stood_in("vote", big=True, effects=[Effect("change_post", post=chair.pk, seats=2, pay=5)])
    )
    hall.now.pass_to(hall.now.time)
    chair.refresh_from_db()
    assert (str(chair.title), chair.seats, chair.pay, chair.leading) == ("Chair", 2, 5, True)
    assert [(one.seats, one.state) for one in Election.objects.filter(post=chair)] == [(1, "nominations")]
    term.refresh_from_db()
    assert term.ended_at is None
    votes(hall, hall.stood_in("vote", big=True, title="Enough", effects=[end_of(chair)]))
    chair.refresh_from_db()
    assert chair.ended_at == hall.now.time


def test_the_members_of_a_unit_end_a_post_of_their_own(hall):
    convenor, ready = the_convenor(), {"by": "kit", "unit": "Ferry Crews", "big": True}
    issue = hall.stood_in("vote", **ready, effects=[end_of(convenor)])
    for name in ("kit", "lou", "mia"):
        cast_ballot(hall.world.actor(name), poll_id=issue.poll_id, choice="yes")
    hall.turned(issue)
    convenor.refresh_from_db()
    assert convenor.ended_at is not None


def test_an_effect_that_has_become_impossible_is_passed_over_and_the_rest_is_done(hall, tmp_path):
    chair = the_chair()
    first = hall.talked(big=True, title="One", effects=[end_of(chair)])
    second = hall.talked(
        "ben", big=True, title="Two",
        effects=[Effect("change_post", post=chair.pk, seats=2), TREASURER],
    )  # fmt: skip
    while hall.fresh(second).stage != "vote":
        hall.turned(second)
    for issue in (first, second):
        for name in ("ada", "ben", "cleo", "dai"):
            cast_ballot(hall.world.actor(name), poll_id=hall.fresh(issue).poll_id, choice="yes")
    hall.turned(second)
    assert hall.fresh(first).outcome == hall.fresh(second).outcome == "carried"
    chair.refresh_from_db()
    assert (chair.ended_at, chair.seats) == (hall.now.time, 1)
    assert Post.objects.filter(created_at=hall.now.time).count() == 1
    assert hall.world.kinds().count("resolution.in_force") == 2
    assert hall.world.kinds().count("post.decided") == 2  # ended, created; the change was passed over
    said = "The post “Chair”, for elections that open later: 2 seats."
    is_said_to_be_left_undone(hall, hall.fresh(first), hall.fresh(second), said, "ada", tmp_path)
    assert undone.of_issues([hall.fresh(second)]) == {second.pk: [said]}


def test_what_became_leading_meanwhile_is_not_touched_by_short_times(hall):
    chair = the_chair()
    clerk = Effect("create_post", title="Clerk", leading=False, seats=2, term_days=365)
    votes(hall, hall.stood_in("vote", effects=[clerk]))
    post = Post.objects.exclude(pk=chair.pk).get(unit__parent=None)
    lead = hall.talked(big=True, title="Lead", effects=[Effect("change_post", post=post.pk, leading=True)])
    while hall.fresh(lead).stage != "reply":
        hall.turned(lead)
    short = hall.talked("ben", title="Fewer", effects=[Effect("change_post", post=post.pk, seats=3)])
    for issue in (lead, short):
        while hall.fresh(issue).stage != "vote":
            hall.turned(issue)
        votes(hall, issue)
    post.refresh_from_db()
    assert hall.fresh(short).outcome == "carried"
    assert (post.leading, post.seats) == (True, 2)


def test_what_is_voted_down_changes_nothing(hall):
    before = set(Post.objects.values_list("pk", flat=True))
    votes(hall, hall.stood_in("vote", big=True, effects=[TREASURER, end_of(the_chair())]), "no")
    assert set(Post.objects.filter(ended_at=None).values_list("pk", flat=True)) == before
    assert "post.decided" not in hall.world.kinds()
