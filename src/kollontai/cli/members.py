# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invite a list of people, as a member, after looking at what would happen."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kollontai.cli.house import find_organisation, kind_errors, open_house, stop

if TYPE_CHECKING:
    from kollontai.chapters.members.importing import Group


@click.command(
    epilog="Example: KOLLONTAI_TOKEN=kol_… kollontai import-members tidewater members.csv --invite"
)
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--invite", "really", is_flag=True, help="Invite them; without it nothing is changed.")
@click.option(
    "--to-mend",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the lines that cannot be used there (CSV), each with its reason.",
)
@click.option(
    "--site", metavar="ADDRESS", help="Address of the pages, in the letters; else KOLLONTAI_SITE says it."
)  # fmt: skip
def import_members(slug: str, file: Path, really: bool, to_mend: Path | None, site: str | None) -> None:
    """Look at a list of people (CSV: name, e-mail, branch), and invite them with --invite.

    Whoever runs the server has no right to invite: it is done as the member whose key, made on their
    account page, stands in KOLLONTAI_TOKEN. Those invited belong only by their own yes.
    """
    open_house(site)
    from kollontai import clock
    from kollontai.chapters.accounts import tokens
    from kollontai.chapters.members import importing, queries
    from kollontai.chapters.members.acts.invite import Invitee, invite
    from kollontai.chapters.record.act import Actor
    from kollontai.followers import letters

    organisation = find_organisation(slug)
    with kind_errors():
        units = {str(one.unit.name): one.unit.pk for one in queries.units_with_figures(organisation.pk)}
        found = importing.preview(
            file.read_bytes(), known=queries.all_addresses(organisation.pk), units=units
        )
        _tell(importing.grouped(found.problems))
        _tell(importing.grouped(found.notes))
        if to_mend is not None:
            to_mend.write_text(importing.write_problems(found), "utf-8-sig", newline="")
        lines = "1 line" if len(found.problems) == 1 else f"{len(found.problems)} lines"
        click.echo(f"{len(found.rows)} can be invited, {lines} cannot be used.")
        if not really:
            return
        token = tokens.find(os.environ.get("KOLLONTAI_TOKEN", ""), at=clock.now())
        member = queries.member_for(organisation, token.account) if token else None
        if token is None or member is None or not tokens.allows(token, "act"):
            stop("KOLLONTAI_TOKEN holds no key of a member here that was made for acting.", 2)
        if not found.rows:
            stop("There is nobody to invite.")
        root = next(iter(units.values()))
        invitees = [Invitee(row.name, row.email, row.unit or root) for row in found.rows]
        done = invite(Actor(organisation.pk, member.pk, "token"), invitees=invitees)
        sent = letters.ask_in(organisation, done.value)
    click.echo(f"{len(done.value)} are invited, {sent} letters wait to be sent.")


def _tell(groups: Iterable[Group]) -> None:
    """Say what is wrong, kind by kind: what to do, the lines, the first of them."""
    for group in groups:
        click.echo(f"{group.kind.words} ({group.count}). {group.kind.advice}", err=True)
        for one in group.first:
            where = f"line {one.line}: " if one.line else ""
            click.echo(f"  {where}{one.reason}", err=True)
        if group.count > len(group.first):
            click.echo(f"  lines {group.lines}", err=True)
