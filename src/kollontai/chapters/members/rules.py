# SPDX-License-Identifier: AGPL-3.0-or-later
"""How people join, and how they are reached. Article 9, "Joining"; article 12.

1. Nobody is a member before the organisation exists, and nobody without an act of their own.
2. Any member may invite. Nobody is invited twice: an address that is known here is not asked again,
   whether its owner belongs, waits, said no or left. Who said no or left may ask by themself.
3. Who is invited says yes or no themself. Yes means: ask to join, as everybody does. Only whom a founder
   invited within the first days after the founding ("moving in") is a member at once, and only if they
   say so within as many days of being invited, so that nobody keeps a stock of sleeping members. Who is
   listed as a founder and has not signed by then is invited from then on, as anybody.
4. Who asks to join waits some days in the open and is then admitted by the clock. Where the charter asks
   for vouchers they are needed too; when the last one comes after the waiting, it admits.
5. A member vouches once they have been one for some time, or since the founding; for few people in a
   quarter; not for themself, and not for somebody who vouched for them. Their word stands when they leave: it
   says who somebody is, that day.
6. Nobody asks to join more than a few times within a day, for what was asked stays on the record.
   Who left and asks again is the same person, under the same id: their standing begins anew, vouchers
   given before count no more, and what they did as a leader stays theirs.
7. Another address takes effect after some days. The old one is told and may stop it until then. Whether
   others are reached at an address, nobody learns who does not read what is sent there.
8. How many people one may invite in a day is the same for all.
9. Who has no mail address is let in by a letter with a code, good once. Two members of the same unit who may
   vouch say so by name, within thirty days; the second is shown the code, to print it. Of a first who has
   left since, or who is not of the unit in which the person asks now, the word is over. Anybody invited
   without an address comes in by it; who has an address is never let in so. One member vouches for the first
   letters of few people in a quarter, and for the letters of twice as many in all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.charter.rules import LONGEST_NAME, is_name
from kollontai.chapters.members.emails import is_email
from kollontai.chapters.record.refusal import Refusal

Limits = Mapping[str, int]
QUARTER = timedelta(days=91)
LETTER_WAITS = timedelta(days=30)  # for the second who vouches
ANY_LETTER = 2  # so many times the people, where later letters than their first count too
ASKS_A_DAY = 5  # so often may one person ask to join
MOST_INVITATIONS = 5_000  # in one act, and by one member within 24 hours


@dataclass(frozen=True)
class Person:
    """What is known of somebody who wants to act here. Without standing they are unknown."""

    standing: str = ""  # "", invited, applicant, member, declined, left
    ground: str = ""  # founding, moving-in, invitation, application
    signed: bool = False
    invited_at: datetime | None = None
    joined_at: datetime | None = None


# --- Inviting ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Invited:
    """One person to be asked in, as the act was given them. `email` is tidied; empty, they get a letter."""

    name: str
    email: str
    unit_known: bool
    address_known: bool


@dataclass(frozen=True)
class Inviting:
    """Who invites whom."""

    by: Person
    founded_at: datetime | None
    invited: Sequence[Invited]
    invited_last_day: int


def may_invite(facts: Inviting) -> Refusal | None:
    """Any member may ask people in, each once; one bad line stops the whole list, so that it is seen."""
    refusal = must_be_member(facts.by, facts.founded_at)
    if refusal is not None:
        return refusal
    if not facts.invited:
        return Refusal("nobody-to-invite", 9)
    if len(facts.invited) + facts.invited_last_day > MOST_INVITATIONS:
        return Refusal("too-many-invitations", 9, facts={"most": MOST_INVITATIONS})
    seen: set[str] = set()
    for line, person in enumerate(facts.invited, start=1):
        if not is_name(person.name):
            return Refusal("name-unusable", 9, facts={"line": line, "longest": LONGEST_NAME})
        if person.email and not is_email(person.email):
            return Refusal("email-unusable", 9, facts={"line": line})
        if not person.unit_known:
            return Refusal("unit-unknown", 9, facts={"line": line})
        if person.email and person.email in seen:
            return Refusal("doubled-invitation", 9, facts={"line": line})
        if person.address_known:
            return Refusal("address-known", 9, facts={"line": line})
        seen.add(person.email)
    return None


def ground_of_invitation(by: Person, founded_at: datetime, limits: Limits, *, at: datetime) -> str:
    """Founders bring in, for some days after the founding, the members there were before."""
    moving_in = by.ground == "founding" and at < founded_at + limits["J.moving_in"] * DAY
    return "moving-in" if moving_in else "invitation"


# --- Answering and asking ----------------------------------------------------------------------------


def signs(person: Person, founded_at: datetime | None, limits: Limits, *, at: datetime) -> bool:
    """Whether somebody is listed as a founder and may still sign: as long as founders bring others in."""
    if person.ground != "founding" or person.standing != "invited":
        return False
    return founded_at is None or at < founded_at + limits["J.moving_in"] * DAY


def may_accept(
    person: Person, founded_at: datetime | None, limits: Limits, *, at: datetime
) -> Refusal | None:
    """Only the invited person says yes, while the invitation stands; who is listed signs while they may."""
    if person.standing == "member":
        return Refusal("already-member", 9)
    if person.standing == "applicant":
        return Refusal("already-applied", 9)
    if person.standing != "invited":
        return Refusal("not-invited", 9)
    if signs(person, founded_at, limits, at=at):
        return Refusal("sign-the-charter-instead", 13)
    if founded_at is None:
        return Refusal("not-founded-yet", 13)
    return None


def admits_at_once(person: Person, limits: Limits, *, at: datetime) -> bool:
    """Whether saying yes makes a member at once: moving in, and not too long after the invitation."""
    return (
        person.ground == "moving-in"
        and person.invited_at is not None
        and at < person.invited_at + limits["J.moving_in"] * DAY
    )


def may_decline(person: Person) -> Refusal | None:
    """Who was invited, or waits to be admitted, may say no.

    A signature under a charter stands: until the organisation exists there is nothing to leave, and from
    then on one leaves at any time.
    """
    if person.standing == "member":
        return Refusal("leave-instead", 13)
    if person.standing == "invited" and person.signed:
        return Refusal("signed-already", 13)
    if person.standing not in {"invited", "applicant"}:
        return Refusal("nothing-to-decline", 9)
    return None


@dataclass(frozen=True)
class Applying:
    """Somebody asks to join. `email` is empty for a person who is known already."""

    person: Person
    founded_at: datetime | None
    unit_known: bool
    name: str
    email: str
    address_known: bool
    limits: Limits
    last_day: tuple[datetime, ...] = ()  # when they asked within 24 hours, oldest first


def may_apply(facts: Applying, *, at: datetime) -> Refusal | None:
    """Anybody may ask to join, unless they belong, wait, or have an invitation to answer."""
    standing = facts.person.standing
    if facts.founded_at is None:
        return Refusal("not-founded-yet", 13)
    if standing == "member":
        return Refusal("already-member", 9)
    if standing == "applicant":
        return Refusal("already-applied", 9)
    if signs(facts.person, facts.founded_at, facts.limits, at=at):
        return Refusal("sign-the-charter-instead", 13)
    if standing == "invited":
        return Refusal("accept-the-invitation", 9)
    if not facts.unit_known:
        return Refusal("unit-unknown", 9)
    if not is_name(facts.name):
        return Refusal("name-unusable", 9, facts={"longest": LONGEST_NAME})
    if not standing and not is_email(facts.email):
        return Refusal("email-unusable", 9)
    if facts.address_known:
        return Refusal("address-known", 9)
    if len(facts.last_day) >= ASKS_A_DAY:
        until = facts.last_day[-ASKS_A_DAY] + timedelta(days=1)
        return Refusal("asked-often", 9, until=until, facts={"most": ASKS_A_DAY})
    return None


def vouchers_needed(joining: str, limits: Limits) -> int:
    """How many members must vouch, by the way of joining the charter chose."""
    return limits["J.vouchers"] if joining == "vouched" else 0


def admitted_from(applied_at: datetime, limits: Limits) -> datetime:
    """When the waiting is over."""
    return applied_at + limits["J.wait"] * DAY


# --- Vouching ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Vouching:
    """A member wants to vouch for somebody."""

    by: Person
    founded_at: datetime | None
    oneself: bool
    applicant: Person
    vouchers_needed: int
    already: bool
    vouched_for_by_applicant: bool
    last_quarter: tuple[datetime, ...]  # when the member vouched within the last 91 days, oldest first
    limits: Limits


def may_vouch(facts: Vouching, *, at: datetime) -> Refusal | None:
    """Members of some standing vouch, for few people in a quarter, and for nobody in a circle."""
    refusal = must_be_member(facts.by, facts.founded_at)
    if refusal is not None:
        return refusal
    if facts.oneself:
        return Refusal("not-for-oneself", 9)
    if facts.applicant.standing != "applicant":
        return Refusal("not-an-applicant", 9)
    if facts.vouchers_needed == 0:
        return Refusal("no-vouchers-needed", 9)
    if facts.already:
        return Refusal("already-vouched", 9)
    if facts.vouched_for_by_applicant:
        return Refusal("vouched-in-a-circle", 9)
    from_when = vouches_from(facts.by, facts.founded_at, facts.limits)
    if at < from_when:
        return Refusal("vouching-too-new", 9, until=from_when, facts={"days": facts.limits["J.standing"]})
    most = facts.limits["J.per_quarter"]
    if len(facts.last_quarter) >= most:
        return Refusal("vouched-enough", 9, until=facts.last_quarter[-most] + QUARTER, facts={"most": most})
    return None


def vouches_from(by: Person, founded_at: datetime | None, limits: Limits) -> datetime:
    """From when a member may vouch: those who signed at the founding at once, others after some time."""
    assert by.joined_at is not None
    if by.ground == "founding" and founded_at is not None and by.joined_at <= founded_at:
        return by.joined_at
    return by.joined_at + limits["J.standing"] * DAY


# --- Letters with a code ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lettering:
    """A member wants somebody without a mail address to be let in by a letter."""

    by: Person
    founded_at: datetime | None
    oneself: bool
    person: Person
    same_unit: bool
    has_address: bool
    mine_waits: bool
    had_one: bool  # a code was made for them before
    firsts: tuple[datetime, ...]  # of each other person: when, within 91 days, the member last vouched for
    #                               their first letter; oldest first
    letters: tuple[datetime, ...]  # of each other person: the same for any letter
    limits: Limits


def may_vouch_for_code_letter(facts: Lettering, *, at: datetime) -> Refusal | None:
    """Members of some standing, of the same unit, each once, for few people in a quarter; never for whoever
    has a mail address."""
    refusal = must_be_member(facts.by, facts.founded_at)
    if refusal is not None:
        return refusal
    if facts.oneself:
        return Refusal("not-for-oneself", 9)
    if facts.person.standing not in {"invited", "applicant", "member"}:
        return Refusal("no-letter-for-them", 9)
    if not facts.same_unit:
        return Refusal("not-of-their-unit", 9)
    from_when = vouches_from(facts.by, facts.founded_at, facts.limits)
    if at < from_when:
        return Refusal("vouching-too-new", 9, until=from_when, facts={"days": facts.limits["J.standing"]})
    most, in_all = facts.limits["J.letters"], ANY_LETTER * facts.limits["J.letters"]
    if not facts.had_one and len(facts.firsts) >= most:
        return Refusal("letters-enough", 9, until=facts.firsts[-most] + QUARTER, facts={"most": most})
    if len(facts.letters) >= in_all:
        return Refusal("letters-enough", 9, until=facts.letters[-in_all] + QUARTER, facts={"most": in_all})
    if facts.has_address:  # asked late: whether somebody has one, their own unit alone may learn here
        return Refusal("has-an-address", 9)
    if facts.mine_waits:
        return Refusal("another-vouches-too", 9)
    return None


def first_waits(vouched_at: datetime, *, by: Person, same_unit: bool, at: datetime) -> bool:
    """Whether a first word still waits for a second: of a member who has not left since, of the same unit."""
    stayed = by.standing == "member" and by.joined_at is not None and by.joined_at <= vouched_at
    return stayed and same_unit and at < vouched_at + LETTER_WAITS


# --- Contacts ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Changing:
    """A member wants to be reached at another address."""

    person: Person
    email: str
    same: bool
    address_known: bool
    pending_from: datetime | None


def must_have_contact(known: bool) -> Refusal | None:
    """Only who is known here is reached somewhere."""
    return None if known else Refusal("not-a-member", 12)


def may_prove_contact(facts: Changing) -> Refusal | None:
    """Whether a code goes out to another address. Whose it is else is not asked before it was proved: else
    whoever asks to join could try one address after the other, and would find out who belongs."""
    if facts.person.standing not in {"member", "applicant", "invited"}:
        return Refusal("not-a-member", 12)
    refusal = one_change_at_a_time(facts.pending_from)
    if refusal is not None:
        return refusal
    if not is_email(facts.email):
        return Refusal("email-unusable", 12)
    if facts.same:
        return Refusal("same-address", 12)
    return None


def may_ask_contact_change(facts: Changing) -> Refusal | None:
    """Everybody who belongs here, or waits to, may ask for another address; one change at a time."""
    refusal = may_prove_contact(facts)
    if refusal is not None:
        return refusal
    return Refusal("address-known", 12) if facts.address_known else None


def one_change_at_a_time(pending_from: datetime | None) -> Refusal | None:
    """Nobody asks for another address while one waits."""
    return None if pending_from is None else Refusal("change-already-asked", 12, until=pending_from)


def may_stop_contact_change(pending_from: datetime | None, *, at: datetime) -> Refusal | None:
    """A change is stopped until the moment it takes effect."""
    if pending_from is None or at >= pending_from:
        return Refusal("no-change-to-stop", 12)
    return None


# --- Shared ------------------------------------------------------------------------------------------


def must_be_member(person: Person, founded_at: datetime | None) -> Refusal | None:
    """Rights belong to members, and members belong to an organisation that exists."""
    if founded_at is None:
        return Refusal("not-founded-yet", 13)
    if person.standing != "member":
        return Refusal("not-a-member", 9)
    return None
