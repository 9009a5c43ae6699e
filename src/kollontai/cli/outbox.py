# SPDX-License-Identifier: AGPL-3.0-or-later
"""Show the letters that wait to be sent."""

from __future__ import annotations

import click

from kollontai.cli.house import kind_errors, open_house


@click.command(epilog="Example: kollontai outbox")
@click.option("--most", default=20, show_default=True, help="How many texts at the most.")
def outbox(most: int) -> None:
    """Print the letters that wait, the newest first: for a house that has no mail server yet."""
    open_house()
    from kollontai.chapters.accounts import post

    with kind_errors():
        letters = post.outbox_by_words(most=most)
        waiting = post.outbox().count()
    for one in letters:
        others = f" and {one.others} more, in the same words" if one.others else ""
        click.echo(f"To: {one.mail.to}{others}\nSubject: {one.mail.subject}\n")
        click.echo(f"{one.mail.body.strip()}\n\n{'-' * 40}")
    click.echo(f"{waiting} letters wait.")
