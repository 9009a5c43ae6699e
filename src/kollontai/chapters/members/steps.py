# SPDX-License-Identifier: AGPL-3.0-or-later
"""What acts of this chapter and of higher ones may do to members."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from kollontai.chapters.accounts import post
from kollontai.chapters.accounts import steps as accounts
from kollontai.chapters.accounts.models import Account
from kollontai.chapters.members import queries, rules
from kollontai.chapters.members.models import Contact, Member, MergeYes, Standing, Unit
from kollontai.chapters.record.act import Act
from kollontai.chapters.record.models import Content
from kollontai.ids import new_id
from kollontai.openrecord.kinds.charter import UnitDecided
from kollontai.openrecord.kinds.members import MemberAdmitted, MemberApplied, MemberInvited, MemberLeft
from kollontai.openrecord.kinds.merging import MergeAgreed


def create_unit(this: Act, *, unit_id: str, parent: Unit | None, name: Content) -> Unit:
    """Let a unit begin; its entry was recorded by the act."""
    return Unit.objects.create(
        id=unit_id, organisation_id=this.organisation_id, parent=parent, name=name, created_at=this.at
    )


def vote_unit(this: Act, *, name: str, parent: Unit, issue_id: str, draft_id: str) -> Unit:
    """Let a unit begin, because all members voted so."""
    fact = UnitDecided(unit=new_id(), parent=parent.pk, what="created", issue=issue_id, draft=draft_id)
    said = this.record(fact, name=name)
    return create_unit(this, unit_id=fact.unit, parent=parent, name=said["name"])


def rename_unit(this: Act, unit: Unit, *, name: str, issue_id: str, draft_id: str) -> None:
    """Let a unit be called otherwise, because its members voted so. It stays the same unit."""
    fact = UnitDecided(
        unit=unit.pk, parent=unit.parent_id or "", what="renamed", issue=issue_id, draft=draft_id
    )
    unit.name = this.record(fact, name=name)["name"]
    unit.save(update_fields=["name"])


def agree_to_merge(
    this: Act, unit: Unit, *, merged_id: str, into_id: str, until: datetime, issue_id: str, draft_id: str
) -> MergeYes:
    """Put it down that a unit's members voted for a merger."""
    fact = MergeAgreed(
        unit=unit.pk, merged=merged_id, into=into_id, until=until, issue=issue_id, draft=draft_id
    )
    this.record(fact)
    return MergeYes.objects.create(
        organisation_id=this.organisation_id,
        unit=unit,
        merged_id=merged_id,
        into_id=into_id,
        issue=issue_id,
        draft=draft_id,
        at=this.at,
        until=until,
    )


def move_to(this: Act, unit: Unit, into: Unit) -> None:
    """Let a unit be no more, and whoever was of it be of another, whatever their standing; its entry was
    recorded. Every yes to a merger that names one of the two is over."""
    unit.merged_into, unit.merged_at = into, this.at
    unit.save(update_fields=["merged_into", "merged_at"])
    Member.objects.filter(organisation=this.organisation_id, unit=unit).update(unit=into)
    queries.standing_yeses(this.organisation_id, unit, into).update(over_at=this.at)
    _has_nobody_left(this)


def admit(this: Act, member: Member, *, ground: str, due: datetime | None = None) -> None:
    """Make a person a member, from here on."""
    member.standing = Standing.MEMBER
    member.joined_at = this.at
    member.save(update_fields=["standing", "joined_at"])
    this.record(MemberAdmitted(member=member.pk, unit=member.unit_id, ground=ground, due=due))


def wait_for_admission(this: Act, member: Member, *, name: str | None = None) -> None:
    """Let a person wait in the open for the clock, and for vouchers where the charter asks for them."""
    limits = queries.limits_now(this.organisation_id)
    member.standing = Standing.APPLICANT
    member.applied_at = this.at
    member.admit_at = rules.admitted_from(this.at, limits)
    member.vouchers_needed = rules.vouchers_needed(this.organisation.joining, limits)
    member.joined_at = member.left_at = None
    fact = MemberApplied(
        member=member.pk,
        unit=member.unit_id,
        vouchers_needed=member.vouchers_needed,
        admitted_at=member.admit_at,
    )
    if name is None:
        this.record(fact)
    else:
        member.name = this.record(fact, name=name)["name"]
    member.save()
    this.deadline("members.admit", subject=member.pk, due=member.admit_at)


def let_go(this: Act, member: Member) -> None:
    """End a membership: from here on this person votes, vouches and supports no more."""
    member.standing = Standing.LEFT
    member.left_at = this.at
    member.save(update_fields=["standing", "left_at"])
    forget_change(this, member)
    this.record(MemberLeft(member=member.pk))
    if not Member.objects.filter(unit=member.unit_id).accepted().exists():
        _has_nobody_left(this)


def _has_nobody_left(this: Act) -> None:
    """Let the clock look again at what needs signatures from several units: one has no members any more."""
    this.deadline("deliberation.put_what_waited", subject=this.organisation_id, due=this.at)


def forget_change(this: Act, member: Member) -> None:
    """Drop an address somebody had asked for."""
    Contact.objects.filter(member=member).update(pending_email="", pending_from=None)
    this.cancel_deadlines("members.change_contact", subject=member.pk)


def names_of(member: Member) -> list[Content]:
    """Every name under which somebody was asked in or asked to join, so far as it is there."""
    names = Content.objects.filter(organisation=member.organisation_id, author=member.pk, field="name")
    kinds = (MemberInvited.kind_name, MemberApplied.kind_name)
    return list(names.filter(kind__in=kinds, erased_at=None).order_by("pk"))


def forget_contact(this: Act, member: Member) -> None:
    """Forget every way in which somebody is reached, and the account that leads nowhere any more.

    A last letter goes to the address: if it was somebody else, its owner learns of it.
    """
    contact = Contact.objects.select_related("account", "member__organisation").filter(member=member).first()
    if contact is None:
        return
    behind = contact.account or Account.objects.filter(email=contact.email).first()
    if contact.email:
        post.queue(contact.email, _("Your name was erased"), _last_words(this), at=this.at)
    contact.delete()
    if behind is not None and not Contact.objects.filter(_through(behind)).exists():
        accounts.close(behind)


def _through(account: Account) -> Q:
    by_address = Q(account=None, email=account.email) if account.email else Q(pk=None)
    return Q(account=account) | by_address


def _last_words(this: Act) -> str:
    return _(
        "Your name and your address are erased at %(organisation)s, as somebody signed in as you asked for."
        " The entries stay, under a number.\n\nThis is the last letter. If it was not you, say so to members"
        " there; they cannot bring it back, but you may ask to join anew."
    ) % {"organisation": str(this.organisation.name)}


def link_account(member: Member, account_id: str | None) -> None:
    """Remember which account spoke for this person, so that a change of address does not part them."""
    if account_id is None or not Account.objects.filter(pk=account_id).exists():
        return
    taken = Contact.objects.filter(organisation=member.organisation_id, account_id=account_id)
    if not taken.exclude(member=member).exists():
        Contact.objects.filter(member=member).update(account_id=account_id)
