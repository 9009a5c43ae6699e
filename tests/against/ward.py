# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real ward as an organisation: one member for each ballot, cast through the acts into a secret box.

Run as `python -m tests.against.ward TASK …` in a home of its own; the test starts the processes, as real
use does. The founding lies some weeks back, so that the vote is open now and HTTP needs no other clock.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data" / "counting" / "stv-scottish"
SLUG, ORG = "ward", "wardwardwardward"
TITLE = "Ward committee"


def papers(ward: str) -> Iterator[tuple[int, ...]]:
    """Every ballot of a ward, one by one: candidates from 0, best first."""
    from kollontai.counting.files import blt

    for ranks, times in blt.read((DATA / f"{ward}.blt").read_text()).papers:
        for _ in range(times):
            yield tuple(rank for rank in ranks if isinstance(rank, int))


def member(number: int) -> str:
    """The address of a member by number; the candidates come first."""
    return f"m{number:05}@ward.example"


def set_clock(days: float) -> None:
    """Let this process live so many days from now."""
    from kollontai import clock

    clock.read_from(lambda: clock.machine_time() + timedelta(days=days))


def begin(ward: str, by_http: str) -> None:
    """Found the ward, let everybody in, let candidates stand, open the vote; make keys for some."""
    from kollontai import clock
    from kollontai.chapters.accounts import tokens
    from kollontai.chapters.accounts.models import Account
    from kollontai.chapters.bodies.acts.open_founding import Proposal, open_founding
    from kollontai.chapters.bodies.acts.sign_charter import sign_charter
    from kollontai.chapters.bodies.rules import Founder, PostGiven
    from kollontai.chapters.elections.acts.stand import stand
    from kollontai.chapters.elections.models import Election
    from kollontai.chapters.members.acts.accept_invitation import accept_invitation
    from kollontai.chapters.members.acts.invite import Invitee, invite
    from kollontai.chapters.members.models import Contact, Unit
    from kollontai.chapters.record.act import Actor, tick
    from kollontai.chapters.voting.models import Poll
    from kollontai.ids import new_id

    with (DATA / f"{ward}.blt").open() as file:
        candidates, seats = (int(word) for word in file.readline().split())
    everybody = sum(1 for _ in papers(ward))
    set_clock(-18)
    first = Actor(ORG, new_id(), "code")
    post = PostGiven(title=TITLE, leading=True, term_days=365, seats=seats)
    listed = tuple(Founder(f"Candidate {n + 1}", member(n)) for n in range(candidates))
    open_founding(
        first,
        proposal=Proposal(
            slug=SLUG, origin=f"localhost/{SLUG}", name="A ward", unit_word="ward", zone="Europe/London",
            preset="normal", joining="open", listed=listed, posts=(post,),
        ),
    )  # fmt: skip
    actors = {c.email: Actor(ORG, c.member_id, "code") for c in Contact.objects.filter(organisation=ORG)}
    for n in range(candidates):
        sign_charter(actors[member(n)])
    tick()
    unit = Unit.objects.get(organisation=ORG, parent=None)
    rest = range(candidates, everybody)
    for at, start in enumerate(range(candidates, everybody, 4_000)):
        some = [n for n in rest if start <= n < start + 4_000]
        invite(
            actors[member(at)],
            invitees=[Invitee(f"Voter {n + 1}", member(n), unit.pk) for n in some],
        )
    ids = dict(Contact.objects.filter(organisation=ORG).values_list("email", "member_id"))
    for n in rest:
        accept_invitation(Actor(ORG, ids[member(n)], "code"))
    election = Election.objects.get()
    for n in range(candidates):
        stand(actors[member(n)], election_id=election.pk, statement=f"Candidate {n + 1} of the ward.")
    set_clock(0)
    tick()
    poll = Poll.objects.get(about="election")
    told = {
        "poll": poll.pk, "candidates": [ids[member(n)] for n in range(candidates)],
        "members": [ids[member(n)] for n in range(everybody)],
    }  # fmt: skip
    keys = []
    for n in range(int(by_http)):
        account = Account.objects.create(id=new_id(), email=member(n), created_at=clock.now())
        keys.append(tokens.make(account, label="vote", scopes=["vote"], days=2, at=clock.now())[1])
    home().joinpath("ward.json").write_text(json.dumps({**told, "keys": keys}))


def cast(ward: str, first: str, last: str) -> None:
    """Cast a part of the ballots in this process; say how much CPU each took."""
    from kollontai.chapters.record.act import Actor
    from kollontai.chapters.voting.acts.cast_ballot import cast_ballot

    told = json.loads(home().joinpath("ward.json").read_text())
    codes = []
    begun = time.process_time()
    for number, paper in enumerate(papers(ward)):
        if int(first) <= number < int(last):
            actor = Actor(ORG, told["members"][number], "code")
            ranking = [[told["candidates"][at]] for at in paper]
            codes.append(cast_ballot(actor, poll_id=told["poll"], ranking=ranking).value.code)
    spent = time.process_time() - begun
    home().joinpath(f"codes-{first}").write_text(json.dumps({"codes": codes, "cpu": spent}))


def cast_bulk(ward: str, first: str, last: str) -> None:
    """Cast a part of the ballots many at once, by the step with the same rule."""
    from kollontai.chapters.voting.bulk import Ballot, cast_many

    told = json.loads(home().joinpath("ward.json").read_text())
    ballots = (
        Ballot(told["members"][number], ranking=[[told["candidates"][at]] for at in paper])
        for number, paper in enumerate(papers(ward))
        if int(first) <= number < int(last)
    )
    assert cast_many(ORG, told["poll"], ballots, auth="code") == []


def close() -> None:
    """Let the clock close the vote."""
    from kollontai.chapters.record.act import tick

    set_clock(6)
    tick()


def home() -> Path:
    """Where this ward lives."""
    return Path(os.environ["KOLLONTAI_HOME"])


TASKS: dict[str, Callable[..., Any]] = {task.__name__: task for task in (begin, cast, cast_bulk, close)}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kollontai.settings")
    import django

    django.setup()
    TASKS[sys.argv[1]](*sys.argv[2:])
