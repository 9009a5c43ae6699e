# SPDX-License-Identifier: AGPL-3.0-or-later
"""Be a witness of other records, and have our own witnessed."""

from __future__ import annotations

import click

from kollontai.cli.house import find_organisation, kind_errors, open_house, stop


@click.group(epilog="Example: kollontai witness ask tidewater")
def witness() -> None:
    """Hold copies of others' stamps, and have others hold ours.

    A witness sees how large a record is and one hash, and nothing of what is in it. It signs only when
    the record has merely grown: so whoever trusts the witness knows that all are shown the same.
    """


@witness.command(epilog="Example: kollontai witness key")
def key() -> None:
    """Show the key by which this installation cosigns the records of others."""
    open_house()
    from kollontai.chapters.record.witnessing import witness_key

    with kind_errors():
        click.echo(str(witness_key().verifier))


@witness.command(epilog="Example: kollontai witness follow alder.example/house+a1b2c3d4+AbC…")
@click.argument("vkey")
def follow(vkey: str) -> None:
    """Begin to witness another record, by the key of its log (its `log.vkey`)."""
    open_house()
    from kollontai.chapters.record import witnessing
    from kollontai.openrecord.keys import VerifierKey

    with kind_errors():
        log = witnessing.follow(VerifierKey.parse(vkey.strip()))
    click.echo(f"{log.origin} is followed here from now on.")


@witness.command(epilog="Example: kollontai witness add tidewater https://alder.example/witness 'alder…+04…'")
@click.argument("slug")
@click.argument("url")
@click.argument("vkey")
def add(slug: str, url: str, vkey: str) -> None:
    """Choose a witness for one of our records: its address and its key."""
    open_house()
    from kollontai.chapters.record.models import Cosignature
    from kollontai.openrecord.keys import COSIGNATURE, VerifierKey

    organisation = find_organisation(slug)
    with kind_errors():
        parsed = VerifierKey.parse(vkey.strip())
        if parsed.type != COSIGNATURE:
            stop(
                "This is the key of a log, not of a witness; ask the witness for `kollontai witness key`.", 2
            )
        Cosignature.objects.update_or_create(
            organisation=organisation, witness=parsed.name, defaults={"url": url, "vkey": str(parsed)}
        )
    click.echo(f"{parsed.name} is a witness of {organisation.origin} from now on.")


@witness.command(epilog="Example: kollontai witness ask tidewater")
@click.argument("slug")
def ask(slug: str) -> None:
    """Ask every witness of a record to cosign its present stamp."""
    open_house()
    from kollontai.chapters.record import witnessing

    organisation = find_organisation(slug)
    with kind_errors():
        results = witnessing.ask_all(organisation)
    if not results:
        stop(f"{organisation.origin} has no witness yet: kollontai witness add.", 2)
    for cosigner, how in results:
        click.echo(f"{cosigner.witness}: {how}")
    if not all(how.startswith("cosigned") for _, how in results):
        stop("Not every witness has cosigned.")
