# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did the charter change only as all members voted, one subject at a time, within its bounds?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.ballot_options import on_the_paper_of
from kollontai.auditor.effects import (
    NO_VERSION,
    ON_CHARTER,
    Said,
    for_charter,
    left_undone,
    said_by,
    standing_at,
)
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.limits import beyond
from kollontai.auditor.things import Changed, Draft, Effects, Issue, Poll

QUESTION = (
    "Is every version of the charter exactly what a draft said that all members carried by the charter's own "
    "majority?"
)
ARTICLE = 12
EVIDENCE = PROVED
FINDS = (
    "limits in force that no vote set",
    "changes of the charter that hid among others, or that too few carried",
)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Each change by a vote; each carried vote by a change; and what was declared, one subject."""
    for number, change in enumerate(audit.state.changes):
        yield from _change(audit, change, number)
    for issue in audit.state.issues.values():
        if issue.outcome == "carried":
            yield from _done(audit, issue)
        for draft in map(audit.state.drafts.__getitem__, issue.drafts):
            for effects in draft.effects:
                yield from _declared(audit, issue, draft, effects)


def _declared(audit: Audit, issue: Issue, draft: Draft, effects: Effects) -> Iterator[Finding]:
    if not any(one in ON_CHARTER for one in effects.what):
        return
    at = effects.mark.position
    if len(effects.what) > 1:
        yield _found.breach(at, draft.id, f"{draft.id} changes the charter, and other things beside it.")
    if issue.unit != audit.state.root:
        yield _found.breach(at, draft.id, f"{draft.id} of {issue.unit} would change the charter of all.")
    if not for_charter(audit, issue):
        yield _found.breach(
            at, draft.id, f"{draft.id} would change the charter on {issue.id}, which was not raised for that."
        )
    before = draft.effects_of(effects.version - 1)
    if before is not None and said_by(audit, before) == said_by(audit, effects):
        return  # it stands as it stood, whatever the charter became meanwhile
    for said in said_by(audit, effects) or []:
        sentence = why_not(audit, said, at)
        if sentence:
            yield _found.breach(at, draft.id, f"{draft.id} could not declare that: {sentence}")


def why_not(audit: Audit, said: Said, position: int) -> str:
    """Why a change of the charter is possible by no vote, with the charter as it stood here; or nothing."""
    kind = said.get("effect")
    if kind == "set_joining":
        joining = said.get("joining")
        if joining not in ("open", "vouched"):
            return f"there is no way of joining called {joining}."
        return "it is so already." if joining == audit.joining_at(position) else ""
    if kind == "set_charter_text":
        return "it is so already." if said.get("text") == words_at(audit, position) else ""
    if kind != "set_limit":
        return ""
    key, value, of = said.get("key"), said.get("value"), said.get("of")
    if type(key) is not str or type(value) is not int or (of is not None and type(of) is not int):
        return "it names no limit and number."
    return limit_out_of_reach(audit, key, value, of, position)


def words_at(audit: Audit, position: int) -> str | None:
    """The organisation's own words before its articles as they stood here; None where they are not here."""
    before = [one.text for one in audit.state.changes if one.text and one.mark.position < position]
    founded = audit.state.named.get(("organisation.charter", audit.state.org), set())
    value = audit.contents.value(before[-1] if before else next(iter(founded), None))
    return None if value is None else value.decode("utf-8", "replace")


def limit_out_of_reach(audit: Audit, key: str, value: int, of: int | None, position: int) -> str:
    """Why no vote sets a limit so; or nothing."""
    articles, now = audit.articles, audit.charter_at(position)
    over = articles.over.get(key)
    if key not in now or key not in articles.limits["normal"]:
        return f"there is no limit {key}."
    if key in articles.entrenched:
        return f"no vote moves {key}."
    if (over is None) != (of is None) or key in articles.over.values():
        return f"both parts of the fraction {key} move together, or there is none."
    moved = {key: value} if over is None or of is None else {key: value, over: of}
    if all(now[one] == number for one, number in moved.items()):
        return "it is so already."
    founding, root = audit.state.founding, audit.state.root
    preset = founding.preset if founding else "normal"
    if root and audit.state.members_at(root, position) >= articles.small_below:
        preset = "normal"
    others = {one for one, other in articles.not_below.items() if key in (one, other)}
    wrong = [
        sentence
        for one, sentence in beyond({**now, **moved}, preset, articles)
        if one in moved or one in others
    ]
    if wrong:
        return wrong[0]
    return "a share is no more than the whole." if of is not None and not 0 < value <= of else ""


def _change(audit: Audit, change: Changed, number: int) -> Iterator[Finding]:
    at, mark = change.mark.position, change.mark
    if change.version != number + 2:
        yield _found.breach(at, "charter", f"Version {change.version} of the charter comes out of turn.")
    if change.what not in ON_CHARTER or change.what in NO_VERSION:
        yield _found.breach(at, "charter", f"Nothing changes the charter by {change.what}.")
    issue = audit.state.issues.get(change.issue)
    draft = audit.state.drafts.get(change.draft)
    resolution = next(
        (
            one
            for one in audit.state.resolutions.values()
            if (one.issue, one.draft) == (change.issue, change.draft) and one.mark.position < at
        ),
        None,
    )
    if issue is None or draft is None or resolution is None or resolution.mark.at != mark.at:
        yield _found.breach(at, "charter", "The charter was changed, and no draft was carried that says so.")
        return
    if issue.unit != audit.state.root or issue.weight != "big" or not for_charter(audit, issue):
        yield _found.breach(
            at, "charter", f"The charter was changed by {issue.id}, which is no big decision of all on it."
        )
    poll = audit.state.polls.get(issue.decided_poll)
    effects = standing_at(draft, poll.opened.position) if poll else None
    if poll is None or effects is None or tuple(effects.what) != (change.what,):
        yield _found.breach(
            at, "charter", f"The charter was changed otherwise than {draft.id} declares, which was carried."
        )
        return
    for said in said_by(audit, effects) or []:
        if not _as_said(audit, said, change):
            yield _found.breach(at, "charter", f"The charter does not say what {draft.id} declares.")
    sentence = _out_of_reach(audit, change)
    if sentence:
        yield _found.breach(at, change.key or "charter", f"The charter was changed beyond reach: {sentence}")
    yield from _carried(audit, issue, draft, poll, at)


def _out_of_reach(audit: Audit, change: Changed) -> str:
    if change.what == "set_limit":
        if not change.key or change.value is None:
            return "it names no limit and number."
        return limit_out_of_reach(audit, change.key, change.value, change.of, change.mark.position)
    return why_not(audit, {"effect": change.what, "joining": change.joining}, change.mark.position)


def _as_said(audit: Audit, said: Said, change: Changed) -> bool:
    if change.what == "set_charter_text":
        text = audit.contents.value(change.text)
        return text is None or text.decode("utf-8", "replace") == said.get("text")
    did = {
        "key": change.key or None,
        "value": change.value,
        "of": change.of,
        "joining": change.joining or None,
    }
    return all(said.get(name) == value for name, value in did.items())


def _carried(audit: Audit, issue: Issue, draft: Draft, poll: Poll, at: int) -> Iterator[Finding]:
    """Counted again by the charter's own majority, whatever the poll says it was opened with."""
    figures = audit.recount(poll).figures or poll.figures
    label = "" if poll.form == "yes_no" else f"{draft.id}."
    yes, no = figures.get(f"{label}yes", 0), figures.get(f"{label}no", 0)
    limits = audit.limits_of(issue)
    share = Fraction(limits["C1.num"], max(1, limits["C1.den"]))
    if yes < share * (yes + no) or not yes:
        yield _found.breach(
            at, "charter", f"The charter was changed with {yes} yes and {no} no; {share} of them are needed."
        )
    if yes * 10_000 < limits["D9.charter"] * poll.roll_count:
        yield _found.breach(
            at,
            "charter",
            f"The charter was changed with {yes} yes of {poll.roll_count}, too few.",
        )


def _done(audit: Audit, issue: Issue) -> Iterator[Finding]:
    """What was carried has changed the charter, unless it had become impossible."""
    draft, poll = audit.state.drafts.get(issue.decided_draft or ""), audit.state.polls.get(issue.decided_poll)
    if draft is None or poll is None or issue.decided is None:
        return
    if draft not in on_the_paper_of(audit, issue, poll):
        return
    effects = standing_at(draft, poll.opened.position)
    if effects is None or not any(one in ON_CHARTER and one not in NO_VERSION for one in effects.what):
        return
    did = [change for change in audit.state.changes if change.issue == issue.id]
    if len(did) > 1:
        yield _found.breach(did[1].mark.position, issue.id, f"{issue.id} changed the charter twice.")
    said = said_by(audit, effects)
    here = issue.decided.position
    if did or not said:
        return
    reasons = [why_not(audit, one, here) for one in said]
    if not all(reasons):
        yield _found.breach(here, issue.id, f"{issue.id} was to change the charter, and nothing changed.")
        return
    yield _found.observe(here, issue.id, left_undone(issue, reasons))
