# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: E501 - a sentence stands on one line
"""What a change of the whole organisation is called on the ballot paper: fixed words, as in words.py."""

from __future__ import annotations

from kollontai.chapters.charter.changing import spoken
from kollontai.chapters.deliberation import whole
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.whole import Whole


def would_change(one: Effect, stands: Whole) -> str:
    """One effect in a sentence, with what holds now."""
    if one.effect == whole.SET_LIMIT:
        return _limit(one, stands)
    if one.effect == whole.SET_JOINING:
        return f"Whoever joins is {_JOINING[str(one.joining)]} (now: {_JOINING[stands.charter.joining]}), for those who ask from then on."
    if one.effect == whole.LAW_NOTE:
        return f"A law note at article {one.article}, for two years at the most: {one.country}, {one.statute}, {one.section}; as {one.adviser} advises: {one.change}"
    if one.effect == whole.SET_QUIET_DAYS:
        return f"Quiet days of {one.year}, which make stages longer: {one.quiet or 'none'}."
    if one.effect == whole.SET_VOTING_DAY:
        when = f"on day {one.day} of a month, at 20:00" if one.day else "whenever the members’ reply is over"
        return f"Votes on issues open {when}, for replies that begin later."
    if one.effect == whole.CREATE_UNIT:
        return f"A new unit, “{one.unit_name}”."
    if one.effect == whole.RENAME_UNIT:
        return f"The unit “{stands.units.get(stands.unit, '')}” is called “{one.unit_name}”."
    if one.effect == whole.MERGE:
        merged, into = (stands.units.get(str(unit), "") for unit in (one.from_unit, one.into_unit))
        return f"The unit “{merged}” becomes part of “{into}”, as soon as both have voted so: its members and open matters are theirs, its posts are over."
    if one.effect == whole.SET_DUES:
        return f"Dues: {money(one.dues)} a month (now: {money(stands.dues)})."
    return "The charter gets other words of the organisation’s own before its articles; they stand below."


def money(amount: int | None) -> str:
    """Hundredths of the currency as people write them."""
    return "not set" if amount is None else f"{amount // 100}.{amount % 100:02d}"


_JOINING = {"open": "admitted after the days of waiting", "vouched": "vouched for by members"}


def _limit(one: Effect, stands: Whole) -> str:
    text = stands.charter.articles.limits[str(one.key)]
    was = stands.charter.value(text.key)
    if one.of is not None:
        now = f"{was}/{stands.charter.value(text.over)}"
        return f"The charter: {text.words}: {one.value}/{one.of} (now: {now}), for what begins later."
    return f"The charter: {text.words}: {spoken(int(one.value or 0), text.unit)} (now: {spoken(was, text.unit)}), for what begins later."
