# SPDX-License-Identifier: AGPL-3.0-or-later
"""Was everything written in for somebody written by a neighbour whom they had named?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.auditor.things import Issue, Mark, Naming, WriteIn

QUESTION = (
    "Was everything written in for a member written by somebody they had named, who led nowhere and whose "
    "turn it was too, and was it undone by that member alone?"
)
ARTICLE = 7
EVIDENCE = proved(
    limit="Whether somebody had a mail address from the beginning the record does not say; nor who spoke the "
    "words that a writer put down. That is for the one in whose name they stand to say."
)
FINDS = ()

_found = Finder(__name__, ARTICLE)

_WRITERS, _WRITTEN_FOR = 2, 3
_FOUR_WEEKS = timedelta(days=28)
_MAY = frozenset({"words", "issue", "draft", "amendment"})
_HOW = frozenset({"member", "slip"})


def check(audit: Audit) -> Iterator[Finding]:
    """Namings one by one, then write-ins; that undone support is not counted, other checks count again."""
    for naming in audit.state.namings.values():
        for wrong in _wrong_naming(audit, naming):
            yield _found.breach(
                naming.named.position, naming.id, f"{naming.member} named {naming.writer}{wrong}."
            )
        if naming.ended is not None and naming.ended.actor not in (naming.member, naming.writer):
            yield _found.breach(
                naming.ended.position, naming.id,
                f"{naming.ended.actor} ended the naming of {naming.writer} by {naming.member}.",
            )  # fmt: skip
    for made in audit.state.write_ins.values():
        for wrong in _wrong_writing(audit, made):
            yield _found.breach(
                made.mark.position, made.id, f"{made.mark.actor} wrote in for {made.member}{wrong}."
            )
        yield from _undone(made)


# --- namings ---


def _wrong_naming(audit: Audit, naming: Naming) -> Iterator[str]:
    here = naming.named.position
    if naming.writer == naming.member:
        yield ", that is, themself"
    if not _is_member(audit, naming.writer, here):
        yield ", who was no member"
    if _leads(audit, naming.writer, naming.member, naming.named):
        yield ", who held a leading post"
    if _reached(audit, naming.member, here):
        yield ", though reached by mail"
    earlier = [one for one in audit.state.namings.values() if one.named.position < here]
    own = [one for one in earlier if one.member == naming.member and _stands(audit, one, here)]
    if any(one.writer == naming.writer for one in own):
        yield " a second time"
    if len(own) >= _WRITERS:
        yield f" beside {len(own)} others; {_WRITERS} are allowed"
    others = {
        one.member
        for one in earlier
        if one.writer == naming.writer
        and one.member != naming.member
        and (_stands(audit, one, here) or _ended_lately(one, naming.named))
    }
    if len(others) >= _WRITTEN_FOR:
        yield f", who wrote in for {len(others)} others within four weeks; {_WRITTEN_FOR} are allowed"


def _ended_lately(one: Naming, now: Mark) -> bool:
    ended = one.ended
    return ended is not None and ended.position < now.position and ended.at > now.at - _FOUR_WEEKS


def _stands(audit: Audit, naming: Naming, position: int) -> bool:
    """Whether a naming stood when this entry was made: nobody had ended it, and both had stayed members."""
    if naming.named.position >= position or (naming.ended is not None and naming.ended.position < position):
        return False
    for member in (naming.member, naming.writer):
        person = audit.state.people.get(member)
        admission = person.admission_at(position) if person else None
        if admission is None or admission.mark.position > naming.named.position:
            return False
    return True


# --- what was written in ---


def _wrong_writing(audit: Audit, made: WriteIn) -> Iterator[str]:
    here, writer = made.mark.position, made.mark.actor
    if made.to not in _MAY:
        yield f" on a {made.to[:20]}; words and support are all that can be written in"
    elif not _is_there(audit, made):
        yield f" on {made.of}, which is no {made.to} of {made.issue}"
    if not any(
        one.member == made.member and one.writer == writer and _stands(audit, one, here)
        for one in audit.state.namings.values()
    ):
        yield " without having been named by them"
    if not _is_member(audit, made.member, here):
        yield ", who was no member"
    if _leads(audit, writer, made.member, made.mark):
        yield " while holding a leading post"
    if _reached(audit, made.member, here):
        yield ", who was reached by mail"
    issue = audit.state.issues[made.issue]
    for member in (writer, made.member):
        why = _not_their_turn(audit, issue, made, member)
        if why:
            yield f" though {member} {why}"


def _not_their_turn(audit: Audit, issue: Issue, made: WriteIn, member: str) -> str:
    """Why one of the two could not have done this for themself; what stage it was, other checks ask."""
    stage = issue.stage_at(made.mark.position)
    if audit.leads(member, issue, made.mark):
        asks = stage is not None and stage.name == "answer" and made.to == "words"
        return "" if asks else f"leads on {issue.id}"
    person = audit.state.people.get(member)
    if person is not None and not audit.state.belongs(person, issue.unit, made.mark.position):
        return f"does not belong to the unit of {issue.id}"
    return ""


def _is_there(audit: Audit, made: WriteIn) -> bool:
    state = audit.state
    if made.to == "issue":
        return made.of == made.issue
    if made.to == "words":
        said = state.contributions.get(made.of)
        return said is not None and said.issue == made.issue
    thing = state.drafts.get(made.of) if made.to == "draft" else state.amendments.get(made.of)
    return thing is not None and thing.issue == made.issue


def _undone(made: WriteIn) -> Iterator[Finding]:
    undone = made.undone
    if undone is None:
        return
    if undone.actor != made.member:
        yield _found.breach(
            undone.position, made.id, f"{undone.actor} undid what was written in for {made.member}."
        )
    if made.how not in _HOW:
        yield _found.breach(undone.position, made.id, f"Nothing is undone by {made.how[:20]!a}.")
    if undone.at >= made.mark.at + _FOUR_WEEKS:
        yield _found.breach(undone.position, made.id, f"{made.id} was undone after its four weeks were over.")


# --- people ---


def _is_member(audit: Audit, member: str, position: int) -> bool:
    person = audit.state.people.get(member)
    return person is not None and person.member_at(position)


def _reached(audit: Audit, member: str, position: int) -> bool:
    person = audit.state.people.get(member)
    return person is not None and person.reached_at(position)


def _leads(audit: Audit, writer: str, member: str, mark: Mark) -> bool:
    """Whether a writer held a leading post of any unit, and not half of those around the other did."""
    person = audit.state.people.get(member)
    return any(
        audit.state.held_as(term).leading and term.begun.position < mark.position and term.over_at > mark.at
        for term in audit.state.terms_of_member.get(writer, ())
    ) and not (person is not None and audit.leadership.half_lead(person.home_at(mark.position), mark))
