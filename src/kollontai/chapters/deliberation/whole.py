# SPDX-License-Identifier: AGPL-3.0-or-later
"""What drafts change beside posts: the charter, units, dues. Articles 2, 12 and 13.

1. The charter is changed in an issue of the first unit that was raised for it: the draft it came with
   declared such a change from the first day. Nobody adds one to another matter, and nobody makes another
   matter harder to carry by adding one.
2. One subject: what changes the charter changes one thing of it, and nothing beside it.
3. It takes the times of a big decision and the majority of the charter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kollontai.chapters.charter import changing
from kollontai.chapters.charter.changing import CharterNow
from kollontai.chapters.record.refusal import Refusal

if TYPE_CHECKING:
    from kollontai.chapters.deliberation.effects import Effect

ARTICLE = 12
SET_LIMIT, SET_JOINING, SET_TEXT = "set_limit", "set_joining", "set_charter_text"
ON_CHARTER = (SET_LIMIT, SET_JOINING, SET_TEXT)
KINDS = ON_CHARTER
NEEDED: Mapping[str, frozenset[str]] = {
    SET_LIMIT: frozenset({"key", "value"}),
    SET_JOINING: frozenset({"joining"}),
    SET_TEXT: frozenset({"text"}),
}
MAY_SAY: Mapping[str, frozenset[str]] = {**NEEDED, SET_LIMIT: frozenset({"key", "value", "of"})}
FIELDS = frozenset().union(*MAY_SAY.values())


@dataclass(frozen=True)
class Whole:
    """What effects on the whole organisation rest on."""

    of_all: bool  # the issue is the first unit's
    for_charter: bool  # it was raised with a change of the charter
    charter: CharterNow


def one_subject(effects: Sequence[Effect]) -> Refusal | None:
    """A draft that changes the charter changes one thing of it and nothing else."""
    if any(one.effect in ON_CHARTER for one in effects) and len(effects) > 1:
        return Refusal("one-subject", ARTICLE)
    return None


def well_formed(one: Effect) -> bool:
    """Whether an effect says what it needs and nothing more."""
    said = one.said()
    return NEEDED[one.effect] <= said <= MAY_SAY[one.effect] and not one.post


def may_take_effect(one: Effect, whole: Whole) -> Refusal | None:
    """Whether an effect is possible with the charter as it stands."""
    if one.effect in ON_CHARTER:
        if not whole.of_all:
            return Refusal("charter-is-of-all", ARTICLE)
        if not whole.for_charter:
            return Refusal("charter-own-issue", ARTICLE)
    if one.effect == SET_LIMIT:
        return changing.may_set_limit(str(one.key), int(one.value or 0), one.of, whole.charter)
    if one.effect == SET_JOINING:
        return changing.may_set_joining(str(one.joining), whole.charter)
    return changing.may_set_words(str(one.text), whole.charter)


def needs_long_times(one: Effect) -> bool:
    """Whether an effect needs the times of a big decision."""
    return one.effect in ON_CHARTER
