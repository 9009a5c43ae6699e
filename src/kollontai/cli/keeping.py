# SPDX-License-Identifier: AGPL-3.0-or-later
"""What keeps the house running between requests, by hand: the clock and the sequencer."""

from __future__ import annotations

import click

from kollontai.cli.house import find_organisation, kind_errors, open_house, stop


@click.command(epilog="Example: kollontai tick")
def tick() -> None:
    """Perform every deadline that is due, each exactly once, and write the notices of what is new."""
    open_house()
    from kollontai import clock
    from kollontai.chapters.record.act import tick as perform
    from kollontai.chapters.record.models import Deadline
    from kollontai.chapters.voting.keeping import sweep_keys
    from kollontai.followers import notices

    with kind_errors():
        done = perform()
        sweep_keys(at=clock.machine_time())
        notices.keep_up(at=clock.now())
        failed = list(Deadline.objects.filter(done_at=None).exclude(failed="").values_list("act", "failed"))
    click.echo(f"{done} deadline{'' if done == 1 else 's'} performed.")
    if failed:
        stop("Could not be performed: " + "; ".join(f"{act}: {why}" for act, why in failed))


@click.command(epilog="Example: kollontai sequence tidewater")
@click.argument("slug", required=False)
def sequence(slug: str | None) -> None:
    """Give positions to all entries that wait, and publish what is committed."""
    open_house()
    from kollontai.chapters.record import sequencer
    from kollontai.chapters.record.models import Organisation

    with kind_errors():
        chosen = [find_organisation(slug)] if slug else list(Organisation.objects.order_by("slug"))
        for organisation in chosen:
            size = sequencer.sequence(organisation.pk)
            click.echo(f"{organisation.slug}: {size} entries")
