# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who counts as a leader on an issue, at any moment of its life.

A leader is whoever held a leading post of the issue's unit, or of a unit above, at any time from the
raising on. Where leaders are half or more of the members concerned nobody is silenced: judged at the
raising, so that nobody turns it on or off while members talk; posts made in the 90 days before do not
count for it, so that nobody makes posts in order to speak.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from kollontai.auditor.days import later
from kollontai.auditor.state import State
from kollontai.auditor.things import Issue, Mark, Post, Term

YOUNG_POST = 90


class Leadership:
    """Answers who leads, from the terms on the record."""

    def __init__(self, state: State) -> None:
        """Gather all terms in leading posts."""
        self._state = state
        self._open: dict[str, bool] = {}
        self._terms: defaultdict[str, list[tuple[Term, Post]]] = defaultdict(list)
        for term in state.terms.values():
            post = state.posts[term.post]
            if state.held_as(term).leading:
                self._terms[term.member].append((term, post))

    @property
    def anybody(self) -> bool:
        """Whether anybody ever held a leading post."""
        return bool(self._terms)

    def silences_nobody(self, issue: Issue) -> bool:
        """Whether leaders were half or more of the members concerned when an issue was raised."""
        return self._everybody_leads(issue)

    def ever_led(self, member: str) -> bool:
        """Whether a member ever held a leading post of any unit."""
        return member in self._terms

    def leads(self, member: str, issue: Issue, mark: Mark) -> bool:
        """Whether a member counted as a leader on an issue when this entry was made."""
        return (
            member in self._terms
            and bool(self._posts(member, issue.unit, issue.raised.at, mark))
            and not self._everybody_leads(issue)
        )

    def half_lead(self, unit: str, mark: Mark) -> bool:
        """Whether leaders were half or more of the members of a unit when this entry was made."""
        leaders = 0
        for member in self._terms:
            person = self._state.people.get(member)
            admission = person.admission_at(mark.position) if person else None
            leaders += (
                admission is not None
                and self._state.within(admission.unit, unit, mark.position)
                and any(
                    later(post.made.at, YOUNG_POST) <= mark.at
                    for post in self._posts(member, unit, mark.at, mark)
                )
            )
        return leaders > 0 and 2 * leaders >= self._state.members_at(unit, mark.position)

    def _posts(self, member: str, unit: str, since: datetime, mark: Mark) -> list[Post]:
        """Leading posts held at any time from a moment to this entry, both ends included."""
        above = self._state.over(unit, mark.position)
        return [
            post
            for term, post in self._terms[member]
            if post.unit in above and term.begun.position < mark.position and term.over_at >= since
        ]

    def _everybody_leads(self, issue: Issue) -> bool:
        if issue.id not in self._open:
            self._open[issue.id] = self.half_lead(issue.unit, issue.raised)
        return self._open[issue.id]
