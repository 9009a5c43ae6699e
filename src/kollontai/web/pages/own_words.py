# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words of somebody who is gone that they may still erase; of others' they see nothing here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kollontai.chapters.deliberation import erasing, rules
from kollontai.chapters.deliberation.models import Amendment, Contribution, ContributionVersion, Draft
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.models import Content

MOST = 100
"""So many of each are listed; older ones come as these go."""

WHAT: dict[str, str | Promise] = {
    "contribution": _("In the talk"),
    "draft": _("A draft"),
    "amendment": _("An amendment"),
}


@dataclass(frozen=True)
class OwnWords:
    """Something of one's own that may be erased."""

    what: str
    id: str
    issue: int
    at: datetime
    words: Content

    @property
    def called(self) -> str | Promise:
        """What it is."""
        return WHAT[self.what]


def of(me: Member) -> list[OwnWords]:
    """All of it, what was said last first."""
    said = ContributionVersion.objects.filter(
        contribution__author=me, contribution__as_leader=False, version=F("contribution__version"),
        text__erased_at=None,
    ).select_related("contribution__issue", "text")  # fmt: skip
    found = [
        OwnWords("contribution", one.contribution_id, one.contribution.issue.number, one.at, one.text)
        for one in said.order_by("-at", "pk")[:MOST]
    ]
    drafts = Draft.objects.filter(mover=me).select_related("issue__unit").order_by("-put_at", "pk")
    for draft in drafts[:MOST]:
        if rules.may_erase_text(erasing.erasing_draft(draft, me)) is None:
            found.append(
                OwnWords("draft", draft.pk, draft.issue.number, draft.put_at, erasing.of_draft(draft)[1])
            )
    moved = Amendment.objects.filter(mover=me).select_related(
        "issue__unit", "draft__issue__unit", "parent__issue__unit", "parent__draft__issue__unit", "reasons"
    )
    for row in moved.order_by("-moved_at", "pk")[:MOST]:
        if rules.may_erase_text(erasing.erasing_amendment(row, me)) is None:
            words = erasing.of_amendment(row)[0]
            found.append(OwnWords("amendment", row.pk, row.issue.number, row.moved_at, words))
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)


def texts_of(me: Member, what: str, given_id: str) -> list[Content]:
    """The words that would go, if they are this person's; none where they went."""
    words = _texts_of(me, what, given_id)
    return [] if all(one.erased for one in words) else words


def _texts_of(me: Member, what: str, given_id: str) -> list[Content]:
    if what == "contribution":
        said = Contribution.objects.filter(author=me, pk=given_id).first()
        return [one.text for one in said.versions.select_related("text")] if said else []
    if what == "draft":
        draft = Draft.objects.filter(mover=me, pk=given_id).first()
        return erasing.of_draft(draft) if draft else []
    row = Amendment.objects.filter(mover=me, pk=given_id).first()
    return erasing.of_amendment(row) if row else []
