# SPDX-License-Identifier: AGPL-3.0-or-later
"""Times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from kollontai.web import times

NOW = datetime(2026, 2, 19, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rest", "numeral", "words", "soon"),
    [
        (timedelta(days=12, hours=11), "12", "days left", False),
        (timedelta(days=3, hours=11), "3", "days left", True),
        (timedelta(days=1), "1", "day left", True),
        (timedelta(hours=23), "23", "hours left, last day", True),
        (timedelta(minutes=90), "1", "hour left, last day", True),
        (timedelta(minutes=10), "10", "minutes left", True),
        (timedelta(seconds=5), "1", "minute left", True),
    ],
)
def test_time_left_in_the_largest_unit(rest, numeral, words, soon) -> None:
    left = times.left(NOW + rest, NOW)
    assert (left.numeral, left.words, left.soon) == (numeral, words, soon)


def test_what_is_over_is_over() -> None:
    assert times.left(NOW, NOW).over


def test_moments_are_said_in_the_zone_of_the_organisation() -> None:
    times.stand_at(NOW)
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert times.moment(datetime(2026, 2, 22, 19, 0, tzinfo=UTC)) == "Sunday 22 Feb, 20:00"
        assert times.moment(datetime(2027, 2, 22, 19, 0, tzinfo=UTC)) == "Monday 22 Feb 2027, 20:00"
        assert times.day(datetime(2026, 2, 22, 23, 30, tzinfo=UTC)) == "23 February"
    times.stand_at(None)


def test_the_day_of_a_stage() -> None:
    begins = datetime(2026, 2, 10, 14, tzinfo=UTC)
    ends = datetime(2026, 3, 3, 20, tzinfo=UTC)
    assert times.day_of(begins, ends, NOW) == (9, 21)
    assert times.day_of(begins, ends, begins) == (1, 21)
    assert times.day_of(begins, ends, ends) == (21, 21)
