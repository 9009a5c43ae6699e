# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did everybody become a member by their own act and in due time, and leave by their own act alone?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import DAY, QUARTER, later
from kollontai.auditor.findings import Finder, Finding, attested
from kollontai.auditor.things import Admission, Application, Founding, LetterVoucher, Mark, Person

QUESTION = (
    "Did everybody join by their own act, after the wait and with the vouchers asked for, and leave by "
    "their own?"
)
ARTICLE = 9
EVIDENCE = attested(
    "the server that signed the person in",
    limit="That somebody is a person, and one person, the record cannot tell.",
)
FINDS = (
    "members who came in without an act of their own, too early, or with too few vouchers",
    "memberships that ended in any other way",
    "letters with a code for more people than one member may vouch for",
)

LETTER_WAITS = timedelta(days=30)
ANY_LETTER = 2
"""So many times the people one vouches first letters for, one may vouch any letters for."""

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """One way in for each ground, and one way out."""
    founding = audit.state.founding
    if founding is None:
        return
    for person in audit.state.people.values():
        yield from _invitation(audit, founding, person)
        for application in person.applications:
            yield from _application(audit, founding, person, application)
        yield from _vouchers(audit, person)
        yield from _code_letters(audit, person)
        for admission in person.admissions:
            yield from _admission(audit, founding, person, admission)
        for left in person.departures:
            if left.actor != person.id:
                yield _found.breach(
                    left.position, person.id, f"{left.actor} ended the membership of {person.id}."
                )
        if person.declined is not None and person.declined.actor != person.id:
            yield _found.breach(
                person.declined.position,
                person.id,
                f"{person.declined.actor} declined in the name of {person.id}.",
            )
    for mark, member, effective_at in audit.state.contacts:
        if effective_at < later(mark.at, audit.charter["C.wait"]):
            yield _found.breach(
                mark.position, member, "A new address takes effect before its days of waiting are over."
            )
        if mark.actor != member:
            yield _found.breach(mark.position, member, f"{mark.actor} asked for another address of {member}.")
        if audit.state.people[member].gone_at(mark.position):
            yield _found.breach(mark.position, member, f"{member} asked for another address and was gone.")
    for mark, member in audit.state.contacts_stopped:
        if mark.actor != member:
            yield _found.breach(mark.position, member, f"{mark.actor} stopped another address of {member}.")
    yield from _held_out(founding, audit)


def _founder(founding: Founding, person: Person | None) -> bool:
    return person is not None and person.admission is not None and person.id in founding.signed


def _invitation(audit: Audit, founding: Founding, person: Person) -> Iterator[Finding]:
    mark = person.invited
    if mark is None:
        return
    founded = founding.founded
    before = founded is None or mark.position < founded.position
    if person.invited_ground not in ("founding", "moving-in", "invitation"):
        yield _found.breach(
            mark.position, person.id, f"There is no invitation called {person.invited_ground}."
        )
    elif before != (person.invited_ground == "founding"):
        yield _found.breach(
            mark.position,
            person.id,
            "Founders are listed before the founding, everybody else is invited after it.",
        )
    elif person.invited_ground == "moving-in" and founded is not None:
        until = later(founded.at, audit.limits_at(mark.position)["J.moving_in"])
        if mark.at >= until or not _founder(founding, audit.state.people.get(mark.actor)):
            yield _found.breach(
                mark.position, person.id,
                f"{mark.actor} invited {person.id} to move in, which only founders may, and only until "
                f"{until:%Y-%m-%d}.",
            )  # fmt: skip


def _application(
    audit: Audit, founding: Founding, person: Person, application: Application
) -> Iterator[Finding]:
    mark = application.mark
    if mark.actor != person.id:
        yield _found.breach(
            mark.position, person.id, f"{mark.actor} asked to join in the name of {person.id}."
        )
    limits = audit.limits_at(mark.position)
    wait = limits["J.wait"]
    if not later(mark.at, wait) <= application.admitted_at <= later(mark.at, wait + 1):
        yield _found.breach(
            mark.position, person.id,
            f"{person.id} is to wait until {application.admitted_at:%Y-%m-%d %H:%M}; the charter says "
            f"{wait} days.",
        )  # fmt: skip
    needed = limits["J.vouchers"] if audit.joining_at(mark.position) == "vouched" else 0
    if application.vouchers_needed != needed:
        yield _found.breach(
            mark.position, person.id,
            f"{person.id} is asked for {application.vouchers_needed} vouchers; the charter asks for "
            f"{needed}.",
        )  # fmt: skip


def _vouchers(audit: Audit, person: Person) -> Iterator[Finding]:
    for mark in person.vouchers:
        wrong = _why_no_voucher(audit, person, mark)
        if wrong:
            yield _found.breach(mark.position, person.id, f"{mark.actor} vouched for {person.id}, {wrong}.")


def _code_letters(audit: Audit, person: Person) -> Iterator[Finding]:
    """Whoever has no mail address is let in by two members of their unit, of standing, within thirty days.

    Whether they had an address from the beginning, the record does not say; that they gave one, it does.
    """
    first: Mark | None = None
    for one in person.letter_vouchers:
        waits = first is not None and _still_waits(audit, first, one)
        wrong = _why_not_of_standing(audit, person, one.mark)
        theirs = audit.state.where(one.unit_let_in, one.mark.position)
        if not wrong and theirs != audit.state.where(one.unit_vouching, one.mark.position):
            wrong = "but belonged to another unit"
        if not wrong and person.gone_at(one.mark.position):
            wrong = "who was gone"
        if not wrong and person.reached_at(one.mark.position):
            wrong = "though reached by mail"
        if not wrong and waits and first is not None and first.actor == one.mark.actor:
            wrong = "both as the first and as the second"
        if not wrong:
            wrong = _why_too_many(audit, person, one.mark)
        if not wrong and one.second != waits:
            wrong = "as the second, without a first" if one.second else "as a second, and no code was made"
        if wrong:
            yield _found.breach(
                one.mark.position, person.id,
                f"{one.mark.actor} vouched for a letter with a code for {person.id}, {wrong}.",
            )  # fmt: skip
        first = None if one.second else one.mark


def _still_waits(audit: Audit, first: Mark, one: LetterVoucher) -> bool:
    """Whether the first who vouched has stayed a member since, in the unit of whoever is let in."""
    voucher, here = audit.state.people.get(first.actor), one.mark.position
    stayed = voucher.admission_at(here) if voucher else None
    return (
        one.mark.at < first.at + LETTER_WAITS
        and stayed is not None
        and stayed.mark.position < first.position
        and audit.state.where(stayed.unit, here) == audit.state.where(one.unit_let_in, here)
    )


def _why_too_many(audit: Audit, person: Person, mark: Mark) -> str:
    """Three first letters in a quarter, say, and six letters in all; each person counted once."""
    most = audit.limits_at(mark.position)["J.letters"]
    given = [
        one for one in audit.letters_by(mark.actor)
        if one.mark.position <= mark.position and mark.at - one.mark.at < QUARTER
    ]  # fmt: skip
    firsts = {one.person for one in given if one.first}
    if given[-1].first and len(firsts) > most:
        return f"and so for the first letters of {len(firsts)} people within 91 days; {most} are allowed"
    people = {one.person for one in given}
    if len(people) > ANY_LETTER * most:
        many = ANY_LETTER * most
        return f"and so for letters of {len(people)} people within 91 days; {many} are allowed"
    return ""


def _why_no_voucher(audit: Audit, person: Person, mark: Mark) -> str:
    wrong = _why_not_of_standing(audit, person, mark)
    if wrong:
        return wrong
    back = audit.state.people[mark.actor].vouchers
    if any(one.actor == person.id and one.position < mark.position for one in back):
        return f"who had vouched for {mark.actor}"
    most = audit.limits_at(mark.position)["J.per_quarter"]
    given = audit.vouchers_by(mark.actor)
    recent = sum(mark.at - other.at < QUARTER and other.position <= mark.position for other in given)
    if recent > most:
        return f"for the {recent}th time within 91 days; {most} are allowed"
    return ""


def _why_not_of_standing(audit: Audit, person: Person, mark: Mark) -> str:
    founding = audit.state.founding
    voucher = audit.state.people.get(mark.actor)
    if mark.actor == person.id:
        return "that is, for themself"
    admission = voucher.admission_at(mark.position) if voucher else None
    if voucher is None or admission is None:
        return "but was no member"
    since = admission.mark.at
    standing = audit.limits_at(mark.position)["J.standing"]
    founded = founding.founded if founding is not None else None
    by_founding = founded is not None and admission.ground == "founder" and since <= founded.at
    if not by_founding and mark.at < later(since, standing):
        return f"but had been a member for less than {standing} days"
    return ""


def _admission(audit: Audit, founding: Founding, person: Person, admission: Admission) -> Iterator[Finding]:
    mark = admission.mark
    asked = _asked(person, admission)
    waited = admission.ground in ("open", "vouched")
    unit = asked.unit if asked and waited else person.invited_unit or admission.unit
    unit = audit.state.where(unit, mark.position)
    if admission.unit != unit:
        yield _found.breach(
            mark.position, person.id, f"{person.id} asked to join {unit} and was put into {admission.unit}."
        )
    if (admission.due is not None) != (mark.auth == "clock"):
        yield _found.breach(
            mark.position, person.id, "Only the clock's admissions are due at a time, and all of them are."
        )
    ways = {
        "founder": _as_founder,
        "moving-in": _moving_in,
        "open": _after_waiting,
        "vouched": _after_waiting,
    }
    way = ways.get(admission.ground)
    if way is None:
        why = f"There is no admission called {admission.ground}"
    else:
        why = way(audit, founding, person, admission)
    if why:
        yield _found.breach(mark.position, person.id, f"{why}.")


def _asked(person: Person, admission: Admission) -> Application | None:
    """The application that an admission answers: the last one before it that they had not taken back."""
    before = [one for one in person.applications if one.mark.position < admission.mark.position]
    if not before or before[-1].mark.position < _went(person, admission.mark.position):
        return None
    return before[-1]


def _went(person: Person, position: int) -> int:
    """Where somebody had last left, said no, or taken back that they asked, before an entry; -1 for never."""
    ways_out = (*person.departures, *person.refusals)
    return max((one.position for one in ways_out if one.position < position), default=-1)


def _as_founder(audit: Audit, founding: Founding, person: Person, admission: Admission) -> str:
    signed = founding.signed.get(person.id)
    if signed is None or signed.position > admission.mark.position:
        return f"{person.id} was admitted as a founder without having signed the charter"
    if person.id not in founding.listed:
        return f"{person.id} was admitted as a founder without having been listed"
    days = audit.limits_at(admission.mark.position)["J.moving_in"]
    if founding.founded is not None and signed.at >= later(founding.founded.at, days) > founding.founded.at:
        return (
            f"{person.id} signed the charter more than {days} days after the founding; then everybody waits"
        )
    return ""


def _moving_in(audit: Audit, founding: Founding, person: Person, admission: Admission) -> str:
    if person.invited_ground != "moving-in":
        return f"{person.id} moved in without having been invited by a founder"
    if admission.mark.actor != person.id:
        return f"{admission.mark.actor} accepted the invitation in the name of {person.id}"
    invited, mark = person.invited, admission.mark
    if invited is None or invited.position < _went(person, mark.position):
        return f"{person.id} moved in by an invitation that was over"
    days = audit.limits_at(mark.position)["J.moving_in"]
    if mark.at >= later(invited.at, days):
        return f"{person.id} moved in more than {days} days after the invitation; then everybody waits"
    return ""


def _after_waiting(audit: Audit, founding: Founding, person: Person, admission: Admission) -> str:
    application, mark = _asked(person, admission), admission.mark
    if application is None:
        return f"{person.id} was admitted without having asked to join, or after taking that back"
    asked = application.mark.position
    limits, joining = audit.limits_at(asked), audit.joining_at(asked)
    if admission.ground != joining:
        return f"{person.id} came in by the way called {admission.ground}; the charter says {joining}"
    if mark.at < later(application.mark.at, limits["J.wait"]):
        days = (mark.at - application.mark.at) / DAY
        return f"{person.id} was admitted after {days:.1f} days; the wait is {limits['J.wait']}"
    if joining == "vouched":
        good = sum(
            voucher.position < mark.position and not _why_no_voucher(audit, person, voucher)
            for voucher in person.vouchers_for(application)
        )
        if good < limits["J.vouchers"]:
            return f"{person.id} was admitted with {good} vouchers; {limits['J.vouchers']} are needed"
    allowed = {"clock", person.id, *(voucher.actor for voucher in person.vouchers)}
    if mark.actor not in allowed:
        return f"{mark.actor} admitted {person.id}; nobody admits anybody"
    return ""


def _held_out(founding: Founding, audit: Audit) -> Iterator[Finding]:
    """Whoever signed belongs from the founding, or from signing, on."""
    if founding.founded is None:
        return
    for member, mark in founding.signed.items():
        person = audit.state.people.get(member)
        belongs = person is not None and person.admission is not None
        if not belongs and audit.last_at > max(mark.at, founding.founded.at):
            yield _found.breach(mark.position, member, f"{member} signed the charter and was never admitted.")
