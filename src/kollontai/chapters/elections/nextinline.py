# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is next in line for a seat that fell vacant: the electing ballots counted again without the leaver."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.bodies.rules import leaves_a_vacancy
from kollontai.chapters.elections import outside
from kollontai.chapters.elections.models import Offer
from kollontai.chapters.elections.rules import rule_for
from kollontai.chapters.members.models import Member
from kollontai.chapters.voting.choices import RON
from kollontai.chapters.voting.models import Poll
from kollontai.chapters.voting.queries import lot_seed, shown_ballots
from kollontai.counting.ballots import Ballots
from kollontai.counting.errors import CountingError
from kollontai.counting.stv import countback


@dataclass(frozen=True)
class Recount:
    """Who is next, if anybody, and the recount as JSON."""

    member: str | None
    shown: dict[str, Any]


def recount(term: Term, aside: list[str]) -> Recount | None:
    """Count again the ballots that elected a holder. None where there are none to count here.

    Without everybody whose seat from that poll ended before its time, who has left since, and who was asked
    and did not want to; whoever holds a seat from it keeps it, and whoever is being asked about another one
    is counted as if they held that. Who holds a seat of the post by another poll, acts in it, or is asked to,
    is passed over: nobody is asked for two seats of one post.
    """
    poll = Poll.objects.select_related("secret_box__ballots").filter(pk=term.poll, form="election").first()
    counted = None if poll is None else _counted_ballots(poll)
    if poll is None or counted is None:
        return None
    number = {option: at for at, option in enumerate(poll.options)}
    ballots, seed = counted
    from_poll = Term.objects.filter(post=term.post, poll=poll.pk)
    left = {one.member_id for one in from_poll if one.ended_at and leaves_a_vacancy(one.ended_why)}
    seated = {one.member_id for one in from_poll.filter(ended_at=None)} - left
    members = Member.objects.filter(pk__in=[option for option in poll.options if option != RON])
    gone = set(members.exclude(standing="member").values_list("pk", flat=True)) - left - seated
    asked = Offer.objects.filter(poll=poll.pk, state="asked").exclude(term=term)
    seated |= set(asked.values_list("member", flat=True)) - gone - left
    out = (set(aside) | gone | _by_another_poll(term) & number.keys()) - seated - left
    try:
        result = countback(
            ballots,
            rule_for(ballots.seats),
            left=sorted(number[member] for member in left),
            seated=sorted(number[member] for member in seated),
            aside=sorted(number[member] for member in out),
            seed=seed,
            reopen=number[RON],
        )
    except CountingError:
        return None  # nobody is left to be counted
    following = result.next_in_line
    member = poll.options[following[0]] if following else None
    shown = json.loads(json.dumps(result.to_json()))
    return Recount(member, shown)


def _by_another_poll(term: Term) -> set[str]:
    """Who holds a seat of a post, acts in it, or is asked to, by another poll than the one behind a term."""
    there = Term.objects.filter(post=term.post, ended_at=None).exclude(poll=term.poll)
    asked = Offer.objects.filter(term__post=term.post, state="asked").exclude(poll=term.poll)
    return {*there.values_list("member", flat=True), *asked.values_list("member", flat=True)}


def _counted_ballots(poll: Poll) -> tuple[Ballots, str] | None:
    """The ballots of a counted election as they lie here, and the seed of its lot; None where none do."""
    if poll.box == "outside":
        entered = outside.counted_ballots(poll)
        return entered if entered is not None and entered[0].papers else None
    shown = shown_ballots(poll) if poll.state == "counted" else []
    if not shown:
        return None
    number = {option: at for at, option in enumerate(poll.options)}
    papers: Counter[tuple[int, ...]] = Counter()
    for ballot in shown:
        papers[tuple(number[name] for level in ballot.choice.ranking or () for name in level)] += 1
    box = poll.secret_box
    seed = lot_seed(poll, bytes.fromhex(box.secret))
    return Ballots(tuple(poll.options), box.seats, tuple(papers.items())), seed
