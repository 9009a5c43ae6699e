# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did every stage run its full time, in order, by the clock?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import counts_from, middle
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Issue, Stage
from kollontai.auditor.timing import HOUR, ORDER, stage_ends

QUESTION = "Did every stage follow the one before it and last as many days as the issue was born with?"
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ("stages cut short, and texts that were frozen too late",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """A stage ends at the first 20:00 after its days; the next counts from there, or later after an "
    "outage."""
    for issue in audit.state.issues.values():
        before: Stage | None = None
        anew = _talked_anew(issue)
        if anew is not None:
            yield from _anew(audit, issue, *anew)
        for number, stage in enumerate(issue.stages if anew is None else issue.stages[1:]):
            if number >= len(ORDER) or stage.name != ORDER[number]:
                yield _found.breach(
                    stage.mark.position, issue.id, f"The stage {stage.name} of {issue.id} came out of turn."
                )
                if stage.name not in ORDER:
                    continue
            if anew is None or stage is not anew[1]:
                yield from _begin(issue, stage, before)
            yield from _length(audit, issue, stage, before)
            before = stage


def _talked_anew(issue: Issue) -> tuple[Stage, Stage] | None:
    """The talk that was broken off and the one that began instead, where an issue was made big."""
    talks = issue.stages[:2]
    if issue.made_big is None or [stage.name for stage in talks] != ["talk", "talk"]:
        return None
    return talks[0], talks[1]


def _anew(audit: Audit, issue: Issue, first: Stage, second: Stage) -> Iterator[Finding]:
    """The talk that was broken off was one; the new one stands directly behind its reason."""
    yield from _begin(issue, first, None)
    yield from _length(audit, issue, first, None)
    made, mark = issue.made_big, second.mark
    assert made is not None
    if mark.position != made.mark.position + 1 or mark.actor != made.mark.actor or second.due is not None:
        yield _found.breach(
            mark.position, issue.id, f"The talk on {issue.id} began anew apart from what made it big."
        )


def _begin(issue: Issue, stage: Stage, before: Stage | None) -> Iterator[Finding]:
    mark = stage.mark
    if before is None:
        if issue.put is not None:
            if mark.actor != "clock" or mark.at != issue.raised.at:
                yield _found.breach(
                    mark.position, issue.id, f"The talk on {issue.id} did not begin as the clock put it."
                )
        elif mark.actor == "clock":
            yield _found.breach(
                mark.position, issue.id, f"The clock began the talk on {issue.id}; supporters do that."
            )
        return
    if mark.actor != "clock":
        yield _found.breach(
            mark.position, issue.id, f"{mark.actor} began the stage {stage.name}; only the clock does that."
        )
    if mark.at < before.ends_at:
        yield _found.breach(
            mark.position, issue.id,
            f"The stage {stage.name} of {issue.id} began at {_say(mark.at)}; {before.name} was to last "
            f"until {_say(before.ends_at)}.",
        )  # fmt: skip
    if stage.due != before.ends_at:
        yield _found.breach(
            mark.position,
            issue.id,
            f"The stage {stage.name} says it was due at another time than {_say(before.ends_at)}.",
        )


def _length(audit: Audit, issue: Issue, stage: Stage, before: Stage | None) -> Iterator[Finding]:
    here = stage.mark.position
    begins = counts_from(before.ends_at if before else None, stage.mark.at)
    if (
        before is None and issue.put is not None and stage is issue.stages[0]
    ):  # counted from its due time, unless the clock came late
        begins = counts_from(issue.put.due, stage.mark.at)
    own, full = stage_ends(audit, issue, stage.name, begins, here)
    said = stage.said_ends_at
    if said != full:
        short = "cut short" if said < full else "drawn out"
        yield _found.breach(
            here, issue.id,
            f"The stage {stage.name} of {issue.id} is {short}: it ends at {_say(said)}; its time ends at "
            f"{_say(full)}.",
        )  # fmt: skip
    if stage.cut_from is not None:
        yield from _cut(audit, issue, stage)
    if stage.name == "reply":
        if stage.drafts_close_at not in (middle(begins, own), middle(stage.mark.at, own)):
            yield _found.breach(
                stage.mark.position, issue.id,
                f"Drafts on {issue.id} were to close at {_say(middle(begins, own))}, half of the reply.",
            )  # fmt: skip
    elif stage.drafts_close_at is not None:
        yield _found.breach(stage.mark.position, issue.id, f"Drafts do not close in the stage {stage.name}.")


def _cut(audit: Audit, issue: Issue, stage: Stage) -> Iterator[Finding]:
    """A stage that members shortened has its hours from then on, unless it ended before anyway."""
    done = issue.shortened
    assert done is not None
    hours = audit.limits_of(issue)[f"N.shorten_{stage.name}"]
    right = min(stage.said_ends_at, done.mark.at + hours * HOUR)
    if stage.ends_at != right:
        yield _found.breach(
            done.mark.position, issue.id,
            f"The stage {stage.name} of {issue.id} was shortened to {_say(stage.ends_at)}; its {hours} hours "
            f"end at {_say(right)}.",
        )  # fmt: skip


def _say(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
