# SPDX-License-Identifier: AGPL-3.0-or-later
"""End a naming."""

from __future__ import annotations

from kollontai.chapters.record.act import Act, act, require
from kollontai.chapters.writing_in import rules
from kollontai.chapters.writing_in.finding import LOCK, the_naming
from kollontai.chapters.writing_in.models import Naming
from kollontai.openrecord.kinds.writing_in import NamingEnded


@act(locks=lambda given: (LOCK,))
def end_naming(this: Act, *, naming_id: str) -> Naming:
    """No longer let somebody write in for oneself, or no longer write in for somebody. Article 7.

    What was written in before stays, and can be undone as before.
    """
    naming = the_naming(this, naming_id)
    one_of_them = this.actor in (naming.member_id, naming.writer_id)
    stands = Naming.objects.standing().filter(pk=naming.pk).exists()
    require(rules.may_end_naming(one_of_them=one_of_them, stands=stands))

    naming.ended_at = this.at
    naming.save(update_fields=["ended_at"])
    this.record(NamingEnded(naming=naming.pk))
    return naming
