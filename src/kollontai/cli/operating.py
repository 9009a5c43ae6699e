# SPDX-License-Identifier: AGPL-3.0-or-later
"""What whoever runs the server records of their own doings: another release, another key."""

from __future__ import annotations

import click

from kollontai.cli.house import find_organisation, kind_errors, open_house


@click.command(epilog="Example: kollontai migrate && kollontai upgrade")
def upgrade() -> None:
    """Say on every record that another release keeps it, where that is so. `serve` does it by itself.

    It changes no article and no limit: those change by a vote of the members alone.
    """
    open_house()
    from kollontai.chapters.record.models import Organisation
    from kollontai.followers.keeping import backup, operating

    with kind_errors():
        for organisation in Organisation.objects.order_by("slug"):
            said = operating.upgrade(organisation)
            how = "said on the record" if said else "nothing new to say"
            click.echo(f"{organisation.slug}: release {backup.release()}, {how}.")


@click.command(
    "rotate-key", epilog="Example: kollontai rotate-key tidewater && kollontai rotate-key tidewater --end"
)
@click.argument("slug")
@click.option("--end", is_flag=True, help="Destroy the key before: from now on the new one signs alone.")
def rotate_key(slug: str, end: bool) -> None:
    """Give a record another signing key, brought in by the old one and put on the record.

    From then on both keys sign, so that witnesses and members have time to learn the new one by a second way.
    When they have, --end destroys the old one. The record keeps its name; old receipts stay good, with the
    key they were given under: every copy of the record brings all its keys as `log.vkeys`.
    """
    open_house()
    from kollontai.followers.keeping import operating

    organisation = find_organisation(slug)
    with kind_errors():
        if end:
            operating.end_old_key(organisation)
            click.echo(f"{organisation.origin} is signed by its present key alone.")
            return
        key = operating.rotate(organisation)
    click.echo(key.verifier)
    click.echo(
        "Both keys sign from now on. Give this line to every witness and member by a second way, then: "
        f"kollontai rotate-key {organisation.slug} --end",
        err=True,
    )
