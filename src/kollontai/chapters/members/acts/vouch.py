# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vouch for somebody who asks to join."""

from __future__ import annotations

from kollontai.chapters.members import queries, rules, steps
from kollontai.chapters.members.models import Voucher
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.members import MemberVouched


@act(locks=lambda kw: ("joining",))
def vouch(this: Act, *, member_id: str) -> Voucher:
    """Say of an applicant: I know them, they may join. Article 9.

    The last voucher needed admits at once when the waiting is already over.
    """
    applicant = queries.here(this.organisation_id, member_id)
    require(
        rules.may_vouch(queries.vouching(this.organisation, this.actor, applicant, at=this.at), at=this.at)
    )
    assert applicant is not None
    assert applicant.admit_at is not None

    voucher = Voucher.objects.create(
        organisation_id=this.organisation_id, applicant=applicant, by_id=this.actor, at=this.at
    )
    this.record(MemberVouched(member=member_id))
    if this.at >= applicant.admit_at and queries.vouchers_of(applicant) >= applicant.vouchers_needed:
        steps.admit(this, applicant, ground="vouched")
    return voucher
