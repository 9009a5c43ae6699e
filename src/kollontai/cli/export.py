# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write the whole record that members may see into a folder."""

from __future__ import annotations

from pathlib import Path

import click

from kollontai.cli.house import find_organisation, kind_errors, open_house, stop


@click.command(epilog="Example: kollontai export tidewater --to copy && kollontai audit copy")
@click.argument("slug")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="A new folder.")
def export(slug: str, folder: Path) -> None:
    """Write the record of an organisation, as its members may see it, into a new folder.

    The files are the same, byte for byte, for every member at the same size of the record.
    """
    open_house()
    from kollontai.followers.export import ExportNotEmpty, StillWaiting, export_to

    organisation = find_organisation(slug)
    with kind_errors():
        try:
            size = export_to(organisation, folder)
        except (ExportNotEmpty, StillWaiting) as error:
            stop(str(error), 2)
    click.echo(f"{size} entries of {organisation.origin} are in {folder}.")
