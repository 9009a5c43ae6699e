# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did a question that had been decided come again only with the members behind it that this needs?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.effects import said_by
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.auditor.questions import Question
from kollontai.auditor.repeats import decided_as, share_of
from kollontai.auditor.things import Draft, Issue, Version

QUESTION = (
    "Is every draft that asks anew what was decided not long ago marked so, with the number that it needs?"
)
ARTICLE = 2
EVIDENCE = proved(limit="The same wish in quite other words is not recognised.")
FINDS = ("a question that was decided and came again at once, without the members that this needs",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Each version of each draft is compared with what stood on the papers of earlier votes."""
    for issue in audit.state.issues.values():
        for draft in map(audit.state.drafts.__getitem__, issue.drafts):
            for version in draft.versions:
                yield from _version(audit, issue, draft, version)
            for again in draft.again:
                if again.version not in {version.number for version in draft.versions}:
                    yield _found.breach(
                        again.mark.position, draft.id, f"{draft.id} has no version {again.version}."
                    )


def _version(audit: Audit, issue: Issue, draft: Draft, version: Version) -> Iterator[Finding]:
    said = draft.again_of(version.number)
    if issue.put is not None and draft.first and issue.put.why != "petition":
        if said is not None:
            yield _found.breach(
                said.mark.position, draft.id, f"{issue.id} is put by the clock, and is no question again."
            )
        return
    words = audit.contents.value(version.text)
    declared = draft.effects_of(version.number)
    effects = said_by(audit, declared)
    if words is None or effects is None:
        return  # what is missing, content_opens says
    earlier = decided_as(audit, issue, Question(words.decode("utf-8", "replace"), effects), version.mark)
    at = version.mark.position
    if said is None:
        if earlier:
            yield _found.breach(
                at, draft.id, f"{draft.id} asks again what {earlier} decided, and is not marked so."
            )
        return
    behind = declared.mark.position if declared else at
    if said.mark.position != behind + 1 or said.mark.actor != version.mark.actor:
        yield _found.breach(
            said.mark.position, draft.id, f"{draft.id} is marked as a question again apart from its words."
        )
    if said.earlier != earlier:
        yield _found.breach(
            said.mark.position, draft.id,
            f"{draft.id} is said to ask again what {said.earlier} decided; by its words that is "
            f"{earlier or 'none'}.",
        )  # fmt: skip
    members = audit.state.members_at(issue.unit, said.mark.position)
    if said.needed not in {
        share_of(audit, issue, max(0, members + more)) for more in _near(audit, said.mark.at)
    }:
        yield _found.breach(
            said.mark.position, draft.id,
            f"{draft.id} is said to need {said.needed}; a tenth of {members} members, or what the charter "
            f"says, is {share_of(audit, issue, members)}.",
        )  # fmt: skip


def _near(audit: Audit, at: object) -> range:
    """Somebody may have joined or left in the same moment, unseen by the act."""
    moved = sum(
        sum(one.mark.at == at for one in person.admissions) + sum(one.at == at for one in person.departures)
        for person in audit.state.people.values()
    )
    return range(-moved, moved + 1)
