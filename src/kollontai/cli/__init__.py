# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line: one file per command, loaded only when it is called."""

from __future__ import annotations

import importlib
import sys

import click

COMMANDS: dict[str, str] = {
    "audit": "kollontai.cli.audit:audit",
    "audit-own": "kollontai.cli.own_audit:audit_own",
    "backup": "kollontai.cli.backup:backup",
    "backup-key": "kollontai.cli.backup:backup_key",
    "budget": "kollontai.cli.count:budget",
    "count": "kollontai.cli.count:count",
    "demo": "kollontai.cli.demo:demo",
    "doctor": "kollontai.cli.doctor:doctor",
    "erase": "kollontai.cli.erase:erase",
    "export": "kollontai.cli.export:export",
    "found": "kollontai.cli.found:found",
    "handover": "kollontai.cli.handover:handover",
    "import-archive": "kollontai.cli.files:import_archive",
    "import-issue": "kollontai.cli.files:import_issue",
    "import-members": "kollontai.cli.members:import_members",
    "migrate": "kollontai.cli.migrate:migrate",
    "outbox": "kollontai.cli.outbox:outbox",
    "record": "kollontai.cli.record:record",
    "restore": "kollontai.cli.restore:restore",
    "rotate-key": "kollontai.cli.operating:rotate_key",
    "sequence": "kollontai.cli.keeping:sequence",
    "serve": "kollontai.cli.serve:serve",
    "tick": "kollontai.cli.keeping:tick",
    "upgrade": "kollontai.cli.operating:upgrade",
    "witness": "kollontai.cli.witness:witness",
}


class LazyGroup(click.Group):
    """Find a command by its name without importing the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command that has a file."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kollontai")
def cli() -> None:
    """Rules a machine keeps and anyone can check, for organisations run by their members."""


def main() -> None:
    """Run a command; errors are one sentence on stderr, never a traceback.

    Exit status: 0 fine, 1 something found or refused, 2 unusable input or arguments.
    """
    try:
        status = cli(standalone_mode=False)  # what a command gives to ctx.exit comes back here
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)
