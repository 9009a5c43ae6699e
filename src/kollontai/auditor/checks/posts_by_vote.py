# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did posts come into being, change and end only at the founding or by a vote of their own unit?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kollontai.auditor.audit import Audit
from kollontai.auditor.effects import (
    MERGED,
    MERGES,
    ON_CHARTER,
    ON_DUES,
    ON_UNITS,
    SO_ALREADY,
    left_undone,
)
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.read import json_value
from kollontai.auditor.things import Draft, Effects, Form, Issue, Post

QUESTION = "Is every post from the founding, or made, changed or ended by exactly the draft its unit voted?"
ARTICLE = 1
EVIDENCE = PROVED
FINDS = ("posts that no vote of their own unit made, changed or ended",)

_found = Finder(__name__, ARTICLE)

DUTIES = ("scrutineer", "juror", "delegate", "specialist")
EFFECTS = {"create_post": "created", "change_post": "changed", "end_post": "ended"}
OF_THE_WHOLE = (*ON_CHARTER, *ON_UNITS, *ON_DUES, MERGES)
"""Effects that other checks look at."""
BOXES = ("separated", "outside")
MOST_POSTS = 100


def check(audit: Audit) -> Iterator[Finding]:
    """A unit edits its own posts; what leads or is paid needs the times of a big decision."""
    founding = audit.state.founding
    founded = founding.founded if founding else None
    decided: dict[str, list[tuple[Post, Form]]] = {}
    for post in audit.state.posts.values():
        for form in post.forms:
            yield from _plainly(audit, post, form)
            if form.issue:
                decided.setdefault(form.issue, []).append((post, form))
            elif founded is not None and form.mark.position > founded.position:
                yield _found.breach(
                    form.mark.position, post.id, "A post was made after the founding, and no vote made it."
                )
        for before, after in zip(post.forms, post.forms[1:], strict=False):
            yield from _by_vote(audit, post, after, before)
        if post.forms[0].issue:
            yield from _by_vote(audit, post, post.forms[0], None)
    for issue in audit.state.issues.values():
        yield from _in_force(audit, issue, decided.get(issue.id, []))
    for draft in audit.state.drafts.values():
        for effects in draft.effects:
            yield from _declared(draft, effects)


def _plainly(audit: Audit, post: Post, form: Form) -> Iterator[Finding]:
    at = form.mark.position
    if form.seats == 1 and not form.leading and form.duty not in DUTIES:
        yield _found.breach(at, post.id, f"The single post {post.id} is marked as not leading.", article=2)
    if form.leading and form.duty:
        yield _found.breach(
            at,
            post.id,
            f"{post.id} leads and has the duty of a {form.duty[:20]}, which leads nothing.",
            article=2,
        )
    if form.what not in ("created", "changed", "ended") or form.seats < 1 or form.pay < 0:
        yield _found.breach(at, post.id, f"{post.id} is {form.what} with {form.seats} seats.")
    if form.box not in BOXES:
        yield _found.breach(at, post.id, f"There is no ballot box called {form.box}.")
    limits = audit.limits_at(at)
    most = limits["O1.leading" if form.leading else "O1.other"]
    if not 0 < form.term_days <= most:
        yield _found.breach(
            at, post.id, f"A term of {post.id} is to last {form.term_days} days; {most} is the most."
        )


def _by_vote(audit: Audit, post: Post, form: Form, before: Form | None) -> Iterator[Finding]:
    at, issue = form.mark.position, audit.state.issues.get(form.issue)
    resolution = next(
        (
            one
            for one in audit.state.resolutions.values()
            if one.issue == form.issue and one.draft == form.draft and one.mark.position < at
        ),
        None,
    )
    if issue is None or resolution is None:
        yield _found.breach(at, post.id, f"{post.id} was {form.what} without a draft that was carried.")
        return
    if resolution.mark.at != form.mark.at:
        yield _found.breach(at, post.id, f"{post.id} was not {form.what} with the count.")
    home, poll = audit.state.where(issue.unit, at), audit.state.polls.get(issue.decided_poll)
    if form.unit != home or post.unit != home or (poll is not None and poll.unit != home):
        yield _found.breach(
            at,
            post.id,
            f"{post.id} of {post.unit} was {form.what} by {issue.unit}; a unit edits its own posts.",
        )
    touched = [form] if before is None else [before] if form.what == "ended" else [before, form]
    new = before is None or before.box != form.box
    if form.box == "outside" and new and not audit.state.held_outside_by_law(at):
        yield _found.breach(
            at, post.id, f"The ballots of {post.id} are held outside, and no law note says so.", article=12
        )
    if issue.weight != "big" and any(one.leading or one.pay for one in touched):
        yield _found.breach(
            at,
            post.id,
            f"{post.id} leads or is paid, and was {form.what} without the times of a big decision.",
        )


def _in_force(audit: Audit, issue: Issue, decided: list[tuple[Post, Form]]) -> Iterator[Finding]:
    """What the carried draft declared, in order, and nothing else; left out is what could not be done."""
    draft = audit.state.drafts.get(issue.decided_draft or "") if issue.outcome == "carried" else None
    poll = audit.state.polls.get(issue.decided_poll)
    if draft is None or issue.decided is None or poll is None:
        return
    effects = draft.effects_of(draft.version_at(poll.opened.position).number)
    what = [EFFECTS.get(one, one) for one in effects.what] if effects else []
    left = sorted(decided, key=lambda one: one[1].mark.position)
    done = [form.what for _, form in left]
    shown = json_value(audit.contents.value(effects.effects)) if effects else None
    if type(shown) is not list or len(shown) != len(what) or any(type(one) is not dict for one in shown):
        shown = [{} for _ in what]
    both = [one for one in zip(what, shown, strict=True) if one[0] not in OF_THE_WHOLE]
    what, shown = [one[0] for one in both], [one[1] for one in both]
    here, undone, unseen = issue.decided.position, False, False
    reasons: list[str] = []
    for kind, said in zip(what, shown, strict=True):
        if left and left[0][1].what == kind and said.get("post", left[0][0].id) == left[0][0].id:
            post, form = left.pop(0)
            here = form.mark.position
            yield from _as_said(audit, said, post, form)
        elif not said:
            unseen = True
        elif reason := _why_not(audit, issue, kind, said, here) if _readable(said) else "":
            reasons.append(reason)
        else:
            undone = True
    if unseen and not (undone or left):
        yield _found.observe(
            issue.decided.position, issue.id,
            f"The carried draft of {issue.id} declares {', '.join(what)}; posts were "
            f"{', '.join(done) or 'left as they are'}. Why, its words would tell, and they are not here.",
        )  # fmt: skip
    if undone or left:
        yield _found.breach(
            issue.decided.position, issue.id,
            f"The carried draft of {issue.id} declares {', '.join(what) or 'no effects'}; posts were "
            f"{', '.join(done) or 'left as they are'}.",
        )  # fmt: skip
    elif reasons:
        yield _found.observe(issue.decided.position, issue.id, left_undone(issue, reasons))


_TYPES = {
    "effect": str, "post": str, "title": str, "leading": bool, "seats": int, "term_days": int, "pay": int,
    "duty": str, "box": str,
}  # fmt: skip


def _readable(said: dict[str, Any]) -> bool:
    """Whether an effect says only what an effect can say, each of its type."""
    return all(type(value) is _TYPES.get(key) for key, value in said.items() if value is not None)


def _why_not(audit: Audit, issue: Issue, kind: str, said: dict[str, Any], here: int) -> str:
    """Why an effect could not be done any more, with the posts as they stood; or nothing."""
    posts = audit.state.posts
    before: Form | None = None
    home, poll = audit.state.where(issue.unit, here), audit.state.polls.get(issue.decided_poll)
    if poll is not None and poll.unit != home:
        return MERGED
    if kind != "created":
        post = posts.get(str(said.get("post")))
        if post is None or post.unit != home or post.made.position > here:
            return "there is no such post in its unit."
        if post.ended_at(here + 1):
            return f"{post.id} has ended."
        before = post.form_at(here)
    wanted = {
        **(before._asdict() if before else {"pay": 0, "duty": "", "box": "separated", "seats": 1}),
        **said,
    }
    leads, paid = bool(wanted.get("leading")), bool(wanted.get("pay"))
    was_either = before is not None and bool(before.leading or before.pay)
    touched = was_either if kind == "ended" else leads or paid or was_either
    if issue.weight != "big" and touched:
        return "what leads or is paid needs the times of a big decision."
    if kind == "ended":
        return ""
    if wanted["seats"] == 1 and not leads and (wanted.get("duty") or "") not in DUTIES:
        return "a single post leads, or has a duty."
    if leads and wanted.get("duty"):
        return "a post that leads has no duty."
    if wanted.get("term_days", 0) > audit.limits_at(here)["O1.leading" if leads else "O1.other"]:
        return "its term is longer than the charter allows."
    new = before is None or before.box != wanted["box"]
    if wanted["box"] == "outside" and new and not audit.state.held_outside_by_law(here):
        return "no law note says that its ballots are held outside."
    if before is not None and all(
        _same_title(audit, before, said) if key == "title" else wanted[key] == value
        for key, value in before._asdict().items()
    ):
        return SO_ALREADY
    if said.get("title") is not None and _taken(audit, issue, said, here):
        return "another post of the unit bears that title."
    if kind == "created" and _posts_of(audit, home, here) >= MOST_POSTS:
        return "its unit has as many posts as one may have."
    return ""


def _posts_of(audit: Audit, unit: str, here: int) -> int:
    """How many posts a unit had that were still filled, with an entry."""
    every = (post for post in audit.state.posts.values() if post.unit == unit)
    return sum(post.made.position <= here and not post.ended_at(here + 1) for post in every)


def _same_title(audit: Audit, form: Form, said: dict[str, Any]) -> bool:
    """Whether an effect leaves a post its title."""
    title = audit.contents.value(form.title)
    return said.get("title") is None or (
        title is not None and title.decode("utf-8", "replace") == said["title"]
    )


def _taken(audit: Audit, issue: Issue, said: dict[str, Any], here: int) -> bool:
    """Whether a title belonged to another post of the unit."""
    home = audit.state.where(issue.unit, here)
    for post in audit.state.posts.values():
        if post.id == said.get("post") or post.unit != home:
            continue
        if post.made.position > here or post.ended_at(here + 1):
            continue
        title = audit.contents.value(post.form_at(here).title)
        if title is not None and title.decode("utf-8", "replace").casefold() == said["title"].casefold():
            return True
    return False


def _as_said(audit: Audit, said: dict[str, Any], post: Post, form: Form) -> Iterator[Finding]:
    done: dict[str, Any] = {
        "post": post.id, "unit": form.unit, "leading": form.leading, "seats": form.seats,
        "term_days": form.term_days, "pay": form.pay, "box": form.box, "duty": form.duty,
    }  # fmt: skip
    title = audit.contents.value(form.title)
    if title is not None:
        done["title"] = title.decode("utf-8", "replace")
    for key in sorted(said.keys() & done.keys()):
        wanted = said[key] or "" if key == "duty" else said[key]
        if wanted != done[key] and not (key == "post" and form.what == "created"):
            yield _found.breach(
                form.mark.position, post.id,
                f"{post.id} was {form.what} with another {key} than the draft that was carried says.",
            )  # fmt: skip


def _declared(draft: Draft, effects: Effects) -> Iterator[Finding]:
    """Effects stand directly after the words that they belong to."""
    at = effects.mark.position
    version = next((one for one in draft.versions if one.number == effects.version), None)
    if version is None or version.mark.position + 1 != at or effects.mark.actor != version.mark.actor:
        yield _found.breach(
            at, draft.id, f"Effects of {draft.id} were declared apart from its words.", article=2
        )
    for one in effects.what:
        if one not in EFFECTS and one not in OF_THE_WHOLE:
            yield _found.breach(at, draft.id, f"There is no effect called {one}.", article=2)
