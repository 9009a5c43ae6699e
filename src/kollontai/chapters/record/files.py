# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write a file so that after a power cut there is the old one or the new one, never half of one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings


def write_durably(path: Path, data: bytes) -> None:
    """Write beside, sync, rename, sync the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.parent / f".{path.name}.{secrets.token_hex(4)}"
    try:
        with beside.open("wb") as file:
            file.write(data)
            if settings.FSYNC:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    if settings.FSYNC:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
