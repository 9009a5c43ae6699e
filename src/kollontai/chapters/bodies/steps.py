# SPDX-License-Identifier: AGPL-3.0-or-later
"""What acts of this chapter and of higher ones may do to posts and terms."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.bodies import rules
from kollontai.chapters.bodies.models import Claim, Post, Term
from kollontai.chapters.bodies.rules import Held, PostWanted
from kollontai.chapters.members.models import Member, Unit
from kollontai.chapters.members.queries import limits_grown, limits_now
from kollontai.chapters.record.act import Act
from kollontai.ids import new_id
from kollontai.openrecord.kinds.elections import PostDecided
from kollontai.openrecord.kinds.posts import PostUnconfirmed, TermBegun, TermEnded

# --- Terms -------------------------------------------------------------------------------------------


def begin_term(
    this: Act, *, post: Post, held: Held, member: Member, poll_id: str, how: str, ends_at: datetime
) -> Term:
    """Let a member hold a post, because a counted poll said so, until a day that is known.

    `held`: what the post was when it was put to the members; that it is to the end of the term.

    The clock is told to open the election of whoever comes after, early enough, and to end the term.
    """
    term = Term.objects.create(
        id=new_id(),
        organisation_id=this.organisation_id,
        post=post,
        member=member,
        poll=poll_id,
        how=how,
        leading=held.leading,
        pay=held.pay,
        duty=held.duty,
        begins_at=this.at,
        ends_at=ends_at,
    )
    this.record(
        TermBegun(term=term.pk, post=post.pk, member=member.pk, poll=poll_id, how=how, ends_at=ends_at)
    )
    this.deadline("bodies.end_term", subject=term.pk, due=ends_at)
    if how != "acting":
        _look_ahead(this, term)
    return term


def _look_ahead(this: Act, term: Term) -> None:
    """Let the clock see to the election after a term; early enough also if a small house grows meanwhile."""
    each = (limits_now(this.organisation_id), limits_grown(this.organisation_id))
    due = min(rules.nominations_due(term.ends_at, limits=limits) for limits in each)
    this.deadline("elections.open_before_end", subject=term.pk, due=max(due, this.at))


def look_ahead_again(this: Act, post: Post | None = None) -> None:
    """After a vote on the limits: votes may take longer now, so that the elections after terms open sooner.

    After a vote for more seats of a post: where elections after its terms have opened for fewer, others open.
    Seats that fell vacant are looked at too: after their rest comes a whole term.
    """
    to_end = Term.objects.filter(organisation=this.organisation_id, ends_at__gt=this.at)
    to_end = to_end if post is None else to_end.filter(post=post)
    for term in to_end.exclude(how="acting").order_by("begins_at", "pk"):
        this.cancel_deadlines("elections.open_before_end", subject=term.pk)
        _look_ahead(this, term)


def end_term(this: Act, term: Term, *, why: str, due: datetime | None = None) -> None:
    """Let a term be over. One that ended before its time leaves a vacancy, and the clock sees to it.

    With the term end petitions for a recall, which have nothing to ask for any more.
    """
    term.ended_at, term.ended_why = this.at, why
    term.save(update_fields=["ended_at", "ended_why"])
    this.record(TermEnded(term=term.pk, post=term.post_id, member=term.member_id, why=why, due=due))
    if why != "term-over":
        this.cancel_deadlines("bodies.end_term", subject=term.pk)
    if rules.leaves_a_vacancy(why):
        this.deadline("elections.fill_vacancy", subject=term.pk, due=this.at)
    this.deadline("petitions.lapse_with_term", subject=term.pk, due=this.at)


def leave_vacant(this: Act, claim: Claim) -> None:
    """Put it down that the members did not confirm somebody."""
    this.record(PostUnconfirmed(post=claim.post_id, member=claim.member_id, poll=claim.poll))


# --- Posts -------------------------------------------------------------------------------------------


def create_post(this: Act, wanted: PostWanted, *, unit: Unit, issue_id: str, draft_id: str) -> Post:
    """Let a post begin, because the members of its unit voted so; it is filled by election at once."""
    post = Post(id=new_id(), organisation_id=this.organisation_id, unit=unit, created_at=this.at)
    _set(this, post, wanted, what="created", issue_id=issue_id, draft_id=draft_id)
    post.save(force_insert=True)
    this.deadline("elections.open_for_new_seats", subject=post.pk, due=this.at)
    return post


def change_post(this: Act, post: Post, wanted: PostWanted, *, issue_id: str, draft_id: str) -> None:
    """Let a post be otherwise from now on; whether it leads, is paid and has a duty, for elections that open
    from now on. It stays the same post."""
    more = wanted.seats > post.seats
    _set(this, post, wanted, what="changed", issue_id=issue_id, draft_id=draft_id)
    post.save()
    if more:
        this.deadline("elections.open_for_new_seats", subject=post.pk, due=this.at)
        look_ahead_again(this, post)


def end_post(this: Act, post: Post, *, issue_id: str, draft_id: str) -> None:
    """Let nobody be elected to a post any more. Who holds it holds it to the end of their term."""
    as_it_is = PostWanted(
        title=str(post.title), leading=post.leading, seats=post.seats, term_days=post.term_days,
        pay=post.pay, duty=post.duty, box=post.box,
    )  # fmt: skip
    _set(this, post, as_it_is, what="ended", issue_id=issue_id, draft_id=draft_id)
    post.ended_at = this.at
    post.save()


def end_with_unit(this: Act, unit: Unit) -> None:
    """Let a unit's posts be over, and the terms in them, because the unit is; its entry was recorded."""
    running = Term.objects.filter(organisation=this.organisation_id, post__unit=unit, ended_at=None)
    for term in running.filter(ends_at__gt=this.at).order_by("begins_at", "pk"):
        end_term(this, term, why="unit-merged")
    Post.objects.filter(organisation=this.organisation_id, unit=unit, ended_at=None).update(ended_at=this.at)


def _set(this: Act, post: Post, wanted: PostWanted, *, what: str, issue_id: str, draft_id: str) -> None:
    fact = PostDecided(
        post=post.pk,
        unit=post.unit_id,
        what=what,
        issue=issue_id,
        draft=draft_id,
        leading=wanted.leading,
        seats=wanted.seats,
        term_days=wanted.term_days,
        pay=wanted.pay,
        box=wanted.box,
        duty=wanted.duty or None,
    )
    post.title = this.record(fact, title=wanted.title)["title"]
    post.leading, post.seats, post.term_days = wanted.leading, wanted.seats, wanted.term_days
    post.pay, post.duty, post.box = wanted.pay, wanted.duty, wanted.box
