# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hand the house over to another host."""

from __future__ import annotations

from pathlib import Path

import click

from kollontai.cli.backup import key_in
from kollontai.cli.house import kind_errors, open_house


@click.command(
    epilog="Example: kollontai handover to-new-host --to-key new-host.pub --leaving 'Ada' --coming 'Ben'"
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option("--to-key", "line", help="The new host's public key (kollontai backup-key), or its file.")
@click.option("--leaving", help="Who hands over, by name.")
@click.option("--coming", help="Who takes over, by name.")
@click.option(
    "--finish", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="CHECKPOINT",
    help="A checkpoint of the new home: it goes on there, so the keys here are destroyed.",
)  # fmt: skip
def handover(
    folder: Path | None, line: str | None, leaving: str | None, coming: str | None, finish: Path | None
) -> None:
    """Seal everything that the next host needs into a new FOLDER, and sign nothing here from then on.

    FOLDER then holds the backup, the keys, and handover.md, which says what is where, what is due next, and
    what the new host does. That the house changed hands stands on every record, with both names for members.
    """
    open_house()
    from kollontai import clock
    from kollontai.followers.keeping import handover as handing

    if finish is not None:
        with kind_errors():
            organisation = handing.finish(finish.read_bytes())
        click.echo(f"{organisation.origin} goes on elsewhere; its keys here are destroyed.")
        return
    if folder is None or not line or not leaving or not coming:
        raise click.UsageError("Give FOLDER, --to-key, --leaving and --coming; or --finish.")
    with kind_errors():
        backup = handing.hand_over(
            folder, key_in(line), leaving=leaving, coming=coming, at=clock.now()
        )  # fmt: skip
    for sentence in backup.summary():
        click.echo(sentence)
    click.echo(
        f"{folder} is for {coming.strip()}; read {handing.NOTE} in it. Nothing is signed here any more."
    )
