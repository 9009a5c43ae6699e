# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a member was in a talk, and which they follow. Private: no entry, no notice, nobody else sees it.

A place in a talk is the number of the newest contribution that was there when somebody looked, not the
time at which they did; of that only the day is kept, so that what is marked as new is not new for ever.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Q

from kollontai.chapters.deliberation.models import ContributionVersion, Issue, Reading
from kollontai.chapters.deliberation.muting import muted_by
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.act import private_write

MOST_FOLLOWED = 200


@dataclass(frozen=True)
class Where:
    """Since which contribution the talk is new to somebody, and whether they follow it."""

    new_since: int
    follows: bool


def look(owner: Member, issue: Issue, *, newest: int, today: date) -> Where:
    """Note that somebody looks at a talk whose newest contribution is this; say since when it is new.

    What was new stays marked while they look again on the same day. A page never fails for it.
    """
    with connection.cursor() as cursor:  # by hand: every page of a talk asks
        cursor.execute(
            "SELECT new_since, seen_until, day, follows FROM deliberation_reading "
            "WHERE owner_id = %s AND issue_id = %s",
            [owner.pk, issue.pk],
        )
        found = cursor.fetchone()
    if found is None:
        if not newest:
            return Where(0, follows=False)
        since, until, follows = newest, newest, False
    else:
        since, until, day, follows = found[0], found[1], str(found[2]), bool(found[3])
        if newest <= until and (day == today.isoformat() or since == until):
            return Where(since, follows)
        since, until = until, max(newest, until)
    try:
        with private_write():
            Reading.objects.update_or_create(
                owner=owner, issue=issue,
                defaults={
                    "organisation_id": owner.organisation_id, "seen_until": until, "new_since": since,
                    "day": today,
                },
            )  # fmt: skip
    except DatabaseError:
        pass  # two windows at once: the other one has noted it
    return Where(since, follows)


def follow(owner: Member, issue: Issue, *, newest: int, today: date) -> bool:
    """Follow an issue; False where somebody follows as many already as there is room for."""
    with private_write():
        row, _made = Reading.objects.get_or_create(
            owner=owner, issue=issue,
            defaults={
                "organisation_id": owner.organisation_id, "seen_until": newest, "new_since": newest,
                "day": today,
            },
        )  # fmt: skip
        if not row.follows and Reading.objects.filter(owner=owner, follows=True).count() < MOST_FOLLOWED:
            row.follows = True
            row.save(update_fields=["follows"])
    return row.follows


def follow_no_longer(owner: Member, issue: Issue) -> None:
    """Follow an issue no longer; where one was in it is kept."""
    with private_write():
        Reading.objects.filter(owner=owner, issue=issue).update(follows=False)


def follows(owner: Member, issue: Issue) -> bool:
    """Whether somebody follows an issue."""
    return Reading.objects.filter(owner=owner, issue=issue, follows=True).exists()


def forget(owner: Member, issue: Issue) -> None:
    """Keep no longer where somebody was in a talk, nor that they follow it."""
    with private_write():
        Reading.objects.filter(owner=owner, issue=issue).delete()


def is_new(number: int, author: str, *, since: int, me: str, muted: Collection[str]) -> bool:
    """Whether a contribution is new to somebody: later than their place, not theirs, not of a muted one."""
    return number > since and author != me and author not in muted


def new_on_followed(owner: Member) -> list[tuple[Issue, int]]:
    """The issues somebody follows on which something is new, the most of it first, and how much."""
    followed = list(
        Reading.objects.filter(owner=owner, follows=True).select_related("issue__title", "issue__unit__name")
    )
    if not followed:
        return []
    later = Q()
    for row in followed:
        later |= Q(contribution__issue=row.issue_id, pk__gt=row.seen_until)
    counts: dict[str, int] = {}
    quiet = [owner.pk, *muted_by(owner)]
    for issue in (
        ContributionVersion.objects.filter(later, version=1)
        .exclude(contribution__author__in=quiet)
        .values_list("contribution__issue", flat=True)
    ):
        counts[issue] = counts.get(issue, 0) + 1
    found = [(row.issue, counts[row.issue_id]) for row in followed if row.issue_id in counts]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].number))


def of(owner: Member) -> list[dict[str, Any]]:
    """All that is kept of somebody's reading, for their own data."""
    rows = Reading.objects.filter(owner=owner).order_by("issue__number")
    return [
        {"issue": number, "seen_until": seen, "new_since": since, "day": day.isoformat(), "follows": follows}
        for number, seen, since, day, follows in rows.values_list(
            "issue__number", "seen_until", "new_since", "day", "follows"
        )
    ]
