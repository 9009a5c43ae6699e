# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that came with words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.folds.issues import issue_of
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Attachment

if TYPE_CHECKING:
    from kollontai.auditor.state import State


@folds("attachment.made")
def made(state: State, line: Line) -> None:
    """A file comes with words that stand already."""
    f, issue = line.fields, issue_of(state, line)
    there = {
        "contribution": issue.contributions, "letter": issue.letters, "draft": issue.drafts,
        "version": issue.drafts, "amendment": issue.amendments,
    }  # fmt: skip
    if f["of"] not in there.get(f["to"], ()):
        raise Impossible(f["attachment"], f"There is no {f['to']} {f['of']} on {issue.id} to attach to.")
    if f["attachment"] in state.attachments:
        raise Impossible(f["attachment"], f"The attachment {f['attachment']} is made a second time.")
    version = state.drafts[f["of"]].version_at(line.position).number if f["to"] == "version" else 0
    state.attachments[f["attachment"]] = Attachment(
        mark(line), f["attachment"], issue.id, f["to"], f["of"], f["form"], f["size"],
        line.commitments.get("name"), line.commitments.get("file"), version,
    )  # fmt: skip
