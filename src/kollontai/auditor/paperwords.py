# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: E501 - a sentence stands on one line
"""What a ballot paper says that a draft would change, one sentence for each effect, written afresh."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kollontai.auditor.audit import Audit
from kollontai.auditor.things import Form

FIELDS = ("title", "leading", "seats", "term_days", "pay", "duty", "box")
UNITS = {
    "days": "day", "hours": "hour", "minutes": "minute", "seconds": "second", "people": "member", "times": "time",
}  # fmt: skip
JOINING = {"open": "admitted after the days of waiting", "vouched": "vouched for by members"}


class Unknown(Exception):
    """Something that the sentence names is not here to be read."""


def would_change(audit: Audit, said: Mapping[str, Any], at: int) -> str | None:
    """The sentence for an effect on a paper of this entry; None where its words are not here."""
    try:
        return WRITERS[said["effect"]](audit, said, at)
    except (Unknown, KeyError, TypeError, ValueError):
        return None


# --- Posts ---


def _create(audit: Audit, said: Mapping[str, Any], at: int) -> str:
    told = [
        _value(name, said[name]) for name in FIELDS[1:] if name in said and (name != "duty" or said[name])
    ]
    return f"A new post, “{said['title']}”, filled by election: {'; '.join(told)}."


def _change(audit: Audit, said: Mapping[str, Any], at: int) -> str:
    form = _form(audit, said, at)
    title = _words(audit, form.title)
    was = {
        "title": title, "leading": form.leading, "seats": form.seats, "term_days": form.term_days,
        "pay": form.pay, "duty": form.duty, "box": form.box,
    }  # fmt: skip
    told = [f"{_value(name, said[name])} (now: {_value(name, was[name])})" for name in FIELDS if name in said]
    return f"The post “{title}”, for elections that open later: {'; '.join(told)}."


def _end(audit: Audit, said: Mapping[str, Any], at: int) -> str:
    title = _words(audit, _form(audit, said, at).title)
    return f"The post “{title}” ends: nobody is elected to it any more; whoever holds it stays to the end of their term."


def _form(audit: Audit, said: Mapping[str, Any], at: int) -> Form:
    return audit.state.posts[said["post"]].form_at(at)


def _value(name: str, value: Any) -> str:
    if name in ("leading", "box"):
        yes, no = {
            "leading": ("it leads", "it does not lead"),
            "box": (
                "its ballots are held outside, by a scrutineer",
                "its ballots are secret and held here",
            ),
        }[name]
        return yes if value in (True, "outside") else no
    if name == "title":
        return f"its name is “{value}”"
    if name == "seats":
        return f"{value} seat{'' if value == 1 else 's'}"
    if name == "term_days":
        return f"a term of {value} days"
    if name == "pay":
        return f"a pay of {_money(value)} a month" if value else "no pay"
    return f"its duty is that of a {value}" if value else "no special duty"


# --- The whole ---


def _limit(audit: Audit, said: Mapping[str, Any], at: int) -> str:
    key, charter = said["key"], audit.charter_at(at)
    words, unit = audit.articles.words[key]
    new, now = _spoken(said["value"], unit), _spoken(charter[key], unit)
    if "of" in said:
        new, now = f"{said['value']}/{said['of']}", f"{charter[key]}/{charter[audit.articles.over[key]]}"
    return f"The charter: {words}: {new} (now: {now}), for what begins later."


def _spoken(value: int, unit: str) -> str:
    if unit == "bp":
        whole, rest = divmod(value, 100)
        return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + " %" if rest else f"{whole} %"
    if unit not in UNITS:
        return str(value)
    return f"{value} {UNITS[unit]}{'' if value == 1 else 's'}"


def _joining(audit: Audit, said: Mapping[str, Any], at: int) -> str:
    return f"Whoever joins is {JOINING[said['joining']]} (now: {JOINING[audit.joining_at(at)]}), for those who ask from then on."


def _text(audit: Audit, said: Mapping[str, Any], at: int) -> str:
    return "The charter gets other words of the organisation’s own before its articles; they stand below."


def _note(audit: Audit, said: Mapping[str, Any], at: int) -> str:
    law = ", ".join(said[name] for name in ("country", "statute", "section"))
    return f"A law note at article {said['article']}, for two years at the most: {law}; as {said['adviser']} advises: {said['change']}"


def _quiet(audit: Audit, said: Mapping[str, Any], at: int) -> str:
    return f"Quiet days of {said['year']}, which make stages longer: {said['quiet'] or 'none'}."


def _voting_day(audit: Audit, said: Mapping[str, Any], at: int) -> str:
    day = said["day"]
    when = f"on day {day} of a month, at 20:00" if day else "whenever the members’ reply is over"
    return f"Votes on issues open {when}, for replies that begin later."


def _unit(audit: Audit, said: Mapping[str, Any], at: int) -> str:
    return f"A new unit, “{said['unit_name']}”."


def _merger(audit: Audit, said: Mapping[str, Any], at: int) -> str:
    merged, into = (_called(audit, said[name], at) for name in ("from_unit", "into_unit"))
    return f"The unit “{merged}” becomes part of “{into}”, as soon as both have voted so: its members and open matters are theirs, its posts are over."


def _dues(audit: Audit, said: Mapping[str, Any], at: int) -> str:
    before = [one.amount for one in audit.state.dues if one.mark.position < at]
    return f"Dues: {_money(said['dues'])} a month (now: {_money(before[-1]) if before else 'not set'})."


def _rename(audit: Audit, said: Mapping[str, Any], at: int) -> str:
    poll = next(one for one in audit.state.polls.values() if one.opened.position == at)
    return f"The unit “{_called(audit, poll.unit, at)}” is called “{said['unit_name']}”."


def _money(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


def _called(audit: Audit, unit: str, at: int) -> str:
    """What a unit was called when an entry was made."""
    names = audit.state.named.get(("unit.name", unit), set())
    before = [one for one in names if audit.state.committed[one].position < at]
    if not before:
        raise Unknown
    return _words(audit, max(before, key=lambda one: audit.state.committed[one].position))


def _words(audit: Audit, commitment: bytes | None) -> str:
    value = audit.contents.value(commitment)
    if value is None:
        raise Unknown
    return value.decode("utf-8", "replace")


WRITERS = {
    "create_post": _create, "change_post": _change, "end_post": _end, "set_limit": _limit,
    "set_joining": _joining, "set_charter_text": _text, "law_note": _note, "set_quiet_days": _quiet,
    "set_voting_day": _voting_day, "create_unit": _unit, "rename_unit": _rename, "merge_units": _merger,
    "set_dues": _dues,
}  # fmt: skip
