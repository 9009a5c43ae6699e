# SPDX-License-Identifier: AGPL-3.0-or-later
"""Does every ballot paper show what is voted on, to the letter, and nothing beside it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.decision_follows_count import on_paper
from kollontai.auditor.effects import said_by, standing_at
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.paperwords import would_change
from kollontai.auditor.published import RON, YES_NO
from kollontai.auditor.read import json_value
from kollontai.auditor.things import Issue, Poll
from kollontai.openrecord.times import write_time

QUESTION = "Does every ballot paper show each text, name and effect as the record has it, and nothing more?"
ARTICLE = 12
EVIDENCE = PROVED
FINDS = ()

_found = Finder(__name__, ARTICLE)

UNKNOWN = object()
"""Words that are not here to be read: content_opens says so where they must be."""


def check(audit: Audit) -> Iterator[Finding]:
    """Whoever votes reads the paper: what is in force afterwards, or who is elected, is what stood there."""
    for poll in audit.state.polls.values():
        data = audit.contents.value(poll.paper)
        if data is None:
            if poll.paper is None:
                yield _found.breach(poll.opened.position, poll.id, "The poll was opened without a paper.")
            continue
        shown = json_value(data)
        right = _right(audit, poll, shown)
        if right is None:
            continue  # it is about nothing there is: ballot_options says so
        place = _differs(right, shown)
        if place is not None:
            what = place or "something"
            yield _found.breach(
                poll.opened.position,
                poll.id,
                f"The ballot paper of {poll.id} shows {what} otherwise than the record has it.",
            )


def _right(audit: Audit, poll: Poll, shown: Any) -> dict[str, Any] | None:
    state = audit.state
    if poll.about == "issue":
        issue = state.issues.get(poll.subject)
        return _issue(audit, poll, issue) if issue else None
    if poll.about == "election":
        return _election(audit, poll)
    if poll.about == "confirmation":
        return _confirmation(audit, poll, shown)
    petition = state.petitions.get(poll.subject)
    term = state.terms.get(petition.subject) if petition else None
    if petition is None or term is None:
        return None
    return {
        "about": "recall", "post": term.post, "title": _post(audit, term.post, poll), "member": term.member,
        "petition": petition.id, "options": [{"id": option} for option in YES_NO],
    }  # fmt: skip


# --- What each kind of paper shows ---


def _issue(audit: Audit, poll: Poll, issue: Issue) -> dict[str, Any]:
    titles = audit.state.named.get(("issue.title", issue.id), ())
    title: Any = issue.put.title if issue.put else next(iter(titles), None)
    alone = on_paper(audit, issue, poll) if poll.form == "yes_no" else None
    ranked = [option for option in poll.options if option != poll.status_quo]
    several = [*(_option(audit, poll, issue, one) for one in ranked), {"id": poll.status_quo}]
    return {
        "about": "issue",
        "issue": issue.id,
        "title": _words(audit, title),
        "draft": _option(audit, poll, issue, alone) if poll.form == "yes_no" else None,
        "options": [{"id": option} for option in YES_NO] if poll.form == "yes_no" else several,
    }


def _option(audit: Audit, poll: Poll, issue: Issue, name: str | None) -> Any:
    """A draft as it last was, or as amendments make it, and what it would change."""
    state, at = audit.state, poll.opened.position
    made = state.alternatives.get(name or "")
    draft = state.drafts.get(made.draft if made else name or "")
    if draft is None or draft.id not in issue.drafts:
        return UNKNOWN
    version = draft.version_at(at)
    if made is not None:
        version = next((one for one in draft.versions if one.number == made.version), version)
    text = made.text if made else version.text
    option: dict[str, Any] = {
        "id": name, "letter": _letter(issue.drafts.index(draft.id)), "version": version.number,
        "title": _words(audit, version.title), "text": _words(audit, text),
        "text_commitment": text.hex() if text else UNKNOWN,
    }  # fmt: skip
    declared = standing_at(draft, at)
    effects = said_by(audit, declared)
    if effects is None:
        option |= {"effects": UNKNOWN, "would_change": UNKNOWN}
    elif effects:
        option |= {"effects": effects, "would_change": [_sentence(audit, one, at) for one in effects]}
    if made is not None:
        numbers = sorted(state.amendments[one].number for one in made.amendments)
        option |= {"draft": draft.id, "amendments": numbers}
    return option


def _sentence(audit: Audit, effect: dict[str, Any], at: int) -> Any:
    sentence = would_change(audit, effect, at)
    return UNKNOWN if sentence is None else sentence


def _letter(place: int) -> str:
    """What a draft is called: A to Z, AA to AZ, BA to BZ, and so on."""
    before, last = divmod(place, 26)
    return (_letter(before - 1) if before else "") + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[last]


def _election(audit: Audit, poll: Poll) -> dict[str, Any] | None:
    election, at = audit.state.elections.get(poll.subject), poll.opened.position
    if election is None:
        return None
    options: list[dict[str, Any]] = []
    for option in poll.options:
        candidacy = election.candidacies.get(option)
        said = [one for one in candidacy.versions if one.mark.position < at] if candidacy else []
        if candidacy is None or not said:
            options.append({"id": option} if option == RON else {"id": option, "half": UNKNOWN})
            continue
        statement, picture = said[-1].statement, said[-1].picture
        options.append(
            {
                "id": option, "half": candidacy.half, "statement": statement.hex() if statement else None,
                "picture": picture.hex() if picture else None,
            }
        )  # fmt: skip
    return {
        "about": "election", "election": election.id, "post": election.post,
        "title": _post(audit, election.post, poll), "seats": election.seats_at(at), "options": options,
    }  # fmt: skip


def _confirmation(audit: Audit, poll: Poll, shown: Any) -> dict[str, Any] | None:
    """One of those who were entered for the post: which one, terms_from_counts asks."""
    claims = [claim for claim in audit.state.claims if claim.post == poll.subject]
    member = shown.get("member") if type(shown) is dict else None
    claim = next((one for one in claims if one.member == member), claims[0] if claims else None)
    if claim is None:
        return None
    minutes = audit.state.named.get(("claim.minutes", f"{claim.post}/{claim.member}"), ())
    return {
        "about": "confirmation", "post": claim.post, "title": _post(audit, claim.post, poll),
        "member": claim.member, "elected_at": write_time(claim.elected_at),
        "old_end": write_time(claim.old_end), "minutes": _words(audit, next(iter(minutes), None)),
        "options": [{"id": option} for option in YES_NO],
    }  # fmt: skip


def _post(audit: Audit, name: str, poll: Poll) -> Any:
    post = audit.state.posts.get(name)
    return _words(audit, post.form_at(poll.opened.position).title) if post else UNKNOWN


def _words(audit: Audit, commitment: bytes | None) -> Any:
    value = audit.contents.value(commitment)
    return UNKNOWN if value is None else value.decode("utf-8", "replace")


# --- Comparing ---


def _differs(right: Any, shown: Any, name: str = "") -> str | None:
    """What is shown otherwise; None where all is right."""
    if right is UNKNOWN:
        return None
    if isinstance(right, Mapping):
        if type(shown) is not dict:
            return name
        for key in sorted(right.keys() | shown.keys()):
            if key not in right or key not in shown:
                return str(key)[:40]
            place = _differs(right[key], shown[key], key)
            if place is not None:
                return place
        return None
    if isinstance(right, Sequence) and not isinstance(right, str):
        if type(shown) is not list or len(shown) != len(right):
            return name
        places = (_differs(one, other, name) for one, other in zip(right, shown, strict=True))
        return next((place for place in places if place is not None), None)
    same: bool = type(right) is type(shown) and right == shown
    return None if same else name
