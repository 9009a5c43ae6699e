# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vote."""

from __future__ import annotations

from collections.abc import Sequence

from kollontai.chapters.members.queries import here
from kollontai.chapters.record.act import Act, Refusal, act, require
from kollontai.chapters.record.statements import one_of
from kollontai.chapters.voting import queries, rules, steps
from kollontai.chapters.voting.boxes import BOXES, Receipt
from kollontai.chapters.voting.choices import Unusable, choose
from kollontai.chapters.voting.models import Poll


@act
def cast_ballot(
    this: Act, *, poll_id: str, choice: str | None = None, ranking: Sequence[Sequence[str]] | None = None
) -> Receipt:
    """Put one's ballot into the box of a poll; once, and it is not changed. Article 12.

    `choice` answers a yes/no vote, `ranking` lists levels of options, best first. No lock is taken: one
    row for each voter keeps it single, and the close waits for ballots that are just coming in.
    """
    poll = one_of(Poll, this.organisation_id, poll_id)
    member = here(this.organisation_id, this.actor)
    if poll is None:
        require(Refusal("no-such-vote", rules.ARTICLE))
    assert poll is not None
    require(rules.may_vote(queries.voting(poll, member), at=this.at))
    try:
        wanted = choose(poll.form, poll.options, option=choice, ranking=ranking)
    except Unusable as error:
        require(Refusal(error.code, rules.ARTICLE))
        raise

    receipt = BOXES[poll.box].put(this, poll, wanted)
    if not steps.still_open(poll):  # the count came between
        poll.state = "counted"
        require(rules.may_vote(queries.voting(poll, member, has_voted=False), at=this.at))
    steps.close_when_all_voted(this, poll)
    return receipt
