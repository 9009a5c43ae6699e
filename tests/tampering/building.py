# SPDX-License-Identifier: AGPL-3.0-or-later
"""An organisation is built once, in a transaction that is never committed; each test bends it and puts it back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import override_settings

from kollontai import clock
from kollontai.chapters.record import keys
from kollontai.chapters.record.models import Content
from kollontai.followers.export import content_file, export_to
from kollontai.openrecord.keys import SigningKey
from tests import prepared
from tests.conftest import StandingClock


@dataclass(frozen=True)
class Built:
    """The organisation in its database, its files, and an honest export of it."""

    org: Any
    home: Path
    export: Path
    key: SigningKey
    time: datetime
    held: dict[str, bytes]
    """Words that are held back: what somebody with the database could hand out, as content files."""


def built_once(django_db_blocker: Any, place: Path, build: Callable[[StandingClock], Any]) -> Iterator[Built]:
    home = place / "home"
    standing = StandingClock()
    standing.stamps = True
    folders = {"HOME": home, "KEYS": home / "keys", "RECORD": home / "record"}
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(**folders, FSYNC=False, CLOCK_RAISES=True):
            clock.read_from(standing.now)
            org = prepared.once(build)(standing)
            export_to(org.world.organisation, place / "clean")
            key = keys.load(org.world.organisation)
        held = {one.commitment: content_file(one) for one in Content.objects.exclude(held_until="")}
        yield Built(org, home, place / "clean", key, standing.time, held)
        transaction.set_rollback(True)


def as_built(built: Built, now: StandingClock, own_home: Path) -> Iterator[Any]:
    # The keys, and how far the record is published; its many small files are not needed.
    shutil.copytree(built.home, own_home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("tile"))
    now.time = built.time
    with transaction.atomic():
        yield built.org
        transaction.set_rollback(True)
