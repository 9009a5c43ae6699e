# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the charter came to be as it is: every version, old and new side by side, and the vote that did it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kollontai.chapters.charter import articles
from kollontai.chapters.charter.models import Charter
from kollontai.chapters.charter.queries import history
from kollontai.chapters.deliberation import whole
from kollontai.chapters.deliberation.models import Issue
from kollontai.web.house import House
from kollontai.web.pages import changes, versions
from kollontai.web.pages.versions import Difference

JOINING_ARTICLE = 9
OWN_WORDS = 0
"""The organisation's own words stand before the articles."""


@dataclass(frozen=True)
class ChangeShown:
    """One version of the charter: what it changed, from what to what, by which vote."""

    version: int
    since: datetime
    article: int
    words: str
    was: str
    now: str
    difference: Difference | None  # of the charter's own words: old and new, line by line
    issue: int | None  # its number, for those who may read it
    yes: int | None
    no: int | None


def changes_of(house: House) -> dict[int, list[ChangeShown]]:
    """Every change by a vote, by the article it belongs to, the latest first; in three queries."""
    rows = history(house.id)
    issues = {
        issue.pk: issue
        for issue in Issue.objects.filter(pk__in=[row.issue for row in rows if row.issue]).select_related(
            "poll"
        )
    }
    texts = {row.version: str(row.text) for row in rows}
    joining = _joinings(rows, house.organisation.joining)
    found: dict[int, list[ChangeShown]] = {}
    for row in rows:
        if row.version > 1:
            shown = _shown(row, issues.get(row.issue), texts, joining, members=house.member is not None)
            found.setdefault(shown.article, []).append(shown)
    return found


def _joinings(rows: Sequence[Charter], now: str) -> Mapping[int, str]:
    """How one joined before each version, counted back from today."""
    before: dict[int, str] = {}
    for row in rows:  # the latest first
        if row.what == whole.SET_JOINING:
            now = "open" if row.joining == "vouched" else "vouched"
        before[row.version] = now
    return before


def _shown(
    row: Charter, issue: Issue | None, texts: Mapping[int, str], joining: Mapping[int, str], *, members: bool
) -> ChangeShown:
    limit = articles.read().limits.get(row.key)
    article = limit.article if limit else JOINING_ARTICLE if row.joining else OWN_WORDS
    was, now = "", ""
    if limit is not None:
        was = changes.value_of(row.key, row.was, row.was_of)
        now = changes.value_of(row.key, row.value, row.of)
    elif row.joining:
        was, now = (_(_JOINING[one]) for one in (joining[row.version], row.joining))
    figures = issue.poll.figures if issue and issue.poll and issue.poll.figures else {}
    label = "" if "yes" in figures else f"{row.draft}."
    return ChangeShown(
        version=row.version,
        since=row.since,
        article=article,
        words=_(limit.words) if limit else _("How one joins") if row.joining else _("Our own words"),
        was=was,
        now=now,
        difference=_compared(texts, row.version) if row.what == whole.SET_TEXT else None,
        issue=issue.number if issue and members else None,
        yes=figures.get(f"{label}yes"),
        no=figures.get(f"{label}no"),
    )


_JOINING = {"open": "open", "vouched": "vouched for"}


def _compared(texts: Mapping[int, str], version: int) -> Difference | None:
    return versions.compare(texts.get(version - 1, ""), texts[version])
