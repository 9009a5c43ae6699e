# SPDX-License-Identifier: AGPL-3.0-or-later
"""Once a day the machine asks the auditor about its own export, and the charter page shows the answer.

It proves nothing to anybody else: a server that lies would lie here too. It shows early what a member with a
copy would find, and how to do it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from kollontai.auditor import Report, audit_export
from kollontai.chapters.record.models import Head, Organisation, OwnAudit
from kollontai.followers import scratch
from kollontai.followers.export import export_to

EVERY = timedelta(days=1)
SHOWN = 20  # findings that are kept; the audit itself tells all


def due(*, at: datetime) -> list[Organisation]:
    """The organisations whose last audit of their own is a day old, or that had none."""
    fresh = OwnAudit.objects.filter(at__gt=at - EVERY, at__lte=at).values("organisation")
    begun = Head.objects.filter(size__gt=0).values("organisation")
    return list(Organisation.objects.filter(pk__in=begun).exclude(pk__in=fresh).order_by("slug"))


def audit_own(organisation: Organisation, *, at: datetime) -> Report:
    """Export, audit, and keep what the auditor said."""
    with scratch.folder(scratch.AUDIT) as place:
        copy = place.folder / "copy"
        export_to(organisation, copy)
        report = audit_export(copy)
    OwnAudit.objects.update_or_create(
        organisation=organisation,
        defaults={
            "at": at,
            "size": report.size,
            "words": report.words,
            "found": len(report.findings),
            "findings": [
                {"article": one.article, "entry": one.position, "check": one.check, "sentence": one.sentence}
                for one in report.findings[:SHOWN]
            ],
            "unfinished": [
                {"check": answer.check.name, "why": answer.unfinished}
                for answer in report.answers
                if answer.unfinished
            ],
            "unseen": list(report.not_seen),
            "asked": len(report.answers),
        },
    )
    return report
