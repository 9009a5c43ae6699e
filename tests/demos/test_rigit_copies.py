# SPDX-License-Identifier: AGPL-3.0-or-later
"""Copies for visitors: how many, how old, one thing at a time in each, and nothing of the house in them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kollontai.demos.rigit import copies


@pytest.fixture
def house(own_home: Path) -> Path:
    """A home in which the evening lies built: three files stand for it."""
    made = own_home / "rigit/house"
    (made / "home").mkdir(parents=True)
    (made / "pocket").mkdir()
    (made / "home/kollontai.sqlite3").write_text("as it was")
    (made / "desk.json").write_text(json.dumps({"zone": "Europe/Berlin", "edits": {}}))
    (made / "made").write_text(copies.fingerprint())
    return own_home


class Inside:
    """In the place of the process: it notes how it was started, and does what the test wants."""

    def __init__(self) -> None:
        self.environment: dict[str, str] = {}
        self.meanwhile: Any = None

    def run(self, words: list[str], *, env: dict[str, str], **more: Any) -> Any:
        """Answer as the process would."""
        self.environment = env
        if self.meanwhile:
            self.meanwhile()
        return subprocess.CompletedProcess(words, 0, stdout=json.dumps({"done": words[-1]}))


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inside]:
    """No real process."""
    made = Inside()
    monkeypatch.setattr(copies.subprocess, "run", made.run)
    return made


def idle(copy: copies.Copy, *, seconds: float) -> None:
    """Let nothing have been done in a copy for so long."""
    then = time.time() - seconds
    os.utime(copy.folder, (then, then))


def test_a_visitor_gets_a_copy_and_finds_it_again(house: Path) -> None:
    copy = copies.begin()
    assert copy.ready
    assert (copy.folder / "home/kollontai.sqlite3").read_text() == "as it was"
    assert copies.find(copy.id) == copy
    assert copy.folder.is_relative_to(house / "rigit/copies")


@pytest.mark.parametrize("id_", ["", "..", "../house", "f" * 31, "F" * 32, "f" * 32, None, 7, ["f" * 32]])
def test_nothing_else_is_found(house: Path, id_: object) -> None:
    copies.begin()
    assert copies.find(id_) is None


def test_there_are_only_so_many(house: Path) -> None:
    for _visitor in range(copies.MOST):
        copies.begin()
    with pytest.raises(copies.Full):
        copies.begin()


def test_whoever_left_makes_room_and_whoever_is_there_does_not(house: Path) -> None:
    made = [copies.begin() for _visitor in range(copies.MOST)]
    idle(made[3], seconds=copies.IDLE + 60)
    new = copies.begin()
    assert copies.find(made[3].id) is None
    assert {one.id for one in made if copies.find(one.id)} == {one.id for one in made} - {made[3].id}
    assert new.ready


def test_an_old_copy_is_swept_with_everything_in_it(house: Path) -> None:
    old, young = copies.begin(), copies.begin()
    copies.tell(old, speak={"attempts": []})
    idle(old, seconds=copies.OLDEST + 60)
    assert copies.sweep() == 1
    assert copies.find(old.id) is None
    assert copies.find(young.id) == young
    assert [path.name for path in (house / "rigit/copies").iterdir() if old.id in path.name] == []


def test_doing_something_keeps_a_copy_young(house: Path, inside: Inside) -> None:
    copy = copies.begin()
    idle(copy, seconds=copies.OLDEST + 60)
    copies.do(copy, "try", {"which": "speak"})
    assert copies.sweep() == 1


def test_two_tabs_do_one_thing_at_a_time(house: Path, inside: Inside) -> None:
    copy, seen = copies.begin(), []

    def second_tab() -> None:
        inside.meanwhile = None
        for try_it in (
            lambda: copies.do(copy, "sql", {}),
            lambda: copies.renew(copy),
            lambda: copies.forget(copy),
        ):
            with pytest.raises(copies.Busy):
                try_it()
        copies.end(copy)  # is not thrown away under somebody's hands either
        seen.append(copies.find(copy.id))

    inside.meanwhile = second_tab
    assert copies.do(copy, "try", {}) == {"done": "try"}
    assert seen == [copy]
    assert copies.do(copy, "sql", {}) == {"done": "sql"}


def test_only_so_many_things_are_done_at_one_time(
    house: Path, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "WAITING", 0.2)
    made, refused = [copies.begin() for _visitor in range(copies.AT_ONCE + 1)], []

    def one_more() -> None:
        if len(made) > 1:
            copies.do(made.pop(), "try", {})
            return
        inside.meanwhile = None
        with pytest.raises(copies.Busy):
            copies.do(made.pop(), "try", {})
        refused.append(True)

    inside.meanwhile = one_more
    copies.do(made.pop(), "try", {})
    assert refused == [True]


def test_a_process_knows_its_own_copy_and_nothing_of_the_house(
    house: Path, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    monkeypatch.setenv("KOLLONTAI_KEYS", str(house / "keys"))
    monkeypatch.setenv("KOLLONTAI_SMTP_HOST", "mail.example")
    copy = copies.begin()
    copies.do(copy, "sql", {"statement": "SELECT 1"})
    told = inside.environment
    assert told["KOLLONTAI_HOME"] == str(copy.folder / "home")
    assert told["KOLLONTAI_SECRET_KEY"] != os.environ.get("KOLLONTAI_SECRET_KEY")
    assert {name for name in told if name.startswith(("KOLLONTAI", "DATABASE"))} == {
        "KOLLONTAI_HOME", "KOLLONTAI_DEMO", "KOLLONTAI_FSYNC", "KOLLONTAI_SECRET_KEY", "KOLLONTAI_LOG"
    }  # fmt: skip


def test_what_is_begun_is_told_when_it_is_done(house: Path, inside: Inside) -> None:
    copy, gate = copies.begin(), threading.Event()
    inside.meanwhile = lambda: gate.wait(60)
    copies.start(copy, "shell", "sql", {"statement": "SELECT 1"})
    assert copy.doing
    with pytest.raises(copies.Busy):
        copies.start(copy, "shell", "sql", {})
    assert copy.told == {}
    gate.set()
    assert done(copy).told == {"shell": {"statement": "SELECT 1", "done": "sql"}}


def test_a_copy_that_is_laid_anew_is_no_less_there(
    house: Path, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, fill, seen = copies.begin(), copies._fill, []

    def filling(which: copies.Copy) -> None:
        shutil.rmtree(which.folder / "home")
        seen.append(copy.ready)
        fill(which)

    monkeypatch.setattr(copies, "_fill", filling)
    copies.start(copy, "record", "rewrite", {}, anew=True)
    assert done(copy).told == {"record": {"done": "rewrite"}}
    assert seen == [True]


def test_what_broke_is_told_too(house: Path) -> None:
    copy = copies.begin()
    copies.start(copy, "speak", "try", {"which": "speak"})
    assert done(copy).told["speak"]["stopped"] == "broken"


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_copy_that_is_thrown_away_before_its_turn_stops_nothing(
    house: Path, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copies.begin()

    @contextmanager
    def at_last() -> Iterator[None]:
        shutil.rmtree(copy.folder)
        yield

    monkeypatch.setattr(copies, "_place", at_last)
    copies.start(copy, "speak", "try", {"which": "speak"})
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(10)
    assert not copy.folder.exists()


def done(copy: copies.Copy) -> copies.Copy:
    """Wait until nothing is being done in a copy."""
    while copy.doing:
        time.sleep(0.02)
    return copy


def test_begin_again_gives_a_fresh_copy_and_forgets_what_was_told(house: Path) -> None:
    copy = copies.begin()
    copies.tell(copy, speak={"attempts": []})
    copies.tell(copy, close={"attempts": []})
    (copy.folder / "home/kollontai.sqlite3").write_text("changed")
    copies.renew(copy)
    assert (copy.folder / "home/kollontai.sqlite3").read_text() == "as it was"
    assert set(copy.told) == {"speak", "close"}
    copies.forget(copy)
    assert copy.told == {}


def test_a_process_that_takes_too_long_is_stopped(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy, run = copies.begin(), subprocess.run

    def sleeping(words: list[str], **more: Any) -> Any:
        return run([sys.executable, "-c", "import time; time.sleep(60)"], **more)

    monkeypatch.setattr(copies, "PATIENCE", 0.2)
    monkeypatch.setattr(copies.subprocess, "run", sleeping)
    with pytest.raises(copies.Stopped):
        copies.do(copy, "sql", {})


def test_a_process_that_breaks_says_so(house: Path) -> None:
    copy = copies.begin()  # its database is no database
    with pytest.raises(copies.Stopped, match="not a database"):
        copies.do(copy, "try", {"which": "speak"})


def test_an_evening_of_another_release_is_not_used(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(copies, "_let_build", lambda: asked.append(True))
    (house / "rigit/house/made").write_text("another")
    copy = copies.begin()
    assert asked == [True]
    assert not copy.ready
    assert asked == [True, True], "where a building failed, whoever looks again lets it begin again"
    (house / "rigit/house/made").write_text(copies.fingerprint())
    assert copy.ready
    assert (copy.folder / "home/kollontai.sqlite3").read_text() == "as it was"


def test_one_process_alone_builds_and_clears_away_what_another_left(house: Path, inside: Inside) -> None:
    left = house / "rigit/building-0000"
    left.mkdir()

    def meanwhile() -> None:
        assert not left.exists()
        with pytest.raises(copies.Busy):
            copies.build()
        (Path(inside.environment["KOLLONTAI_HOME"]).parent / "home").mkdir(parents=True)

    inside.meanwhile = meanwhile
    copies.build()
    assert copies.is_built()
    assert not (house / "rigit/house/pocket").exists(), "the new one is in the place of the old one"
