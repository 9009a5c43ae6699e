# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kollontai count` and `kollontai budget`: recount a file with any rule in the book."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from kollontai.counting.ballots import Ballots
from kollontai.counting.errors import CountingError, TieNeedsDecision, WrongFile


class Wrong(click.ClickException):
    """A file or an option that cannot be used; exit status 2."""


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Wrong(f"{path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Wrong(f"{path}: byte {error.start + 1} is not UTF-8.") from error


@dataclass(frozen=True)
class Opened:
    """Ballots, and which option is Re-open nominations."""

    ballots: Ballots
    reopen: int | None = None


def _open(path: Path, skipped: str, doubled: str, overvoted: str) -> Opened:
    name = path.name.lower()
    if name.endswith((".soc", ".soi", ".toc", ".toi")):
        from kollontai.counting.files import preflib

        return Opened(preflib.read(_read(path)))
    if name.endswith(".json"):
        from kollontai.counting.files import own_json

        return Opened(*own_json.read(_read(path)))
    if name.endswith(".csv"):
        from kollontai.counting.files import rankings_csv

        policy = rankings_csv.Policy(skipped, doubled, overvoted)  # type: ignore[arg-type]
        return Opened(rankings_csv.read(_read(path), policy=policy))
    from kollontai.counting.files import blt

    return Opened(blt.read(_read(path)))


def _constraints(path: Path, ballots: Ballots) -> list[Any]:
    """Limits per category: {"gender": {"women": {"candidates": [1, 3], "min": 2, "max": 3}}}."""
    from kollontai.counting.stv import Constraint

    try:
        told = json.loads(_read(path))
    except json.JSONDecodeError as error:
        raise Wrong(
            f"{path}: line {error.lineno}, column {error.colno}: expected JSON ({error.msg})."
        ) from error
    except (ValueError, RecursionError) as error:
        raise Wrong(f"{path}: expected JSON with numbers and nesting that end.") from error
    limits = []
    try:
        for category, groups in told.items():
            for group, limit in groups.items():
                unknown = set(limit) - {"candidates", "min", "max"}
                if unknown:
                    raise Wrong(
                        f"{path}: {category}, {group}: {min(unknown)!r} is not candidates, min or max."
                    )
                members = frozenset(int(number) - 1 for number in limit["candidates"])
                if not members <= set(range(len(ballots.candidates))):
                    raise Wrong(f"{path}: {category}, {group}: candidates are numbered from 1.")
                limits.append(Constraint(category, group, members, limit.get("min", 0), limit.get("max")))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        form = '{"gender": {"women": {"candidates": [1, 3], "min": 2}}}'
        raise Wrong(f"{path}: expected limits like {form}.") from error
    return limits


def _list_rules(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if not value or context.resilient_parsing:
        return
    from kollontai.counting.stv import DEFAULT, RULES

    for rule in RULES.values():
        mark = " (default)" if rule.name == DEFAULT else ""
        click.echo(f"{rule.name}{mark}: {rule.title}.\n    {rule.source}.")
    context.exit()


def _list_budget_rules(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if not value or context.resilient_parsing:
        return
    from kollontai.counting.budgets import RULES

    for name, words in RULES.items():
        click.echo(f"{name}: {words}.")
    context.exit()


def _out(path: Path | None, make: Callable[[], str]) -> bool:
    """Write to a file where one is named; `-` is the screen."""
    if path is None:
        return False
    if str(path) == "-":
        click.echo(make(), nl=False)
    else:
        try:
            path.write_text(make(), encoding="utf-8")
        except OSError as error:
            raise Wrong(f"{path}: {error.strerror}.") from error
    return True


@click.command(
    epilog='Example: kollontai count ward.blt --rule scottish-stv --seed "buses, 3 May" --html ward.html'
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rule", help="The rule by its name; scottish-stv where none is named.")
@click.option("--seats", type=click.IntRange(1), help="How many are elected, if not as the file says.")
@click.option("--seed", help="The published seed of the lot for ties the rule cannot break.")
@click.option("--constraints", type=click.Path(path_type=Path), help="Limits per category (JSON).")
@click.option("--withdraw", type=int, multiple=True, help="A candidate who withdrew, by number.")
@click.option("--reopen", type=int, help="Which option is Re-open nominations, by number.")
@click.option("--skipped", type=click.Choice(["refuse", "close-up", "stop"]), default="refuse", help="CSV.")
@click.option("--doubled", type=click.Choice(["refuse", "first", "stop"]), default="refuse", help="CSV.")
@click.option(
    "--overvoted", type=click.Choice(["refuse", "equal", "skip", "stop"]), default="refuse", help="CSV."
)
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON, on the screen.")
@click.option("--html", type=click.Path(path_type=Path), help="A page with pictures; - is the screen.")
@click.option("--csv", "as_csv", type=click.Path(path_type=Path), help="The table as CSV; - is the screen.")
@click.option("--markdown", type=click.Path(path_type=Path), help="The table as Markdown; - is the screen.")
@click.option(
    "--rules", is_flag=True, callback=_list_rules, expose_value=False, is_eager=True, help="List the rules."
)
def count(
    file: Path,
    rule: str | None,
    seats: int | None,
    seed: str | None,
    constraints: Path | None,
    withdraw: tuple[int, ...],
    reopen: int | None,
    skipped: str,
    doubled: str,
    overvoted: str,
    as_json: bool,
    html: Path | None,
    as_csv: Path | None,
    markdown: Path | None,
) -> None:
    """Count ranked ballots (BLT, PrefLib, CSV, our JSON): every stage, exactly."""
    from kollontai.counting.stv import DEFAULT, RULES
    from kollontai.counting.stv import count as count_ballots

    rule = rule or DEFAULT
    if rule not in RULES:
        raise Wrong(f"There is no rule {rule!r}. `kollontai count --rules` lists them.")
    try:
        opened = _open(file, skipped, doubled, overvoted)
    except WrongFile as error:
        raise Wrong(f"{file}: {error}") from error
    ballots = opened.ballots
    for number in (*withdraw, *([] if reopen is None else [reopen])):
        if not 1 <= number <= len(ballots.candidates):
            raise Wrong(f"There is no candidate {number}; there are {len(ballots.candidates)}.")
    chosen = opened.reopen if reopen is None else reopen - 1
    try:
        result = count_ballots(
            ballots,
            rule,
            seats=seats,
            seed=seed,
            withdrawn=[number - 1 for number in withdraw],
            constraints=_constraints(constraints, ballots) if constraints else (),
            reopen=chosen,
            leave_out_unranked=chosen is not None,
        )
    except TieNeedsDecision as error:
        click.echo(f"{error} (--seed TEXT draws the published lot.)", err=True)
        sys.exit(1)
    except CountingError as error:
        raise Wrong(str(error)) from error

    from kollontai.counting.outputs import tables

    rows = tables.stages_of
    written = _out(as_csv, lambda: tables.comma_separated(rows(result)))
    written |= _out(markdown, lambda: tables.markdown(rows(result)))
    if html is not None:
        from kollontai.counting.outputs import pages

        written |= _out(html, lambda: pages.of_count(result))
    if as_json:
        click.echo(json.dumps(result.to_json(), ensure_ascii=False))
    elif not written:
        click.echo("\n".join(result.sentences()))
        click.echo("\n" + tables.text(rows(result)), nl=False)


@click.command(epilog="Example: kollontai budget city.pb --rule mes-add1u --json")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rule", help="The rule by its name; the file's own where it names one we know.")
@click.option("--seed", help="The published seed of the lot for ties.")
@click.option(
    "--utility", type=click.Choice(["cost", "cardinality"]), default="cost", help="For equal shares."
)
@click.option("--threshold", help="Points a project needs (greedy-threshold).")
@click.option("--exclusive", multiple=True, help="Projects that exclude one another: A,B (greedy-exclusive).")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON, on the screen.")
@click.option("--html", type=click.Path(path_type=Path), help="A page with pictures; - is the screen.")
@click.option("--csv", "as_csv", type=click.Path(path_type=Path), help="The table as CSV; - is the screen.")
@click.option("--markdown", type=click.Path(path_type=Path), help="The table as Markdown; - is the screen.")
@click.option(
    "--rules",
    is_flag=True,
    callback=_list_budget_rules,
    expose_value=False,
    is_eager=True,
    help="List the rules.",
)
def budget(
    file: Path,
    rule: str | None,
    seed: str | None,
    utility: str,
    threshold: str | None,
    exclusive: tuple[str, ...],
    as_json: bool,
    html: Path | None,
    as_csv: Path | None,
    markdown: Path | None,
) -> None:
    """Fund the projects of a participatory budget (Pabulib .pb)."""
    from kollontai.counting.budgets import RULES, fund
    from kollontai.counting.files import pabulib

    try:
        told = pabulib.read(_read(file))
    except WrongFile as error:
        raise Wrong(f"{file}: {error}") from error
    own = told.meta.get("rule", "").replace("equalshares/", "mes-").replace("equalshares", "mes")
    rule = rule or (own if own in RULES else None)
    if rule is None:
        raise Wrong(
            "The file names no rule we know. Name one with --rule; `kollontai budget --rules` lists them."
        )
    if rule not in RULES:
        raise Wrong(f"There is no budget rule {rule!r}. `kollontai budget --rules` lists them.")
    try:
        result = fund(
            told,
            rule,
            seed=seed,
            utility=utility,
            threshold=None if threshold is None else pabulib.money(threshold, 1, 1, "the threshold"),
            exclusive=[group.split(",") for group in exclusive],
        )
    except CountingError as error:
        raise Wrong(str(error)) from error

    from kollontai.counting.outputs import tables

    written = _out(as_csv, lambda: tables.comma_separated(tables.projects_of(result)))
    written |= _out(markdown, lambda: tables.markdown(tables.projects_of(result)))
    if html is not None:
        from kollontai.counting.outputs import pages

        written |= _out(html, lambda: pages.of_budget(result))
    if as_json:
        click.echo(json.dumps(result.to_json(), ensure_ascii=False))
    elif not written:
        click.echo("\n".join(result.sentences()))
        click.echo("\n" + tables.text(tables.projects_of(result)), nl=False)
