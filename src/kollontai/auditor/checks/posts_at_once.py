# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did anybody begin to hold a post beside others that they may not hold with it?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import near
from kollontai.auditor.elections import begin_of, electing
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Form, Term

QUESTION = "Did nobody begin to hold more posts at once than they may, or watch over what they lead?"
ARTICLE = 1
EVIDENCE = PROVED
FINDS = ("candidates who may not stand, and candidates who are kept off the paper",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Each term when it begins, beside those that run; each post as its election found it.

    Where members changed the limits between the elections behind them, the widest of those counts: whoever
    stood in the last of them, stood by its own.
    """
    for term in audit.state.terms.values():
        yield from _beside(audit, term)


def _beside(audit: Audit, term: Term) -> Iterator[Finding]:
    state, position = audit.state, term.begun.position
    election = electing(audit, term)
    limits = audit.limits_born(election) if election and term.how == "elected" else audit.limits_at(position)
    # Who stood reckoned with the day on which the vote was to close; with all voters it closes sooner.
    begins = begin_of(audit, election, position) if election and term.how == "elected" else term.begun.at
    born, others = [limits], dict[str, Form]()
    for other in state.terms_of_member.get(term.member, ()):
        runs = other.begun.position < position and (other.ended is None or other.ended.position > position)
        if runs and other.post != term.post and other.ends_at > begins and not near(other.ends_at, begins):
            others[other.post] = state.held_as(other)
            by = electing(audit, other) if other.how == "elected" else None
            born += [audit.limits_born(by)] if by else []
    most_paid = max(one["O4.paid"] for one in born)
    most = max(one["O4.paid"] + one["O4.unpaid"] for one in born)
    this = state.held_as(term)
    paid = sum(form.pay > 0 for form in (this, *others.values()))
    if this.pay and paid > most_paid:
        yield _breach(term, f"{term.member} holds {paid} paid posts at once.")
    if len(others) + 1 > most:
        yield _breach(term, f"{term.member} holds {len(others) + 1} posts at once.")
    for post, form in sorted(others.items()):
        if _watches(this, form) or _watches(form, this):
            yield _breach(term, f"{term.member} holds {term.post} and {post}: a scrutineer leads nothing.")


def _watches(one: Form, other: Form) -> bool:
    return one.duty == "scrutineer" and other.leading


def _breach(term: Term, sentence: str) -> Finding:
    return _found.breach(term.begun.position, term.id, sentence)
