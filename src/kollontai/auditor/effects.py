# SPDX-License-Identifier: AGPL-3.0-or-later
"""What drafts declare that they would change, read anew, and which times that needs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from kollontai.auditor.audit import Audit
from kollontai.auditor.read import json_value
from kollontai.auditor.things import Draft, Effects, Issue

Said = Mapping[str, Any]

ON_CALENDAR = ("set_quiet_days", "set_voting_day")
ON_CHARTER = ("set_limit", "set_joining", "set_charter_text", "law_note", *ON_CALENDAR)
NO_VERSION = ("law_note", *ON_CALENDAR)
"""These stand beside the charter, and make no version of it."""
ON_UNITS, ON_DUES = ("create_unit", "rename_unit"), ("set_dues",)
MERGES = "merge_units"
ON_POSTS = ("create_post", "change_post", "end_post")

MERGED = "its unit became part of another while it voted."
SO_ALREADY = "it is so already."


def left_undone(issue: Issue, reasons: Iterable[str]) -> str:
    """The sentence on what carried and had become impossible by its count."""
    return f"{issue.id} carried and was left undone, as the articles say: {' '.join(reasons)}"


def said_by(audit: Audit, effects: Effects | None) -> list[dict[str, Any]] | None:
    """What a version declares, each effect as an object; None where its words are not here, or are none."""
    if effects is None:
        return []
    shown = json_value(audit.contents.value(effects.effects))
    if type(shown) is not list or any(type(one) is not dict for one in shown):
        return None
    return shown if [one.get("effect") for one in shown] == list(effects.what) else None


def standing_at(draft: Draft, position: int) -> Effects | None:
    """What a draft declared as it stood when the entry at this position was made."""
    return draft.effects_of(draft.version_at(position).number)


def needs_long_times(audit: Audit, said: Said, position: int) -> bool:
    """Whether an effect, declared here, needs the times of a big decision."""
    kind = said.get("effect")
    if kind in ON_CHARTER or kind == MERGES:
        return True
    if kind in ON_DUES:
        return dues_rise(audit, said, position)
    if kind not in ON_POSTS:
        return False
    post = audit.state.posts.get(str(said.get("post")))
    before = post.form_at(position) if post and post.made.position <= position else None
    return bool(
        said.get("leading") or said.get("pay") or (before is not None and (before.leading or before.pay))
    )


def for_charter(audit: Audit, issue: Issue) -> bool:
    """Whether an issue was raised with a change of the charter."""
    first = next((audit.state.drafts[one] for one in issue.drafts if audit.state.drafts[one].first), None)
    effects = first.effects_of(1) if first else None
    return effects is not None and any(one in ON_CHARTER for one in effects.what)


def dues_rise(audit: Audit, said: Said, position: int) -> bool:
    """Whether dues change by more than a twentieth, or are set for the first time."""
    before = [one.amount for one in audit.state.dues if one.mark.position < position]
    amount = said.get("dues")
    return not before or (type(amount) is int and abs(amount - before[-1]) * 20 > before[-1])


def is_part_of(some: list[dict[str, Any]], whole: list[dict[str, Any]]) -> bool:
    """Whether all of these effects stand in another list, to the letter."""
    return _counted(some) <= _counted(whole)


def _counted(effects: list[dict[str, Any]]) -> Counter[str]:
    return Counter(json.dumps(one, sort_keys=True) for one in effects)


def fixed_for(audit: Audit, issue: Issue) -> list[Effects]:
    """What each draft declared that stood when the members' talk ended."""
    answer = issue.stage("answer")
    if answer is None:
        return []
    at, found = answer.mark.position, []
    for draft in map(audit.state.drafts.__getitem__, issue.drafts):
        gone = draft.withdrawn is not None and draft.withdrawn.position < at
        effects = standing_at(draft, at) if draft.put.position < at and not gone else None
        if effects is not None:
            found.append(effects)
    return found
