# SPDX-License-Identifier: AGPL-3.0-or-later
"""In whose name an issue is raised."""

from __future__ import annotations

from dataclasses import dataclass

from kollontai.openrecord.facts import Fact, kind


@kind("issue.raised_for", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class IssueRaisedFor(Fact):
    """A member raised an issue in the name of a body in which they hold a post.

    Stands directly after the `draft.put` of the issue's first draft, or after what that declares. `body`: the
    post, which has several seats. Whoever raised it answers for it as for their own.
    """

    issue: str
    body: str
