# SPDX-License-Identifier: AGPL-3.0-or-later
"""Time comes from one place, and only the frame and the faces may ask for it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lints.names import imported, path_of, uses
from tests.lints.tree import PACKAGE, modules, parsed, short

CLOCKS = {
    "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow", "datetime.date.today",
    "django.utils.timezone.now", "django.db.models.functions.Now", "time.time", "time.time_ns", "time.ctime",
}  # fmt: skip
CLOCKS_WHEN_ASKED_NOTHING = {
    "django.utils.timezone.localtime", "django.utils.timezone.localdate", "time.localtime", "time.gmtime",
}  # fmt: skip
OURS = {"kollontai.clock.now", "kollontai.clock.machine_time"}
MAY_ASK = (
    "chapters/record/act.py",
    "chapters/record/serving.py",  # cosigns the records of others, by the machine's own clock
    "chapters/accounts/",
    "web/", "api/", "cli/", "followers/", "demos/",
)  # fmt: skip


def clocks(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every place where a file asks the machine what time it is."""
    names = imported(tree)
    yield from ((line, path) for line, path in uses(tree) if path in CLOCKS)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and not node.args and not node.keywords:
            path = path_of(node.func, names)
            if path in CLOCKS_WHEN_ASKED_NOTHING:
                yield node.lineno, path
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            yield node.value.lineno, node.arg


def inside(path: Path) -> str:
    """A path as seen from the package."""
    return path.relative_to(PACKAGE).as_posix()


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    found = [
        f"{short(path)}:{line} {name}"
        for path in modules()
        if path != PACKAGE / "clock.py"
        for line, name in clocks(parsed(path))
    ]
    assert found == []


def test_only_the_frame_the_accounts_and_the_faces_ask_the_clock() -> None:
    found = [
        f"{short(path)}:{line} {name}"
        for path in modules()
        if not inside(path).startswith(MAY_ASK)
        for line, name in uses(parsed(path))
        if name in OURS
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "from django.utils import timezone\ntimezone.now()",
        "from django.utils.timezone import now as present\nfield = Field(default=present)",
        "import datetime\ndatetime.datetime.now(datetime.UTC)",
        "from datetime import datetime as d\nd.utcnow()",
        "import time as t\nt.time()",
        "import time\ntime.gmtime()",
        "from django.db import models\nat = models.DateTimeField(auto_now_add=True)",
    ],
)
def test_a_clock_is_found_under_whatever_name(source: str) -> None:
    assert list(clocks(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.monotonic()",
        "from datetime import datetime\ndatetime.fromtimestamp(at)",
        "from django.utils import timezone\ntimezone.localtime(at)",
        "now()",
    ],
)
def test_what_asks_no_clock_is_left_alone(source: str) -> None:
    assert list(clocks(ast.parse(source))) == []
