# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vote on a recall: opened when a petition is reached, and anew where its box was lost."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.charter.calendar import next_begins, phase_end
from kollontai.chapters.elections import facts, papers, rules
from kollontai.chapters.members.models import Member
from kollontai.chapters.members.queries import accepted_in
from kollontai.chapters.petitions import steps as petitions
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.record.act import Act
from kollontai.chapters.voting import steps as voting
from kollontai.chapters.voting.models import Poll, Voter


def open_vote(this: Act, petition: Petition, term: Term, *, due: datetime) -> Poll:
    """Ask the members of a post's unit, in secret, whether its holder loses it.

    Those who were members when the petition was opened and are now, on a post of a unit for some days before
    the vote: nobody brings friends in to be kept by them, or to have somebody recalled. Where a lost box
    makes another vote needed and the unit has become part of another meanwhile, those are asked who stood on
    the roll of the lost one and are members still.
    """
    unit = term.post.unit
    day = rules.in_unit_since(vote_at=this.at, since=petition.opened_at, limits=petition.limits)
    since = facts.in_unit_by(unit, day, otherwise=petition.opened_at)
    electors = accepted_in(unit).filter(joined_at__lte=since)
    if unit.merged_at is not None:
        before = Voter.objects.filter(poll=petition.poll).values("member")
        electors = Member.objects.filter(pk__in=before).accepted()
    poll = voting.open_poll(
        this,
        about="recall",
        subject=petition.pk,
        unit=unit,
        form="yes_no",
        options=rules.OPTIONS,
        status_quo=None,
        paper=papers.recall(
            post_id=term.post_id, title=str(term.post.title), member=term.member_id, petition=petition.pk
        ),
        roll=sorted(electors.values_list("pk", flat=True)),
        quorum_bp=0,
        majority=rules.MAJORITY,
        more_than=True,
        closes_at=phase_end(
            next_begins(due, this.at), rules.recall_days(petition.limits), this.organisation.zone
        ),
        close_act="elections.conclude_recall",
        due=due,
        secret=voting.Secret(),
    )
    petitions.put_to_vote(petition, poll.pk)
    return poll


def turnouts(counted: Poll, term: Term) -> dict[str, int]:
    """How many of how many voted now, and when the holder was elected.

    Who acts was named by the ballots of the poll that their term names, so its turnout counts.
    """
    electing = Poll.objects.get(organisation=term.organisation_id, pk=term.poll)
    return {
        "cast": counted.cast or 0,
        "roll": counted.roll_count,
        "electing_cast": electing.cast or 0,
        "electing_roll": electing.roll_count,
    }
