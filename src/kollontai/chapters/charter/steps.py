# SPDX-License-Identifier: AGPL-3.0-or-later
"""What acts of higher chapters may do to the charter."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date

from kollontai.chapters.charter import articles
from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.charter.lawnotes import LASTS
from kollontai.chapters.charter.models import Charter, Dues, LawNote, Limit, QuietDays, VotingDay
from kollontai.chapters.charter.queries import articles_of, charter_in_force, limits_in_force
from kollontai.chapters.record.act import Act
from kollontai.chapters.record.models import Content
from kollontai.ids import new_id
from kollontai.openrecord.kinds.charter import CharterChanged, DuesSet, LawNoteVoted
from kollontai.openrecord.kinds.timing import QuietDaysSet, VotingDaySet


def adopt(this: Act, *, text: Content, limits: Mapping[str, int]) -> Charter:
    """Let the organisation begin with the articles of this release, these words and these limits."""
    adopted = articles.read()
    Limit.objects.bulk_create(
        Limit(organisation_id=this.organisation_id, key=key, value=value) for key, value in limits.items()
    )
    return Charter.objects.create(
        organisation_id=this.organisation_id,
        version=1,
        articles_version=adopted.version,
        articles_sha256=adopted.sha256,
        text=text,
        since=this.at,
    )


def change(
    this: Act,
    *,
    what: str,
    issue_id: str,
    draft_id: str,
    key: str | None = None,
    value: int | None = None,
    of: int | None = None,
    joining: str | None = None,
    text: str | None = None,
) -> Charter:
    """Let the charter be otherwise from here on, because the members voted so. What runs keeps its limits."""
    this.lock("charter")
    before = charter_in_force(this.organisation_id)
    fact = CharterChanged(
        version=before.version + 1,
        what=what,
        issue=issue_id,
        draft=draft_id,
        key=key,
        value=value,
        of=of,
        joining=joining,
    )
    said = this.record(fact) if text is None else this.record(fact, text=text)
    was = _move(this, key, value)
    was_of = (
        _move(this, articles_of(this.organisation_id).limits[key].over, of)
        if key and of is not None
        else None
    )
    if joining is not None:
        this.organisation.joining = joining
        this.organisation.save(update_fields=["joining"])
    return Charter.objects.create(
        organisation_id=this.organisation_id,
        version=fact.version,
        articles_version=before.articles_version,
        articles_sha256=before.articles_sha256,
        text=said.get("text", before.text),
        since=this.at,
        what=what,
        key=key or "",
        value=value,
        of=of,
        was=was,
        was_of=was_of,
        joining=joining or "",
        issue=issue_id,
        draft=draft_id,
    )


def _move(this: Act, key: str | None, value: int | None) -> int | None:
    """Set a limit; what it was."""
    if key is None or value is None:
        return None
    row = Limit.objects.filter(organisation_id=this.organisation_id, key=key).first()
    if row is None:
        Limit.objects.create(organisation_id=this.organisation_id, key=key, value=value)
        return articles_of(this.organisation_id).limits[key].bounds(this.organisation.preset).default
    was, row.value = row.value, value
    row.save(update_fields=["value"])
    return was


def set_dues(this: Act, *, amount: int, issue_id: str, draft_id: str) -> Dues:
    """Let dues be this much from here on, because the members voted so."""
    this.lock("dues")
    number = Dues.objects.filter(organisation=this.organisation_id).count() + 1
    this.record(DuesSet(number=number, amount=amount, issue=issue_id, draft=draft_id))
    return Dues.objects.create(
        organisation_id=this.organisation_id,
        number=number,
        amount=amount,
        issue=issue_id,
        draft=draft_id,
        since=this.at,
    )


def vote_law_note(
    this: Act, *, article: int, touches: str, words: Mapping[str, str], issue_id: str, draft_id: str
) -> LawNote:
    """Let a law note stand beside an article until its day; the clock ends it."""
    lasts = limits_in_force(this.organisation_id, members=0)[LASTS]
    fact = LawNoteVoted(
        note=new_id(),
        article=article,
        touches=touches,
        until=this.at + lasts * DAY,
        issue=issue_id,
        draft=draft_id,
    )
    said = this.record(fact, words=json.dumps(words, ensure_ascii=False, sort_keys=True))
    this.deadline("charter.lapse_law_note", subject=fact.note, due=fact.until)
    return LawNote.objects.create(
        id=fact.note,
        organisation_id=this.organisation_id,
        article=article,
        touches=touches,
        words=said["words"],
        issue=issue_id,
        draft=draft_id,
        since=this.at,
        until=fact.until,
    )


def set_quiet_days(
    this: Act, *, year: int, days: Collection[date], issue_id: str, draft_id: str
) -> QuietDays:
    """Let these be the quiet days of a year, because the members voted so."""
    this.lock("charter")
    number = QuietDays.objects.filter(organisation=this.organisation_id).count() + 1
    listed = [day.isoformat() for day in sorted(days)]
    this.record(QuietDaysSet(number=number, year=year, days=tuple(listed), issue=issue_id, draft=draft_id))
    return QuietDays.objects.create(
        organisation_id=this.organisation_id,
        number=number,
        year=year,
        days=listed,
        issue=issue_id,
        draft=draft_id,
        since=this.at,
    )


def set_voting_day(this: Act, *, day: int, issue_id: str, draft_id: str) -> VotingDay:
    """Let votes of issues open on this day of a month, or whenever a reply is over."""
    this.lock("charter")
    number = VotingDay.objects.filter(organisation=this.organisation_id).count() + 1
    this.record(VotingDaySet(number=number, day=day, issue=issue_id, draft=draft_id))
    return VotingDay.objects.create(
        organisation_id=this.organisation_id,
        number=number,
        day=day,
        issue=issue_id,
        draft=draft_id,
        since=this.at,
    )
