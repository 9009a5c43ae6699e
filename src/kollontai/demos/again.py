# SPDX-License-Identifier: AGPL-3.0-or-later
"""Build what a house of demonstrations shows, keep a copy of it, and go back to it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from kollontai import clock
from kollontai.chapters.charter import articles
from kollontai.chapters.record.guard import opened_for
from kollontai.chapters.record.models import Organisation
from kollontai.chapters.record.turns import write_turn
from kollontai.demos import aside, standing_clock, stories
from kollontai.demos.build import Building, first_morning
from kollontai.followers import packing

Say = Callable[[str], None]


def show(asked: Sequence[str], say: Say, *, small: bool = False, again: bool = False) -> bool:
    """Let the house show these demonstrations beside what it shows; False where it showed them already.

    `again`: all of it anew, as it is where what stands there cannot be gone back to. A copy that was made of
    the same on the same day stands for building it.
    """
    there = list(Organisation.objects.filter(demo=True).order_by("slug").values_list("slug", flat=True))
    wanted = sorted({*there, *asked})
    if there and not _has_copy_of_this_release():  # its first day could not be gone back to
        say("What stood here cannot go back to its first day: it is of another release, or was not finished.")
        again = True
    if wanted == there and not again:
        return False
    if stories.kept().get("fingerprint") == _fingerprint(wanted, small=small) and _has_copy():
        start_again()
    elif again or not there or _has_moved(there):
        build(wanted, say, small=small)
    else:
        _add([slug for slug in wanted if slug not in there], say, small=small)
        keep_copy(wanted, small=small)
    return True


def build(wanted: Sequence[str], say: Say, *, small: bool = False) -> None:
    """Empty the house and build demonstrations in it."""
    with opened_for("all"):
        call_command("flush", interactive=False, verbosity=0)
    for folder in _folders().values():
        for slug in stories.FILES:
            shutil.rmtree(folder / slug, ignore_errors=True)
            for old in folder.glob(f"{slug}.*"):
                shutil.rmtree(old) if old.is_dir() else old.unlink()
    cache.clear()
    packing.clear()
    _add(wanted, say, small=small)
    keep_copy(wanted, small=small)


def _add(wanted: Sequence[str], say: Say, *, small: bool) -> None:
    synced, settings.FSYNC = settings.FSYNC, False  # a demonstration that is lost is built again
    try:
        for slug in wanted:
            here = small and slug in stories.SMALL
            Building(slug, stories.read(slug, small=here), say).build()
    finally:
        settings.FSYNC = synced


def _has_moved(there: Sequence[str]) -> bool:
    """Whether it is not the first morning any more where something stands already."""
    return standing_clock.read() != first_morning(stories.read(there[0])["zone"])


# --- The copy ----------------------------------------------------------------------------------------


def keep_copy(shown: Sequence[str], *, small: bool = False) -> None:
    """Put the demonstrations aside as they are now."""
    shutil.rmtree(stories.prepared(), ignore_errors=True)
    stories.prepared().mkdir(parents=True)
    with write_turn():
        aside.put(stories.prepared())
        for name, folder in _folders().items():
            shutil.copytree(folder, stories.prepared() / name)
    told = {"shown": list(shown), "small": small, "fingerprint": _fingerprint(shown, small=small)}
    (stories.prepared() / "told.json").write_text(json.dumps(told))


def start_again() -> None:
    """Go back to the first day; where no copy of this release is kept, by building it once more."""
    if not _has_copy_of_this_release():
        kept = stories.kept()
        there = Organisation.objects.filter(demo=True).order_by("slug").values_list("slug", flat=True)
        build(kept.get("shown") or list(there), lambda _: None, small=bool(kept.get("small")))
        return
    with write_turn():
        aside.lay_back(stories.prepared(), _lay_back_files)
    cache.clear()
    packing.clear()


def _lay_back_files() -> None:
    for name, folder in _folders().items():
        shutil.rmtree(folder, ignore_errors=True)
        # A process that publishes at this moment may have made the folder again.
        shutil.copytree(stories.prepared() / name, folder, dirs_exist_ok=True)


def _has_copy() -> bool:
    return bool(stories.kept()) and aside.is_there(stories.prepared())


def _has_copy_of_this_release() -> bool:
    kept = stories.kept()
    return _has_copy() and kept["fingerprint"][:-1] == _fingerprint(kept["shown"], small=kept["small"])[:-1]


def _fingerprint(shown: Sequence[str], *, small: bool) -> list[str]:
    """What a copy was made of: the stories and this release, its tables, articles, the place, and the day."""
    told = [stories.fingerprint(slug, small=small and slug in stories.SMALL) for slug in shown]
    tables = sorted(f"{app} {name}" for app, name in MigrationRecorder(connection).applied_migrations())
    told.append(sha256("\n".join(tables).encode()).hexdigest())
    told.append(articles.read().sha256)
    return [*told, settings.ORIGIN_HOST, clock.machine_time().date().isoformat()]


def _folders() -> dict[str, Path]:
    return {"record": Path(settings.RECORD), "keys": Path(settings.KEYS)}
