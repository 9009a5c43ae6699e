# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups that only the deputy can open, and the key they are sealed to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kollontai.cli.house import kind_errors, open_house, stop

if TYPE_CHECKING:
    from kollontai.followers.keeping.drill import Drilled
    from kollontai.followers.keeping.strongbox import BoxKey


@click.command("backup-key", epilog="Example: kollontai backup-key deputy.key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_key(file: Path) -> None:
    """Draw the deputy's pair of keys: the private one into FILE, the public one onto the screen.

    The deputy does this on a machine of their own and gives away the public line alone. Whoever holds FILE
    can open every backup sealed to it; without it none can be opened.
    """
    from kollontai.followers.keeping.strongbox import PrivateBoxKey

    key = PrivateBoxKey.generate()
    try:
        key.save(file)
    except FileExistsError:
        stop(f"{file} is there already; a key is never written over another.", 2)
    except OSError as error:
        stop(f"Nothing can be written to {file}: {error.strerror}.", 2)
    click.echo(key.public)
    click.echo(
        f"The private key is in {file}. Keep it, and one copy on paper, away from the server.", err=True
    )


@click.command(epilog="Example: kollontai backup /mnt/stick --to-key 'kollontai-box+1f2e3d4c+…'")
@click.argument("to", type=click.Path(path_type=Path), required=False)
@click.option("--to-key", "line", help="The deputy's public key: the line itself, or a file that holds it.")
@click.option("--drill", is_flag=True, help="Make a backup, restore it aside, audit it, throw both away.")
@click.option("--json", "as_json", is_flag=True, help="Write it for a program.")
def backup(to: Path | None, line: str | None, drill: bool, as_json: bool) -> None:
    """Write a backup of the whole database, while everybody goes on, into a file that only one key opens.

    TO is a new file, or a folder, in which the file is named after the moment. Neither the keys nor the
    published record are in it: keep the keys apart, in a sealed envelope.
    """
    open_house()
    from kollontai import clock
    from kollontai.followers.keeping.backup import make
    from kollontai.followers.keeping.strongbox import PrivateBoxKey

    if drill:
        if to is not None or line is not None:
            raise click.UsageError("A drill keeps nothing: give it neither TO nor --to-key.")
        from kollontai.followers import scratch
        from kollontai.followers.keeping.drill import drill as drill_it

        key = PrivateBoxKey.generate()
        with kind_errors(), scratch.folder(scratch.DRILL) as place:
            file = place.folder / "backup"
            make(file, key.public, at=clock.now())
            found = drill_it(file, key)
        tell(found, as_json=as_json)
        return
    if to is None or line is None:
        raise click.UsageError("Give the place TO and the deputy's key --to-key, or --drill.")
    with kind_errors():
        public = key_in(line)
        at = clock.now()
        if to.is_dir():
            to = to / f"kollontai-{at:%Y%m%d-%H%M%S}.backup"
        made = make(to, public, at=at)
    if as_json:
        records = [{name: one[name] for name in ("slug", "size", "root")} for one in made.organisations]
        size = to.stat().st_size
        click.echo(json.dumps({"file": str(to), "bytes": size, "key": public.id, "records": records}))
        return
    click.echo(f"{to}: {to.stat().st_size} bytes, sealed to the key {public.id}.")
    for sentence in made.summary():
        click.echo(f"  {sentence}")


def key_in(line: str) -> BoxKey:
    """Read a public key from its line, or from the file that holds the line."""
    from kollontai.followers.keeping.strongbox import BoxKey

    return BoxKey.parse(Path(line).read_text() if _is_file(line) else line)


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except OSError:
        return False


def tell(found: list[Drilled], *, as_json: bool) -> None:
    """Say what a drill found; exit status 1 when that was anything."""
    if as_json:
        records = [{"slug": one.slug, "size": one.size, "found": list(one.wrong)} for one in found]
        click.echo(json.dumps({"ok": all(one.fine for one in found), "records": records}))
    else:
        for one in found:
            click.echo(f"{one.slug}: {one.size} entries restored and audited: {len(one.wrong)} found.")
            for sentence in one.wrong:
                click.echo(f"  {sentence}")
        if not found:
            click.echo("The backup was restored; there is no record in it yet.")
    if not all(one.fine for one in found):
        stop("The backup could be restored, but what came out is not as it should be.")
