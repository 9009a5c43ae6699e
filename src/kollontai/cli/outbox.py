# SPDX-License-Identifier: AGPL-3.0-or-later
"""Show the letters that wait to be sent."""

from __future__ import annotations

import click

from kollontai.cli.house import kind_errors, open_house


@click.command(epilog="Example: kollontai outbox")
@click.option("--most", default=20, show_default=True, help="How many at the most.")
def outbox(most: int) -> None:
    """Print the letters that wait, the newest first: for a house that has no mail server yet."""
    open_house()
    from kollontai.chapters.accounts import post

    with kind_errors():
        waiting = [mail for mail in post.outbox()[: most * 5] if mail.sent_at is None][:most]
    for mail in waiting:
        click.echo(f"To: {mail.to}\nSubject: {mail.subject}\n\n{mail.body.strip()}\n\n{'-' * 40}")
    click.echo(f"{len(waiting)} letters wait.")
