# SPDX-License-Identifier: AGPL-3.0-or-later
"""Posts as pages need them: who holds them by which count, what is vacant and why, who held them before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kollontai.chapters.bodies import queries as bodies
from kollontai.chapters.bodies import rules
from kollontai.chapters.bodies.models import Claim, Post, Term
from kollontai.chapters.elections import queries as elections
from kollontai.chapters.elections.models import Election, Offer
from kollontai.chapters.elections.rules import RUNNING
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.record.refusal import Refusal
from kollontai.chapters.voting.models import Poll
from kollontai.web import numbers
from kollontai.web.house import House
from kollontai.web.pages.petitions import may_open_recalls, recalls_of, recalls_running
from kollontai.web.pages.polls import WORLD_SEES_FROM

HOW = {
    "elected": gettext_lazy("elected"),
    "confirmed": gettext_lazy("elected before the founding, confirmed by the members"),
    "acting": gettext_lazy("acting: next in line by the last election’s ballots, until the by-election"),
}
ENDED = {
    "term-over": gettext_lazy("term over"),
    "left": gettext_lazy("left the organisation"),
    "resigned": gettext_lazy("gave it back"),
    "recalled": gettext_lazy("recalled"),
    "seat-filled": gettext_lazy("acted until the election"),
    "unit-merged": gettext_lazy("over: its part of the organisation became part of another"),
}


@dataclass(frozen=True)
class Holding:
    """Somebody in a post, and the count that says so, where the reader may see it."""

    term: Term
    poll: Poll | None
    mine: bool
    recall: Petition | None = None  # under way
    may_recall: bool = False  # whether the reader may ask for it
    recall_rests: Refusal | None = None  # why not yet, where it comes by itself

    @property
    def how(self) -> str | Promise:
        """How the post was filled, in words."""
        return HOW.get(self.term.how, self.term.how)

    @property
    def ended(self) -> str | Promise:
        """How the term ended, in words."""
        return ENDED.get(self.term.ended_why, self.term.ended_why)

    @property
    def acting(self) -> bool:
        """Whether they only act until the by-election."""
        return self.term.how == "acting"


@dataclass(frozen=True)
class Offered:
    """Somebody who is asked to act."""

    offer: Offer
    mine: bool
    why_not: Refusal | None  # for the reader: why they may not say yes

    @property
    def may_act(self) -> bool:
        """Whether the reader may say yes."""
        return self.mine and self.why_not is None


@dataclass(frozen=True)
class PostShown:
    """A post with everything that fills it."""

    post: Post
    holders: list[Holding]
    claims: list[Claim]
    elections: list[Election] = field(default_factory=list)
    offers: list[Offered] = field(default_factory=list)
    last: Term | None = None  # the latest term that is over, where seats are vacant

    @property
    def vacant(self) -> int:
        """How many of its seats nobody holds."""
        return max(0, self.post.seats - len(self.holders)) if self.post.ended_at is None else 0

    @property
    def past_its_term(self) -> bool:
        """Whether the last term ended by the clock, and nobody is elected yet."""
        return not self.holders and self.last is not None and self.last.ended_why == "term-over"

    @property
    def pay(self) -> str:
        """The pay of a month, in words."""
        return numbers.money(self.post.pay) if self.post.pay else ""


def polls_seen(house: House, polls: Sequence[str]) -> dict[str, Poll]:
    """The counts that a reader may look at, by id."""
    found = Poll.objects.visible_to(house.member).filter(organisation=house.organisation, pk__in=polls)
    if house.member is None:
        found = found.filter(cast__gte=WORLD_SEES_FROM)
    return {poll.pk: poll for poll in found}


def all_posts(house: House) -> list[PostShown]:
    """Every post with its holders, its elections and whom a vacancy asks, in few queries."""
    held = bodies.posts_held(house.id, at=house.now)
    seen = polls_seen(house, [term.poll for one in held for term in one.terms])
    recalls = recalls_running(house)
    running: dict[str, list[Election]] = {}
    for election in elections.elections_of(house.id).running().order_by("closes_at", "pk"):
        running.setdefault(election.post_id, []).append(election)
    offers = elections.offers_about([one.post for one in held], at=house.now)
    last: dict[str, Term] = {}
    for term in bodies.ended_terms(house.id):
        last.setdefault(term.post_id, term)
    doors = _recall_doors(house, {one.post: one.terms for one in held})
    shown = [
        PostShown(
            one.post,
            [_holding(house, term, seen, recalls, doors) for term in one.terms],
            one.claims,
            running.get(one.post.pk, []),
            _offered(house, offers.get(one.post.pk, [])),
            last.get(one.post.pk),
        )
        for one in held
    ]
    return sorted(shown, key=lambda one: one.post.ended_at is not None)  # what is no more stands last


def _holding(
    house: House,
    term: Term,
    seen: dict[str, Poll],
    recalls: Mapping[str, Petition] | None = None,
    doors: Mapping[str, Refusal | None] | None = None,
) -> Holding:
    mine = house.member is not None and term.member_id == house.member.pk
    if mine or doors is None or term.pk not in doors:
        return Holding(term, seen.get(term.poll), mine, (recalls or {}).get(term.pk))
    why_not = doors[term.pk]
    rests = why_not if why_not is not None and why_not.until is not None else None
    return Holding(term, seen.get(term.poll), mine, (recalls or {}).get(term.pk), why_not is None, rests)


def _recall_doors(house: House, held: Mapping[Post, Sequence[Term]]) -> dict[str, Refusal | None]:
    """Why a member may not ask for the recall of each of these holders; None where they may."""
    for post, terms in held.items():
        for term in terms:
            term.post = post
    return may_open_recalls(house, [term for terms in held.values() for term in terms])


def _offered(house: House, offers: Sequence[Offer]) -> list[Offered]:
    found = []
    for one in offers:
        mine = house.member is not None and one.member_id == house.member.pk
        why_not = elections.may_act(one, house.member, at=house.now) if mine else None
        found.append(Offered(one, mine, why_not))
    return found


@dataclass(frozen=True)
class OnePost:
    """One post with everybody who held it and every election there was."""

    shown: PostShown
    history: list[Holding]
    elections: list[tuple[Election, str]]
    recalls: list[tuple[Petition, str]]
    held_as_before: bool = False  # members have changed the post since its holders were put to the vote

    @property
    def why_not(self) -> Refusal | None:
        """Why the reader may not act though they are asked, or else not ask for a recall yet."""
        acting = [one.why_not for one in self.shown.offers]
        found = [*acting, *(one.recall_rests for one in self.shown.holders)]
        return next((one for one in found if one is not None), None)


def one_post(house: House, post_id: str) -> OnePost:
    """Find a post, and everything about it."""
    from kollontai.chapters.members.models import Member
    from kollontai.web.pages.elections import outcome

    posts = Post.objects.visible_to(house.member).filter(organisation=house.organisation)
    post = get_object_or_404(posts.select_related("title", "unit__name"), pk=post_id)
    terms = list(bodies.history_of(post))
    seen = polls_seen(house, [term.poll for term in terms])
    running = {term.pk for term in terms if term.begins_at <= house.now < term.ends_at and not term.ended_at}
    ended = [term for term in terms if term.pk not in running]
    held = list(elections.elections_of(house.id).filter(post=post))
    people = Member.objects.select_related("name").in_bulk([one for some in held for one in some.elected])
    recalls = recalls_running(house)
    doors = _recall_doors(house, {post: [term for term in terms if term.pk in running]})
    claims = post.claims.filter(outcome="").select_related("member__name").order_by("pk")
    return OnePost(
        PostShown(
            post,
            [_holding(house, term, seen, recalls, doors) for term in reversed(terms) if term.pk in running],
            list(claims),
            [one for one in held if one.state in RUNNING],
            _offered(house, elections.offers_about([post], at=house.now).get(post.pk, [])),
            ended[0] if ended else None,
        ),
        [_holding(house, term, seen) for term in terms],
        [(one, outcome(one, people)) for one in held if one.state not in RUNNING],
        recalls_of(house, post),
        any(_differs(one, post) for one in terms if one.pk in running),
    )


def _differs(term: Term, post: Post) -> bool:
    return (term.leading, term.pay, term.duty) != (post.leading, post.pay, post.duty)


def term(house: House, term_id: str) -> Term:
    """One term, if whoever looks may see it."""
    found = Term.objects.visible_to(house.member).filter(organisation=house.organisation)
    return get_object_or_404(
        found.select_related("post__title", "post__unit__name", "member__name"), pk=term_id
    )


def may_resign(house: House, term: Term) -> Refusal | None:
    """Why whoever looks may not give a post back; None where they may."""
    running = term.begins_at <= house.now < term.ends_at and term.ended_at is None
    return rules.may_resign(own=term.member_id == house.me.pk, running=running)


# --- Who may do what ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Power:
    """Something that only the holders of some posts may do, and who that is now."""

    what: str
    more: str
    holders: list[Holding]


def powers(house: House) -> list[Power]:
    """Every power of the software that a post gives, with who has it now and by which count."""
    terms = list(bodies.running_terms(house.id, at=house.now))
    seen = polls_seen(house, [term.poll for term in terms])
    leaders = [_holding(house, term, seen) for term in terms if term.leading]
    scrutineers = [_holding(house, term, seen) for term in terms if term.duty == "scrutineer"]
    return [
        Power(
            _("Speak when the leaders answer"),
            _(
                "On an issue of their unit or a unit below: after the members have talked, and never before. "
                "A statement may be lodged ahead, sealed; the clock opens it."
            ),
            leaders,
        ),
        Power(
            _("Answer a question of fact, and correct a date, a sum or a quotation"),
            _("While members talk: only what a member asked, or what is wrong, with its source."),
            leaders,
        ),
        Power(
            _("Enter the ballots of a vote held outside"),
            _(
                "Where a law wants a scrutineer to hold the ballot. Two of them enter the same, each for "
                "themself; what differs is refused. Nobody who stands in it does so."
            ),
            scrutineers,
        ),
        Power(
            _("Ask one signer in ten of a petition, drawn by lot"),
            _(
                "Whether they signed, when enough have. Each draws once, and nobody from a petition about "
                "their own post. Nobody else is ever shown who signed."
            ),
            scrutineers,
        ),
    ]
