# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the charter says now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kollontai.chapters.charter import articles, rules
from kollontai.chapters.charter.calendar import Days
from kollontai.chapters.charter.changing import CharterNow
from kollontai.chapters.charter.lawnotes import HELD_OUTSIDE
from kollontai.chapters.charter.models import Charter, Dues, LawNote, Limit, QuietDays, VotingDay
from kollontai.chapters.record import by_hand
from kollontai.chapters.record.models import Organisation

Limits = Mapping[str, int]


def limits_in_force(organisation_id: str, *, members: int) -> Limits:
    """Every limit as it holds for something born now, in an organisation with so many members."""
    found = by_hand.rows(  # every act asks it
        "SELECT o.preset, c.articles_sha256, 0 FROM record_organisation o "
        "LEFT JOIN charter_charter c ON c.organisation_id = o.id AND c.version = 1 WHERE o.id = %s "
        "UNION ALL SELECT NULL, l.key, l.value FROM charter_limit l WHERE l.organisation_id = %s",
        [organisation_id, organisation_id],
    )
    own = {key: value for preset, key, value in found if preset is None}
    preset, sha256 = next((preset, sha256) for preset, sha256, _none in found if preset is not None)
    return rules.limits_kept(own, preset=preset, members=members, articles=articles.adopted(sha256))


def articles_of(organisation_id: str) -> articles.Articles:
    """The articles that the organisation adopted at its founding, whichever this release carries besides."""
    first = Charter.objects.filter(organisation=organisation_id, version=1)
    return articles.adopted(first.values_list("articles_sha256", flat=True).first())


def charter_in_force(organisation_id: str) -> Charter:
    """The latest version of the organisation's charter."""
    latest = Charter.objects.select_related("text").filter(organisation_id=organisation_id)
    return latest.order_by("-version")[0]


def charter_now(organisation_id: str, *, members: int) -> CharterNow:
    """The charter as a vote would find it now."""
    organisation = Organisation.objects.get(pk=organisation_id)
    read = articles_of(organisation_id)
    return CharterNow(
        preset=organisation.preset,
        grown=rules.bounds_that_hold(organisation.preset, members=members, articles=read)
        != organisation.preset,
        own=dict(Limit.objects.filter(organisation=organisation_id).values_list("key", "value")),
        joining=organisation.joining,
        words=str(charter_in_force(organisation_id).text),
        articles=read,
    )


def dues_history(organisation_id: str) -> list[Dues]:
    """Every figure of the dues, the latest first."""
    return list(Dues.objects.filter(organisation=organisation_id).order_by("-number"))


def dues_now(organisation_id: str) -> int | None:
    """What a member pays a month, in hundredths; None where no vote has set it."""
    latest = Dues.objects.filter(organisation=organisation_id).order_by("-number").first()
    return latest.amount if latest else None


def law_notes(organisation_id: str) -> list[LawNote]:
    """Every law note that stands or stood, the latest first."""
    notes = LawNote.objects.select_related("words").filter(organisation=organisation_id)
    return list(notes.order_by("-since", "pk"))


def may_be_held_outside(organisation_id: str) -> bool:
    """Whether a law note stands by which members may have ballots held outside."""
    article, touches = HELD_OUTSIDE
    notes = LawNote.objects.filter(organisation=organisation_id, article=article, touches=touches)
    return notes.filter(lapsed_at=None).exists()


def quiet_days(organisation_id: str) -> dict[int, frozenset[date]]:
    """The quiet days as they stand, by their year."""
    rows = QuietDays.objects.filter(organisation=organisation_id).order_by("number")
    return {row.year: frozenset(map(date.fromisoformat, row.days)) for row in rows}


def voting_days(organisation_id: str) -> list[VotingDay]:
    """Every voting day there was, the latest first."""
    return list(VotingDay.objects.filter(organisation=organisation_id).order_by("-number"))


def days_now(organisation: Organisation) -> Days:
    """How days are counted for what begins now."""
    voting = voting_days(organisation.pk)
    quiet: frozenset[date] = frozenset().union(*quiet_days(organisation.pk).values())
    return Days(organisation.zone, quiet, voting[0].day if voting else 0)


def history(organisation_id: str) -> list[Charter]:
    """Every version of the charter, the latest first."""
    return list(
        Charter.objects.select_related("text").filter(organisation=organisation_id).order_by("-version")
    )


def what_stands_beside(*, demo: bool) -> str:
    """Whether this server holds organisations of the other kind: demonstrations and real ones stand apart."""
    if Organisation.objects.exclude(demo=demo).exists():
        return "real" if demo else "demo"
    return ""
