# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member read from a file and has not put yet. Private: no entry, no notice, nobody else sees it.

From here somebody opens the ordinary forms, filled in; who moves what is who presses their button.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from kollontai.chapters.deliberation.importing import AmendmentRead, DraftRead
from kollontai.chapters.deliberation.models import Draft, FromFile, Issue
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.act import private_write

KEPT_FOR = timedelta(days=90)
MOST_ISSUES = 50

Item = dict[str, Any]


def keep(owner: Member, what: str, data: object, *, at: datetime, issue: Issue | None = None) -> None:
    """Keep what was read, in place of what was kept of this kind, for this issue, before."""
    packed = zlib.compress(json.dumps(data, ensure_ascii=False).encode())
    mine = FromFile.objects.filter(owner=owner)
    with private_write():
        mine.filter(what=what, issue=issue).delete()
        oldest = mine.order_by("-at", "-pk").values_list("pk", flat=True)[MOST_ISSUES:]
        mine.filter(pk__in=list(oldest)).delete()
        FromFile.objects.create(
            organisation_id=owner.organisation_id, owner=owner, issue=issue, what=what, data=packed, at=at
        )


def kept(owner: Member, what: str, *, issue: Issue | None = None) -> Any:
    """What was kept, or None."""
    found = FromFile.objects.filter(owner=owner, what=what, issue=issue).first()
    return None if found is None else json.loads(zlib.decompress(bytes(found.data)))


def forget(owner: Member, what: str, *, issue: Issue | None = None) -> None:
    """Keep it no longer."""
    with private_write():
        FromFile.objects.filter(owner=owner, what=what, issue=issue).delete()


def sweep(*, at: datetime) -> None:
    """Forget what nobody has put for ninety days."""
    old = FromFile.objects.filter(at__lt=at - KEPT_FOR)
    if old.exists():
        with private_write():
            old.delete()


# --- What waits on an issue --------------------------------------------------------------------------


def add(
    owner: Member,
    issue: Issue,
    *,
    drafts: Sequence[DraftRead] = (),
    amendments: Sequence[AmendmentRead] = (),
    letters: dict[str, Draft],
    at: datetime,
) -> None:
    """Let drafts and amendments wait on an issue.

    `letters`: the drafts of the issue by the letter that the file gives them. An amendment to a draft that
    is not put yet waits with that draft's letter, and cannot be moved before it is.
    """
    before: list[Item] = kept(owner, "issue", issue=issue) or []
    number = max((one["id"] for one in before), default=0)
    for draft in drafts:
        number += 1
        before.append({"id": number, "what": "draft", **asdict(draft)})
    for amendment in amendments:
        number += 1
        to = letters.get(amendment.draft)
        before.append(
            {
                "id": number,
                "what": "amendment",
                **asdict(amendment),
                "draft_id": to.pk if to else "",
                "version": to.version if to else 0,
            }
        )
    keep(owner, "issue", before, at=at, issue=issue)


def waiting(owner: Member, issue: Issue) -> list[Item]:
    """What waits there, in the order of the file."""
    return kept(owner, "issue", issue=issue) or []


def item(owner: Member, issue: Issue, which: str, *, what: str, draft: str = "") -> Item | None:
    """One thing that waits, by its number, if it is of this kind and to this draft."""
    if not which.isdecimal() or len(which) > 6:
        return None
    return next(
        (
            one
            for one in waiting(owner, issue)
            if one["id"] == int(which) and one["what"] == what and (not draft or one["draft_id"] == draft)
        ),
        None,
    )


def take_out(owner: Member, issue: Issue, gone: Item | None) -> None:
    """It is put, or not wanted any more."""
    if gone is None:
        return
    left = [one for one in waiting(owner, issue) if one["id"] != gone["id"]]
    row = FromFile.objects.filter(owner=owner, what="issue", issue=issue).first()
    if row is None:
        return
    if left:
        keep(owner, "issue", left, at=row.at, issue=issue)
    else:
        forget(owner, "issue", issue=issue)


def draft_put(owner: Member, issue: Issue, gone: Item | None, draft: Draft) -> None:
    """A draft that waited is put: what changes it in the file can now be moved to it."""
    if gone is None:
        return
    take_out(owner, issue, gone)
    row = FromFile.objects.filter(owner=owner, what="issue", issue=issue).first()
    left = waiting(owner, issue)
    for one in left:
        if one["what"] == "amendment" and one["draft"] == gone["letter"] and not one["draft_id"]:
            one |= {"draft_id": draft.pk, "version": draft.version}
    if row is not None:
        keep(owner, "issue", left, at=row.at, issue=issue)


def as_typed(one: Item, lines: Sequence[str]) -> Item:
    """An amendment of a file as its mover would type it into the form: some lines, and what they become.

    `lines`: those of the version that it speaks of. New lines are typed above or below the line beside them.
    """
    first, last, text = one["first"], one["last"], one["text"]
    if one["operation"] == "insert":
        if first <= len(lines):
            text, last = f"{text}\n{lines[first - 1]}", first
        else:
            text, first, last = f"{lines[-1]}\n{text}", len(lines), len(lines)
    return {
        "text": "" if one["operation"] == "delete" else text,
        "first": first,
        "last": last,
        "version": one["version"],
        "reasons": one["reasons"],
    }


def of(owner: Member) -> list[Item]:
    """All that is kept of somebody, for their own data: what, on which issue, since when."""
    rows = FromFile.objects.filter(owner=owner).order_by("pk").values("what", "issue", "at")
    return [dict(one) for one in rows]
