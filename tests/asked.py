# SPDX-License-Identifier: AGPL-3.0-or-later
"""What PostgreSQL was asked by one test, it need not be asked by a hundred others (loaded by `-p tests.asked`).

While the whole suite runs on SQLite, the statements that the program asks for every test are noted, their
values left out; what a test asks by itself, to look at what was done, is none of them. A list
(`asked_elsewhere.txt`) names the tests that ask nothing which tests outside of it do not ask as well: on
PostgreSQL those are left out, by `make test`; `make test-long` runs them all. When a test on the list asks
something of its own, the suite fails and says so; `make asked` writes the list anew. A new test is not on it.

Tests of faults, tampering and the record are never on the list, nor are journeys, nor what sends nonsense (there the
values are the question), nor what draws by lot.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import kollontai
from kollontai.chapters.record import by_hand, guard

PROGRAM, TESTS = (f"{Path(one).parent}/" for one in (str(kollontai.__file__), __file__))
LIST = Path(__file__).with_name("asked_elsewhere.txt")
BY_LOT = (
    "tests/api/test_contract.py",
    "tests/deliberation/test_amendments_at_random.py",
    "tests/test_random_life.py",
)
"""What these ask varies from run to run: nobody is spared for it."""
ALWAYS = (
    "tests/api/test_bad_input.py",
    "tests/faults/",
    "tests/journeys/",
    "tests/record/",
    "tests/tampering/",
    "tests/test_whole_way.py",
    "tests/voting/",
    "tests/web/test_bad_input.py",
    *BY_LOT,
)
"""Folders and files of tests that are run on both databases, whatever they ask."""
WHOLE = "KOLLONTAI_WHOLE_SUITE"
"""Set by tools/test.sh: "noted" while statements are noted, "left-out" where the list is followed."""

Asked = dict[str, tuple[float, set[str]]]
"""By test (its parameters left out): seconds of work, and the statements."""


def listed() -> frozenset[str]:
    """The tests on the list."""
    lines = LIST.read_text("utf-8").splitlines() if LIST.exists() else []
    return frozenset(line for line in lines if line and not line.startswith("#"))


def name_of(item: pytest.Item) -> str:
    """A test without its parameters."""
    return item.nodeid.partition("[")[0]


def leave_out(items: list[pytest.Item]) -> list[pytest.Item]:
    """Those of these tests that are on the list, where the list is followed."""
    if os.environ.get(WHOLE) != "left-out":
        return []
    names = listed()
    return [item for item in items if name_of(item) in names]


def alone(asked: Asked, names: frozenset[str]) -> dict[str, int]:
    """Tests among `names` that ask what nobody outside of them asks, and how many such statements."""
    known = {name for name in asked if not name.startswith(BY_LOT)}
    elsewhere = {one for name in known - names for one in asked[name][1]}
    return {
        name: len(asked[name][1] - elsewhere)
        for name in sorted(names & asked.keys())
        if asked[name][1] - elsewhere
    }


def to_be_listed(asked: Asked) -> list[str]:
    """A list as long as it may be: the tests that ask most for their work stay out of it, one after the other."""
    known = {name for name in asked if not name.startswith(BY_LOT)}
    left = {one for name in known for one in asked[name][1]}
    kept = {name for name in asked if name.startswith(ALWAYS)}
    for name in kept & known:
        left -= asked[name][1]
    while left:
        best = max(
            (name for name in known if name not in kept),
            key=lambda name: (len(asked[name][1] & left) / max(asked[name][0], 0.02), name),
        )
        kept.add(best)
        left -= asked[best][1]
    return sorted(known - kept)


# --- Noting ------------------------------------------------------------------------------------------

_asked: Asked = {}
_now: set[str] = set()


@contextmanager
def gathered() -> Iterator[set[str]]:
    """Gather what is asked within: what is built once serves many tests, and was asked for each of them."""
    before, within = set(_now), set[str]()
    _now.clear()
    try:
        yield within
    finally:
        within |= _now
        _now.update(before)


def was_asked(statements: set[str]) -> None:
    """Let what was asked when something was built count for the test that is given it now."""
    _now.update(statements)


def pytest_configure(config: pytest.Config) -> None:
    """Look on at every statement, where the whole suite is run for it."""
    if os.environ.get(WHOLE) == "noted":
        config.pluginmanager.register(_Noting(), "noting")


class _Noting:
    looks = False

    def __init__(self) -> None:
        self.of_fixtures: dict[tuple[str, str], set[str]] = {}  # by name and by where it is shared

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[Any]:
        """The making of the test database is nobody's question; what many share is asked for each of them."""
        with gathered() as within:
            told = yield
        if fixturedef.argname == "django_db_setup":
            _now.difference_update(within)
        elif fixturedef.scope != "function":
            self.of_fixtures[fixturedef.argname, fixturedef.baseid] = within
        return told

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        if not self.looks:
            look_on(_now.add)
            self.looks = True
        _now.clear()
        begun = time.process_time()
        told = yield
        for (fixture, place), within in self.of_fixtures.items():
            if fixture in getattr(item, "fixturenames", ()) and item.nodeid.startswith(place):
                was_asked(within)
        if _now:
            work, every = _asked.get(name_of(item), (0.0, set()))
            _asked[name_of(item)] = work + time.process_time() - begun, every | _now
        return told

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker tells what it noted; whoever is alone judges it."""
        noted = {name: (work, sorted(every)) for name, (work, every) in _asked.items()}
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["asked"] = noted
        else:
            self._judge(session)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Put together what a worker told."""
        for name, (work, every) in getattr(node, "workeroutput", {}).get("asked", {}).items():
            before, others = _asked.get(name, (0.0, set()))
            _asked[name] = before + work, others | set(every)

    def _judge(self, session: pytest.Session) -> None:
        if file := os.environ.get("KOLLONTAI_ASKED"):
            Path(file).write_text(
                json.dumps({name: (work, sorted(every)) for name, (work, every) in _asked.items()})
            )
        if session.exitstatus == 0 and alone(_asked, listed()):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say which test asks PostgreSQL nothing although it has something to ask."""
        for name, number in alone(_asked, listed()).items():
            terminalreporter.write_line(
                f"{name} asks {number} statements that nobody asks of PostgreSQL: make asked", red=True
            )


def look_on(note: Callable[[str], None]) -> Callable[[], None]:
    """Let every statement be noted, whichever way it goes; what comes back looks away again."""
    from django.db import connections

    guarding = guard.guard

    def looked_on(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if _asked_by_the_program():
            note(_shape(str(sql)))
        return guarding(execute, sql, params, many, context)

    def exchange(old: Any, new: Any) -> None:
        guard.guard = by_hand.guard = new
        for connection in connections.all(initialized_only=True):
            wrappers = connection.execute_wrappers
            wrappers[:] = [new if one is old else one for one in wrappers]

    exchange(guarding, looked_on)
    return lambda: exchange(looked_on, guarding)


def _asked_by_the_program() -> bool:
    """Whether a statement comes from the program, not from a test that looks at rows."""
    frame = sys._getframe(2)
    while frame is not None:
        if (whose := _whose(frame.f_code.co_filename)) is not None:
            return whose
        frame = frame.f_back
    return False


@cache
def _whose(file: str) -> bool | None:
    """The program's, a test's, or that of what both ask through."""
    if file in (guard.__file__, by_hand.__file__, __file__):
        return None
    if file.startswith(PROGRAM):
        return True
    return False if file.startswith(TESTS) else None


@lru_cache(maxsize=4_096)
def _shape(sql: str) -> str:
    """A statement without its values, without how many rows it has, without names made for one moment."""
    sql = re.sub(r"'[^']*'", "'…'", sql)
    sql = re.sub(r"\(%s(?:, ?%s)*\)", "(%s)", sql)
    sql = re.sub(r"\(%s\)(?:, ?\(%s\))+", "(%s)", sql)
    sql = re.sub(r"\bs\d+_x\d+\b", "savepoint", sql)
    return sha256(re.sub(r"\b\d+\b", "0", sql).encode()).hexdigest()[:12]


# --- Writing the list --------------------------------------------------------------------------------


def main() -> None:
    """Write the list from what the last whole run on SQLite noted: `python -m tests.asked FILE`."""
    noted = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    found = to_be_listed({name: (work, set(every)) for name, (work, every) in noted.items()})
    head = "# Tests that ask the database nothing of their own (tests/asked.py). Written by `make asked`.\n"
    LIST.write_text(head + "".join(f"{name}\n" for name in found), "utf-8")
    work = sum(noted[name][0] for name in found)
    print(
        f"{len(found)} of {len(noted)} tests, {work:.0f} of {sum(one[0] for one in noted.values()):.0f} seconds"
    )


if __name__ == "__main__":
    main()
