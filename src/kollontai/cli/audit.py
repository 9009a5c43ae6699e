# SPDX-License-Identifier: AGPL-3.0-or-later
"""kollontai audit: check an export against the articles, believing nothing but the record."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from kollontai.auditor import Unusable, audit_export
from kollontai.auditor.spoken import tongue
from kollontai.openrecord.directory import read_verifier_keys
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.keys import VerifierKey
from kollontai.openrecord.policy import Policy, parse_policy

_EXISTING = click.Path(exists=True, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--vkey", metavar="KEY", help="The record's key, or a file that holds it: whose record this is."
)
@click.option("--old", metavar="DIR|CHECKPOINT", type=_EXISTING, help="An earlier copy, or its checkpoint.")
@click.option("--policy", metavar="FILE", type=_FILE, help="Which witnesses must have countersigned.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON, in English.")
@click.option(
    "--language", metavar="CODE", default=None, help="Say it in de, es or en; else as the shell does."
)
def audit(
    folder: Path, vkey: str | None, old: Path | None, policy: Path | None, as_json: bool, language: str | None
) -> None:
    """Check an export against the articles, believing nothing but the record.

    \b
    Example: kollontai audit export/ --vkey log.vkey --old last-month/

    Exit status: 0 nothing found, 1 something found, 2 nothing that could be checked.
    """
    say = tongue(language or of_the_shell()).say
    try:
        report = audit_export(
            folder,
            vkey=None if vkey is None else _key(vkey),
            old=None if old is None else _old(old),
            policy=None if policy is None else _policy(policy),
        )
    except (Unusable, RecordError) as error:
        raise click.ClickException(say(str(error))) from None
    click.echo(report.to_json() if as_json else report.text(say), nl=as_json)
    sys.exit(0 if report.ok else 1)


def of_the_shell() -> str:
    """The language that the shell asks programs to speak."""
    asked = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next(filter(None, asked), "en")


def _key(text: str) -> VerifierKey:
    path = Path(text)
    if path.is_file():
        return read_verifier_keys(path)[-1]
    return VerifierKey.parse(text)


def _old(path: Path) -> Path:
    checkpoint = path / "checkpoint" if path.is_dir() else path
    if not checkpoint.is_file():
        raise click.ClickException(f"There is no checkpoint in {path}.")
    return path


def _policy(path: Path) -> Policy:
    return parse_policy(path.read_bytes())
