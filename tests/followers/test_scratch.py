# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies in clear for a while goes with the work, and with the next work where a process was killed."""

from __future__ import annotations

import fcntl
import os
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from kollontai.cli.doctor import _left_behind
from kollontai.followers import scratch
from kollontai.followers.scratch import AUDIT, BACKUP, DRILL, RESTORE, folder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """The folder for temporary files, and the home."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return temporary, Path(settings.HOME)


def killed(place: Path) -> Path:
    """A scratch folder as a process leaves it that is killed."""
    (place / "work").mkdir(parents=True)
    (place / "work" / "database").write_text("in clear")
    (place / scratch.LOCK).touch()
    return place


@pytest.mark.parametrize("kind", [DRILL, AUDIT, BACKUP, RESTORE])
def test_what_a_killed_process_left_is_named_and_goes_with_the_next_work(
    kind: str, places: tuple[Path, Path]
) -> None:
    left = killed(places[kind in scratch.IN_HOME] / f"{kind}killed")
    ((fine, said),) = _left_behind()
    assert (fine, str(left) in said) == (False, True)
    with folder(AUDIT) as mine:
        assert not left.exists()
        assert mine.folder.stat().st_mode & 0o077 == 0
        assert scratch.left() == []  # this one is held
        assert scratch.sweep() == 0
    assert not mine.folder.parent.exists()


def test_a_folder_stays_as_long_as_a_child_works_in_it(places: tuple[Path, Path]) -> None:
    place = killed(places[0] / f"{DRILL}of-a-child")
    held = os.open(place / scratch.LOCK, os.O_RDWR)
    fcntl.flock(held, fcntl.LOCK_EX)
    child = os.dup(held)  # as one that is handed on
    os.close(held)
    assert scratch.sweep() == 0
    os.close(child)
    assert scratch.sweep() == 1


def test_what_is_not_ours_or_not_held_yet_stays(places: tuple[Path, Path]) -> None:
    new, link = places[0] / f"{DRILL}new", places[0] / f"{DRILL}link"
    new.mkdir()
    link.symlink_to(places[1])
    killed(places[1] / "somebody's")
    assert scratch.sweep() == 0
    assert [new.exists(), link.exists()] == [True, True]
    os.utime(new, (0, 0))  # of a release that held nothing
    assert scratch.left() == [str(new)]
