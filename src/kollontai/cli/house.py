# SPDX-License-Identifier: AGPL-3.0-or-later
"""What commands that work in a house share: opening it, finding an organisation, saying what went wrong."""

from __future__ import annotations

import errno
import os
import pwd
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from kollontai.chapters.record.models import Organisation


def open_house(site: str | None = None) -> None:
    """Let Django find its settings and our chapters; `site`: the address of the pages, for this command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kollontai.settings")
    home = Path(os.environ.get("KOLLONTAI_HOME", "var"))
    keys = Path(os.environ.get("KOLLONTAI_KEYS", home / "keys"))
    if os.geteuid() == 0 and (owner := another_owner(keys, 0)):
        stop(
            f"This house belongs to {owner}: sudo -u {owner} kollontai …, or its files become those of root.",
            2,
        )
    try:
        import django
    except ModuleNotFoundError:
        raise click.ClickException(
            "This command needs the server's parts: pip install 'kollontai[server]'."
        ) from None
    try:
        django.setup()
    except PermissionError as error:
        owner = another_owner(keys, os.geteuid()) or "its owner"
        stop(
            f"{error.filename} is closed to you: this house belongs to {owner}. sudo -u {owner} kollontai …",
            2,
        )
    if site:
        from django.conf import settings

        settings.SITE = site.rstrip("/") + "/"


def another_owner(keys: Path, us: int) -> str:
    """Whose house it is, by the folder of its keys, where that is somebody else; nobody's without keys.

    Root may do everything there, and leaves files that the house itself cannot read or write any more.
    """
    try:
        owner = keys.stat().st_uid
    except OSError:
        return ""
    if owner == us:
        return ""
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        return f"#{owner}"


def find_organisation(slug: str) -> Organisation:
    """Find an organisation by its short name, or say which there are."""
    from kollontai.chapters.record.models import Organisation

    with kind_errors():
        found = Organisation.objects.filter(slug=slug).first()
        if found is not None:
            return found
        there = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True)[:20])
    raise click.ClickException(f"There is no organisation {slug!r} here. There is: {there or 'none yet'}.")


def stop(sentence: str, status: int = 1) -> NoReturn:
    """Say one sentence on stderr and end: 1 something found or refused, 2 unusable input."""
    click.echo(sentence, err=True)
    sys.exit(status)


@contextmanager
def kind_errors() -> Iterator[None]:
    """Turn what an operator can meet into one sentence."""
    from django.db.utils import DatabaseError

    from kollontai.chapters.record.keys import KeyMissing
    from kollontai.chapters.record.refusal import Refused
    from kollontai.chapters.record.sequencer import RecordIsAhead
    from kollontai.followers.keeping.backup import NotNow
    from kollontai.followers.keeping.databases import CannotCopy
    from kollontai.followers.keeping.strongbox import Unopened
    from kollontai.openrecord.errors import RecordError

    try:
        yield
    except Refused as refused:
        from kollontai.web.words import explain

        stop(explain(refused.refusal).sentence)
    except (RecordIsAhead, KeyMissing, RecordError, NotNow, CannotCopy) as error:
        stop(str(error))
    except Unopened as error:
        stop(str(error), 2)
    except DatabaseError as error:
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        new = any(
            sign in text
            for sign in (
                "no such table",
                "no such column",
                "has no column",
                "does not exist",
                "unable to open",
            )
        )
        hint = " Has `kollontai migrate` been run?" if new else ""
        stop(f"The database did not answer as it should: {text}.{hint}", 2)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            stop("There is no room left on the disk; what was begun is taken away again.", 2)
        stop(f"A file could not be used: {error}.", 2)
