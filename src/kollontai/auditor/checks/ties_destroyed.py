# SPDX-License-Identifier: AGPL-3.0-or-later
"""Were the ties between persons and polls or petitions destroyed when they must be, and not before?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import end_of_phase, later
from kollontai.auditor.findings import Finder, Finding, attested
from kollontai.auditor.things import Mark, Petition, Poll

QUESTION = "Were the marks of who voted and who signed destroyed once nobody may be charged, and not before?"
ARTICLE = 9
EVIDENCE = attested(
    "the server", limit="That something was destroyed nobody can show; that it says so, one can."
)
FINDS = ()

_found = Finder(__name__, ARTICLE)
GRACE = timedelta(days=1)


def check(audit: Audit) -> Iterator[Finding]:
    """After the limitation, counted from the end of the poll or the petition."""
    for poll in audit.state.polls.values():
        if poll.links_gone is not None and poll.box != "separated":
            yield _found.breach(
                poll.links_gone.position, poll.id, f"{poll.id} was open, and its names cannot be destroyed."
            )
        elif poll.box == "separated" and (ended := poll.counted or poll.lost) is not None:
            yield from _times(audit, poll, ended, ended, must=poll.lost is None)
        elif poll.links_gone is not None:
            yield from _early(poll)
    for petition in audit.state.petitions.values():
        ended = petition.ended
        if ended is not None:
            last = petition.decided.mark if petition.decided else ended
            waits = petition.state == "reached" and petition.about == "recall"
            yield from _times(audit, petition, ended, last, must=not waits)
        elif petition.links_gone is not None:
            yield from _early(petition)


def _early(thing: Poll | Petition) -> Iterator[Finding]:
    gone = thing.links_gone
    if gone is not None:
        yield _found.breach(
            gone.position, thing.id, f"The ties of {thing.id} were destroyed before it had ended."
        )


def _times(audit: Audit, thing: Poll | Petition, first: Mark, last: Mark, *, must: bool) -> Iterator[Finding]:
    days, gone = audit.limits_at(first.position)["X5.limitation"], thing.links_gone
    # The clock may come late; then the days may be counted from when it was due.
    begins = min(first.at, thing.closes_at)
    if gone is not None and gone.at < later(begins, days):
        yield _found.breach(
            gone.position, thing.id, f"The ties of {thing.id} were destroyed before {days} days were over."
        )
    ends = end_of_phase(last.at, days, audit.zone)
    if must and (gone.at if gone else audit.last_at) - ends > GRACE:
        yield _found.breach(
            gone.position if gone else last.position, thing.id,
            f"The ties of {thing.id} were to be destroyed after {days} days and were kept.",
        )  # fmt: skip
