# SPDX-License-Identifier: AGPL-3.0-or-later
"""Enter what a ballot held outside gave."""

from __future__ import annotations

from hashlib import sha256

from kollontai.chapters.elections import outside, rules, steps
from kollontai.chapters.members.queries import here
from kollontai.chapters.record.act import Act, act, require
from kollontai.chapters.voting import steps as voting
from kollontai.chapters.voting.counting import count_election
from kollontai.chapters.voting.finding import the_poll
from kollontai.chapters.voting.models import OutsideEntry
from kollontai.counting.files import blt
from kollontai.openrecord.kinds.boxes import OutsideEntered


@act(locks=lambda given: [f"outside:{given['poll_id']}"])
def enter_outside_count(this: Act, *, poll_id: str, report: str, ballots: str) -> OutsideEntry:
    """As an elected scrutineer, enter report and ballots of a vote that law has held outside. Article 12.

    `ballots`: a BLT file, candidates in the order of the paper, re-open nominations last. When a second
    scrutineer enters the same, it is counted here and whoever is elected is seated, in this act.
    """
    poll = the_poll(this, poll_id)
    facts = outside.scrutinising(poll, here(this.organisation_id, this.actor), at=this.at)
    require(rules.may_enter_count(facts, at=this.at))
    require(rules.usable_report(report))
    election = outside.election_of(poll)
    mine = outside.read_ballots(ballots, poll, seats=election.seats)
    agreed = outside.agree(poll, mine, at=this.at)

    text = blt.write(mine)
    fact = OutsideEntered(poll=poll.pk, cast=mine.total, sha256=sha256(text.encode()).hexdigest())
    words = this.record(fact, report=report, ballots=text)
    entry = OutsideEntry.objects.create(
        organisation_id=this.organisation_id,
        poll=poll,
        member_id=this.actor,
        cast=fact.cast,
        sha256=fact.sha256,
        at=this.at,
        **words,
    )
    if agreed:
        papers = [([poll.options[rank] for rank in ranks], times) for ranks, times in mine.papers]
        counted = count_election(
            poll, papers, rule=rules.rule_for(election.seats), seats=election.seats, seed=fact.sha256
        )
        voting.record_count(this, poll, counted, cast=fact.cast, due=poll.closes_at)
        seated = voting.Counted(poll, counted.outcome, elected=counted.elected, reopened=counted.reopened)
        steps.decide(this, election, seated, due=poll.closes_at)
    return entry
