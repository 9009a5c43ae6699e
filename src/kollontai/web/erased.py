# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in the place of words that were erased."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kollontai.chapters.record.models import Content, EntryRow
from kollontai.openrecord.kinds.operators import ContentErasedByOrder
from kollontai.web import times


def erased_how(content: Content) -> str:
    """Who had these words erased, and when: their author, or a court."""
    orders = EntryRow.objects.filter(
        organisation_id=content.organisation_id, kind=ContentErasedByOrder.kind_name
    )
    commitment = content.commitment.encode()
    if any(commitment in bytes(data) for data in orders.values_list("data", flat=True)):
        said = _("Erased because a court ordered it, %(when)s.")
    else:
        said = _("Erased by its author, %(when)s.")
    return said % {"when": times.minute(content.erased_at)}
