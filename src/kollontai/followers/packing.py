# SPDX-License-Identifier: AGPL-3.0-or-later
"""The members' export as one file to take home: packed once for everybody, beside the pages.

To pack it takes a minute where a record is long, and whoever fetches it may be slow, or stop in the midst. So
no page does either. A page leaves word that it is wanted; the keeper lets one process at a time pack it; and
the web server sends the file from the disk by itself, however long that takes (cli/serve.py). Its address
cannot be guessed, and is given to members alone. It is the same file for all of them, until there is
something newer on the record: then it goes, and what was erased meanwhile with it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from kollontai import clock
from kollontai.chapters.record import keys
from kollontai.chapters.record.models import Head, Organisation
from kollontai.chapters.record.turns import file_lock_if_free
from kollontai.followers import export

ROUTE = "/exports"
WANTED = ".wanted"
LEFT_FOR = timedelta(minutes=10)
"""How long a file stays to be fetched when there is something newer."""
LONGEST = timedelta(days=1)
LEAST_FREE = 500 * 2**20
"""Bytes of disk below which nothing is packed: the record itself comes first."""
PAUSE = 5.0
"""Seconds between the beginnings of two processes that pack."""


def folder() -> Path:
    """Where packed exports lie. The web server reads it."""
    return Path(settings.HOME) / "exports"


def address(organisation: Organisation, *, least: int) -> str:
    """Where a packed export of so many entries or more is to be fetched; nothing where there is none yet."""
    most = Head.objects.values_list("size", flat=True).get(pk=organisation.pk)
    found = [one for one in _packed(organisation.pk) if least <= _size(one) <= most]
    place = max(found, key=_size, default=None)
    return "" if place is None else f"{ROUTE}/{place.name}/{organisation.slug}.zip"


def ask(organisation: Organisation) -> bool:
    """Leave word that somebody wants it; False where the disk is too full to pack anything."""
    if not has_room():
        return False
    folder().mkdir(mode=0o700, exist_ok=True)
    (folder() / f"{organisation.pk}{WANTED}").touch()
    return True


def has_room() -> bool:
    """Whether there is room to pack something."""
    return shutil.disk_usage(settings.HOME).free >= LEAST_FREE


def pack(organisation: Organisation) -> Path | None:
    """Pack the export as it is now; None where somebody does so just now, or it lies there already.

    Dates inside are fixed, so that the bytes are the same whoever packs them.
    """
    with file_lock_if_free(folder() / ".packing") as ours:
        if not ours:
            return None
        for left in folder().glob(".new-*"):  # by one that was killed
            shutil.rmtree(left, ignore_errors=True)
        (folder() / f"{organisation.pk}{WANTED}").unlink(missing_ok=True)
        if address(organisation, least=Head.objects.values_list("size", flat=True).get(pk=organisation.pk)):
            return None
        new = folder() / f".new-{secrets.token_hex(8)}"
        new.mkdir(mode=0o700)
        try:
            size = _write(organisation, new / f"{organisation.slug}.zip")
            place = folder() / f"{organisation.pk}-{size}-{secrets.token_hex(20)}"
            new.rename(place)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
    return place / f"{organisation.slug}.zip"


def _write(organisation: Organisation, to: Path) -> int:
    with zipfile.ZipFile(to, "x", zipfile.ZIP_DEFLATED) as archive:

        def write(path: str, data: bytes) -> None:
            place = zipfile.ZipInfo(f"{organisation.slug}/{path}", date_time=(1980, 1, 1, 0, 0, 0))
            place.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(place, data)

        return export.write_at_one_moment(organisation, write)


def clear() -> None:
    """Let everything go that is packed: what it was packed from is not there any more."""
    shutil.rmtree(folder(), ignore_errors=True)
    folder().mkdir(mode=0o700, exist_ok=True)


def sweep() -> None:
    """Let files go that are not the newest any more, or a day old. Whoever fetches one just now gets all."""
    there, now = _packed("*"), clock.machine_time()
    sizes = dict(Head.objects.values_list("organisation", "size")) if there else {}
    for place in there:
        with suppress(OSError):
            age = now - datetime.fromtimestamp(place.stat().st_mtime, UTC)
            newest = _size(place) == sizes.get(place.name.partition("-")[0])
            if age > (LONGEST if newest else LEFT_FOR):
                shutil.rmtree(place)


def _packed(organisation_id: str) -> list[Path]:
    return list(folder().glob(f"{organisation_id}-*-*"))


def _size(place: Path) -> int:
    return int(place.name.split("-")[1])


# --- Beside the keeper -------------------------------------------------------------------------------


class Packers:
    """The processes that pack: one at a time, for whoever asked first."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[bytes] | None = None
        self._next = 0.0

    def go_on(self) -> None:
        """Clear old files away, and begin with what is wanted."""
        if not folder().exists():
            return
        sweep()
        if time.monotonic() < self._next or (self._running is not None and self._running.poll() is None):
            return
        wanted = sorted(folder().glob(f"*{WANTED}"), key=lambda one: one.stat().st_mtime)
        if wanted:
            self._next = time.monotonic() + PAUSE
            self._running = subprocess.Popen(
                [sys.executable, "-c", _BESIDE, wanted[0].name.removesuffix(WANTED)],
                start_new_session=True,
            )

    def end(self) -> None:
        """Let the one that runs go; whoever wants it asks again."""
        if self._running is not None and self._running.poll() is None:
            self._running.terminate()
            self._running.wait()


_BESIDE = """
import sys, django
django.setup()
from kollontai.followers import packing
packing.pack_beside(sys.argv[1])
"""


def pack_beside(organisation_id: str) -> None:
    """Pack, in a process of its own."""
    os.nice(10)  # pages come first
    try:
        pack(Organisation.objects.get(pk=organisation_id))
    except (OSError, export.StillWaiting, keys.KeyMissing) as error:
        sys.exit(f"The export could not be packed: {error}.")
