# SPDX-License-Identifier: AGPL-3.0-or-later
"""Are the limits in force those of the charter, above every floor, and copied whole into each issue?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.limits import articles, beyond
from kollontai.auditor.things import Issue
from kollontai.auditor.timing import ORDER, limit_of

QUESTION = (
    "Does the charter keep every floor and ceiling, and was each issue, election and petition born with its "
    "limits?"
)
ARTICLE = 12
EVIDENCE = PROVED
FINDS = ("limits in force that no vote set",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Those of the founding, as votes have moved them; charter_by_vote asks whether votes did."""
    founding = audit.state.founding
    if founding is None:
        return
    at = founding.opened.position
    if founding.articles_sha256 not in articles():
        yield _found.breach(at, "articles", "The charter adopts articles that this auditor does not know.")
    elif audit.articles.version != founding.articles_version:
        yield _found.breach(at, "articles", f"The articles are not of version {founding.articles_version}.")
    for key, sentence in beyond(founding.limits, founding.preset, audit.articles):
        yield _found.breach(at, key, sentence)
    for issue in audit.state.issues.values():
        yield from _issue(audit, issue)
    for election in audit.state.elections.values():
        yield from _born(audit, election.opened.position, election.id, election.limits)
    for petition in audit.state.petitions.values():
        yield from _born(audit, petition.opened.position, petition.id, petition.limits)


def _born(
    audit: Audit, at: int, subject: str, limits: Mapping[str, int], before: Mapping[str, int] | None = None
) -> Iterator[Finding]:
    """`before`: what it had already, which stays as it is."""
    now = {**audit.limits_at(at), **(before or {})}
    for key, value in sorted(limits.items()):
        if key not in now:
            yield _found.breach(at, subject, f"{subject} was born with a limit {key}, which there is not.")
        elif now[key] != value:
            yield _found.breach(
                at, subject, f"{subject} was born with {key} = {value}; the charter says {now[key]}."
            )


def _issue(audit: Audit, issue: Issue) -> Iterator[Finding]:
    at = issue.raised.position
    yield from _born(audit, at, issue.id, issue.born_limits)
    if issue.made_big is not None:
        made = issue.made_big
        yield from _born(audit, made.mark.position, issue.id, made.limits, issue.born_limits)
    weight = issue.born_weight
    if weight not in ("big", "ordinary", "unit"):
        yield _found.breach(at, issue.id, f"There is no weight called {weight}.", article=2)
    elif weight != "big" and (weight == "unit") != (issue.unit != audit.state.root):
        yield _found.breach(
            at, issue.id, f"{issue.id} has the weight {weight} in the unit {issue.unit}.", article=2
        )
    elif weight == "big" and issue.unit != audit.state.root and not _changes_something(audit, issue):
        yield _found.breach(
            at, issue.id, f"{issue.id} of {issue.unit} is called big, and changes nothing there.", article=2
        )
    for key in sorted(
        {*(limit_of(weight, stage) for stage in ORDER), "D9.ordinary"} - issue.born_limits.keys()
    ):
        yield _found.breach(at, issue.id, f"{issue.id} was born without the limit {key}.")
    if issue.made_big is not None:
        wanted = {*(limit_of("big", stage) for stage in ORDER), "D9.ordinary"}
        for key in sorted(wanted - issue.made_big.limits.keys()):
            yield _found.breach(
                issue.made_big.mark.position, issue.id, f"{issue.id} was made big without the limit {key}."
            )


def _changes_something(audit: Audit, issue: Issue) -> bool:
    """A section takes the times of a big decision for posts that lead or are paid and for a merger alone."""
    return issue.put is not None or any(audit.state.drafts[one].effects for one in issue.drafts)
