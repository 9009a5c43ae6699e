# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the ids an act was given to rows of its own organisation, or a kind refusal."""

from __future__ import annotations

from kollontai.chapters.deliberation.finding import on_issue, on_issue_of, the_amendment, the_draft, the_issue
from kollontai.chapters.deliberation.models import Amendment, Draft, Issue
from kollontai.chapters.record.act import Act, Refusal, Refused
from kollontai.chapters.writing_in import rules
from kollontai.chapters.writing_in.models import Naming, WriteIn

LOCK = "writing-in"
"""Of everything that is named, ended, written in or undone: what a rule was told holds until it is done."""


def the_naming(this: Act, naming_id: str) -> Naming:
    """A naming of this organisation."""
    found = Naming.objects.filter(organisation=this.organisation_id, pk=naming_id).first()
    if found is None:
        raise Refused(Refusal("not-your-naming", rules.ARTICLE))
    return found


def the_write_in(this: Act, write_in_id: str) -> WriteIn:
    """Something written in here, with its issue."""
    made = WriteIn.objects.select_related("issue__unit").filter(organisation=this.organisation_id)
    found = made.filter(pk=write_in_id).first()
    if found is None:
        raise Refused(Refusal("not-written-for-you", rules.ARTICLE))
    return found


def lock_of(to: str, of: str) -> list[str]:
    """The locks for writing in support."""
    if to == "draft":
        return [*on_issue_of(Draft, of), LOCK]
    return [*(on_issue_of(Amendment, of) if to == "amendment" else on_issue(of)), LOCK]


def lock_of_write_in(write_in_id: str) -> list[str]:
    """The locks for undoing."""
    issue = WriteIn.objects.filter(pk=write_in_id).values_list("issue", flat=True).first()
    return [*on_issue(issue or "none"), LOCK]


def what_is_supported(this: Act, to: str, of: str) -> Issue | Draft | Amendment:
    """The issue, draft or amendment that support is written in for."""
    if to == "issue":
        return the_issue(this, of)
    if to == "draft":
        return the_draft(this, of)
    if to == "amendment":
        return the_amendment(this, of)
    raise Refused(Refusal("support-of-nothing", rules.ARTICLE))
