# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which question was decided not long ago, and who stands behind one that comes again: facts and steps."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from django.db.models import F

from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.charter.queries import articles_of
from kollontai.chapters.deliberation import again, facts
from kollontai.chapters.deliberation.again import Asked, Decided
from kollontai.chapters.deliberation.models import Draft, DraftSupporter, Issue, QuestionAgain, Supporter
from kollontai.chapters.deliberation.stages import Stage
from kollontai.chapters.members.models import Unit
from kollontai.chapters.members.queries import accepted_in
from kollontai.chapters.record.act import Act
from kollontai.openrecord.kinds import timing


def limit(issue: Issue, key: str) -> int:
    """A limit that an issue was born with; the default for one older than this limit."""
    if key in issue.limits:
        return int(issue.limits[key])
    return articles_of(issue.organisation_id).limits[key].bounds(issue.organisation.preset).default


def limits_with(issue: Issue, keys: Iterable[str]) -> dict[str, int]:
    """The limits an issue was born with, and these, whatever its age."""
    return {**issue.limits, **{key: limit(issue, key) for key in keys}}


def _limits(issue: Issue) -> dict[str, int]:
    return limits_with(issue, (again.AGAIN, again.SHARE))


def decided_lately(issue: Issue, *, at: datetime) -> list[Decided]:
    """What was decided in the unit of an issue or in a wider one, so that its question comes again early."""
    limits = _limits(issue)
    since = at - limits[again.AGAIN] * DAY
    found = Issue.objects.filter(
        unit__in=_line_of(issue.unit), stage=Stage.DECIDED.value, ended_at__gt=since
    ).exclude(pk=issue.pk)
    return [
        Decided(one.pk, one.ended_at, _on_the_paper(str(one.poll.paper)))
        for one in found.select_related("poll__paper").order_by("ended_at", "pk")
        if one.poll is not None and one.ended_at is not None
    ]


def _line_of(unit: Unit) -> list[Unit]:
    """A unit and those above it, with all that have become part of them: nobody merges a decision away."""
    line: list[Unit] = []
    above: Unit | None = unit
    while above is not None:
        line.append(above)
        above = above.parent
    return with_merged(line)


def with_merged(units: Iterable[Unit]) -> list[Unit]:
    """Units with all that have become part of them: what was done there was done here."""
    found = joined = list(units)
    while joined:
        joined = list(Unit.objects.filter(merged_into__in=joined))
        found = found + joined
    return found


def _on_the_paper(paper: str) -> tuple[Asked, ...]:
    whole = json.loads(paper)
    shown = [whole["draft"]] if whole.get("draft") else whole["options"]
    return tuple(Asked(one["text"], tuple(one.get("effects", ()))) for one in shown if "text" in one)


def asked_by(draft: Draft) -> Asked:
    """A draft as it stands, as a question."""
    said = draft.versions.select_related("text").get(version=draft.version)
    return Asked(str(said.text), tuple(one.plain() for one in facts.effects_of(draft)))


def say_again(this: Act, draft: Draft) -> None:
    """Put it down, behind a draft's words, that they are a question which was decided not long ago."""
    issue = draft.issue
    earlier = again.decided_before(asked_by(draft), decided_lately(issue, at=this.at))
    if not earlier:
        return
    fact = timing.QuestionAgain(
        issue=issue.pk,
        draft=draft.pk,
        version=draft.version,
        earlier=earlier,
        needed=again.needed(accepted_in(issue.unit).count(), _limits(issue)),
    )
    this.record(fact)
    QuestionAgain.objects.create(
        organisation_id=this.organisation_id,
        issue=issue,
        draft=draft,
        version=fact.version,
        earlier_id=earlier,
        needed=fact.needed,
        at=this.at,
    )


def coming_again(issue: Issue) -> dict[str, QuestionAgain]:
    """The drafts of an issue that are decided questions as they stand, by the draft's id."""
    rows = QuestionAgain.objects.filter(issue=issue, version=F("draft__version"))
    return {row.draft_id: row for row in rows.select_related("earlier__title")}


def needed_to_talk(issue: Issue) -> int:
    """How many stand behind an issue before it is talked over."""
    rows = QuestionAgain.objects.filter(issue=issue, draft__first=True, version=1)
    return max([issue.needed, *rows.values_list("needed", flat=True)])


def behind(issue: Issue, leaders: Collection[str]) -> dict[str, set[str]]:
    """Who stands behind each draft and does not lead: its supporters; behind the first the issue's too."""
    found: dict[str, set[str]] = defaultdict(set)
    for draft, member in DraftSupporter.objects.filter(draft__issue=issue).values_list("draft", "member"):
        found[draft].add(member)
    first = issue.drafts.filter(first=True).values_list("pk", flat=True).first()
    if first is not None:
        standing = Supporter.objects.filter(issue=issue, withdrawn_at=None)
        found[first] |= set(standing.values_list("member", flat=True))
    return {draft: members - set(leaders) for draft, members in found.items()}


def threshold(issue: Issue, *, at: datetime) -> Callable[[str, str], int]:
    """How many supporters an alternative needs besides the usual ones, by its text and its effects (JSON)."""
    decided: list[Decided] | None = None

    def needs(text: str, effects: str) -> int:
        nonlocal decided
        if decided is None:
            decided = decided_lately(issue, at=at)
        asked = Asked(text, tuple(json.loads(effects)) if effects else ())
        if not again.decided_before(asked, decided):
            return 0
        return again.needed(accepted_in(issue.unit).count(), _limits(issue))

    return needs
