# SPDX-License-Identifier: AGPL-3.0-or-later
"""Was a leader's "fact" covered by members alone, in its stage?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.words_in_their_stage import why_closed
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Contribution, Issue

QUESTION = "Did only members who do not lead ask to cover a fact that argues, in the stage it was stated in?"
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ("words of a leader before their time",)

_found = Finder(__name__, ARTICLE)
ENOUGH = 3  # members cover a fact


def check(audit: Audit) -> Iterator[Finding]:
    """Members' words are covered by nobody; a leader's fact only while its stage runs, and not by leaders."""
    for said in audit.state.covered.values():
        yield from _covers(audit, audit.state.issues[said.issue], said)
    yield from _again_and_again(audit)


def _again_and_again(audit: Audit) -> Iterator[Finding]:
    """The same members who cover one leader's facts, one after the other: no breach, and to be known."""
    of_leader: defaultdict[str, list[Contribution]] = defaultdict(list)
    for said in audit.state.covered.values():
        if len(said.covers) >= ENOUGH:
            of_leader[said.versions[0].mark.actor].append(said)
    for leader, facts in sorted(of_leader.items()):
        times = Counter(member for said in facts for member in said.covers)
        same = sorted(member for member, often in times.items() if often == len(facts))
        if len(facts) > 1 and len(same) >= ENOUGH:
            last = max(mark.position for said in facts for mark in said.covers.values())
            yield _found.observe(
                last,
                leader,
                f"All {len(facts)} facts of {leader} that were covered were by {', '.join(same)}.",
            )


def _covers(audit: Audit, issue: Issue, said: Contribution) -> Iterator[Finding]:
    for member, mark in said.covers.items():
        stage = issue.stage_at(mark.position)
        person = audit.state.people.get(member)
        wrong = why_closed(issue, mark)
        if said.form == "voice":
            wrong = "though these are words and no fact"
        elif not wrong and stage is not None and (stage.name == "answer" or stage.name != said.stage):
            wrong = f"in the stage {stage.name}; it was stated in {said.stage}"
        elif not wrong and audit.leads(member, issue, mark):
            wrong = "and leads on it"
        elif not wrong and (person is None or not audit.state.belongs(person, issue.unit, mark.position)):
            wrong = "without belonging to its unit"
        if wrong:
            yield _found.breach(mark.position, said.id, f"{member} asked to cover {said.id} {wrong}.")
