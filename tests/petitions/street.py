# SPDX-License-Identifier: AGPL-3.0-or-later
"""An organisation with somebody in a post, and those who sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.bodies.rules import PostGiven
from kollontai.chapters.elections.acts.stand import stand
from kollontai.chapters.elections.models import Election
from kollontai.chapters.petitions import steps
from kollontai.chapters.petitions.acts.open_petition import open_petition
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.record import act as frame
from kollontai.chapters.record.act import Act, tick
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from tests import prepared
from tests.world import World, founded, founders

NAMES = ("ada", "ben", "cleo", "dai", "eva", "finn")
FERRY, KILN = "Ferry Crews", "Kiln Lane"

frame.discover()
if "deliberation.put_question" not in frame.CLOCK_ACTS:

    @frame.clock_act("deliberation.put_question")
    def put_question(this: Act, *, subject: str, due: datetime) -> None:
        """Stand in for the chapter above, as long as it does not put the question itself."""
        petition = steps.running(this, subject)
        if petition is not None:
            steps.reached(this, petition, due=due)


def treasurer(**changes: Any) -> PostGiven:
    """A single leading post that nobody holds yet."""
    given: dict[str, Any] = {"title": "Treasurer", "leading": True, "term_days": 365}
    return PostGiven(**{**given, **changes})


def in_units(**units: Sequence[str]) -> tuple[Any, ...]:
    """Founders by their units: `whole`, `ferry`, `kiln`."""
    named = {"whole": "", "ferry": FERRY, "kiln": KILN}
    return tuple(one for unit, names in units.items() for one in founders(*names, unit=named[unit]))


@prepared.once
def seated(
    now: Any, *stood: str, post: PostGiven | None = None, voters: int = 6, **changes: Any
) -> tuple[World, Term]:
    """A house that elected the first of those who stood, by so many ballots; the others are next in line."""
    stood = stood or ("ada", "ben")
    world = founded(**{"posts": (post or treasurer(),), "listed": founders(*NAMES), **changes})
    tick()
    election = Election.objects.get()
    for name in stood:
        stand(world.actor(name), election_id=election.pk, statement=f"I am {name}.")
    now.pass_to(election.closes_at)
    election.refresh_from_db()
    poll = Poll.objects.get(pk=election.poll)
    for voter in list(world.people)[:voters]:
        order = [[world.people[name]] for name in stood]
        cast_ballot(world.actor(voter), poll_id=poll.pk, ranking=order)
    now.pass_to(poll.closes_at)
    return world, Term.objects.get(member=world.people[stood[0]])


def asked(world: World, term: Term | None = None, *, by: str = "cleo") -> Petition:
    """A petition: to recall the holder of a term, or else with a question."""
    about = {"about": "recall", "term_id": term.pk} if term else {"about": "question"}
    petition: Petition = open_petition(
        world.actor(by), title="What we ask", text="And why.\n\nBecause.", **about
    ).value
    return petition


def signed(world: World, petition: Petition, *names: str) -> Petition:
    """Let people sign, and the clock see to what follows."""
    for name in names:
        sign_petition(world.actor(name), petition_id=petition.pk)
    tick()
    return fresh(petition)


def fresh(petition: Petition) -> Petition:
    """A petition as it is now."""
    return Petition.objects.select_related("unit").get(pk=petition.pk)


def recall_vote(now: Any, world: World, petition: Petition, **votes: str) -> Petition:
    """Let people vote on a recall, and the clock close it."""
    poll = Poll.objects.get(pk=fresh(petition).poll)
    for name, choice in votes.items():
        cast_ballot(world.actor(name), poll_id=poll.pk, choice=choice)
    now.pass_to(poll.closes_at)
    return fresh(petition)
