# SPDX-License-Identifier: AGPL-3.0-or-later
"""Does a text with an accepted amendment say what the amendment says, and nothing else that is new?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.amendments import Amendment, Table
from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Version

QUESTION = "Did every acceptance make exactly the version that the amendment makes of the newest one?"
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ()

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """The next version after an acceptance is its own; an amendment is revised in no other way."""
    state = audit.state
    made: set[tuple[str, int]] = set()
    for one in state.amendments.values():
        if one.accepted is None:
            continue
        name = one.parent or one.draft
        made.add((name, one.accepted_as))
        yield from _accepted(audit, one)
    for one in state.amendments.values():
        for version in one.versions[1:]:
            if (one.id, version.number) not in made:
                yield _found.breach(
                    version.mark.position, one.id, f"{one.id} has new lines that no accepted amendment made."
                )


def _accepted(audit: Audit, one: Amendment) -> Iterator[Finding]:
    assert one.accepted is not None
    state, at = audit.state, one.accepted.position
    parent = state.amendments.get(one.parent)
    versions: list[Version] = parent.versions if parent else state.drafts[one.draft].versions
    following = next((version for version in versions if version.mark.position > at), None)
    if (
        following is None
        or following.number != one.accepted_as
        or following.mark.at != one.accepted.at
        or following.mark.actor != one.accepted.actor
    ):
        yield _found.breach(at, one.id, f"{one.id} was accepted, and no new version of the text followed.")
        return
    if parent is None:
        yield from _same_effects(audit, one)
    table = Table(audit, state.issues[one.issue], at)
    if table.is_over(state.drafts[one.draft]) or table.is_over(parent):
        yield _found.breach(at, one.id, f"{one.id} was accepted into a text that was over.")
    text, own = table.history.get(one.parent or one.draft), table.history.get(one.id)
    value = audit.contents.value(following.text)
    if text is None or own is None or value is None or not text.has(one.version, one.span):
        return
    span = text.follow(one.span, one.version, text.last)
    if span is None:
        yield _found.breach(at, one.id, f"{one.id} was accepted although its lines had moved on.")
        return
    before = text.at(text.last)
    wanted = [*before[: span[0]], *own.at(own.last), *before[span[1] :]]
    if value.decode("utf-8", "replace") != "\n".join(wanted):
        yield _found.breach(
            following.mark.position, one.id,
            f"The version that accepts {one.id} is not the text with it, to the letter.",
        )  # fmt: skip


def _same_effects(audit: Audit, one: Amendment) -> Iterator[Finding]:
    """An amendment changes words; what the draft would change by itself stays."""
    draft = audit.state.drafts[one.draft]
    before, after = draft.effects_of(one.accepted_as - 1), draft.effects_of(one.accepted_as)
    values = [audit.contents.value(each.effects) if each else None for each in (before, after)]
    if (before is None) != (after is None) or values[0] != values[1]:
        yield _found.breach(
            after.mark.position if after else one.accepted.position if one.accepted else None, one.id,
            f"The version of {draft.id} that accepts {one.id} declares other effects than the one before.",
        )  # fmt: skip
