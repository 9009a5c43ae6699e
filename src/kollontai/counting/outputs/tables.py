# SPDX-License-Identifier: AGPL-3.0-or-later
"""Results as a table of words: plain text, Markdown, CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from ..budgets.result import BudgetResult, amount
from ..committees import CommitteeResult
from ..condorcet import PairResult
from ..ratings import RatingResult
from ..schulze import SchulzeResult
from ..stv.result import Count

Rows = list[list[str]]


def stages_of(count: Count) -> Rows:
    """A ranked count: one row per candidate, one column per stage, as official reports do."""
    head = ["Candidate"]
    for number, stage in enumerate(count.stages, 1):
        who = ", ".join(str(candidate + 1) for candidate in stage.candidates)
        what = {
            "surplus": f"Surplus of {who}",
            "exclude": f"Exclusion of {who}",
            "iterate": "Surpluses settle",
            "elect": f"Election of {who}",
        }
        head.append(f"{number}. {what.get(stage.action or '', 'First preferences')}")
    rows = [[*head, "Outcome"]]
    for candidate, name in enumerate(count.candidates):
        row = [f"{candidate + 1} {name}"]
        row += [count.text(stage.tallies[candidate]) for stage in count.stages]
        rows.append([*row, outcome(count, candidate)])
    if count.rule.family == "quotient":
        rows.append(["Ballots that say no more", *(count.text(s.non_transferable) for s in count.stages), ""])
        rows.append(["Quota", *(count.short(stage.quota) for stage in count.stages), ""])
        return rows
    for label, figures in (
        ("Non-transferable", [count.text(stage.non_transferable) for stage in count.stages]),
        ("Lost by truncation", [count.text(stage.lost) for stage in count.stages]),
        ("Both together", [count.text(stage.non_transferable + stage.lost) for stage in count.stages]),
        (
            "Total",
            [count.text(sum(stage.tallies) + stage.non_transferable + stage.lost) for stage in count.stages],
        ),
        ("Quota", [count.short(stage.quota) for stage in count.stages]),
    ):
        rows.append([label, *figures, ""])
    return rows


def outcome(count: Count, candidate: int) -> str:
    """What became of a candidate."""
    if candidate in count.elected:
        return f"elected ({count.elected.index(candidate) + 1})"
    if candidate in count.withdrawn:
        return "withdrawn"
    if candidate in count.left_out:
        return "on no ballot"
    for number, stage in enumerate(count.stages, 1):
        if stage.action == "exclude" and candidate in stage.candidates:
            return f"excluded at stage {number}"
    return "not elected"


def matrix_of(result: SchulzeResult | PairResult) -> Rows:
    """How many prefer the row to the column; columns by the numbers that stand before the names."""
    return _square("prefer … to", result.options, result.matrix)


def paths_of(result: SchulzeResult | PairResult) -> Rows:
    """Votes on the weakest link of the strongest path from the row to the column."""
    links = result.strengths.links if result.strengths else ()
    return _square("path from … to", result.options, [[link[0] for link in row] for row in links])


def _square(corner: str, names: Sequence[str], values: Sequence[Sequence[int]]) -> Rows:
    rows = [[corner, *(str(at + 1) for at in range(len(names)))]]
    for at, row in enumerate(values):
        cells = ("·" if at == other else str(value) for other, value in enumerate(row))
        rows.append([f"{at + 1} {names[at]}", *cells])
    return rows


def ratings_of(result: RatingResult) -> Rows:
    """One row per candidate: points or approvals, the mean where the rule asks for it, the outcome."""
    means = any(mean is not None for mean in result.means)
    rows = [["Candidate", "Points", *(["Mean"] if means else []), "Outcome"]]
    for name, points, mean in zip(result.candidates, result.totals, result.means, strict=True):
        place = ""
        if name in result.winners:
            place = "tied" if result.tied else f"chosen ({result.winners.index(name) + 1})"
        rows.append([name, str(points), *([str(mean)] if means else []), place])
    return rows


def committee_of(result: CommitteeResult) -> Rows:
    """One row per candidate: by how many approved, and in which order chosen."""
    rows = [["Candidate", "Approved by", "Outcome"]]
    for at, name in enumerate(result.candidates):
        place = f"chosen ({result.chosen.index(at) + 1})" if at in result.chosen else ""
        rows.append([name, str(result.approvals[at]), place])
    return rows


def of(result: Count | SchulzeResult | PairResult | RatingResult | CommitteeResult) -> Rows:
    """The table of a count by any rule."""
    if isinstance(result, Count):
        return stages_of(result)
    if isinstance(result, RatingResult):
        return ratings_of(result)
    if isinstance(result, CommitteeResult):
        return committee_of(result)
    return matrix_of(result)


def projects_of(result: BudgetResult) -> Rows:
    """A budget: one row per project, the funded ones first and in their order."""
    rows = [["Project", "Cost", "Votes or points", "Funded"]]
    price = dict(zip(result.projects, zip(result.costs, result.scores, strict=True), strict=True))
    others = [project for project in result.projects if project not in result.selected]
    for project in [*result.selected, *others]:
        cost, score = price[project]
        number = str(result.selected.index(project) + 1) if project in result.selected else ""
        rows.append([project, amount(cost), amount(score), number])
    rows.append(["Total funded", amount(result.cost), "", str(len(result.selected))])
    rows.append(["Budget", amount(result.budget), "", ""])
    return rows


def text(rows: Rows) -> str:
    """Columns of plain text; numbers stand right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for number, row in enumerate(rows):
        cells = [
            cell.ljust(width) if at == 0 or number == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


def markdown(rows: Rows) -> str:
    """A Markdown table."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    rule = "|" + "|".join(["---", *["---:"] * (len(rows[0]) - 1)]) + "|"
    return "\n".join([line(rows[0]), rule, *(line(row) for row in rows[1:])]) + "\n"


def comma_separated(rows: Rows) -> str:
    """CSV. Cells that a spreadsheet would run as a formula are told apart by an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        cells = (
            cell.replace("\r", " ") for cell in row
        )  # the writer takes it for no end of a line; others do
        writer.writerow([f"'{cell}" if _is_formula(cell) else cell for cell in cells])
    return out.getvalue()


def _is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run a cell; a figure below zero is none."""
    return cell.startswith(("=", "+", "-", "@", "\t")) and not _FIGURE.fullmatch(cell)


_FIGURE = re.compile(r"-[0-9][0-9.,/ ]*")
