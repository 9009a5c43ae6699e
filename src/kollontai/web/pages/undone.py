# SPDX-License-Identifier: AGPL-3.0-or-later
"""What carried and was left undone, because another decision had made it impossible before the count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from kollontai.chapters.bodies.models import Post
from kollontai.chapters.charter.models import Charter, Dues, LawNote, QuietDays, VotingDay
from kollontai.chapters.deliberation import effects, whole
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Draft, DraftEffects, Issue, Resolution
from kollontai.chapters.members.models import MergeYes
from kollontai.chapters.record.models import Content, EntryRow, Outbox
from kollontai.openrecord.entries import from_bytes
from kollontai.openrecord.kinds.charter import UnitDecided
from kollontai.openrecord.kinds.elections import PostDecided
from kollontai.web.house import House
from kollontai.web.pages import effects as of_drafts

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
_EFFECT_OF: Mapping[str, Mapping[str, str]] = {
    "post.decided": {"created": effects.CREATE, "changed": effects.CHANGE, "ended": effects.END},
    "unit.decided": {"created": whole.CREATE_UNIT, "renamed": whole.RENAME_UNIT},
}
ON_RECORD = tuple(effect for each in _EFFECT_OF.values() for effect in each.values())
"""Effects that change a row which names no draft; their entries do."""


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


def _of_drafts(drafts: Any, kinds: Iterable[str] = (*DONE_IN, *ON_RECORD)) -> dict[str, list[str]]:
    rows = DraftEffects.objects.filter(draft__in=drafts, version=F("draft__version"))
    rows = rows.select_related("effects", "draft")
    touching = {row.draft_id: row for row in rows if set(row.what) & set(kinds)}
    wanted = {kind for row in touching.values() for kind in row.what if kind in DONE_IN}
    done = {
        (model, draft)
        for model in {DONE_IN[kind] for kind in wanted}
        for draft in model.objects.filter(draft__in=list(touching)).values_list("draft", flat=True)
    }
    entered = _entered([row.draft for row in touching.values() if set(row.what) & set(ON_RECORD)])
    left: dict[str, list[Effect]] = {}
    for draft, row in touching.items():
        for one in effects.read(str(row.effects)):
            if one.effect not in kinds:
                continue
            if one.effect in DONE_IN:
                is_done = (DONE_IN[one.effect], draft) in done
            else:
                is_done = entered.get(draft) is None or _named(one) in entered[draft]
            if not is_done:
                left.setdefault(draft, []).append(one)
    named = {one.post for some in left.values() for one in some if one.post}
    posts = Post.objects.select_related("title").in_bulk(named) if named else {}
    return {draft: [of_drafts.sentence(one, posts) for one in some] for draft, some in left.items()}


def _named(one: Effect) -> tuple[str, str]:
    """An effect on a post or a unit, and what tells it from the others of its draft: a post or a name."""
    return one.effect, one.post or (one.unit_name or "" if one.effect in whole.KINDS else one.title or "")


def _entered(drafts: Sequence[Draft]) -> dict[str, set[tuple[str, str]]]:
    """What the counts of these drafts did to posts and units, as the record says.

    A draft whose count still waits for its place on the record is missing: of it nothing is known yet.
    """
    if not drafts:
        return {}
    by_issue = {draft.issue_id: draft.pk for draft in drafts}
    counts = EntryRow.objects.filter(kind="issue.decided", subject__in=by_issue)
    counted = {by_issue[issue]: ticket for issue, ticket in counts.values_list("subject", "ticket")}
    waiting = set(Outbox.objects.filter(ticket__in=counted.values()).values_list("ticket", flat=True))
    found: dict[str, set[tuple[str, str]]] = {
        draft: set() for draft, ticket in counted.items() if ticket not in waiting
    }
    rows = EntryRow.objects.filter(kind__in=_EFFECT_OF, ticket__in=counted.values()).order_by("position")
    entries = [from_bytes(bytes(data), position) for position, data in rows.values_list("position", "data")]
    commitments = [value.hex() for one in entries for value in one.commitments.values()]
    contents = Content.objects.filter(organisation=drafts[0].organisation_id, commitment__in=commitments)
    names = {one.commitment: str(one) for one in contents} if commitments else {}
    for entry in entries:
        fact = entry.fact
        assert isinstance(fact, PostDecided | UnitDecided)
        effect = _EFFECT_OF[fact.kind_name][fact.what]
        by_id = isinstance(fact, PostDecided) and fact.what != "created"
        name = next((names.get(value.hex(), "") for value in entry.commitments.values()), "")
        found.get(fact.draft, set()).add((effect, fact.post if by_id else name))  # type: ignore[union-attr]
    return found
