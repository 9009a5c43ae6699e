# SPDX-License-Identifier: AGPL-3.0-or-later
"""The life of an issue as one table: who may do what in which stage. Plain Python.

A *leader* here is a leader on this issue: whoever holds, or held at any time since it was raised, a leading
post of its unit or of a unit above.
"""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where an issue stands."""

    GATHERING = "gathering"
    TALK = "talk"
    ANSWER = "answer"
    REPLY = "reply"
    VOTE = "vote"
    DECIDED = "decided"
    LAPSED = "lapsed"


class Role(StrEnum):
    """As what somebody meets an issue."""

    MEMBER = "member"
    LEADER = "leader"


class Doing(StrEnum):
    """What can be done on an issue while it is open."""

    SUPPORT = "support"
    CALL_BIG = "call_big"
    SPEAK = "speak"
    ASK = "ask"
    PUT_DRAFT = "put_draft"
    SUPPORT_DRAFT = "support_draft"
    REVISE_DRAFT = "revise_draft"
    WITHDRAW_DRAFT = "withdraw_draft"
    STATE_FACTS = "state_facts"
    COVER_FACT = "cover_fact"
    SEAL = "seal"
    POST_LETTER = "post_letter"
    SHORTEN = "shorten"


_DRAFTING = frozenset({Doing.PUT_DRAFT, Doing.SUPPORT_DRAFT, Doing.REVISE_DRAFT, Doing.WITHDRAW_DRAFT})
_TALKING = frozenset({Doing.SPEAK, Doing.ASK})
_LETTER = frozenset({Doing.POST_LETTER})
_SHORTENING = frozenset({Doing.SHORTEN})
_COVERING = frozenset({Doing.COVER_FACT})
_NOTHING: frozenset[Doing] = frozenset()

MAY: dict[Stage, dict[Role, frozenset[Doing]]] = {
    Stage.GATHERING: {
        Role.MEMBER: frozenset({Doing.SUPPORT, Doing.WITHDRAW_DRAFT}) | _LETTER,
        Role.LEADER: frozenset({Doing.SEAL, Doing.WITHDRAW_DRAFT}) | _LETTER,
    },
    Stage.TALK: {
        Role.MEMBER: _TALKING | _DRAFTING | _LETTER | _COVERING | _SHORTENING | frozenset({Doing.CALL_BIG}),
        Role.LEADER: frozenset({Doing.STATE_FACTS, Doing.SEAL, Doing.WITHDRAW_DRAFT}) | _LETTER,
    },
    Stage.ANSWER: {
        Role.MEMBER: frozenset({Doing.ASK, Doing.SUPPORT_DRAFT, Doing.WITHDRAW_DRAFT})
        | _LETTER
        | _SHORTENING,
        Role.LEADER: _TALKING
        | _LETTER
        | frozenset({Doing.STATE_FACTS, Doing.PUT_DRAFT, Doing.REVISE_DRAFT, Doing.WITHDRAW_DRAFT}),
    },
    Stage.REPLY: {
        Role.MEMBER: _TALKING | _DRAFTING | _LETTER | _COVERING | _SHORTENING,
        Role.LEADER: frozenset({Doing.STATE_FACTS, Doing.WITHDRAW_DRAFT}) | _LETTER,
    },
    Stage.VOTE: {Role.MEMBER: _LETTER, Role.LEADER: _LETTER},
    Stage.DECIDED: {Role.MEMBER: _NOTHING, Role.LEADER: _NOTHING},
    Stage.LAPSED: {Role.MEMBER: _NOTHING, Role.LEADER: _NOTHING},
}
"""Stage by stage, role by role. What does not stand here, nobody may do."""

NEXT: dict[Stage, Stage] = {
    Stage.GATHERING: Stage.TALK,
    Stage.TALK: Stage.ANSWER,
    Stage.ANSWER: Stage.REPLY,
    Stage.REPLY: Stage.VOTE,
    Stage.VOTE: Stage.DECIDED,
}
"""The only way on. Whatever is still gathering may lapse instead; a reply that ends without a draft too."""

TIMED = (Stage.TALK, Stage.ANSWER, Stage.REPLY, Stage.VOTE)
ENDED = (Stage.DECIDED, Stage.LAPSED)
CLOSE_IN_REPLY = frozenset({Doing.PUT_DRAFT, Doing.SUPPORT_DRAFT, Doing.REVISE_DRAFT})
"""These end at the middle of the reply; afterwards movers may only withdraw."""
FIXED_WHEN_SHORTENED = CLOSE_IN_REPLY | {Doing.CALL_BIG, Doing.SHORTEN}
"""These end when members shorten an issue: its one text is what will be asked about."""


def days_key(stage: Stage, weight: str) -> str:
    """Which limit says how long a stage lasts for an issue of this weight."""
    if stage is Stage.TALK:
        return f"D1.{weight}"
    code = {Stage.ANSWER: "D3", Stage.REPLY: "D4", Stage.VOTE: "D5"}[stage]
    return f"{code}.{'big' if weight == 'big' else 'other'}"


def opens_in(doing: Doing, role: Role, stage: Stage) -> Stage | None:
    """The next stage, after this one, in which somebody may do this; None where there is none."""
    ahead: Stage | None = NEXT.get(stage)
    while ahead is not None:
        if doing in MAY[ahead][role]:
            return ahead
        ahead = NEXT.get(ahead)
    return None
