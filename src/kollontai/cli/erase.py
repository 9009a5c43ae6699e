# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erase what a court ordered to be erased, and nothing else."""

from __future__ import annotations

from pathlib import Path

import click

from kollontai.cli.house import find_organisation, kind_errors, open_house, stop

EXAMPLE = """court = "District Court of Harbour"
number = "7 C 19/26"
date = "2026-02-03"
statute = "Civil Code, section 1004: (its text)"
words = "The sentence beginning … is to be removed."
"""


@click.command(epilog="Example: kollontai erase tidewater --order order.toml --contribution k3xq7a5mbd2nwy4t")
@click.argument("slug", required=False)
@click.option("--order", "order_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--contribution", help="The id of what was said, from its address.")
@click.option("--name", "member", help="The id of the member whose name it is.")
@click.option("--example", is_flag=True, help="Write an order to fill in.")
def erase(
    slug: str | None, order_file: Path | None, contribution: str | None, member: str | None, example: bool
) -> None:
    """Erase a contribution with what came with it, or a name, because a court ordered it.

    There is no other ground: one's own words everybody erases themself, and others' words nobody does. The
    order goes on the record with its text, the author is told, and every audit lists it.
    """
    if example:
        click.echo(EXAMPLE, nl=False)
        return
    if not slug or order_file is None or (contribution is None) == (member is None):
        raise click.UsageError("Give SLUG, --order, and one of --contribution and --name; or --example.")
    open_house()
    from kollontai.followers.keeping import erasing

    organisation = find_organisation(slug)
    with kind_errors():
        try:
            order = erasing.read_order(order_file.read_bytes())
        except erasing.NoOrder as error:
            stop(str(error), 2)
        find = erasing.words_of if contribution else erasing.name_of
        author, contents = find(organisation, contribution or member or "")
        count = erasing.erase_by_order(organisation, author, contents, order)
    click.echo(f"{count} texts are erased; the order of {order['court']} stands on the record.")
