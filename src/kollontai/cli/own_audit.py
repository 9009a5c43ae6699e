# SPDX-License-Identifier: AGPL-3.0-or-later
"""kollontai audit-own: let the machine audit its own export, and show the answer on the charter page."""

from __future__ import annotations

import sys

import click

from kollontai.auditor.spoken import tongue
from kollontai.cli.audit import of_the_shell
from kollontai.cli.house import find_organisation, kind_errors, open_house, stop


@click.command("audit-own", epilog="Example: kollontai audit-own tidewater")
@click.argument("slug")
def audit_own(slug: str) -> None:
    """Export an organisation's record, audit it, and keep the answer for its charter page.

    The keeper does this once a day. Exit status: 0 nothing found, 1 something found.
    """
    open_house()
    from kollontai import clock
    from kollontai.followers import own_audit
    from kollontai.followers.export import StillWaiting

    organisation = find_organisation(slug)
    with kind_errors():
        try:
            report = own_audit.audit_own(organisation, at=clock.now())
        except StillWaiting as error:
            stop(str(error), 2)
    click.echo(report.text(tongue(of_the_shell()).say), nl=False)
    sys.exit(0 if report.ok else 1)
