# SPDX-License-Identifier: AGPL-3.0-or-later
"""Put a neighbour behind an issue, a draft or an amendment."""

from __future__ import annotations

from kollontai.chapters.deliberation import steps as deliberation
from kollontai.chapters.deliberation.finding import the_actor
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.members.queries import here
from kollontai.chapters.record.act import Act, act, require
from kollontai.chapters.writing_in import queries, rules, steps
from kollontai.chapters.writing_in.finding import lock_of, what_is_supported
from kollontai.chapters.writing_in.written import WrittenIn
from kollontai.ids import new_id
from kollontai.openrecord.kinds.writing_in import SupportWrittenIn


@act(locks=lambda given: lock_of(given["to"], given["of_id"]))
def write_in_support(this: Act, *, member_id: str, to: str, of_id: str) -> WrittenIn:
    """Put a neighbour behind an issue, a draft or an amendment, openly by one's own hand. Articles 2 and 7.

    `to`: issue, draft or amendment; `of_id`: which. Never a petition, whose signatures are protected, and
    never a vote. The writer is given the code of a slip, once, to bring to the neighbour.
    """
    what = what_is_supported(this, to, of_id)
    writer, member = the_actor(this), here(this.organisation_id, member_id)
    mine, theirs = queries.may_support_both(what, writer, member, at=this.at)
    facts = queries.writing(this.organisation, writer, member, mine=mine, theirs=theirs, at=this.at)
    require(rules.may_write_in(facts))

    issue = what if isinstance(what, Issue) else what.issue
    fact = SupportWrittenIn(write_in=new_id(), member=member_id, issue=issue.pk, to=to, of=of_id)
    this.record(fact)
    deliberation.support_by_write_in(this, what, member_id, fact.write_in)
    written = steps.write_in(this, fact.write_in, member=member_id, issue=issue.pk, to=to, of=of_id)
    if isinstance(what, Issue):
        deliberation.begin_talk_when_enough(this, what)
    return written
