# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the house is well: what the keeper of a machine has to know, with nothing of any person in it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Min

from kollontai import clock
from kollontai.chapters.accounts import post
from kollontai.chapters.record import publishing, standing
from kollontai.chapters.record.models import Deadline, Head, Organisation, Outbox, OwnAudit
from kollontai.followers import notices

LATE = timedelta(minutes=5)
"""How long a deadline, an entry or a message may wait before it is called late."""
STALE = timedelta(days=2)
"""How old the last audit of one's own may be."""
LEAST_FREE = 500 * 2**20
"""Bytes of disk below which the house is not well."""


@dataclass(frozen=True)
class Health:
    """Figures, and why the house is not well; without a reason it is."""

    figures: dict[str, Any]
    reasons: tuple[str, ...]

    @property
    def well(self) -> bool:
        """Whether nothing needs looking at."""
        return not self.reasons


def look(*, at: datetime) -> Health:
    """Look at the sequencer, the clock, the disk, the post, the last audits. Reads a few small rows."""
    figures: dict[str, Any] = {}
    reasons: list[str] = []

    waiting = Outbox.objects.aggregate(since=Min("at"))["since"]
    unpublished = sum(
        max(0, head.size - publishing.published_size(head.organisation))
        for head in Head.objects.select_related("organisation").order_by("pk")
    )
    figures["sequencer"] = {"waiting": Outbox.objects.count(), "unpublished": unpublished}
    if waiting is not None and at - waiting > LATE:
        reasons.append("entries wait for their position")
    if unpublished and waiting is None:
        reasons.append("entries are not published")
    if standing.note():
        reasons.append("the house was restored or handed over, and signs nothing")

    late = Deadline.objects.filter(done_at=None, due__lt=at - LATE)
    figures["deadlines"] = {"overdue": late.count(), "failed": late.exclude(failed="").count()}
    if figures["deadlines"]["overdue"]:
        reasons.append("deadlines are overdue")

    figures["disk"] = {"free_bytes": shutil.disk_usage(settings.HOME).free}
    if figures["disk"]["free_bytes"] < LEAST_FREE:
        reasons.append("the disk is nearly full")

    stuck, given_up = post.stuck().count(), post.given_up().count()
    figures["mail"] = {"waiting": post.outbox().count() - given_up, "failed": stuck, "given_up": given_up}
    if not settings.DEMO and not post.goes_out(at=at):
        reasons.append("mail cannot be sent")

    unread, untold = notices.late(before=at - LATE)
    figures["notices"] = {"unread": unread, "untold": untold}
    if (unread or untold) and not settings.DEMO:  # its clock is moved by weeks in a moment
        reasons.append("notices are not written")

    founded = Organisation.objects.exclude(founded_at=None)
    audits = OwnAudit.objects.filter(organisation__in=founded)
    figures["audit"] = {"records": founded.count(), "audited": audits.count()}
    figures["audit"]["found"] = sum(one.found for one in audits)
    figures["audit"]["oldest_hours"] = max(
        (int((at - one.at) / timedelta(hours=1)) for one in audits), default=0
    )
    if figures["audit"]["found"]:
        reasons.append("the own audit found something")
    # the clock of a demonstration is moved by weeks in a moment, and its audits with it
    old = not settings.DEMO and audits.filter(at__lt=at - STALE).exists()
    never = founded.filter(own_audit=None, founded_at__lt=at - STALE)
    if old or any(_kept_here_for(one) > STALE for one in never):
        reasons.append("the last own audit is old")
    return Health(figures, tuple(reasons))


def _kept_here_for(organisation: Organisation) -> timedelta:
    """How long this home has kept a record, by the machine's clock: since its key's file is here.

    A founding may lie long back where the home is new: in a demonstration, after a restore or a handover.
    """
    try:
        came = (publishing.folder(organisation) / "log.vkey").stat().st_ctime
    except OSError:
        return timedelta(0)  # that nothing is published is another reason
    return clock.machine_time() - datetime.fromtimestamp(came, UTC)
