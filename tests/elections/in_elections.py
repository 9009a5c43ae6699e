# SPDX-License-Identifier: AGPL-3.0-or-later
"""An organisation in the midst of its elections: a row in every table that they fill."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

from PIL import Image

from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.elections.acts.revise_candidacy import revise_candidacy
from kollontai.chapters.elections.acts.stand import stand
from kollontai.chapters.elections.models import Election
from kollontai.chapters.petitions.acts.draw_sample import draw_sample
from kollontai.chapters.petitions.acts.open_petition import open_petition
from kollontai.chapters.petitions.acts.report_sample import report_sample
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.record.act import Actor, tick
from kollontai.chapters.voting import lots
from kollontai.chapters.voting.acts.add_to_lot import add_to_lot
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.acts.show_lot import show_lot
from kollontai.chapters.voting.models import Poll, Voter
from tests.conftest import StandingClock
from tests.elections.hall import agreed_to, candidates, council, raised, to_the_count, to_the_vote, vote
from tests.elections.test_outside import BOARD, BY_LAW, enter, file_of
from tests.world import World, founded, founders, held_by

DUES = Effect("set_dues", dues=6_00)
NAMES = ("ada", "ben", "cleo", "dai", "eva", "finn", "gus")
SENTENCE = "The kettle is on."


@dataclass(frozen=True)
class InElections:
    """Nothing of this organisation is asked for but its world."""

    world: World


def build_in_elections(now: StandingClock) -> World:
    """Scrutineers confirmed, a council elected, a ballot held outside entered once, a by-election at the vote."""
    scrutineers = held_by("eva finn gus", title="Scrutineers", leading=False, duty="scrutineer", seats=3)
    world = founded(
        slug="ferry-house", origin="localhost/ferry-house", listed=founders(*NAMES),
        posts=(scrutineers, council()),
    )  # fmt: skip
    tick()
    for voter in Voter.objects.filter(poll__about="confirmation", organisation=world.id):
        cast_ballot(Actor(world.id, voter.member_id, "code"), poll_id=voter.poll_id, choice="yes")
    _elect(world, now)
    _vote_a_board(world, now)
    of = candidates(
        world, "ada", "ben", "cleo", of=Election.objects.get(post__seats=2, organisation=world.id)
    )
    now.pass_to(of.closes_at)
    of.refresh_from_db()
    outside = Poll.objects.get(pk=of.poll)
    now.pass_to(outside.closes_at)
    enter(world, outside, "eva", file_of(world, outside, "3 ada ben", "2 ben"))
    resign(world.actor("ben"), term_id=Term.objects.get(member=world.people["ben"], ended_at=None).pk)
    tick()
    by_election = candidates(world, "dai", of=Election.objects.get(why="vacancy", organisation=world.id))
    poll = to_the_vote(now, by_election)
    for name in ("ada", "gus"):
        vote(world, poll, name, "dai")
    _ask_after_signatures(world)
    return world


def _ask_after_signatures(world: World) -> None:
    petition = open_petition(
        world.actor("cleo"), about="question", title="A second kettle", text="1. We buy another kettle."
    ).value
    sign_petition(world.actor("dai"), petition_id=petition.pk)
    tick()
    draw_sample(world.actor("eva"), petition_id=petition.pk, sentence="Gulls over the quay.")
    report_sample(world.actor("eva"), petition_id=petition.pk, signed=1, denied=0, silent=0)


def _elect(world: World, now: StandingClock) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), (9, 90, 9)).save(picture, "PNG")
    shown = base64.b64encode(picture.getvalue()).decode()
    of = Election.objects.get(why="founding", organisation=world.id)
    stand(world.actor("ada"), election_id=of.pk, statement="I am ada.", picture=shown)
    revise_candidacy(world.actor("ada"), election_id=of.pk, statement="I am ada still.", picture=shown)
    poll = to_the_vote(now, candidates(world, "ben", "cleo", "dai", of=of))
    add_to_lot(world.actor("gus"), poll_id=poll.pk, sha256=lots.digest(SENTENCE))
    for name in NAMES[:5]:
        vote(world, poll, name, "ada", "ben", "cleo", "dai")
    now.pass_to(poll.secret_box.lots_until)
    show_lot(world.actor("gus"), poll_id=poll.pk, sentence=SENTENCE)
    to_the_count(now, poll)


def _vote_a_board(world: World, now: StandingClock) -> None:
    agreed_to(world, now, raised(world, BY_LAW, title="The law"), by=NAMES)
    now.pass_to(now.time)
    issue = raise_issue(
        world.actor("dai"), unit_id=world.unit().pk, title="A board", text="Why.", draft_title="A board",
        draft_text="1. A board, as the law wants it.", effects=[BOARD, DUES],
    ).value  # fmt: skip
    support_issue(world.actor("gus"), issue_id=issue.pk)
    fifteenth, august = (
        raise_issue(
            world.actor("eva"), unit_id=world.unit().pk, title=title, text="Why.", draft_title=title,
            draft_text=f"1. {title}.", effects=[effect],
        ).value
        for title, effect in (
            ("A voting day", Effect("set_voting_day", day=15)),
            ("Quiet days", Effect("set_quiet_days", year=2028, quiet="2028-08-01..2028-08-14")),
        )
    )  # fmt: skip
    for more in (fifteenth, august):
        support_issue(world.actor("gus"), issue_id=more.pk)
    while (issue := Issue.objects.get(pk=issue.pk)).stage != "vote":
        now.pass_to(issue.stage_ends_at)
    for name in NAMES:
        cast_ballot(world.actor(name), poll_id=issue.poll_id, choice="yes")
        for more in (fifteenth, august):
            cast_ballot(world.actor(name), poll_id=Issue.objects.get(pk=more.pk).poll_id, choice="yes")
    now.pass_to(now.time)
