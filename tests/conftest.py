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

# A busy machine is no fault: nothing is asserted on time.
hypothesis.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("house")


class StandingClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)

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

        Days on which the daily stamp would find that nothing happened since the last one are passed at once.
        """
        from kollontai.chapters.record.act import tick
        from kollontai.chapters.record.models import Deadline

        waiting = Deadline.objects.filter(done_at=None, failed="").order_by("due", "id")
        while True:
            next_two = list(waiting.values_list("due", "act", "pk")[:2])
            if not next_two or next_two[0][0] > moment:
                break
            due, act, pk = next_two[0]
            if act == "followers.stamp_export" and due >= self.time and _nothing_happened_since_the_stamp():
                # It would find nothing, day after day, and each time ask to be called a day later.
                until = min([moment, *(later - timedelta.resolution for later, *_ in next_two[1:])])
                if idle := (until - due) // timedelta(days=1):
                    Deadline.objects.filter(pk=pk).update(due=due + idle * timedelta(days=1))
                    continue
            self.time = max(self.time, due)
            if not tick():
                raise AssertionError("a deadline is due but was not performed")
        self.time = max(self.time, moment)

    def pass_days(self, days: float) -> None:
        """Let days pass, performing each deadline when it falls due."""
        self.pass_to(self.time + timedelta(days=days))


def _nothing_happened_since_the_stamp() -> bool:
    """Whether the daily stamp stands last on the only record there is, and nothing waits behind it."""
    from kollontai.chapters.record.models import EntryRow, Organisation, Outbox

    if Organisation.objects.count() != 1 or Outbox.objects.exists():
        return False
    return EntryRow.objects.order_by("-position").values_list("kind", flat=True).first() == "export.stamped"


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
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT = settings.HOME / "static"
    settings.STATIC_ROOT.mkdir(parents=True)
    return settings.HOME


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
    """
    # What takes longest first: at the end no worker waits for one that has just begun a journey.
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)
    if not os.environ.get("DATABASE_URL"):
        return
    left = [item for item in items if not _meets_the_database(item)]
    items[:] = [item for item in items if _meets_the_database(item)]
    config.hook.pytest_deselected(items=left)


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
