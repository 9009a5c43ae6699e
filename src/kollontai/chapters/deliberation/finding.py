# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the ids an act was given to rows of its own organisation, or a kind refusal."""

from __future__ import annotations

from kollontai.chapters.deliberation.models import (
    Amendment,
    ArchivedThread,
    Combination,
    Contribution,
    Draft,
    Issue,
    Shortening,
)
from kollontai.chapters.members.models import Member
from kollontai.chapters.members.queries import here
from kollontai.chapters.record.act import Act, Refusal, Refused
from kollontai.chapters.record.rows import one_of


def on_issue(issue_id: str) -> list[str]:
    """The lock of everything that is done on an issue."""
    return [f"issue:{issue_id}"]


OnIssue = type[Draft] | type[Contribution] | type[Amendment] | type[Combination] | type[Shortening]


def on_issue_of(model: OnIssue, given_id: str) -> list[str]:
    """The same lock, found from something that belongs to an issue; it never moves to another."""
    return on_issue(
        model._default_manager.filter(pk=given_id).values_list("issue", flat=True).first() or "none"
    )


def the_issue(this: Act, issue_id: str) -> Issue:
    """An issue of this organisation."""
    found = one_of(Issue, this.organisation_id, issue_id, "unit", "title")
    if found is None:
        raise Refused(Refusal("no-such-issue", 2))
    return found


def the_draft(this: Act, draft_id: str) -> Draft:
    """A draft of this organisation, with its issue."""
    found = one_of(Draft, this.organisation_id, draft_id, "issue__unit")
    if found is None:
        raise Refused(Refusal("no-such-draft", 2))
    return found


def the_amendment(this: Act, amendment_id: str) -> Amendment:
    """An amendment of this organisation, with its draft, its parent and its issue."""
    found = one_of(Amendment, this.organisation_id, amendment_id, "issue__unit", "draft", "parent")
    if found is None:
        raise Refused(Refusal("no-such-amendment", 2))
    return found


def the_combination(this: Act, combination_id: str) -> Combination:
    """A proposal to combine amendments, with its issue."""
    found = one_of(Combination, this.organisation_id, combination_id, "issue__unit")
    if found is None:
        raise Refused(Refusal("no-such-combination", 2))
    return found


def the_shortening(this: Act, shortening_id: str) -> Shortening:
    """A proposal to shorten, with its issue."""
    found = one_of(Shortening, this.organisation_id, shortening_id, "issue__unit")
    if found is None:
        raise Refused(Refusal("no-such-shortening", 2))
    return found


def the_contribution(this: Act, contribution_id: str) -> Contribution:
    """Something said in this organisation, with its issue."""
    found = one_of(Contribution, this.organisation_id, contribution_id, "issue__unit")
    if found is None:
        raise Refused(Refusal("no-such-words", 7))
    return found


def the_archived(this: Act, archive_id: str) -> ArchivedThread:
    """A thread that was brought along, with its words."""
    found = one_of(ArchivedThread, this.organisation_id, archive_id, "thread")
    if found is None:
        raise Refused(Refusal("no-such-thread", 7))
    return found


def the_actor(this: Act) -> Member | None:
    """The person who acts, as a row of this organisation."""
    return here(this.organisation_id, this.actor)
