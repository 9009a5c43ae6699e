# SPDX-License-Identifier: AGPL-3.0-or-later
"""What drafts change beside posts: the charter, units, dues. Articles 2, 12 and 13.

1. The charter is changed in an issue of the first unit that was raised for it: the draft it came with
   declared such a change from the first day. Nobody adds one to another matter, and nobody makes another
   matter harder to carry by adding one.
2. One subject: what changes the charter changes one thing of it, and nothing beside it.
3. It takes the times of a big decision and the majority of the charter.
4. All members make a unit; a unit alone gives itself another name. Nobody else reaches into it.
5. A unit becomes part of another when each of the two has voted so, in an issue of its own with the long
   times and nothing beside it. Nobody else merges anybody, and the first unit never merges.
6. Dues are a figure that all members set. A change by more than a twentieth, and the first one, takes the
   times of a big decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from kollontai.chapters.charter import changing, quietdays
from kollontai.chapters.charter.changing import CharterNow
from kollontai.chapters.charter.lawnotes import Note, may_note
from kollontai.chapters.charter.rules import LONGEST_NAME, is_name
from kollontai.chapters.record.refusal import Refusal

if TYPE_CHECKING:
    from kollontai.chapters.deliberation.effects import Effect

ARTICLE = 12
UNITS = 13
SET_LIMIT, SET_JOINING, SET_TEXT = "set_limit", "set_joining", "set_charter_text"
LAW_NOTE = "law_note"
SET_QUIET_DAYS, SET_VOTING_DAY = "set_quiet_days", "set_voting_day"
ON_CHARTER = (SET_LIMIT, SET_JOINING, SET_TEXT, LAW_NOTE, SET_QUIET_DAYS, SET_VOTING_DAY)
CREATE_UNIT, RENAME_UNIT, SET_DUES = "create_unit", "rename_unit", "set_dues"
MERGE = "merge_units"
KINDS = (*ON_CHARTER, CREATE_UNIT, RENAME_UNIT, SET_DUES, MERGE)
MOST_UNITS = 500
MOST_DUES = 100_000_000  # a month, in hundredths
NOTE_WORDS = ("country", "statute", "section", "adviser", "text", "change")
NEEDED: Mapping[str, frozenset[str]] = {
    SET_LIMIT: frozenset({"key", "value"}),
    SET_JOINING: frozenset({"joining"}),
    SET_TEXT: frozenset({"text"}),
    CREATE_UNIT: frozenset({"unit_name"}),
    RENAME_UNIT: frozenset({"unit_name"}),
    SET_DUES: frozenset({"dues"}),
    MERGE: frozenset({"from_unit", "into_unit"}),
    LAW_NOTE: frozenset({"article", "touches", *NOTE_WORDS}),
    SET_QUIET_DAYS: frozenset({"year", "quiet"}),
    SET_VOTING_DAY: frozenset({"day"}),
}
MAY_SAY: Mapping[str, frozenset[str]] = {**NEEDED, SET_LIMIT: frozenset({"key", "value", "of"})}
FIELDS = frozenset().union(*MAY_SAY.values())


@dataclass(frozen=True)
class Whole:
    """What effects on the whole organisation rest on."""

    of_all: bool  # the issue is the first unit's
    for_charter: bool  # it was raised with a change of the charter
    charter: CharterNow
    unit: str  # of the issue
    units: Mapping[str, str]  # the name of each, by its id
    gone: frozenset[str]  # of those, which have become part of another
    root: str  # the first unit
    dues: int | None  # a month, in hundredths; None where none were ever set
    zone: str = "UTC"
    quiet: Mapping[int, frozenset[date]] = field(default_factory=dict)  # the quiet days, by year
    voting_day: int = 0
    at: datetime | None = None  # now; without it nothing is set that has to lie ahead


def one_subject(effects: Sequence[Effect]) -> Refusal | None:
    """A draft that changes the charter changes one thing of it and nothing else."""
    if any(one.effect in ON_CHARTER for one in effects) and len(effects) > 1:
        return Refusal("one-subject", ARTICLE)
    if any(one.effect == MERGE for one in effects) and len(effects) > 1:
        return Refusal("merger-alone", UNITS)
    names = [str(one.unit_name).casefold() for one in effects if one.effect in (CREATE_UNIT, RENAME_UNIT)]
    if len(set(names)) < len(names) or sum(one.effect == SET_DUES for one in effects) > 1:
        return Refusal("effect-twice", ARTICLE)
    return None


def well_formed(one: Effect) -> bool:
    """Whether an effect says what it needs and nothing more."""
    said = one.said()
    return NEEDED[one.effect] <= said <= MAY_SAY[one.effect] and not one.post


def within_reach(kind: str, *, of_all: bool, for_charter: bool) -> Refusal | None:
    """Whether a draft on an issue could carry an effect of this kind, whatever else it says.

    Asked of what was declared, and by the page before anything is: it offers nothing else.
    """
    if kind in ON_CHARTER and not of_all:
        return Refusal("charter-is-of-all", ARTICLE)
    if kind in ON_CHARTER and not for_charter:
        return Refusal("charter-own-issue", ARTICLE)
    if kind == CREATE_UNIT and not of_all:
        return Refusal("unit-made-by-all", ARTICLE)
    if kind == RENAME_UNIT and of_all:
        return Refusal("unit-names-itself", ARTICLE)
    if kind == MERGE and of_all:
        return Refusal("merger-by-its-units", UNITS)
    if kind == SET_DUES and not of_all:
        return Refusal("dues-are-of-all", ARTICLE)
    return None


def may_take_effect(one: Effect, whole: Whole) -> Refusal | None:
    """Whether an effect is possible with the charter as it stands."""
    refusal = within_reach(one.effect, of_all=whole.of_all, for_charter=whole.for_charter)
    if refusal is not None:
        return refusal
    if one.effect == SET_LIMIT:
        return changing.may_set_limit(str(one.key), int(one.value or 0), one.of, whole.charter)
    if one.effect == SET_JOINING:
        return changing.may_set_joining(str(one.joining), whole.charter)
    if one.effect == LAW_NOTE:
        return may_note(note_of(one), len(whole.charter.articles.articles))
    if one.effect == SET_QUIET_DAYS:
        limits = {key: whole.charter.value(key) for key in (quietdays.MOST, quietdays.AHEAD)}
        return quietdays.may_set_quiet_days(
            int(one.year or 0), str(one.quiet), there=whole.quiet, zone=whole.zone, limits=limits, at=whole.at
        )
    if one.effect == SET_VOTING_DAY:
        return quietdays.may_set_voting_day(int(one.day or 0), whole.voting_day)
    if one.effect == SET_TEXT:
        return changing.may_set_words(str(one.text), whole.charter)
    if one.effect == MERGE:
        return may_merge(one, whole)
    return _dues(one, whole) if one.effect == SET_DUES else _named(one, whole)


def may_merge(one: Effect, whole: Whole) -> Refusal | None:
    """Whether the issue's unit may vote that one of two, itself among them, becomes part of the other."""
    both = {str(one.from_unit), str(one.into_unit)}
    if len(both) < 2 or not both <= whole.units.keys():
        return Refusal("merger-of-two", UNITS)
    if whole.root in both:
        return Refusal("first-unit-never-merges", UNITS)
    if both & whole.gone:
        return Refusal("unit-is-gone", UNITS)
    if whole.unit not in both:
        return Refusal("merger-by-its-units", UNITS)
    return None


def note_of(one: Effect) -> Note:
    """The law note that an effect wants."""
    words = {name: str(getattr(one, name)) for name in NOTE_WORDS}
    return Note(int(one.article or 0), str(one.touches), words)


def _named(one: Effect, whole: Whole) -> Refusal | None:
    name = str(one.unit_name)
    if not is_name(name):
        return Refusal("name-unusable", 13, facts={"longest": LONGEST_NAME})
    if name.casefold() in {other.casefold() for other in whole.units.values()}:
        return Refusal("unit-name-taken", ARTICLE, facts={"name": name})
    if one.effect == CREATE_UNIT and len(whole.units) >= MOST_UNITS:
        return Refusal("too-many-units", ARTICLE, facts={"most": MOST_UNITS})
    return None


def _dues(one: Effect, whole: Whole) -> Refusal | None:
    if not 0 <= int(one.dues or 0) <= MOST_DUES:
        return Refusal("dues-unusable", ARTICLE)
    if one.dues == whole.dues:
        return Refusal("effect-changes-nothing", ARTICLE, facts={"title": "Dues"})
    return None


def needs_long_times(one: Effect, whole: Whole | None) -> bool:
    """Whether an effect needs the times of a big decision."""
    if one.effect != SET_DUES:
        return one.effect in (*ON_CHARTER, MERGE)
    now = whole.dues if whole else None
    return now is None or abs(int(one.dues or 0) - now) * 20 > now
