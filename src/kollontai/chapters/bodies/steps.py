# SPDX-License-Identifier: AGPL-3.0-or-later
"""What acts of this chapter and of higher ones may do to terms."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.bodies.models import Claim, Post, Term
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.act import Act
from kollontai.ids import new_id
from kollontai.openrecord.kinds.posts import PostUnconfirmed, TermBegun, TermEnded


def begin_term(this: Act, *, post: Post, member: Member, poll_id: str, how: str, ends_at: datetime) -> Term:
    """Let a member hold a post, because a counted poll said so, until a day that is known."""
    term = Term.objects.create(
        id=new_id(),
        organisation_id=this.organisation_id,
        post=post,
        member=member,
        poll=poll_id,
        how=how,
        begins_at=this.at,
        ends_at=ends_at,
    )
    this.record(
        TermBegun(term=term.pk, post=post.pk, member=member.pk, poll=poll_id, how=how, ends_at=ends_at)
    )
    this.deadline("bodies.end_term", subject=term.pk, due=ends_at)
    return term


def end_term(this: Act, term: Term, *, why: str, due: datetime | None = None) -> None:
    """Let a term be over."""
    term.ended_at, term.ended_why = this.at, why
    term.save(update_fields=["ended_at", "ended_why"])
    this.record(TermEnded(term=term.pk, post=term.post_id, member=term.member_id, why=why, due=due))


def leave_vacant(this: Act, claim: Claim) -> None:
    """Put it down that the members did not confirm somebody."""
    this.record(PostUnconfirmed(post=claim.post_id, member=claim.member_id, poll=claim.poll))
