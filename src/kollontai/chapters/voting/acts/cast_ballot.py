# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vote."""

from __future__ import annotations

from collections.abc import Sequence

from kollontai.chapters.record.act import Act, Refusal, Refused, act, require
from kollontai.chapters.voting import queries, rules
from kollontai.chapters.voting.boxes import BOXES, Receipt
from kollontai.chapters.voting.choices import Unusable, check_code, choose


@act
def cast_ballot(
    this: Act,
    *,
    poll_id: str,
    choice: str | None = None,
    ranking: Sequence[Sequence[str]] | None = None,
    code: str = "",
) -> Receipt:
    """Put one's ballot into the box of a poll; once, and it is not changed. Article 12.

    `choice` answers a yes/no vote, `ranking` lists levels of options, best first. `code`: in a secret vote,
    four signs of one's own for the check code. No lock is named: one row for each voter keeps it single, and
    the close waits for ballots that are just coming in.
    """
    found = queries.at_the_box(this.organisation_id, poll_id, this.actor)
    if found is None:
        raise Refused(Refusal("no-such-vote", rules.ARTICLE))
    poll = found.poll
    require(rules.may_vote(found.facts, at=this.at))
    box = BOXES[poll.box]
    try:
        wanted = choose(
            poll.form, poll.options, option=choice, ranking=ranking, most_ranks=box.most_ranks(poll)
        )
        if code:
            check_code(code)
    except Unusable as error:
        raise Refused(Refusal(error.code, rules.ARTICLE)) from error

    receipt = box.put(this, poll, wanted, code=code)
    if not found.others_left:  # everybody has voted: the clock closes it now
        this.bring_forward(poll.pk)
    return receipt
