# SPDX-License-Identifier: AGPL-3.0-or-later
"""Read an issue, or another program's threads, from a file, and put them as a member after looking."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kollontai.cli.house import find_organisation, kind_errors, open_house, stop

if TYPE_CHECKING:
    from kollontai.chapters.charter.tables import Problem
    from kollontai.chapters.members.models import Member
    from kollontai.chapters.record.models import Organisation

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog="Example: KOLLONTAI_TOKEN=kol_… kollontai import-issue tidewater kettle.md --raise")
@click.argument("slug")
@click.argument("file", type=_FILE)
@click.option("--amendments", type=_FILE, help="A table (CSV) of amendments to its first draft.")
@click.option("--raise", "really", is_flag=True, help="Raise it; without it nothing is changed.")
def import_issue(slug: str, file: Path, amendments: Path | None, really: bool) -> None:
    """Look at an issue in a file (Markdown), and raise it with --raise.

    It is raised with its first draft as the member whose key, made on their account page, stands in
    KOLLONTAI_TOKEN, and in no other name. Further drafts and amendments wait for that member on the issue's
    page "From your file"; whoever moves one there is its mover, whomever the file names.
    """
    open_house()
    from kollontai import clock
    from kollontai.chapters.deliberation import fromfile, importing
    from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
    from kollontai.chapters.members.queries import units_with_figures
    from kollontai.chapters.record.act import Actor

    organisation = find_organisation(slug)
    with kind_errors():
        found = importing.read_issue(_read(file, importing.MOST_BYTES))
        lines = {one.letter: len(one.text.split("\n")) for one in found.drafts}
        beside = importing.IssueRead()
        if amendments is not None:
            beside = importing.read_amendments(_read(amendments, importing.MOST_BYTES), lines)
        all_of_them = [*found.amendments, *beside.amendments]
        _say(found.problems, file)
        _say(beside.problems, amendments)
        click.echo(f"{found.title or 'No title'}: read as {found.encoding or 'nothing'}.")
        for draft in found.drafts:
            click.echo(f"  draft {draft.letter}: {draft.title}, {lines[draft.letter]} lines")
        click.echo(f"  {len(all_of_them)} amendments, to be moved one by one on the issue's page.")
        if not found.whole:
            stop("No issue can be raised from this file: it needs a title, reasons and a draft.", 2)
        units = {str(one.unit.name): one.unit.pk for one in units_with_figures(organisation.pk)}
        if found.unit and found.unit not in units:
            stop(f"There is no unit {found.unit!r} here. There is: {', '.join(units)}.", 2)
        if not really:
            return
        member = _member(organisation)
        done = raise_issue(
            Actor(organisation.pk, member.pk, "token"),
            unit_id=units[found.unit] if found.unit else next(iter(units.values())), title=found.title,
            text=found.why, draft_title=found.drafts[0].title, draft_text=found.drafts[0].text, big=found.big,
        )  # fmt: skip
        issue = done.value
        if len(found.drafts) > 1 or all_of_them:
            fromfile.add(
                member, issue, drafts=found.drafts[1:], amendments=all_of_them,
                letters={found.drafts[0].letter: issue.drafts.get(first=True)}, at=clock.now(),
            )  # fmt: skip
    click.echo(f"Raised as issue {issue.number}.")


@click.command(
    epilog="Example: KOLLONTAI_TOKEN=kol_… kollontai import-archive tidewater group.json --bring-along"
)
@click.argument("slug")
@click.argument("file", type=_FILE)
@click.option(
    "--bring-along", "really", is_flag=True, help="Bring them along; without it nothing is changed."
)
@click.option("--without", multiple=True, help="A name to leave out, with what it said; as often as needed.")
def import_archive(slug: str, file: Path, really: bool, without: tuple[str, ...]) -> None:
    """Look at the threads of a Loomio group export (JSON) or a mail archive (mbox), and bring them along.

    They are to be read and nothing more: not checked by the record, not counted, the names in them nobody's
    here. They stand under the name of the member whose key stands in KOLLONTAI_TOKEN.
    """
    open_house()
    from kollontai.chapters.deliberation import archives, loomio, mails
    from kollontai.chapters.deliberation.acts.import_archive import import_archive as bring
    from kollontai.chapters.record.act import Actor

    organisation = find_organisation(slug)
    with kind_errors():
        data = _read(file, loomio.MOST_BYTES)
        source, reader = ("mbox", mails.preview) if mails.is_mbox(data) else ("loomio", loomio.preview)
        found = reader(data)
        _say(found.problems, file)
        threads = [archives.without(thread, without) for thread in found.threads]
        for thread in threads[:50]:
            click.echo(f"  {thread.title}: {len(thread.remarks)} comments, {len(thread.votes)} votes")
        if len(threads) > 50:
            click.echo(f"  … and {len(threads) - 50} more")
        click.echo(f"{len(threads)} threads can be brought along.")
        if not threads:
            stop("There is no thread to bring along.", 2)
        if not really:
            return
        member = _member(organisation)
        most = archives.MOST_AT_ONCE
        for start in range(0, len(threads), most):
            some = threads[start : start + most]
            bring(Actor(organisation.pk, member.pk, "token"), source=source, threads=some)
            click.echo(f"{start + len(some)} are brought along.")


def _read(file: Path, most: int) -> bytes:
    with file.open("rb") as opened:
        return opened.read(most + 1)


def _say(problems: Iterable[Problem], file: Path | None) -> None:
    for problem in problems:
        where = f"{file}, line {problem.line}" if problem.line else f"{file}"
        click.echo(f"{where}: {problem.reason}", err=True)


def _member(organisation: Organisation) -> Member:
    from kollontai import clock
    from kollontai.chapters.accounts import tokens
    from kollontai.chapters.members import queries

    token = tokens.find(os.environ.get("KOLLONTAI_TOKEN", ""), at=clock.now())
    member = queries.member_for(organisation, token.account) if token else None
    if token is None or member is None or not tokens.allows(token, "act"):
        stop("KOLLONTAI_TOKEN holds no key of a member here that was made for acting.", 2)
    return member
