# SPDX-License-Identifier: AGPL-3.0-or-later
"""Own drafts and amendments that may be erased: which words they are, and what became of them.

What enough members stood behind when the vote opened counts as come to the vote, on the paper itself or in
what was equal to it. A text that is taken back still carries the amendments to it: while these may come to
the vote it stays to be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from kollontai.chapters.deliberation import amendment_facts, facts, rules
from kollontai.chapters.deliberation.models import Amendment, Attachment, Draft, Issue
from kollontai.chapters.deliberation.stages import Stage
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.models import Content


class Fate(StrEnum):
    """What became of a text."""

    STANDS = "stands"
    CARRIES = "carries"  # taken back, while amendments to it go on
    ACCEPTED = "accepted"  # part of a text that has not ended
    BALLOT = "ballot"
    OVER = "over"


# --- The words ---------------------------------------------------------------------------------------


def of_draft(draft: Draft) -> list[Content]:
    """Every version of a draft, and what came with it."""
    versions = draft.versions.select_related("title", "text").order_by("version")
    words = [said for version in versions for said in (version.title, version.text)]
    return words + _files(draft.attachments.all())


def of_amendment(row: Amendment) -> list[Content]:
    """Every version of an amendment, its reasons, and what came with it."""
    versions = row.versions.select_related("text").order_by("version")
    words = [version.text for version in versions if version.text is not None]
    return words + ([row.reasons] if row.reasons is not None else []) + _files(row.attachments.all())


def _files(attached: Iterable[Attachment]) -> list[Content]:
    ordered = sorted(attached, key=lambda one: (one.at, one.pk))
    return [said for one in ordered for said in (one.name, one.file)]


# --- Facts -------------------------------------------------------------------------------------------


def erasing_draft(draft: Draft, member: Member | None) -> rules.ErasingText:
    """Facts for erasing an own draft."""
    put = draft.versions.values_list("at", flat=True)
    by_body = draft.first and draft.issue.for_body_id is not None
    return _erasing(draft, member, of_draft(draft), put, _draft_fate(draft), for_body=by_body)


def erasing_amendment(row: Amendment, member: Member | None) -> rules.ErasingText:
    """Facts for erasing an own amendment."""
    put = row.versions.values_list("at", flat=True)
    return _erasing(row, member, of_amendment(row), put, _amendment_fate(row))


def _erasing(
    what: Draft | Amendment,
    member: Member | None,
    words: list[Content],
    put: Iterable[datetime],
    fate: Fate,
    *,
    for_body: bool = False,
) -> rules.ErasingText:
    return rules.ErasingText(
        own=member is not None and what.mover_id == member.pk and facts.is_led_to(member),
        wordless=not words,
        erased=bool(words) and all(said.erased for said in words),
        as_leader=any(what.mover_id in facts.leaders_on(what.issue, at=at) for at in put),
        for_body=for_body,
        on_ballot=fate is Fate.BALLOT,
        accepted=fate is Fate.ACCEPTED,
        stands=fate is Fate.STANDS,
        built_on=fate is Fate.CARRIES,
    )


def _draft_fate(draft: Draft) -> Fate:
    issue = draft.issue
    if issue.stage == Stage.LAPSED.value:
        return Fate.OVER
    live = draft.amendments.filter(withdrawn_at=None)
    if issue.poll_id is None:
        if draft.withdrawn_at is None:
            return Fate.STANDS
        return Fate.CARRIES if live.exists() else Fate.OVER
    leaders = _leaders_at_the_vote(issue)
    backed = amendment_facts.backed(issue, leaders)
    behind = draft.supporters.exclude(member__in=leaders).count()
    came = draft.withdrawn_at is None and (draft.first or behind >= issue.needed)
    made = any(backed[row.pk] >= issue.needed for row in live.filter(accepted_at=None))
    if came or made or issue.alternatives.filter(draft=draft).exists():
        return Fate.BALLOT
    return Fate.OVER


def _amendment_fate(row: Amendment) -> Fate:
    issue = row.issue
    if issue.stage == Stage.LAPSED.value:
        return Fate.OVER
    live = list(row.children.filter(withdrawn_at=None))
    if issue.poll_id is None:
        if row.withdrawn_at is None:
            return Fate.STANDS if row.accepted_at is None else Fate.ACCEPTED
        return Fate.CARRIES if live else Fate.OVER
    if row.withdrawn_at is None:
        live.append(row)
    backed = amendment_facts.backed(issue, _leaders_at_the_vote(issue))
    written = {name for names in issue.alternatives.values_list("amendments", flat=True) for name in names}
    if any(one.pk in written or (not one.accepted_at and backed[one.pk] >= issue.needed) for one in live):
        return Fate.BALLOT
    if row.accepted_at is None:
        return Fate.OVER
    return _amendment_fate(row.parent) if row.parent else _draft_fate(row.draft)


def _leaders_at_the_vote(issue: Issue) -> set[str]:
    opened = issue.stages.get(stage=Stage.VOTE.value).began_at
    return facts.leaders_on(issue, at=opened)
