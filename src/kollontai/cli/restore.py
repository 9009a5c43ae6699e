# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bring a backup back, try one out, and go on from it when that splits no history."""

from __future__ import annotations

from pathlib import Path

import click

from kollontai.cli.backup import tell
from kollontai.cli.house import kind_errors, open_house, stop

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    epilog="Example: kollontai restore house.backup --key deputy.key; kollontai restore --go-on --kept copy"
)
@click.argument("source", metavar="FROM", type=FILE, required=False)
@click.option("--key", "key_file", type=FILE, help="The deputy's private key.")
@click.option("--keys", "keys_file", type=FILE, help="At a handover: the sealed file of the record's keys.")
@click.option("--drill", is_flag=True, help="Restore aside, audit, and throw it away. Changes nothing here.")
@click.option("--go-on", is_flag=True, help="After a restore: compare with what others hold, and go on.")
@click.option("--kept", "kept", type=FILE, multiple=True, help="A checkpoint that somebody kept. Repeatable.")
@click.option("--nobody-kept-any", is_flag=True, help="Go on without any; this stands on the record.")
@click.option("--json", "as_json", is_flag=True, help="Write what a drill found for a program.")
def restore(
    source: Path | None,
    key_file: Path | None,
    keys_file: Path | None,
    drill: bool,
    go_on: bool,
    kept: tuple[Path, ...],
    nobody_kept_any: bool,
    as_json: bool,
) -> None:
    """Bring the backup FROM into a home that has no database; it is never written over one.

    The restored house signs nothing and does not serve, until --go-on has held every record against its
    key's note, its published files, its witnesses, and each checkpoint given with --kept. Put the keys back
    in between. That it went on from a backup is then an entry on each record.
    """
    open_house()
    if go_on:
        if source or key_file or keys_file or drill:
            raise click.UsageError("--go-on comes after a restore, with --kept alone.")
        _go_on(kept, nobody_kept_any)
        return
    if source is None or key_file is None:
        raise click.UsageError("Give the backup FROM and the deputy's private key --key, or --go-on.")
    from kollontai.followers.keeping.strongbox import PrivateBoxKey

    with kind_errors():
        key = PrivateBoxKey.load(key_file)
        if drill:
            from kollontai.followers.keeping.drill import drill as drill_it

            tell(drill_it(source, key), as_json=as_json)
            return
        from kollontai.followers.keeping.restoring import restore as bring_back

        moved = []
        if keys_file is not None:  # looked at first: whoever has no good keys brings in no database
            from kollontai.followers.keeping import handover

            moved = handover.open_keys(keys_file, key)
        backup = bring_back(source, key, moved)
    click.echo(f"The backup of {backup.made_at:%d %B %Y, %H:%M} UTC is in place (release {backup.release}).")
    for sentence in backup.summary():
        click.echo(f"  {sentence}")
    put = "" if keys_file else " put the keys in their folder;"
    click.echo(f"Next: kollontai migrate;{put} kollontai restore --go-on.")


def _go_on(kept: tuple[Path, ...], nobody_kept_any: bool) -> None:
    from kollontai.followers.keeping import restoring
    from kollontai.openrecord.checkpoint import read_checkpoint

    with kind_errors():
        notes = [path.read_bytes() for path in kept]
        by_origin: dict[str, list[bytes]] = {}
        for note in notes:
            by_origin.setdefault(read_checkpoint(note).origin, []).append(note)
        waiting = restoring.waiting()
        if not waiting:
            stop("No record here waits to go on after a restore.")
        strange = set(by_origin) - {one.origin for one in waiting}
        if strange:
            stop(f"A checkpoint given is of {min(strange)}, and no such record waits here.", 2)
        # All are compared before any goes on.
        compared = [(one, restoring.compare(one, by_origin.get(one.origin, []))) for one in waiting]
        for organisation, seen in compared:
            for witness in seen.unreachable:
                click.echo(f"{organisation.slug}: the witness {witness} could not be asked.", err=True)
            if not (seen.witnesses or seen.copies or nobody_kept_any):
                stop(
                    f"{organisation.slug}: no witness could be asked and no checkpoint was given. Ask "
                    "members for one (it is in every export) and give it with --kept; or say "
                    "--nobody-kept-any."
                )
        for organisation, seen in compared:
            now = restoring.go_on(organisation, seen)
            click.echo(
                f"{organisation.slug}: goes on with {now.size} entries; compared with {seen.witnesses} "
                f"witnesses and {seen.copies} kept checkpoints."
            )
            if now.given_up:
                click.echo(
                    f"{organisation.slug}: {now.given_up} secret votes were running, and what was cast after "
                    "the backup is lost. Each is annulled when it closes and opens anew; tell the members."
                )
