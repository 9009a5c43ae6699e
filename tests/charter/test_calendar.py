# SPDX-License-Identifier: AGPL-3.0-or-later
"""The end of a phase: an evening at 20:00 in the organisation's zone, never a second too early."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kollontai.chapters.charter.calendar import next_begins, phase_end


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("begins", "days", "zone", "ends"),
    [
        ("2026-02-02 20:00", 3, "UTC", "2026-02-05 20:00"),
        ("2026-02-02 20:01", 3, "UTC", "2026-02-06 20:00"),
        ("2026-02-02 08:00", 3, "UTC", "2026-02-05 20:00"),
        ("2026-02-02 08:00", 0, "UTC", "2026-02-02 20:00"),
        ("2026-02-02 08:00", 3, "Europe/Helsinki", "2026-02-05 18:00"),
        ("2026-02-02 18:30", 3, "Europe/Helsinki", "2026-02-06 18:00"),
        ("2026-02-02 23:30", 1, "America/Los_Angeles", "2026-02-04 04:00"),
        ("2026-02-02 10:00", 1, "Pacific/Kiritimati", "2026-02-04 06:00"),
        # Clocks go forward on 29 March: three days of 86,400 s from 20:00 end at 21:00, so the next evening.
        ("2026-03-27 19:00", 3, "Europe/Berlin", "2026-03-31 18:00"),
        # Clocks go back on 25 October: three days from 20:00 end at 19:00, an hour before the evening.
        ("2026-10-23 18:00", 3, "Europe/Berlin", "2026-10-26 19:00"),
        # Samoa had no 30 December 2011.
        ("2011-12-29 08:00", 1, "Pacific/Apia", "2011-12-31 06:00"),
    ],
)
def test_a_phase_ends_on_the_first_evening_after_its_days(begins, days, zone, ends):
    assert phase_end(utc(begins), days, zone) == utc(ends)


@given(
    begins=st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)),
    days=st.integers(0, 40),
    zone=st.sampled_from(["UTC", "Europe/Lisbon", "America/Havana", "Pacific/Apia", "Asia/Kathmandu"]),
)
def test_no_phase_is_shorter_than_its_days_or_longer_by_more_than_two_evenings(begins, days, zone):
    begins = begins.replace(tzinfo=UTC)
    end = phase_end(begins, days, zone)
    wanted = begins + timedelta(days=days)
    assert wanted <= end <= wanted + timedelta(hours=49)
    assert end.astimezone(ZoneInfo(zone)).hour == 20
    assert (end.second, end.microsecond) == (0, 0)


@given(
    begins=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),
    least=st.integers(0, 20 * 24).map(lambda hours: timedelta(hours=hours)),
)
def test_a_phase_is_no_shorter_than_another_was(begins, least):
    begins = begins.replace(tzinfo=UTC)
    end = phase_end(begins, 3, "Europe/Berlin", least=least)
    assert end >= begins + least
    assert end == phase_end(begins, 3, "Europe/Berlin") or end - begins - least <= timedelta(hours=25)


def test_a_clock_that_is_a_little_late_adds_no_day_and_an_outage_takes_none():
    due = utc("2026-02-05 20:00")
    assert next_begins(due, due + timedelta(minutes=15)) == due
    late = due + timedelta(minutes=16)
    assert next_begins(due, late) == late
    assert phase_end(next_begins(due, late), 3, "UTC") == utc("2026-02-09 20:00")
