# SPDX-License-Identifier: AGPL-3.0-or-later
"""Put a charter before founders, from a file."""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import TypeAdapter, ValidationError

from kollontai.cli.house import kind_errors, open_house, stop

if TYPE_CHECKING:
    from kollontai.chapters.bodies.acts.open_founding import Proposal

EXAMPLE = """\
# A charter to be put before founders: kollontai found charter.toml
slug = "elm-street"            # stands in every address, for ever
name = "Elm Street Tenants"
unit_word = "house"            # your own word for a branch, house or workplace
zone = "Europe/London"         # evenings are at 20:00 there
preset = "small"               # "small" below fifty members, else "normal"
joining = "open"               # "open", or "vouched": two members speak for each newcomer
words = "We rent these houses together and decide together."

units = []                     # names of branches within the whole, if there are any

[[founders]]                   # at least three; two thirds of those listed must sign
name = "First Founder"
email = "first@example.org"

[[founders]]
name = "Second Founder"
email = "second@example.org"

[[founders]]
name = "Third Founder"
email = "third@example.org"

[[posts]]                      # as many as there are; all are filled by election
title = "Treasurer"
leading = true                 # leads, and so speaks after the members
term_days = 365
# A post that somebody holds already; the members confirm it within five days, or not:
held_by = "first@example.org"
elected_on = 2026-03-01
old_end = 2027-03-01
minutes = "General meeting, item 4: elected Treasurer for one year, 14 yes, 2 no."

# Whoever keeps the machine can be elected to it; the post gives no right over anybody:
# [[posts]]
# title = "Host"                 # and another one, "Deputy host"
# duty = "specialist"
# term_days = 365
"""


@click.command(epilog="Example: kollontai found --example > charter.toml && kollontai found charter.toml")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--example", is_flag=True, help="Print a file to begin with.")
@click.option(
    "--site", metavar="ADDRESS", help="Address of the pages, in the letters; else KOLLONTAI_SITE says it."
)  # fmt: skip
def found(file: Path | None, example: bool, site: str | None) -> None:
    """Put a charter before founders. Nothing is in force until enough of them have signed it.

    Each founder gets a letter, signs in with their own mail address, reads, and signs or says no. Nobody
    signs for another, and whoever runs this command gets no right by it.
    """
    if example:
        click.echo(EXAMPLE, nl=False)
        return
    if file is None:
        raise click.UsageError("Which file? kollontai found --example prints one to begin with.")
    open_house(site)
    from kollontai.chapters.bodies.acts.open_founding import OPERATOR, open_founding
    from kollontai.chapters.record.act import Actor
    from kollontai.followers import addresses, letters
    from kollontai.ids import new_id

    with kind_errors():
        proposal = read_charter(file)
        actor = Actor(new_id(), OPERATOR, OPERATOR)
        organisation = open_founding(actor, proposal=proposal).value
        sent = letters.ask_founders(organisation, but="")
    click.echo(f"{organisation.origin} lies before its founders: {addresses.full('home', organisation.slug)}")
    click.echo(f"{sent} letters wait to be sent; {_needed(len(proposal.listed))} must sign.")


def read_charter(file: Path) -> Proposal:
    """Read a charter from its file, or stop with what is wrong in it."""
    from django.conf import settings

    from kollontai.chapters.bodies.acts.open_founding import Proposal
    from kollontai.chapters.bodies.rules import Founder

    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        stop(f"There is no file {file}.", 2)
    except RecursionError:
        stop(f"{file} cannot be read: its lists lie too deep in one another.", 2)
    except ValueError as error:  # no UTF-8, no TOML, a number without end
        stop(f"{file} cannot be read: {error}.", 2)
    try:
        proposal = Proposal(
            slug=table["slug"],
            origin=f"{settings.ORIGIN_HOST}/{table['slug']}",
            name=table["name"],
            unit_word=table["unit_word"],
            zone=table["zone"],
            preset=table["preset"],
            joining=table["joining"],
            listed=[Founder(one["name"], one["email"], one.get("unit", "")) for one in table["founders"]],
            units=table.get("units", []),
            posts=[_post(one) for one in table.get("posts", [])],
            words=table.get("words", ""),
        )
        said = asdict(proposal)
        del said["limits"]  # not said by the file: it follows from the preset
        return TypeAdapter(Proposal).validate_python(said)
    except ValidationError as error:
        wrong = error.errors()[0]
        place = ".".join(str(one) for one in wrong["loc"])
        stop(f"{file} says something in another form than it should, at {place}: {wrong['msg']}.", 2)
    except KeyError as error:
        stop(f"{file} does not say {error.args[0]!r}; kollontai found --example shows what belongs in it.", 2)
    except (TypeError, AttributeError, ValueError) as error:
        stop(f"{file} says something in another form than it should: {error}.", 2)


def _post(table: dict[str, Any]) -> Any:
    from kollontai.chapters.bodies.rules import Claimed, PostGiven

    held = ()
    if "held_by" in table:
        held = (
            Claimed(
                founder=table["held_by"],
                elected_at=_moment(table["elected_on"]),
                old_end=_moment(table["old_end"]),
                minutes=table["minutes"],
            ),
        )
    return PostGiven(
        title=table["title"],
        leading=table["leading"],
        term_days=table["term_days"],
        unit=table.get("unit", ""),
        seats=table.get("seats", 1),
        duty=table.get("duty", ""),
        held_before=held,
    )


def _moment(day: object) -> datetime:
    if isinstance(day, datetime):
        return day if day.tzinfo else day.replace(tzinfo=UTC)
    if isinstance(day, date):
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    raise ValueError(f"{day!r} is no day like 2026-03-01")


def _needed(listed: int) -> int:
    return max(3, -(-2 * listed // 3))
