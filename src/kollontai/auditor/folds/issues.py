# SPDX-License-Identifier: AGPL-3.0-or-later
"""Issues, their stages and their drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Backing, Draft, Effects, Issue, MadeBig, Put, Resolution, Stage, Version

if TYPE_CHECKING:
    from kollontai.auditor.state import State


def issue_of(state: State, line: Line) -> Issue:
    """The issue an entry speaks of."""
    issue = state.issues.get(line.fields["issue"])
    if issue is None:
        raise Impossible(line.fields["issue"], f"There is no issue {line.fields['issue']}.")
    return issue


def _draft(state: State, line: Line) -> Draft:
    f = line.fields
    draft = state.drafts.get(f["draft"])
    if draft is None or draft.issue != f["issue"]:
        raise Impossible(f["draft"], f"There is no draft {f['draft']} on {f['issue']}.")
    return draft


@folds("issue.raised")
def raised(state: State, line: Line) -> None:
    """A member puts an issue before its unit."""
    f = line.fields
    if f["issue"] in state.issues:
        raise Impossible(f["issue"], f"The issue {f['issue']} is raised a second time.")
    if f["unit"] not in state.units:
        raise Impossible(
            f["issue"], f"The issue {f['issue']} is put before {f['unit']}, which does not exist."
        )
    issue = state.issues[f["issue"]] = Issue(
        f["issue"], f["number"], f["unit"], f["weight"], f["by_leader"], f["needed"], f["lapses_at"],
        f["limits"], mark(line), line.commitments.get("text"),
    )  # fmt: skip
    if not issue.by_leader:  # whoever raises it stands behind it, unless they lead
        issue.backing[line.actor] = Backing(mark(line))


@folds("issue.raised_for")
def raised_for(state: State, line: Line) -> None:
    """It is raised in the name of a body."""
    issue, body = issue_of(state, line), line.fields["body"]
    if issue.raised_for is not None:
        raise Impossible(issue.id, f"{issue.id} is raised in the name of a second body.")
    if body not in state.posts:
        raise Impossible(issue.id, f"{issue.id} is raised in the name of {body}, which does not exist.")
    issue.raised_for = (mark(line), body)


@folds("question.put")
def question_put(state: State, line: Line) -> None:
    """The clock puts an issue before members, with a first draft that nobody moved."""
    f, c, here = line.fields, line.commitments, mark(line)
    if f["issue"] in state.issues or f["draft"] in state.drafts:
        raise Impossible(f["issue"], f"The issue {f['issue']} is put before members a second time.")
    if f["unit"] not in state.units:
        raise Impossible(
            f["issue"], f"The issue {f['issue']} is put before {f['unit']}, which does not exist."
        )
    put = Put(f["why"], f["subject"], f["draft"], c.get("title"), c.get("text"), f["due"])
    issue = state.issues[f["issue"]] = Issue(
        f["issue"], f["number"], f["unit"], f["weight"], False, 0, f["due"], f["limits"], here,
        c.get("text"), put=put,
    )  # fmt: skip
    version = Version(1, here, c.get("title"), c.get("text"))
    state.drafts[f["draft"]] = Draft(f["draft"], issue.id, line.actor, True, here, [version])
    issue.drafts.append(f["draft"])
    state.questions[f["subject"]].append(issue)
    state.time(line, f["due"], issue.id)


@folds("effects.declared")
def effects_declared(state: State, line: Line) -> None:
    """A draft says what it would change."""
    f = line.fields
    draft = state.drafts.get(f["draft"])
    if draft is None:
        raise Impossible(f["draft"], f"There is no draft {f['draft']} that could have effects.")
    if draft.effects_of(f["version"]) is not None:
        raise Impossible(draft.id, f"Version {f['version']} of {draft.id} declares its effects twice.")
    draft.effects.append(Effects(mark(line), f["version"], f["what"], line.commitments.get("effects")))


@folds("issue.supported")
def supported(state: State, line: Line) -> None:
    """A member stands behind it."""
    issue, here = issue_of(state, line), mark(line)
    earlier = issue.backing.get(line.actor)
    if earlier is not None and earlier.withdrawn is None:
        if earlier.mark == issue.raised and here.at == issue.raised.at:
            return  # the raiser's own support, said in words
        raise Impossible(issue.id, f"{line.actor} supports {issue.id} twice.")
    issue.backing[line.actor] = Backing(here)


@folds("issue.support_withdrawn")
def support_withdrawn(state: State, line: Line) -> None:
    """A member no longer does."""
    issue = issue_of(state, line)
    backing = issue.backing.get(line.actor)
    if backing is None or backing.withdrawn is not None:
        raise Impossible(issue.id, f"{line.actor} takes back a support for {issue.id} they never gave.")
    backing.withdrawn = mark(line)


@folds("issue.lapsed")
def lapsed(state: State, line: Line) -> None:
    """It ends without a vote."""
    issue = issue_of(state, line)
    if issue.ended is not None:
        raise Impossible(issue.id, f"{issue.id} lapses although it had ended.")
    issue.lapsed, issue.lapsed_why, issue.lapsed_due = mark(line), line.fields["why"], line.fields["due"]
    state.time(line, line.fields["due"], issue.id)


@folds("stage.begun")
def begun(state: State, line: Line) -> None:
    """A stage begins."""
    f = line.fields
    issue = issue_of(state, line)
    if issue.stage(f["stage"]) is not None and not _anew(issue, f["stage"]):
        raise Impossible(issue.id, f"The stage {f['stage']} of {issue.id} begins a second time.")
    if issue.ended is not None:
        raise Impossible(issue.id, f"A stage of {issue.id} begins although it had ended.")
    issue.stages.append(Stage(f["stage"], mark(line), f["ends_at"], f["due"], f["drafts_close_at"]))
    issue.begins.append(line.position)
    state.time(line, f["due"], issue.id)


def _anew(issue: Issue, name: str) -> bool:
    """Whether a talk begins a second time because the issue was just made big."""
    talks = [stage for stage in issue.stages if stage.name == "talk"]
    return name == "talk" == issue.stages[-1].name and issue.made_big is not None and len(talks) == 1


@folds("issue.called_big")
def called_big(state: State, line: Line) -> None:
    """A member calls it a big decision."""
    issue = issue_of(state, line)
    if line.actor in issue.big_calls:
        raise Impossible(issue.id, f"{line.actor} calls {issue.id} big twice.")
    issue.big_calls[line.actor] = mark(line)


@folds("issue.made_big")
def made_big(state: State, line: Line) -> None:
    """It is a big decision from here on."""
    f, issue = line.fields, issue_of(state, line)
    if issue.made_big is not None:
        raise Impossible(issue.id, f"{issue.id} is made big a second time.")
    issue.made_big = MadeBig(mark(line), f["why"], issue.weight, issue.limits, f["limits"])
    issue.weight, issue.limits = "big", f["limits"]


@folds("issue.decided")
def decided(state: State, line: Line) -> None:
    """The vote has decided."""
    f = line.fields
    issue = issue_of(state, line)
    if issue.ended is not None:
        raise Impossible(issue.id, f"{issue.id} is decided although it had ended.")
    issue.decided, issue.outcome = mark(line), f["outcome"]
    issue.decided_poll, issue.decided_draft = f["poll"], f["draft"]
    issue.decided_alternative = f["alternative"]


@folds("resolution.in_force")
def in_force(state: State, line: Line) -> None:
    """A text is in force."""
    f = line.fields
    issue = issue_of(state, line)
    if f["resolution"] in state.resolutions:
        raise Impossible(f["resolution"], f"The resolution {f['resolution']} comes into force a second time.")
    state.resolutions[f["resolution"]] = Resolution(
        f["resolution"], issue.id, f["draft"], f["poll"], f["text_commitment"], mark(line), f["alternative"]
    )


@folds("draft.put")
def put(state: State, line: Line) -> None:
    """A draft is put forward."""
    f = line.fields
    issue = issue_of(state, line)
    if f["draft"] in state.drafts:
        raise Impossible(f["draft"], f"The draft {f['draft']} is put a second time.")
    version = Version(1, mark(line), line.commitments.get("title"), line.commitments.get("text"))
    state.drafts[f["draft"]] = Draft(f["draft"], issue.id, line.actor, f["first"], mark(line), [version])
    issue.drafts.append(f["draft"])


@folds("draft.supported")
def draft_supported(state: State, line: Line) -> None:
    """A member wants it on the ballot."""
    draft = _draft(state, line)
    if line.actor in draft.backing:
        raise Impossible(draft.id, f"{line.actor} supports the draft {draft.id} twice.")
    draft.backing[line.actor] = mark(line)


@folds("draft.revised")
def draft_revised(state: State, line: Line) -> None:
    """A draft gets a new version."""
    draft = _draft(state, line)
    draft.versions.append(
        Version(
            line.fields["version"], mark(line), line.commitments.get("title"), line.commitments.get("text")
        )
    )


@folds("draft.withdrawn")
def draft_withdrawn(state: State, line: Line) -> None:
    """A draft is taken back."""
    draft = _draft(state, line)
    if draft.withdrawn is not None:
        raise Impossible(draft.id, f"The draft {draft.id} is withdrawn twice.")
    draft.withdrawn = mark(line)
