# SPDX-License-Identifier: AGPL-3.0-or-later
"""Build a demonstration to look at."""

from __future__ import annotations

import os
import time

import click

from kollontai.cli.house import kind_errors, open_house, stop


@click.command(epilog="Example: kollontai demo && kollontai serve")
@click.argument("which", type=click.Choice(["tidewater"]), default="tidewater")
@click.option("--again", is_flag=True, help="Build it anew although it is there.")
def demo(which: str, again: bool) -> None:
    """Build the Tidewater Federation (fictional), through the acts that members have.

    A house with a demonstration is marked as one: its clock stands still until it is moved, it sends no
    mail, and it refuses a database that holds a real organisation.
    """
    os.environ["KOLLONTAI_DEMO"] = "1"
    open_house()
    from django.conf import settings
    from django.core.management import call_command

    from kollontai.chapters.record.guard import opened_for
    from kollontai.chapters.record.models import Organisation

    settings.HOME.mkdir(parents=True, exist_ok=True)
    with kind_errors():
        with opened_for("all"):
            call_command("migrate", interactive=False, verbosity=0)
        if not (settings.STATIC_ROOT / "staticfiles.json").exists():
            call_command("collectstatic", interactive=False, verbosity=0)
        if Organisation.objects.filter(demo=False).exists():
            stop("This house holds a real organisation; a demonstration needs a house of its own.")
        if Organisation.objects.filter(slug=which).exists() and not again:
            click.echo(f"{which} is there already; --again builds it anew.")
            return
        from kollontai.demos.again import build

        begun = time.monotonic()
        (settings.HOME / "demonstration").write_text("This house is a demonstration.\n")
        build(lambda sentence: click.echo(f"  {sentence}"))
    click.echo(f"{which} is built, in {time.monotonic() - begun:.0f} seconds. All of it is fictional.")
