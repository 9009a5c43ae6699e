# SPDX-License-Identifier: AGPL-3.0-or-later
"""Build a demonstration to look at."""

from __future__ import annotations

import os
import time

import click

from kollontai.cli.house import kind_errors, open_house, stop


@click.command(epilog="Example: kollontai demo tidewater alder-house && kollontai serve")
@click.argument("which", type=click.Choice(["tidewater", "alder-house"]), nargs=-1)
@click.option("--again", is_flag=True, help="Everything anew, although it is there.")
@click.option("--small", is_flag=True, help="Of Tidewater a slice with thirty members, built more quickly.")
def demo(which: tuple[str, ...], again: bool, small: bool) -> None:
    """Build demonstrations, through the acts that members have; nothing named: the Tidewater Federation.

    `tidewater` is a federation of 1,860 members in fourteen branches, `alder-house` twelve people in one
    house; both are fictional. A house with a demonstration is marked as one: its clock stands still until it
    is moved, it sends no mail, and it refuses a database that holds a real organisation.
    """
    os.environ["KOLLONTAI_DEMO"] = "1"
    open_house()
    from django.conf import settings
    from django.core.management import call_command

    from kollontai.chapters.record import tables
    from kollontai.chapters.record.models import Organisation

    wanted = which or ("tidewater",)
    settings.HOME.mkdir(parents=True, exist_ok=True)
    with kind_errors():
        tables.bring_up_to_date()
        if not (settings.STATIC_ROOT / "staticfiles.json").exists():
            call_command("collectstatic", interactive=False, verbosity=0)
        if Organisation.objects.filter(demo=False).exists():
            stop("This house holds a real organisation; a demonstration needs a house of its own.")
        from kollontai.demos.again import show

        begun = time.monotonic()
        (settings.HOME / "demonstration").write_text("This house is a demonstration.\n")
        built = show(wanted, lambda sentence: click.echo(f"  {sentence}"), small=small, again=again)
    names = " and ".join(wanted) + (" are" if len(wanted) > 1 else " is")
    if not built:
        click.echo(f"{names} there already; --again builds everything anew.")
        return
    click.echo(f"{names} built, in {time.monotonic() - begun:.0f} seconds. All of it is fictional.")
