# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bring the tables and the files for browsers up to this release."""

from __future__ import annotations

import click

from kollontai.cli.house import kind_errors, open_house


@click.command(epilog="Example: kollontai migrate")
def migrate() -> None:
    """Make or change the tables this release needs. No migration reads or changes the record."""
    open_house()
    from django.conf import settings
    from django.core.management import call_command

    from kollontai.chapters.record import tables

    settings.HOME.mkdir(parents=True, exist_ok=True)
    with kind_errors():
        tables.bring_up_to_date()
        call_command("collectstatic", interactive=False, verbosity=0)
    click.echo(f"The tables are up to date in {settings.HOME}.")
