# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kollontai count` and `kollontai budget`: recount a file with any rule in the book."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kollontai.counting.ballots import Ballots
from kollontai.counting.errors import CountingError, TieNeedsDecision, WrongFile

if TYPE_CHECKING:
    from kollontai.counting.book import Method


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


HOLDS = {
    "rankings": "rankings; scottish-stv, schulze and others count these",
    "ratings": "ratings; approval, score, star, majority-judgment and av count these",
    "approvals": "approvals; approval, av, seqpav, seqphragmen, equal-shares and others count these",
}


def _kind(path: Path) -> str:
    """What stands on the ballots of a file: rankings, ratings or approvals."""
    name = path.name.lower()
    if name.endswith(".pb"):
        raise Wrong(f"{path} is a budget: `kollontai budget {path}` funds it.")
    if name.endswith((".abc.yaml", ".abc.yml", ".yaml", ".yml", ".cat")):
        return "approvals"
    if name.endswith(".csv"):
        head = _read(path).lstrip().split("\n", 1)[0].lower()
        cells = {cell.strip().strip('"').replace(" ", "").replace("_", "") for cell in head.split(",")}
        ranked = {"ballotid", "rank", "choice"} <= cells or cells & {"1", "rank1", "choice1"}
        return "rankings" if ranked or not head else "ratings"
    return "rankings"


def _must_hold(path: Path, rule: str, counts: tuple[str, ...]) -> str:
    kind = _kind(path)
    if kind not in counts:
        raise Wrong(f"{path}: {rule} counts {' or '.join(counts)}. The file holds {HOLDS[kind]}.")
    return kind


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
    from kollontai.counting.book import METHODS
    from kollontai.counting.stv import DEFAULT, RULES

    for rule in RULES.values():
        mark = " (default)" if rule.name == DEFAULT else ""
        click.echo(f"{rule.name}{mark}: {rule.title}.\n    {rule.source}.")
    for method in METHODS.values():
        also = f" (also {', '.join(method.also)})" if method.also else ""
        click.echo(f"{method.name}{also}: {method.title}.\n    {method.source}.")
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
@click.option("--status-quo", type=int, help="schulze: the option that stays if none passes, by number.")
@click.option("--majority", help="schulze with a status quo: the share an option needs, as 2/3.")
@click.option("--quorum", type=click.IntRange(0), help="schulze with a status quo: the ballots it needs.")
@click.option("--highest", type=click.IntRange(1, 1000), default=5, help="The highest score; 5.")
@click.option("--grades", help="majority-judgment: words for grades, from the lowest up: poor,fair,good.")
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
    status_quo: int | None,
    majority: str | None,
    quorum: int | None,
    highest: int,
    grades: str | None,
    skipped: str,
    doubled: str,
    overvoted: str,
    as_json: bool,
    html: Path | None,
    as_csv: Path | None,
    markdown: Path | None,
) -> None:
    """Count ballots exactly, step by step: ranked (BLT, PrefLib, CSV, our JSON), rated (CSV) or approving
    (.abc.yaml, PrefLib cat)."""
    from kollontai.counting import book
    from kollontai.counting.stv import DEFAULT, RULES

    asked = Asked(
        seats, seed, withdraw, constraints, reopen, status_quo, majority, quorum, highest, grades,
        (skipped, doubled, overvoted),
    )  # fmt: skip
    rule = rule or DEFAULT
    method = book.find(rule)
    if rule not in RULES and method is None:
        raise Wrong(_no_rule(rule))
    try:
        if method is None:
            result, page = _count_in_stages(file, rule, asked)
        else:
            result, page = _count_otherwise(file, method, asked)
    except WrongFile as error:
        raise Wrong(f"{file}: {error}") from error
    except TieNeedsDecision as error:
        click.echo(f"{error} (--seed TEXT draws the published lot.)", err=True)
        sys.exit(1)
    except CountingError as error:
        raise Wrong(str(error)) from error

    from kollontai.counting.outputs import tables

    written = _out(as_csv, lambda: tables.comma_separated(tables.of(result)))
    written |= _out(markdown, lambda: tables.markdown(tables.of(result)))
    written |= _out(html, page)
    if as_json:
        click.echo(json.dumps(result.to_json(), ensure_ascii=False))
    elif not written:
        click.echo("\n".join(result.sentences()))
        click.echo("\n" + tables.text(tables.of(result)), nl=False)
    if method is not None and book.undecided(result):
        click.echo("A tie is left to decide. (--seed TEXT draws the published lot.)", err=True)
        sys.exit(1)


@dataclass(frozen=True)
class Asked:
    """What the command line says beside file and rule."""

    seats: int | None
    seed: str | None
    withdraw: tuple[int, ...]
    constraints: Path | None
    reopen: int | None
    status_quo: int | None
    majority: str | None
    quorum: int | None
    highest: int
    grades: str | None
    policy: tuple[str, str, str]

    def refuse(self, rule: str, *names: str) -> None:
        """Say that an option means nothing to a rule, rather than pass over it."""
        for name in names:
            if getattr(self, name) not in (None, ()):
                raise Wrong(f"--{name.replace('_', '-')} means nothing to {rule}.")


def _no_rule(rule: str) -> str:
    if rule == "pav":
        return (
            "There is no rule 'pav': the best committee of all is not looked for. "
            "seq-pav fills one place after the other."
        )
    return f"There is no rule {rule!r}. `kollontai count --rules` lists them."


def _numbered(ballots: Ballots, *numbers: int | None) -> None:
    for number in numbers:
        if number is not None and not 1 <= number <= len(ballots.candidates):
            raise Wrong(f"There is no candidate {number}; there are {len(ballots.candidates)}.")


def _count_in_stages(file: Path, rule: str, asked: Asked) -> tuple[Any, Callable[[], str]]:
    """STV and its kin."""
    from kollontai.counting.stv import count as count_ballots

    asked.refuse(rule, "status_quo", "majority", "quorum", "grades")
    _must_hold(file, rule, ("rankings",))
    opened = _open(file, *asked.policy)
    ballots = opened.ballots
    _numbered(ballots, *asked.withdraw, asked.reopen)
    chosen = opened.reopen if asked.reopen is None else asked.reopen - 1
    result = count_ballots(
        ballots,
        rule,
        seats=asked.seats,
        seed=asked.seed,
        withdrawn=[number - 1 for number in asked.withdraw],
        constraints=_constraints(asked.constraints, ballots) if asked.constraints else (),
        reopen=chosen,
        leave_out_unranked=chosen is not None,
    )

    def page() -> str:
        from kollontai.counting.outputs import pages

        return pages.of_count(result)

    return result, page


def _count_otherwise(file: Path, method: Method, asked: Asked) -> tuple[Any, Callable[[], str]]:
    """By pairs, by ratings, or a committee."""
    from kollontai.counting import book
    from kollontai.counting.outputs import pages

    rule = method.name
    asked.refuse(rule, "constraints", "reopen")
    if rule != "schulze" or asked.status_quo is None:
        asked.refuse(rule + (" without --status-quo" if rule == "schulze" else ""), "majority", "quorum")
    if rule != "schulze":
        asked.refuse(rule, "status_quo")
    if rule != "majority-judgment":
        asked.refuse(rule, "grades")
    kind = _must_hold(file, rule, method.counts)
    label = f"Counted by the rule {rule}: {method.title}. Source: {method.source}."
    if kind == "rankings":
        ballots = _open(file, *asked.policy).ballots
        _numbered(ballots, *asked.withdraw, asked.status_quo)
        if (asked.seats or 1) != 1:
            raise Wrong(f"{rule} fills one place, not {asked.seats}.")
        gone = ballots.withdrawn | {number - 1 for number in asked.withdraw}
        pairs = book.by_pairs(
            rule,
            replace(ballots, withdrawn=gone) if gone else ballots,
            seed=asked.seed,
            status_quo=None if asked.status_quo is None else asked.status_quo - 1,
            majority=_share(asked.majority),
            quorum=asked.quorum or 0,
        )
        return pairs, lambda: pages.of_pairs(pairs, ballots.title or "Vote", label)
    asked.refuse(rule, "withdraw")
    if method.counts[0] == "ratings" or rule == "approval":
        rated, names, title, _ = _ratings(file, kind, asked, 1 if rule == "approval" else asked.highest)
        told = book.by_ratings(
            rule,
            rated,
            names,
            seats=asked.seats or 1,
            highest=asked.highest,
            grades=asked.grades.split(",") if asked.grades else (),
            seed=asked.seed,
        )
        return told, lambda: pages.of_places(told, title or "Vote", label)
    rated, names, title, size = _ratings(file, kind, asked, 1)
    if (asked.seats or size) is None:
        raise Wrong(f"{file} does not say how many are chosen: --seats N does.")
    number = {name: at for at, name in enumerate(names)}
    approvals = [
        (frozenset(number[name] for name, score in scores.items() if score), times) for scores, times in rated
    ]
    chosen = book.by_approvals(rule, approvals, names, asked.seats or size or 1, seed=asked.seed)
    return chosen, lambda: pages.of_places(chosen, title or "Committee", label)


def _share(text: str | None) -> Fraction | None:
    if text is None:
        return None
    try:
        share = Fraction(text)
    except (ValueError, ZeroDivisionError):
        share = Fraction(0)
    if not 0 < share <= 1:
        raise Wrong(f"--majority is a share like 2/3, not {text!r}.")
    return share


def _ratings(
    file: Path, kind: str, asked: Asked, highest: int
) -> tuple[list[tuple[Mapping[str, int], int]], list[str], str, int | None]:
    """Ballots by name, the names, a title, and how many are chosen where the file says so."""
    name = file.name.lower()
    if kind == "ratings":
        from kollontai.counting.files import star

        grades = asked.grades.split(",") if asked.grades else ()
        rated, names = star.read(_read(file), highest=highest, grades=grades)
        return rated, names, "", None
    if name.endswith(".cat"):
        from kollontai.counting.files import preflib

        told = preflib.read_categories(_read(file))
        names = list(told.alternatives)
        papers = told.approvals()
        title, size = told.title, None
    else:
        from kollontai.counting.files import abc_yaml

        approvals = abc_yaml.read(_read(file))
        names = list(approvals.candidates)  # numbers from 0, as in the file
        papers = [(approved, 1) for approved in approvals.ballots]
        title, size = approvals.title, approvals.size
    return [({names[c]: 1 for c in sorted(chosen)}, times) for chosen, times in papers], names, title, size


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
