# SPDX-License-Identifier: AGPL-3.0-or-later
"""Quiet days lengthen stages, the voting day lets votes open together; both by vote, none by surprise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kollontai.chapters.charter import quietdays
from kollontai.chapters.charter.calendar import Days, phase_end, voting_evening
from kollontai.chapters.charter.models import QuietDays, VotingDay
from kollontai.chapters.charter.queries import days_now
from kollontai.chapters.deliberation import weighing
from kollontai.chapters.deliberation.acts.call_big import call_big
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.deliberation.rules import middle
from tests.deliberation.hall import Hall
from tests.deliberation.test_charter import LONGER, READY, WORDS, carried

LISBON = "Europe/Lisbon"
AT = datetime(2029, 5, 1, 12, tzinfo=UTC)
LIMITS = {"N.quiet_days": 30, "N.quiet_ahead": 365}
AUGUST = "2030-08-01..2030-08-14"


def quiet(*spans: str) -> frozenset[date]:
    days = quietdays.read_days(" ".join(spans))
    assert days is not None
    return days


# --- The calendar, without a database ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "days", "ends"),
    [
        ("2030-07-20T19:00", 7, "2030-07-27T19:00"),  # over before them
        ("2030-07-30T19:00", 7, "2030-08-20T19:00"),  # the 31st, then from the 15th on
        ("2030-07-25T19:00", 7, "2030-08-15T19:00"),  # it would have ended on the first of them
        ("2030-08-05T10:00", 3, "2030-08-17T19:00"),  # it begins on one
        ("2030-08-14T19:00", 3, "2030-08-17T19:00"),  # it begins on the last of them
    ],
)
def test_as_many_days_pass_that_are_not_quiet(begins: str, days: int, ends: str) -> None:
    moment = datetime.fromisoformat(begins).replace(tzinfo=UTC)
    end = phase_end(moment, days, LISBON, quiet(AUGUST))
    assert end == datetime.fromisoformat(ends).replace(tzinfo=UTC)
    assert end >= phase_end(moment, days, LISBON)


@pytest.mark.parametrize(
    ("after", "spans", "opens"),
    [
        ("2030-08-20T19:00", [], "2030-09-15T19:00"),
        ("2030-09-15T19:00", [], "2030-09-15T19:00"),
        ("2030-09-15T19:01", [], "2030-10-15T19:00"),
        ("2030-12-20T20:00", [], "2031-01-15T20:00"),
        ("2030-08-20T19:00", ["2030-09-14..2030-09-17"], "2030-09-18T19:00"),
    ],
)
def test_the_voting_evening_is_the_next_one_that_is_not_quiet(
    after: str, spans: list[str], opens: str
) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    evening = voting_evening(moment, Days(LISBON, quiet(*spans), 15))
    assert evening == datetime.fromisoformat(opens).replace(tzinfo=UTC)


def test_days_and_runs_of_days_are_read_and_nothing_else() -> None:
    assert quietdays.read_days("") == frozenset()
    assert quiet("2030-12-24..2030-12-26", "2030-05-01") == {
        date(2030, 5, 1), date(2030, 12, 24), date(2030, 12, 25), date(2030, 12, 26)
    }  # fmt: skip
    for text in ("1 May", "2030-5-1", "2030-02-30", "2030-08-14..2030-08-01", "20300801", "2030-08-01,2030-08-02",
                 "2030-01-01..2032-01-01", "2030-08-01 " * 200):  # fmt: skip
        assert quietdays.read_days(text) is None


@pytest.mark.parametrize(
    ("year", "text", "there", "code"),
    [
        (2030, AUGUST, {}, None),
        (2030, "", {2030: quiet(AUGUST)}, None),
        (2030, "May", {}, "quiet-days-unreadable"),
        (0, "", {}, "quiet-days-unreadable"),
        (2030, "2031-08-01", {}, "quiet-days-of-one-year"),
        (2030, "2030-08-01..2030-08-31", {}, "too-many-quiet-days"),
        (2030, AUGUST, {2030: quiet(AUGUST)}, "effect-changes-nothing"),
        (2030, "2030-04-30", {}, "quiet-days-too-soon"),
        (2030, "2030-05-02", {}, None),
        (2030, AUGUST, {2030: quiet(AUGUST, "2030-03-01")}, "quiet-days-too-soon"),
        (2030, f"{AUGUST} 2030-03-01", {2030: quiet("2030-03-01")}, None),
    ],
)
def test_what_a_vote_may_set_of_quiet_days(
    year: int, text: str, there: dict[int, frozenset[date]], code: str | None
) -> None:
    refusal = quietdays.may_set_quiet_days(year, text, there=there, zone=LISBON, limits=LIMITS, at=AT)
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("day", "code"),
    [(1, None), (28, None), (0, None), (29, "voting-day-unusable"), (-1, "voting-day-unusable"),
     (15, "effect-changes-nothing")],
)  # fmt: skip
def test_what_a_vote_may_set_of_the_voting_day(day: int, code: str | None) -> None:
    refusal = quietdays.may_set_voting_day(day, 15)
    assert (refusal.code if refusal else None) == code


# --- By acts -----------------------------------------------------------------------------------------


def ahead(hall: Hall, days: int) -> date:
    return (hall.now.time + timedelta(days=days)).date()


def run(hall: Hall, days: int, more: int = 9) -> Effect:
    """A run of quiet days that begins in so many days, and in one year."""
    first = ahead(hall, days)
    return Effect("set_quiet_days", year=first.year, quiet=f"{first}..{first + timedelta(days=more)}")


@pytest.mark.django_db
def test_quiet_days_are_voted_and_lengthen_the_stages_of_their_time(hall: Hall) -> None:
    wanted = run(hall, 450)
    issue = carried(hall, wanted)
    assert (issue.weight, issue.poll.majority_num, issue.outcome) == ("big", 2, "carried")
    assert hall.world.kinds()[-1] == "quiet_days.set"
    row = QuietDays.objects.get()
    first, last = date.fromisoformat(row.days[0]), date.fromisoformat(row.days[-1])
    assert (row.number, row.year, len(row.days), row.issue) == (1, first.year, 10, issue.pk)
    hall.now.pass_to(datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=4))
    issue = hall.talked()
    assert issue.stage_ends_at.date() == issue.stage_began_at.date() + timedelta(days=20)
    issue = hall.turned(issue)
    assert (issue.stage, issue.stage_ends_at - issue.stage_began_at) == ("answer", timedelta(days=3))
    assert last < issue.stage_began_at.date()


@pytest.mark.django_db
def test_what_has_come_too_near_by_the_count_is_passed_over(hall: Hall) -> None:
    carried(hall, run(hall, 380))
    assert hall.world.kinds()[-1] == "resolution.in_force"
    assert not QuietDays.objects.exists()


@pytest.mark.django_db
def test_the_members_may_take_quiet_days_away_again_a_year_ahead(hall: Hall) -> None:
    wanted = run(hall, 600)
    carried(hall, wanted)
    carried(hall, replace(wanted, quiet=""), draft_text="1. None.")
    assert [row.days for row in QuietDays.objects.order_by("number")][-1] == []
    assert days_now(hall.world.organisation).quiet == frozenset()


@pytest.mark.django_db
def test_votes_open_together_on_the_voting_day_and_drafts_close_as_before(hall: Hall) -> None:
    carried(hall, Effect("set_voting_day", day=15))
    assert (hall.world.kinds()[-1], VotingDay.objects.get().day) == ("voting_day.set", 15)
    issue = hall.stood_in("reply")
    own = phase_end(issue.stage_began_at, issue.limits["D4.other"], LISBON)
    assert issue.stage_ends_at == voting_evening(own, days_now(hall.world.organisation))
    assert issue.stage_ends_at.day == 15
    assert issue.drafts_close_at == middle(issue.stage_began_at, own)
    issue = hall.turned(issue)
    assert (issue.stage, issue.stage_began_at.day) == ("vote", 15)
    carried(hall, Effect("set_voting_day", day=0), draft_text="1. None.")
    assert days_now(hall.world.organisation).voting_day == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("effect", "code"),
    [
        (Effect("set_voting_day", day=31), "voting-day-unusable"),
        (Effect("set_voting_day"), "effect-incomplete"),
        (Effect("set_quiet_days", year=2026, quiet="2026-08-01"), "quiet-days-too-soon"),
        (Effect("set_quiet_days", year=2030), "effect-incomplete"),
        (Effect("set_quiet_days", year=2030, quiet="August"), "quiet-days-unreadable"),
    ],
)
def test_what_no_draft_declares(hall: Hall, effect: Effect, code: str) -> None:
    given: dict[str, Any] = {"unit_id": hall.world.unit().pk, "effects": [effect], **READY}
    assert hall.refused(raise_issue, "ada", **given) == code


@pytest.mark.django_db
def test_they_belong_to_the_charter(hall: Hall) -> None:
    fifteenth = Effect("set_voting_day", day=15)
    given: dict[str, Any] = {"unit_id": hall.world.unit().pk, "effects": [fifteenth, LONGER], **READY}
    assert hall.refused(raise_issue, "ada", **given) == "one-subject"
    ferry: dict[str, Any] = {"unit_id": hall.world.unit("Ferry Crews").pk, "effects": [fifteenth], **READY}
    assert hall.refused(raise_issue, "kit", **ferry) == "charter-is-of-all"
    other = hall.talked()
    assert (
        hall.refused(put_draft, "ben", issue_id=other.pk, effects=[fifteenth], **WORDS) == "charter-own-issue"
    )


def talked_on_the_first_quiet_day(hall: Hall) -> tuple[date, Issue, datetime]:
    """That day, an issue whose talk begins on it, and until when members call it big."""
    carried(hall, run(hall, 450))
    first = date.fromisoformat(QuietDays.objects.get().days[0])
    hall.now.pass_to(datetime(first.year, first.month, first.day, 12, tzinfo=UTC))
    issue = hall.talked()
    until = weighing.call_until(issue)
    assert until is not None
    return first, issue, until


@pytest.mark.django_db
def test_a_talk_that_begins_with_the_quiet_days_is_called_big_after_them(hall: Hall) -> None:
    first, issue, until = talked_on_the_first_quiet_day(hall)
    # the last quiet day is the ninth after it began; then its days, and the rest of the last one
    assert until.date() == first + timedelta(days=9 + 5)
    call_big(hall.world.actor("finn"), issue_id=issue.pk)
    hall.now.pass_to(until - timedelta(minutes=1))
    call_big(hall.world.actor("eva"), issue_id=issue.pk)
    assert hall.fresh(issue).made_big_why == "members"


@pytest.mark.django_db
def test_when_those_days_are_over_nobody_calls_it_big_any_more(hall: Hall) -> None:
    _first, issue, until = talked_on_the_first_quiet_day(hall)
    hall.now.pass_to(until)
    assert hall.refused(call_big, "eva", issue_id=issue.pk) == "too-late-to-call-big"
