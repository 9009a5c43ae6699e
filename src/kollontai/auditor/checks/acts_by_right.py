# SPDX-License-Identifier: AGPL-3.0-or-later
"""Was every act done by somebody who could do it?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.elections import is_scrutineer
from kollontai.auditor.findings import Finder, Finding, attested
from kollontai.auditor.things import Mark, Poll
from kollontai.openrecord import facts
from kollontai.openrecord.entries import PROTECTED

QUESTION = (
    "Was every act a member's own or an alias's, the clock's where it is the clock's, by a holder of the "
    "post where it needs one, and never the operator's?"
)
ARTICLE = 1
EVIDENCE = attested(
    "the server that signed the member in",
    limit="Whether the server made an act up in a member's name shows only to that member.",
)
FINDS = ("powers used by somebody who held no post at the time",)

_found = Finder(__name__, ARTICLE)

_AT_THE_FOUNDING = frozenset({"founding.opened", "unit.created", "post.created", "post.entered"})
_BEFORE_JOINING = frozenset(
    {"charter.signed", "invitation.declined", "member.applied", "member.admitted", "contact.change_asked",
     "contact.change_stopped", "contact.erased", "content.erased", "organisation.founded", "writing.undone"}
)  # fmt: skip
_CLOCK_MAY = frozenset({"member.admitted", "term.ended", "effects.declared", "question.again"})
"""Acts of members that the clock performs too when their time has come."""
_OPERATOR_MAY = frozenset(name for name, cls in facts.KINDS.items() if cls.link == "operator") | {
    "export.stamped"
}


def check(audit: Audit) -> Iterator[Finding]:
    """Who acted, and how they were known."""
    founding, demo_act = audit.state.founding, audit.state.demo_act
    if demo_act is not None and not (founding and founding.origin.startswith("demo.")):
        yield _found.breach(
            demo_act, "demo", "Somebody acted by the door of a demonstration, and this is none."
        )
    for mark, kind in audit.state.strangers:
        yield from _member(audit, mark, kind)
    for mark, kind, subject in audit.state.misplaced:
        yield from _machine(audit, mark, kind, subject)
    for alias, acts in audit.state.aliases.items():
        yield from _alias(audit, alias, acts)
    for poll in audit.state.polls.values():
        yield from _scrutineers(audit, poll)


def _alias(audit: Audit, alias: str, acts: list[tuple[Mark, str, str]]) -> Iterator[Finding]:
    """A protected act bears an alias of one petition alone, which nobody can tell from whom it comes."""
    first, kind, petition = acts[0]
    if alias in audit.state.people:
        yield _found.breach(
            first.position, petition, f"{alias} did {kind} under their own id, which is to be protected."
        )
    since = audit.state.protected_since
    for mark, kind, other in acts:
        if mark.auth != PROTECTED and since is not None and mark.position > since:
            yield _found.breach(
                mark.position, other, f"The alias {alias} did {kind} and says how they came in: {mark.auth}."
            )
        if other != petition:
            yield _found.breach(
                mark.position,
                other,
                f"The alias {alias} of {petition} did {kind} on {other} too: both point at one person.",
            )


def _scrutineers(audit: Audit, poll: Poll) -> Iterator[Finding]:
    """Only holders of scrutineer posts of the unit, or of one above, enter a ballot held outside."""
    for entry in poll.entered:
        acts = [(entry.mark, "entered")] + ([(entry.back, "took back")] if entry.back else [])
        for mark, did in acts:
            if not is_scrutineer(audit, entry.member, poll.unit, mark):
                yield _found.breach(
                    mark.position,
                    poll.id,
                    f"{entry.member} {did} ballots of {poll.id} without holding a scrutineer's post there.",
                    article=1,
                )
            elif entry.member in poll.options:
                yield _found.breach(
                    mark.position, poll.id, f"{entry.member} {did} ballots of {poll.id} and stands in it."
                )


def _member(audit: Audit, mark: Mark, kind: str) -> Iterator[Finding]:
    """Somebody acted who was no member just then."""
    founding, person = audit.state.founding, audit.state.people.get(mark.actor)
    before = founding is not None and (founding.founded is None or mark.position <= founding.founded.position)
    if before and founding is not None:
        founder = mark.actor in founding.listed or mark.actor == founding.opened.actor
        if founder and kind in _AT_THE_FOUNDING | _BEFORE_JOINING | {"member.invited"}:
            return
    if person is None:
        yield _found.breach(
            mark.position, mark.actor, f"{mark.actor} did {kind}, but is nobody this record knows."
        )
    elif (
        person.contact_erased is not None
        and mark.position > person.contact_erased.position
        and not _by_a_slip(audit, mark, kind)
    ):
        yield _found.breach(
            mark.position, mark.actor, f"{mark.actor} did {kind}, and no account leads to them any more."
        )
    elif person.member_at(mark.position) or kind in _BEFORE_JOINING:
        return  # among them: whoever has left may still take their words back, or ask to join again
    else:
        gone = any(left.position < mark.position for left in person.departures)
        when = "after leaving" if gone else "without being a member"
        yield _found.breach(mark.position, mark.actor, f"{mark.actor} did {kind} {when}.")


def _machine(audit: Audit, mark: Mark, kind: str, subject: str) -> Iterator[Finding]:
    """An entry of the clock or the operator, or one that has to be theirs."""
    actor, auth = mark.actor, mark.auth
    if kind == "stage.begun" and auth not in ("clock", "operator"):
        return  # the last supporter opens the members' talk; stages_full_length looks at it
    if auth == "operator" or actor == "operator":
        if actor != auth:
            yield _found.breach(mark.position, subject, f"A {kind} by {actor} says it was done by {auth}.")
        yield from _operator(audit, mark, kind, subject)
    elif auth == PROTECTED:
        yield _found.breach(mark.position, subject, f"{actor} did {kind} and does not say how they came in.")
    elif (actor == "clock") != (auth == "clock"):
        yield _found.breach(mark.position, subject, f"A {kind} by {actor} says it was done by {auth}.")
    elif actor != "clock":
        if _with_a_members_act(audit, mark, kind):
            return
        yield _found.breach(mark.position, subject, f"{actor} did {kind}, which only the clock does.")
    elif kind not in _CLOCK_MAY and kind not in _CLOCKS:
        yield _found.breach(mark.position, subject, f"The clock did {kind}, which is for members to do.")


def _operator(audit: Audit, mark: Mark, kind: str, subject: str) -> Iterator[Finding]:
    founding = audit.state.founding
    founded = founding.founded if founding else None
    opening = founded is None or mark.position < founded.position
    if kind in _OPERATOR_MAY or (opening and kind in _AT_THE_FOUNDING | {"member.invited"}):
        return
    yield _found.breach(
        mark.position, subject, f"The operator did {kind}; the operator has no such right.", article=14
    )


def _with_a_members_act(audit: Audit, mark: Mark, kind: str) -> bool:
    """What follows from an act of a member at once: whoever accepts acts; the second entry is counted."""
    state = audit.state
    if kind == "term.begun":
        terms = state.terms_of_member.get(mark.actor, ())
        if any(term.begun == mark and term.how == "acting" for term in terms):
            return True
    if kind in _AFTER_ENTRIES:
        return any(
            entry.member == mark.actor and entry.mark.at == mark.at and entry.mark.position < mark.position
            for poll in state.polls.values()
            for entry in poll.entered
        )
    return False


_AFTER_ENTRIES = frozenset(
    {"poll.counted", "election.decided", "term.begun", "term.ended", "election.opened"}
)
"""What the second scrutineer's entry may bring about in the same act."""
_CLOCKS = frozenset(name for name, cls in facts.KINDS.items() if cls.link == "clock") | {"export.stamped"}


def _by_a_slip(audit: Audit, mark: Mark, kind: str) -> bool:
    """Whether something written in was undone with the code on its slip, for which nobody signs in."""
    return kind == "writing.undone" and any(
        one.how == "slip" and one.undone is not None and one.undone.position == mark.position
        for one in audit.state.write_ins.values()
    )
