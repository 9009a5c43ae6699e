# SPDX-License-Identifier: AGPL-3.0-or-later
"""Filter for oneself. Private: no entry, no notice; the muted are heard by all others."""

from __future__ import annotations

from django.db import connection

from kollontai.chapters.deliberation.models import Mute
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.act import private_write

MOST = 200


def mute(owner: Member, member_id: str) -> bool:
    """No longer see somebody's words; say whether there is such a person."""
    muted = Member.objects.visible_to(owner).filter(pk=member_id).exclude(pk=owner.pk).first()
    if muted is None or Mute.objects.filter(owner=owner).count() >= MOST:
        return False
    with private_write():
        Mute.objects.get_or_create(organisation_id=owner.organisation_id, owner=owner, muted=muted)
    return True


def unmute(owner: Member, member_id: str) -> None:
    """See them again."""
    with private_write():
        Mute.objects.filter(owner=owner, muted=member_id).delete()


def muted_by(owner: Member | None) -> set[str]:
    """Whose words somebody does not want to see."""
    if owner is None:
        return set()
    with connection.cursor() as cursor:  # by hand: every page of a talk asks
        cursor.execute("SELECT muted_id FROM deliberation_mute WHERE owner_id = %s", [owner.pk])
        return {muted for (muted,) in cursor.fetchall()}
