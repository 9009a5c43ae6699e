# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands as somebody types them, each in a process of its own, but without half a second of imports.

A mother has imported what the commands need and holds no connection. For each command she forks a child,
which reads the settings of its own environment, does what `kollontai WORDS…` does, or `python -m MODULE WORDS…`,
and ends. What only another kind of process shows (limits set by a shell, a server that stays) is started in the
plain way.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

OFTEN = (
    "auditor", "chapters.record.sequencer", "followers.export", "followers.keeping.backup",
    "followers.keeping.drill", "followers.keeping.erasing", "followers.keeping.operating",
    "followers.keeping.restoring", "web.words",
)  # fmt: skip
OF_DEMONSTRATIONS = (
    "demos.again", "demos.of_issues", "demos.rigit.edits", "demos.rigit.inside", "demos.rigit.rewriting",
    "demos.rigit.seat", "demos.rigit.shell", "demos.rigit.temptations",
)  # fmt: skip
"""What commands import when they need it, within kollontai."""

Ran = subprocess.CompletedProcess[str]
_ONE_BY_ONE = threading.Lock()


def typed(
    *words: object, environment: dict[str, str], folder: Path | None = None, patience: float = 300,
    module: str = "", given: str = "",
) -> Ran:  # fmt: skip
    """Type `kollontai WORDS…` with exactly this environment, or run a module; wait for its end.

    `given` comes on stdin. Status and words are those of the process. TimeoutError after `patience` seconds.
    """
    home = Path(environment.get("KOLLONTAI_HOME", "var"))
    demonstration = (
        environment.get("KOLLONTAI_DEMO") == "1" or "demo" in words[:1] or (home / "demonstration").exists()
    )
    with tempfile.TemporaryDirectory(prefix="typed-") as place:
        Path(place, "in").write_text(given, "utf-8")
        asked = {
            "module": module, "words": [str(word) for word in words], "environment": environment,
            "folder": str(folder or Path.cwd()), "place": place, "patience": patience,
        }  # fmt: skip
        status = told(_mother(demonstration), asked)["status"]
        if status is None:
            raise TimeoutError(f"{' '.join(asked['words'])} had not ended after {patience} seconds")
        said, wrong = (Path(place, name).read_text("utf-8", "replace") for name in ("out", "err"))
    return subprocess.CompletedProcess(asked["words"], status, said, wrong)


@functools.cache
def _mother(demonstration: bool) -> subprocess.Popen[str]:
    kept = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "KOLLONTAI_DEMO")
    }
    return mother("tests.typist", kept | ({"KOLLONTAI_DEMO": "1"} if demonstration else {}))


def mother(module: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start a module that forks children when it is told so by lines on its stdin; it goes when this process does."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    begun = subprocess.Popen(
        [sys.executable, "-m", module], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=environment | {"PYTHONPATH": paths},
    )  # fmt: skip

    @atexit.register
    def let_go() -> None:
        assert begun.stdin is not None
        assert begun.stdout is not None
        begun.stdin.close()
        begun.wait(30)
        begun.stdout.close()

    return begun


def told(begun: subprocess.Popen[str], line: object) -> Any:
    """Tell a mother something; give what she answers."""
    assert begun.stdin is not None
    assert begun.stdout is not None
    with _ONE_BY_ONE:
        begun.stdin.write(json.dumps(line) + "\n")
        begun.stdin.flush()
        return json.loads(begun.stdout.readline())


# --- In the mother -----------------------------------------------------------------------------------


def main() -> None:
    """Import, then fork one child after the other."""
    from kollontai.cli import COMMANDS
    from kollontai.cli.house import open_house

    open_house()
    from django.db.migrations.loader import MigrationLoader
    from django.urls import get_resolver

    from kollontai.chapters.record import act

    for place in COMMANDS.values():
        importlib.import_module(place.partition(":")[0])
    for name in (*OFTEN, *(OF_DEMONSTRATIONS if os.environ.get("KOLLONTAI_DEMO") else ())):
        importlib.import_module(f"kollontai.{name}")
    act.discover()
    _ = get_resolver().url_patterns  # all pages with them
    MigrationLoader(None)  # all steps of the tables
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _be(asked)
        print(json.dumps({"status": _end_of(child, asked["patience"])}), flush=True)


def _end_of(child: int, patience: float) -> int | None:
    def too_long(_signal: int, _frame: Any) -> None:
        os.kill(child, signal.SIGKILL)
        raise TimeoutError

    signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, patience)
    try:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except TimeoutError:
        os.waitpid(child, 0)
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _be(asked: dict[str, Any]) -> None:
    """Become the process that was asked for; never come back."""
    status = 1
    try:
        atexit._clear()
        os.chdir(asked["folder"])
        for number, name, how in (
            (0, "in", os.O_RDONLY),
            (1, "out", os.O_WRONLY),
            (2, "err", os.O_WRONLY),
        ):
            opened = os.open(Path(asked["place"], name), how | os.O_CREAT, 0o600)
            os.dup2(opened, number)
            os.close(opened)
        sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
        be_in(asked["environment"])
        sys.argv = ["kollontai", *asked["words"]]
        sys.modules["__main__"].__package__ = None  # or it would be named in the help
        if asked["module"]:
            runpy.run_module(asked["module"], run_name="__main__")
        else:
            from kollontai.cli import main as command

            command()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        os._exit(status)


def be_in(environment: dict[str, str]) -> None:
    """Let this be the environment, and Django's settings those of it: nothing was read from them but the chapters."""
    os.environ.clear()
    os.environ.update(environment)
    from django.conf import Settings, settings
    from django.db import connections

    assert not [one for one in connections.all(initialized_only=True) if one.connection is not None]
    importlib.reload(importlib.import_module("kollontai.settings"))
    settings.__dict__.clear()  # what was read from them is kept there
    settings.__dict__["_wrapped"] = Settings("kollontai.settings")
    connections.__dict__.pop("settings", None)
    connections._settings = None
    for alias in [one.alias for one in connections.all(initialized_only=True)]:
        del connections[alias]


if __name__ == "__main__":
    main()
