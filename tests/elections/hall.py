# SPDX-License-Identifier: AGPL-3.0-or-later
"""An organisation with posts to fill, and the ways its members fill them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.bodies.rules import PostGiven
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.elections.acts.nominate import nominate
from kollontai.chapters.elections.acts.stand import stand
from kollontai.chapters.elections.models import Election, Offer
from kollontai.chapters.record.act import Done, tick
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.choices import RON
from kollontai.chapters.voting.models import Poll
from tests import prepared
from tests.world import World, founded, founders

NAMES = ("ada", "ben", "cleo", "dai", "eva", "finn")
DAY = timedelta(days=1)


def council(**changes: Any) -> PostGiven:
    """A committee of three that nobody holds yet."""
    given: dict[str, Any] = {"title": "Council", "leading": True, "term_days": 365, "seats": 3}
    return PostGiven(**{**given, **changes})


def treasurer(**changes: Any) -> PostGiven:
    """A single leading post that nobody holds yet."""
    return council(title="Treasurer", seats=1, **changes)


@prepared.once
def house(*posts: PostGiven, names: Sequence[str] = NAMES, **changes: Any) -> World:
    """An organisation whose clock has opened the elections of its posts."""
    world = founded(**{"posts": posts or (council(),), "listed": founders(*names), **changes})
    tick()
    return world


def election(**which: Any) -> Election:
    """The election there is, or the one that is meant."""
    return (
        Election.objects.select_related("post__unit", "organisation")
        .order_by("-opened_at", "-pk")
        .filter(**which)[0]
    )


def candidates(world: World, *names: str, of: Election | None = None) -> Election:
    """Let people stand."""
    of = of or election()
    for name in names:
        stand(world.actor(name), election_id=of.pk, statement=f"I am {name}.")
    return of


def to_the_vote(now: Any, of: Election) -> Poll:
    """Let the clock close nominations."""
    now.pass_to(of.closes_at)
    of.refresh_from_db()
    return Poll.objects.select_related("secret_box").get(pk=of.poll)


def vote(world: World, poll: Poll, by: str, *ranking: str, **more: Any) -> Done[Any]:
    """Cast a ballot: first names in order, `ron` for re-open nominations."""
    order = [[RON if name == RON else world.people[name]] for name in ranking]
    return cast_ballot(world.actor(by), poll_id=poll.pk, ranking=order, **more)


def to_the_count(now: Any, poll: Poll) -> Election:
    """Let the clock close the vote."""
    now.pass_to(poll.closes_at)
    return election(poll=poll.pk)


def holders(post: Post | None = None) -> list[str]:
    """Who holds a post now, in the order in which their terms began."""
    terms = Term.objects.filter(ended_at=None).order_by("begins_at", "pk")
    return [term.member_id for term in (terms.filter(post=post) if post else terms)]


@prepared.once
def elected_house(now: Any, *posts: PostGiven, **changes: Any) -> tuple[World, Election]:
    """A house whose one post is filled: five ballots, ada before ben before cleo, dai next in line."""
    world = house(*posts, **changes)
    of = candidates(world, "ada", "ben", "cleo", "dai")
    poll = to_the_vote(now, of)
    for name in NAMES[:5]:
        vote(world, poll, name, "ada", "ben", "cleo", "dai")
    return world, to_the_count(now, poll)


def offer() -> Offer:
    """Who is asked to act now."""
    return Offer.objects.get(state="asked")


def term_of(world: World, name: str) -> Term:
    """The term that somebody serves."""
    return Term.objects.get(member=world.people[name], ended_at=None)


def give_back(world: World, *names: str) -> None:
    """Let people give their posts back, and the clock see to what follows."""
    for name in names:
        resign(world.actor(name), term_id=term_of(world, name).pk)
    tick()


def raised(world: World, *effects: Effect, title: str = "The posts", text: str = "1. As below.") -> Issue:
    """Members are asked for effects."""
    issue: Issue = raise_issue(
        world.actor("dai"), unit_id=world.unit().pk, title=title, text="Why.", draft_title=title,
        draft_text=text, effects=list(effects),
    ).value  # fmt: skip
    support_issue(world.actor("eva"), issue_id=issue.pk)
    issue.refresh_from_db()
    return issue


def agreed_to(world: World, now: Any, issue: Issue, *, by: Sequence[str] = NAMES[:5]) -> Issue:
    """An issue comes to the vote, and members say yes; the vote is still open where not all have voted."""
    issue.refresh_from_db()
    while issue.stage != "vote":
        now.pass_to(issue.stage_ends_at)
        issue.refresh_from_db()
    for name in by:
        cast_ballot(world.actor(name), poll_id=issue.poll_id, choice="yes")
    return issue


def voted(world: World, now: Any, *effects: Effect) -> None:
    """Members vote effects, with the long times."""
    now.pass_to(agreed_to(world, now, raised(world, *effects)).stage_ends_at)


def end_asked(world: World, post: Post) -> Issue:
    """Members are asked to end a post."""
    return raised(world, Effect("end_post", post=post.pk), title="No council", text="1. We need no council.")


def ended_while_nominating(now: Any) -> tuple[World, Election]:
    """A post that members ended while Ben stood for it, and Cleo and Dai had been put forward."""
    world = house(treasurer())
    poll = to_the_vote(now, candidates(world, "ada"))
    vote(world, poll, "dai", "ada")
    post = to_the_count(now, poll).post
    issue = end_asked(world, post)
    while issue.stage != "vote":
        now.pass_to(issue.stage_ends_at)
        issue.refresh_from_db()
    resign(world.actor("ada"), term_id=Term.objects.get().pk)
    tick()  # the rest of her term is put up
    of = candidates(world, "ben", of=election(why="vacancy"))
    for name in ("cleo", "dai"):
        nominate(world.actor("ada"), election_id=of.pk, nominee=world.people[name])
    for name in NAMES:
        cast_ballot(world.actor(name), poll_id=issue.poll_id, choice="yes")
    now.pass_to(now.time)
    post.refresh_from_db()
    of = election(pk=of.pk)
    assert (post.ended_at, of.state, of.closes_at > now.time) == (now.time, "nominations", True)
    return world, of
