# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did every stage run its full time, in order, by the clock?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import counts_from, end_of_phase, middle
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Issue, Stage

QUESTION = "Did every stage follow the one before it and last as many days as the issue was born with?"
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ("stages cut short, and texts that were frozen too late",)

_found = Finder(__name__, ARTICLE)

ORDER = ("talk", "answer", "reply", "vote")


def limit_of(weight: str, stage: str) -> str:
    """Which limit says how long a stage of an issue of this weight lasts."""
    size = weight if weight in ("big", "ordinary", "unit") else "ordinary"
    if stage == "talk":
        return f"D1.{size}"
    code = {"answer": "D3", "reply": "D4", "vote": "D5"}[stage]
    return f"{code}.{'big' if size == 'big' else 'other'}"


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
    days = audit.limits_of(issue)[limit_of(issue.weight_at(stage.mark.position), stage.name)]
    begins = counts_from(before.ends_at if before else None, stage.mark.at)
    full = end_of_phase(begins, days, audit.zone)
    if (
        before is None and issue.put is not None and stage is issue.stages[0]
    ):  # counted from its due time, unless the clock came late
        begins = counts_from(issue.put.due, stage.mark.at)
        full = end_of_phase(begins, days, audit.zone)
    if stage.ends_at != full:
        short = "cut short" if stage.ends_at < full else "drawn out"
        yield _found.breach(
            stage.mark.position, issue.id,
            f"The stage {stage.name} of {issue.id} is {short}: it ends at {_say(stage.ends_at)}; {days} "
            f"days end at {_say(full)}.",
        )  # fmt: skip
    if stage.name == "reply":
        if stage.drafts_close_at not in (middle(begins, full), middle(stage.mark.at, full)):
            yield _found.breach(
                stage.mark.position, issue.id,
                f"Drafts on {issue.id} were to close at {_say(middle(begins, full))}, half of the reply.",
            )  # fmt: skip
    elif stage.drafts_close_at is not None:
        yield _found.breach(stage.mark.position, issue.id, f"Drafts do not close in the stage {stage.name}.")


def _say(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
