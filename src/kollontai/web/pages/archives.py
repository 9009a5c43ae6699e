# SPDX-License-Identifier: AGPL-3.0-or-later
"""Threads brought along from elsewhere, as their pages need them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kollontai.chapters.deliberation import archives
from kollontai.chapters.deliberation.archives import Remark, Thread
from kollontai.chapters.deliberation.models import ArchivedThread
from kollontai.chapters.deliberation.querysets import ArchivedThreadQuerySet
from kollontai.web.house import House


@dataclass(frozen=True)
class RemarkShown:
    """A remark with its number, and the number and name of what it answers."""

    number: int
    remark: Remark
    at: datetime | None
    to: Remark | None


def listed(house: House) -> ArchivedThreadQuerySet:
    """Every thread that members of this organisation may read."""
    visible: ArchivedThreadQuerySet = ArchivedThread.objects.visible_to(house.me)
    return visible.select_related("thread", "brought_by__name").order_by("-at", "pk")


def opened(one: ArchivedThread) -> dict[str, object] | None:
    """A thread as its page shows it; nothing where it was erased."""
    if one.thread.value is None:
        return None
    thread = archives.read(str(one.thread))
    return {
        "words": thread,
        "at": moment(thread.at),
        "remarks": [
            RemarkShown(
                number,
                remark,
                moment(remark.at),
                thread.remarks[remark.answers - 1] if remark.answers else None,
            )
            for number, remark in enumerate(thread.remarks, 1)
        ],
        "votes": [
            (vote, moment(vote.closed_at), [(said, moment(said.at)) for said in vote.outcomes])
            for vote in thread.votes
        ],
    }


def title_of(one: ArchivedThread) -> str:
    """What a thread is called; nothing where it was erased."""
    return "" if one.thread.value is None else archives.read(str(one.thread)).title


def in_a_line(thread: Thread) -> str:
    """A thread in one line, to choose it by."""
    day = thread.at[:10] or _("no date")
    who = thread.who or _("no name")
    comments = ngettext("%(n)s comment", "%(n)s comments", len(thread.remarks)) % {"n": len(thread.remarks)}
    votes = ngettext("%(n)s vote", "%(n)s votes", len(thread.votes)) % {"n": len(thread.votes)}
    return f"{thread.title} · {who} · {day} · {comments} · {votes}"


def moment(text: str) -> datetime | None:
    """A moment as a thread spells it."""
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None
    except ValueError:
        return None
