# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write a file so that after a power cut there is the old one or the new one, never half of one."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings


def write_durably(path: Path, data: bytes) -> None:
    """Write beside, sync, rename, sync the folder."""
    folder, name = os.path.split(path)
    beside = f"{folder}/.{name}.{secrets.token_hex(4)}"
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    except FileNotFoundError:
        make_folder(path.parent)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    try:
        try:
            if os.write(descriptor, data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            if settings.FSYNC:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(beside, path)  # noqa: PTH105 - paths as text: several such files for every act
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)  # noqa: PTH108
        raise
    if settings.FSYNC:
        sync_folder(folder)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, so that a power cut does not take them away again."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    if settings.FSYNC:
        sync_folder(folder.parent)


def sync_folder(folder: Path | str) -> None:
    """Make a rename in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
