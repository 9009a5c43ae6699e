# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ground of every test: a home of its own, a clock that stands still, a record that must be whole."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from kollontai import clock
from tests import asked

# A busy machine is no fault: nothing is asserted on time.
hypothesis.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("house")


class StandingClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)
        self.stamps = False

    def now(self) -> datetime:
        """What it shows."""
        return self.time

    def move(self, to: datetime | None = None, **by: float) -> datetime:
        """Move to a moment, or on by `days=`, `hours=`, `minutes=`. Never back."""
        later = to if to is not None else self.time + timedelta(**by)
        assert later >= self.time, "time does not run backwards; use set_back() where that is the point"
        self.time = later
        return later

    def set_back(self, **by: float) -> None:
        """Turn the machine's clock back, as a bad battery does."""
        self.time -= timedelta(**by)

    def pass_to(self, moment: datetime) -> None:
        """Let time pass to a moment, performing each deadline when it falls due.

        The daily stamp reads all there is: it is put off where a test does not ask for it (`stamps`).
        """
        from kollontai.chapters.record import by_hand
        from kollontai.chapters.record.act import tick
        from kollontai.chapters.record.models import Deadline
        from kollontai.chapters.record.statements import moment_of

        if not self.stamps:
            stamp = Deadline.objects.filter(
                done_at=None, failed="", act="followers.stamp_export", due__lte=moment
            )
            stamp.update(due=moment + timedelta(days=1))
        while True:
            [(first,)] = by_hand.rows(
                "SELECT MIN(due) FROM record_deadline WHERE done_at IS NULL AND failed = ''"
            )
            due = moment_of(first)
            if due is None or due > moment:
                break
            self.time = max(self.time, due)
            if not tick():
                raise AssertionError("a deadline is due but was not performed")
        self.time = max(self.time, moment)

    def pass_days(self, days: float) -> None:
        """Let days pass, performing each deadline when it falls due."""
        self.pass_to(self.time + timedelta(days=days))


@pytest.fixture(autouse=True)
def now() -> Iterator[StandingClock]:
    """The clock of this test."""
    standing = StandingClock()
    clock.read_from(standing.now)
    yield standing
    clock.read_from(clock.machine_time)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: Any) -> Path:
    """Files of this test: keys and published records."""
    settings.HOME = tmp_path / "home"
    settings.KEYS = settings.HOME / "keys"
    settings.RECORD = settings.HOME / "record"
    settings.FSYNC = False
    settings.CLOCK_RAISES = True
    settings.PASSWORD_HASHERS = ["tests.hashing.HastyArgon2"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT = settings.HOME / "static"
    settings.STATIC_ROOT.mkdir(parents=True)
    return settings.HOME


@pytest.fixture
def two_at_once(transactional_db: None) -> None:
    """Skip where there is one writer only."""
    from django.db import connection

    if not connection.features.has_select_for_update:
        pytest.skip("SQLite has one writer: nothing can come between.")


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """The tables are made as the models are; that migrations lead there too is tests/record/test_tables.py."""
    return False


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: it is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Journeys come first. On PostgreSQL, whatever cannot meet the database is left out: once is enough.

    A test can meet the database when it asks for it, by a mark or a fixture, or starts processes that do.
    Of those, what others ask there already is left out by a list (tests/asked.py).
    """
    # What takes longest first: at the end no worker waits for one that has just begun a journey.
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)
    if not os.environ.get("DATABASE_URL"):
        return
    left = {item for item in items if not _meets_the_database(item)} | set(asked.leave_out(items))
    items[:] = [item for item in items if item not in left]
    config.hook.pytest_deselected(items=list(left))


def _meets_the_database(item: pytest.Item) -> bool:
    if any(item.get_closest_marker(name) for name in ("django_db", "faults", "journey")):
        return not item.get_closest_marker("any_database")
    return not {"db", "transactional_db", "django_db_setup"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> Iterator[None]:
    """Building and emptying the test database is not an act; the guard stands aside for it alone."""
    if fixturedef.argname in {"django_db_setup", "_django_db_helper"}:
        from kollontai.chapters.record.guard import opened_for

        with opened_for("all"):
            return (yield)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Emptying the tables after a test with a live server is no act either."""
    from kollontai.chapters.record.guard import opened_for

    with opened_for("all"):
        return (yield)
