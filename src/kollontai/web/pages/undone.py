# SPDX-License-Identifier: AGPL-3.0-or-later
"""What carried and was left undone, because another decision had made it impossible before the count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from kollontai.chapters.charter.models import Charter, Dues, LawNote, QuietDays, VotingDay
from kollontai.chapters.deliberation import effects, whole
from kollontai.chapters.deliberation.models import DraftEffects, Issue, Resolution
from kollontai.chapters.members.models import MergeYes
from kollontai.web.house import House
from kollontai.web.pages import changes

DONE_IN: Mapping[str, Any] = {
    whole.SET_LIMIT: Charter,
    whole.SET_JOINING: Charter,
    whole.SET_TEXT: Charter,
    whole.LAW_NOTE: LawNote,
    whole.SET_QUIET_DAYS: QuietDays,
    whole.SET_VOTING_DAY: VotingDay,
    whole.SET_DUES: Dues,
    whole.MERGE: MergeYes,
}
"""Where each effect leaves a row that names its draft."""


@dataclass(frozen=True)
class LeftUndone:
    """An issue that carried, and what it would have changed."""

    number: int
    since: datetime
    sentences: list[str]


def of_issues(issues: Iterable[Issue]) -> dict[str, list[str]]:
    """What each of these issues carried and left undone, in sentences; one query where nothing of the kind
    was carried."""
    carried = [issue.pk for issue in issues if issue.outcome == "carried"]
    if not carried:
        return {}
    drafts = dict(Resolution.objects.filter(issue__in=carried).values_list("draft", "issue"))
    return {drafts[pk]: said for pk, said in _of_drafts(list(drafts)).items()}


def marked(issues: Iterable[Issue]) -> list[Issue]:
    """Issues, each with what it left undone as `left_undone`."""
    found = list(issues)
    left = of_issues(found)
    for issue in found:
        issue.left_undone = left.get(issue.pk, [])  # type: ignore[attr-defined]
    return found


def of_the_charter(house: House) -> list[LeftUndone]:
    """Changes of the charter that carried and were left undone, the latest first; for members."""
    if house.member is None:
        return []
    carried = Resolution.objects.filter(organisation=house.organisation, issue__unit__parent=None)
    found = _of_drafts(carried.values("draft"), kinds=whole.ON_CHARTER)
    issues = (
        {one.draft_id: one.issue for one in carried.filter(draft__in=found).select_related("issue")}
        if found
        else {}
    )
    left = [
        LeftUndone(issues[pk].number, issues[pk].ended_at or house.now, said) for pk, said in found.items()
    ]
    return sorted(left, key=lambda one: one.since, reverse=True)


def _of_drafts(drafts: Any, kinds: Iterable[str] = tuple(DONE_IN)) -> dict[str, list[str]]:
    rows = DraftEffects.objects.filter(draft__in=drafts, version=F("draft__version"))
    touching = {row.draft_id: row for row in rows.select_related("effects") if set(row.what) & set(kinds)}
    wanted = {kind for row in touching.values() for kind in row.what if kind in DONE_IN}
    done = {
        (model, draft)
        for model in {DONE_IN[kind] for kind in wanted}
        for draft in model.objects.filter(draft__in=list(touching)).values_list("draft", flat=True)
    }
    found: dict[str, list[str]] = {}
    for draft, row in touching.items():
        declared = effects.read(str(row.effects))
        said = [
            changes.sentence(one)
            for one in declared
            if one.effect in kinds and (DONE_IN[one.effect], draft) not in done
        ]
        if said:
            found[draft] = said
    return found
