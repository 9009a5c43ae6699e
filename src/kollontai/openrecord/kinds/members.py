# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who belongs: invited, asking, vouched for, admitted, gone. Names are commitments, never in clear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kollontai.openrecord.facts import Fact, kind


@kind("unit.created", link="accountable", audience="world", commits=("name",))
@dataclass(frozen=True, slots=True)
class UnitCreated(Fact):
    """A unit of members begins. The first one is the whole organisation and has no parent."""

    unit: str
    parent: str | None = None


@kind("member.invited", link="accountable", audience="members", commits=("name",))
@dataclass(frozen=True, slots=True)
class MemberInvited(Fact):
    """A person was asked in; they belong only by their own acceptance.

    `ground`: "founding" (listed to sign the charter), "moving-in" (within 90 days of the founding, by
    a founder: accepts without vouchers), or "invitation" (accepts as any applicant does).
    """

    member: str
    unit: str
    ground: str


@kind("invitation.declined", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class InvitationDeclined(Fact):
    """An invited person said no; the actor is that person."""

    member: str


@kind("member.applied", link="accountable", audience="members", commits=("name",))
@dataclass(frozen=True, slots=True)
class MemberApplied(Fact):
    """A person asked to join a unit. Unless already given with an invitation, the name is committed here.

    `admitted_at`: when they come in by the clock, unless vouchers are still missing then.
    """

    member: str
    unit: str
    vouchers_needed: int
    admitted_at: datetime


@kind("member.vouched", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class MemberVouched(Fact):
    """A member of standing vouched for an applicant; the actor is the voucher."""

    member: str


@kind("code_letter.vouched", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class CodeLetterVouched(Fact):
    """A member of their unit vouched that somebody without a mail address gets a letter with a code.

    `second`: another had done so within 30 days; with this one the code was made.
    """

    member: str
    second: bool


@kind("member.admitted", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class MemberAdmitted(Fact):
    """A person is a member of this unit from here on.

    `ground`: "founder", "moving-in", "open" or "vouched". `due` stands where the clock admitted.
    """

    member: str
    unit: str
    ground: str
    due: datetime | None = None


@kind("member.left", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class MemberLeft(Fact):
    """A member left by their own act; posts they held end with it."""

    member: str


@kind("contact.change_asked", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class ContactChangeAsked(Fact):
    """A member asked for another address; the old one was told, and may stop it until it takes effect."""

    member: str
    effective_at: datetime


@kind("contact.change_stopped", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class ContactChangeStopped(Fact):
    """The change was stopped before it took effect."""

    member: str


@kind("contact.erased", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class ContactErased(Fact):
    """Somebody who is gone is known by a number alone: no address leads to them, and no account here."""

    member: str


@kind("contact.changed", link="clock", audience="members")
@dataclass(frozen=True, slots=True)
class ContactChanged(Fact):
    """The new address took effect by the clock."""

    member: str
    due: datetime
