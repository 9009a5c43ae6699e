# SPDX-License-Identifier: AGPL-3.0-or-later
"""Copies of the evening, one for each visitor: made, found, bounded in number and age, swept.

They lie in the home's folder `rigit`, never in a database. What is done in one is done by a process that
knows its folder alone: no address of the served database, no key of the served organisations.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from django.conf import settings

from kollontai import clock

MOST = 8  # copies at one time, each about four megabytes
OLDEST = 2 * 3_600  # seconds without anything being done
IDLE = 600  # seconds after which a copy makes room for a new visitor, if there is no other room
AT_ONCE = 2  # processes
PATIENCE = 90.0  # seconds for one process
WAITING = 60.0  # seconds in front of the few places for processes
_ID = re.compile(r"[0-9a-f]{32}")


class Full(Exception):
    """There is no room for another copy now."""


class Busy(Exception):
    """Something is being done in this copy, or in too many others."""


class Stopped(Exception):
    """What was done took too long, or broke; the copy may be half changed."""


@dataclass(frozen=True)
class Copy:
    """One visitor's copy."""

    id: str

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return _copies() / self.id

    @property
    def ready(self) -> bool:
        """Whether it holds an evening; a copy begun while that was being built is filled here."""
        if (self.folder / "home").exists() or ((self.folder / "desk.json").exists() and self.doing):
            return True  # or it is just being laid anew
        if not is_built():
            _let_build()
            return False
        with suppress(Busy), _alone(self):
            if not (self.folder / "home").exists():
                _fill(self)
        return (self.folder / "home").exists()

    @property
    def told(self) -> dict[str, Any]:
        """What came of each temptation the last time it was tried."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "told.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found

    @property
    def doing(self) -> bool:
        """Whether something is being done in it at this moment."""
        with ExitStack() as held:
            return not _take(held, _lock_of(self))

    @property
    def desk(self) -> dict[str, Any]:
        """The state of things that evening, and the statements that are ready to be run (`edits.py`)."""
        found: dict[str, Any] = json.loads((self.folder / "desk.json").read_text("utf-8"))
        return found


def begin() -> Copy:
    """Make a copy for a visitor; where the evening was never built, let it be built meanwhile.

    Raises Full.
    """
    _make_room()
    copy = Copy(secrets.token_hex(16))
    copy.folder.mkdir(parents=True)
    if is_built():
        with _alone(copy):
            _fill(copy)
    else:
        _let_build()
    return copy


def find(id_: object) -> Copy | None:
    """A visitor's copy, if it is still there."""
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        return None
    copy = Copy(id_)
    return copy if copy.folder.is_dir() else None


def end(copy: Copy) -> None:
    """Throw a copy away, unless something is being done in it."""
    with suppress(Busy), _alone(copy):
        shutil.rmtree(copy.folder, ignore_errors=True)


def sweep(*, older: float = OLDEST) -> int:
    """Throw away copies in which nothing was done for so many seconds; return how many are left."""
    every = _every()
    for copy in every:
        if _idle(copy) > older:
            end(copy)
    return sum(copy.folder.is_dir() for copy in every)


def renew(copy: Copy) -> None:
    """Let a copy be as it was made; what was told stays."""
    with _alone(copy):
        _fill(copy)


def do(copy: Copy, command: str, wanted: dict[str, Any], *, anew: bool = False) -> dict[str, Any]:
    """Do something in a copy, in a process of its own; `anew` on a fresh copy. Raises Busy or Stopped."""
    with _alone(copy):
        return _do(copy, command, wanted, anew=anew)


def start(copy: Copy, key: str, command: str, wanted: dict[str, Any], *, anew: bool = False) -> None:
    """Begin to do something, and tell what came of it under this key when it is done. Raises Busy.

    What is told is what the process answered, with what was wanted; or `stopped`: "busy" or "broken".
    """
    with ExitStack() as taken:
        taken.enter_context(_alone(copy))
        held = taken.pop_all()

    def until_done() -> None:
        with held, suppress(FileNotFoundError):  # thrown away meanwhile: nobody is left who could be told
            try:
                answer = _do(copy, command, wanted, anew=anew)
            except Busy:
                answer = {"stopped": "busy"}
            except Stopped:
                answer = {"stopped": "broken"}
            tell(copy, **{key: {**wanted, **answer}})

    threading.Thread(target=until_done, daemon=True).start()


def _do(copy: Copy, command: str, wanted: dict[str, Any], *, anew: bool) -> dict[str, Any]:
    with _place():
        if anew:
            _fill(copy)
        os.utime(copy.folder)
        return _process(copy.folder / "home", command, wanted)


def forget(copy: Copy) -> None:
    """Begin the evening again: nothing was tried, and nothing was told."""
    renew(copy)
    (copy.folder / "told.json").unlink(missing_ok=True)


def tell(copy: Copy, **what: Any) -> None:
    """Keep what came of a temptation."""
    beside = copy.folder / f"told.{secrets.token_hex(4)}"
    beside.write_text(json.dumps({**copy.told, **what}), "utf-8")
    beside.replace(copy.folder / "told.json")


# --- The evening they are made of --------------------------------------------------------------------


def is_built() -> bool:
    """Whether the evening lies there, as this release would build it."""
    try:
        return (_house() / "made").read_text() == fingerprint()
    except OSError:
        return False


def build() -> None:
    """Build it, now. Raises Stopped, or Busy where it is just being built."""
    _place_of_all().mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        if not _take(held, _place_of_all() / "building.lock"):
            raise Busy
        for left in _place_of_all().glob("building-*"):
            shutil.rmtree(left, ignore_errors=True)
        made = _place_of_all() / f"building-{secrets.token_hex(4)}"
        _process(made / "home", "build", {})
        (made / "made").write_text(fingerprint())
        shutil.rmtree(_house(), ignore_errors=True)
        made.rename(_house())


def _let_build() -> None:
    """Let it be built while the visitor waits, unless it just is; where that failed, it is begun again."""
    threading.Thread(target=_build_quietly, daemon=True).start()


def _build_quietly() -> None:
    with suppress(Stopped, Busy):
        build()


@cache
def fingerprint() -> str:
    """What the evening is built from: the story, the articles, the tables, the release."""
    package = resources.files("kollontai")
    told = hashlib.sha256(metadata.version("kollontai").encode())
    for name in (
        "demos/rigit/evening.toml",
        "demos/rigit/evening.py",
        "demos/rigit/edits.py",
        "bylaws/articles.toml",
    ):
        told.update(package.joinpath(name).read_bytes())
    tables = Path(str(package)).glob("**/migrations/*.py")
    told.update("\n".join(sorted(path.name for path in tables)).encode())
    return told.hexdigest()


# --- Files and processes -----------------------------------------------------------------------------


def _place_of_all() -> Path:
    return Path(settings.HOME) / "rigit"


def _house() -> Path:
    return _place_of_all() / "house"


def _copies() -> Path:
    return _place_of_all() / "copies"


def _every() -> list[Copy]:
    if not _copies().is_dir():
        return []
    return [Copy(path.name) for path in sorted(_copies().iterdir()) if _ID.fullmatch(path.name)]


def _idle(copy: Copy) -> float:
    try:
        return clock.machine_time().timestamp() - copy.folder.stat().st_mtime
    except OSError:
        return 0.0


def _make_room() -> None:
    if sweep() < MOST:
        return
    longest = max(_every(), key=_idle)
    if _idle(longest) > IDLE:
        end(longest)
    if len(_every()) >= MOST:
        raise Full


def _fill(copy: Copy) -> None:
    """Lay a fresh evening into the copy's folder."""
    for name in ("home", "pocket", "export"):
        shutil.rmtree(copy.folder / name, ignore_errors=True)
    shutil.copyfile(_house() / "desk.json", copy.folder / "desk.filling")
    (copy.folder / "desk.filling").replace(copy.folder / "desk.json")
    shutil.copytree(_house() / "pocket", copy.folder / "pocket")
    beside = copy.folder / "filling"
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(_house() / "home", beside)
    beside.rename(copy.folder / "home")


@contextmanager
def _alone(copy: Copy) -> Iterator[None]:
    """Nobody else does anything in this copy."""
    with ExitStack() as held:
        if not _take(held, _lock_of(copy)):
            raise Busy
        yield
        if not copy.folder.is_dir():
            _lock_of(copy).unlink(missing_ok=True)


def _lock_of(copy: Copy) -> Path:
    return _copies() / f".{copy.id}.lock"


@contextmanager
def _place() -> Iterator[None]:
    """One of the few places for processes; raises Busy where none is free for a while."""
    until = time.monotonic() + WAITING
    with ExitStack() as held:
        while not any(_take(held, _copies() / f".place-{number}.lock") for number in range(AT_ONCE)):
            if time.monotonic() > until:
                raise Busy
            time.sleep(0.1)
        yield


def _take(held: ExitStack, path: Path) -> bool:
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return False
    held.callback(file.close)
    return True


def _process(home: Path, command: str, wanted: dict[str, Any]) -> dict[str, Any]:
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
    environment |= {
        "KOLLONTAI_HOME": str(home),
        "KOLLONTAI_DEMO": "1",
        "KOLLONTAI_FSYNC": "0",
        "KOLLONTAI_SECRET_KEY": secrets.token_urlsafe(32),
        "KOLLONTAI_LOG": "ERROR",
    }
    try:
        done = _beside(command, json.dumps(wanted), environment)
        done.check_returncode()
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        raise Stopped(str(getattr(error, "stderr", "") or error)[-2_000:]) from error
    return answer


def _beside(command: str, wanted: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kollontai.demos.rigit.inside", command],
        input=wanted, env=environment, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
