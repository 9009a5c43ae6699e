# SPDX-License-Identifier: AGPL-3.0-or-later
"""Read one entry of the record into a line the auditor can work with, a million of them in seconds.

Most kinds have only ids, numbers, truths and moments as fields. For these the one canonical spelling of
the whole entry is a regular expression: what it matches is well formed. Everything else, and everything
doubtful, is read by `openrecord`, whose errors say what is wrong.
"""

from __future__ import annotations

import re
import typing
from binascii import unhexlify
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from kollontai.openrecord import entries, facts


class Line(NamedTuple):
    """One entry: where it stands, when, by whom, and what it says."""

    position: int
    at: datetime
    actor: str
    auth: str
    kind: str
    org: str
    fields: Mapping[str, Any]
    commitments: Mapping[str, bytes]


# Narrower than what an entry may hold, so that nothing matched here could be a name, a telephone number
# or a bank account: those need a space, a plus, capital letters or a leading nought.
_PLAIN = rb"([a-z1-9_][a-z0-9_.:/=-]{0,199}+)"
_TIME = rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)"
_MINUTE = rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:00Z)"
_NUMBER = rb"(0|-?[1-9][0-9]{0,14})"
_TRUTH = rb"(true|false)"
_HASH = rb"([0-9a-f]{64}+)"
_SHAPES: dict[Any, bytes] = {
    str: b'"' + _PLAIN + b'"', int: _NUMBER, bool: _TRUTH, datetime: b'"' + _TIME + b'"',
}  # fmt: skip
"""What the fields of a plain kind may be, and how each is matched."""

Convert = Callable[[bytes | None], Any]
Build = Callable[[int, tuple[Any, ...]], Line]


class _Texts(dict[bytes | None, str | None]):
    """Each id once: the text for its bytes."""

    def __missing__(self, raw: bytes | None) -> str | None:
        text = self[raw] = None if raw is None else raw.decode("ascii")
        return text


class _Times(dict[bytes | None, datetime | None]):
    """Each moment once, from what `_TIME` matched; ValueError for one that no calendar has."""

    def __init__(self) -> None:
        """Know no moment yet, in either direction."""
        super().__init__({None: None})
        self.spelt: dict[datetime, str] = {}

    def __missing__(self, raw: bytes) -> datetime:
        text = raw.decode("ascii")
        moment = self[raw] = datetime.fromisoformat(text)
        self.spelt[moment] = text
        return moment


def _number(raw: bytes | None) -> int | None:
    return None if raw is None else int(raw)


def _truth(raw: bytes | None) -> bool | None:
    return None if raw is None else raw == b"true"


class LineReader:
    """Reads entries, keeping each id and each moment once."""

    def __init__(self) -> None:
        """Build one expression for every kind that is plain enough."""
        self._texts = _Texts()
        self._times = _Times()
        self.spelt = self._times.spelt
        """How each moment that was read is spelt."""
        self._converts: dict[Any, Convert] = {
            str: self._texts.__getitem__,
            int: _number,
            bool: _truth,
            datetime: self._times.__getitem__,
        }
        self._kinds = {
            name.encode(): (plan.match, self._builder(plan))
            for name in facts.KINDS
            if (plan := _plan(name)) is not None
        }

    def read(self, position: int, data: bytes) -> Line:
        """Read an entry, or raise a RecordError whose sentence says what is wrong with it."""
        start = data.rfind(b'"kind":"') + 8
        plan = self._kinds.get(data[start : data.find(b'"', start)])
        if plan is not None:
            match, build = plan
            found = match(data)
            if found is not None:
                try:
                    return build(position, found.groups())
                except ValueError:  # a moment that no calendar has
                    pass
        return self._slowly(position, data)

    def _builder(self, plan: _Plan) -> Build:
        """Make the function that turns what was matched of one kind into a line."""
        texts, times, new = self._texts, self._times, tuple.__new__
        text, kind, names, commits = texts.__getitem__, plan.kind, plan.fields, plan.commits
        converts = None if plan.types is None else tuple(self._converts[one] for one in plan.types)
        only, last = (commits[0] if len(commits) == 1 else ""), 3 + len(commits)

        def of_one_text(position: int, groups: tuple[Any, ...]) -> Line:
            """Most entries by far are of such a kind: one commitment, and texts alone as fields."""
            actor, at, auth, commitment, *raw, org = groups
            return new(
                Line,
                (
                    position, times[at], texts[actor], texts[auth], kind, texts[org],
                    dict(zip(names, map(text, raw))),  # noqa: B905 - as many as its kind has
                    {} if commitment is None else {only: unhexlify(commitment)},
                ),
            )  # fmt: skip

        def of_any(position: int, groups: tuple[Any, ...]) -> Line:
            raw = groups[last:-1]
            fields = (
                zip(names, map(text, raw), strict=True)
                if converts is None
                else ((name, convert(one)) for name, convert, one in zip(names, converts, raw, strict=True))
            )
            found = zip(commits, groups[3:last], strict=True)
            return Line(
                position, times[groups[1]], texts[groups[0]], texts[groups[2]], kind, texts[groups[-1]],  # type: ignore[arg-type]
                dict(fields), {name: unhexlify(one) for name, one in found if one is not None},
            )  # fmt: skip

        return of_one_text if only and converts is None else of_any

    def _slowly(self, position: int, data: bytes) -> Line:
        entry = entries.from_bytes(data, position)
        fact = entry.fact
        facts.refuse_personal_data(facts.to_fields(fact))
        fields = {name: getattr(fact, name) for name in fact.shapes}
        actor = self._texts[entry.actor.encode()] or entry.actor
        return Line(
            position, entry.at, actor, entry.auth, fact.kind_name, entry.org, fields, entry.commitments
        )


_AUTHS = b"|".join(sorted(auth.encode() for auth in entries.AUTHS))


class _Plan(NamedTuple):
    """How one kind is matched, and what its groups are: actor, time, auth, commitments, fields, org."""

    kind: str
    match: Callable[[bytes], re.Match[bytes] | None]
    commits: tuple[str, ...]
    fields: tuple[str, ...]
    types: tuple[Any, ...] | None
    """None where every field is a text."""


def _inner(hint: Any) -> tuple[Any, bool]:
    parts = [part for part in typing.get_args(hint) if part is not type(None)]
    if len(parts) == 1 and type(None) in typing.get_args(hint):
        return parts[0], True
    return hint, False


def _listed(parts: list[tuple[bytes, bool]]) -> bytes:
    """Join members with commas, of which the first present has none before it.

    A member that is always there fixes where the commas stand.
    """
    anchor = next(at for at, (_, optional) in enumerate(parts) if not optional)
    before = [rb"(?:%s,)?" % part for part, _ in parts[:anchor]]
    after = [rb"(?:,%s)?" % part if optional else rb",%s" % part for part, optional in parts[anchor + 1 :]]
    return b"".join([*before, parts[anchor][0], *after])


@cache
def _plan(name: str) -> _Plan | None:
    """How a kind is matched, None where it is not plain enough; kinds do not change while a program runs."""
    cls: Any = facts.KINDS[name]
    hints = typing.get_type_hints(cls)
    types: list[Any] = []
    parts = []
    for field in sorted(cls.shapes):
        inner, optional = _inner(hints[field])
        if inner not in _SHAPES:
            return None
        parts.append((b'"%s":%s' % (field.encode(), _SHAPES[inner]), optional))
        types.append(inner)
    if all(optional for _, optional in parts):
        return None
    minute = cls.link in ("accountable", "protected")
    each = [rb'"%s":"%s"' % (field.encode(), _HASH) for field in sorted(cls.commits)]
    commits = b"".join(each if len(each) == 1 else [rb"(?:(?:(?<=\{)|,)%s)?" % one for one in each])
    whole = (
        rb'\{"actor":"%s","at":"%s","auth":"(%s)"' % (_PLAIN, _MINUTE if minute else _TIME, _AUTHS)
        + (rb',(?:"c":\{(?!,|\})%s\},)?' % commits if commits else b",")
        + rb'"f":\{(?!,)%s\},"kind":"%s","n":"[0-9a-f]{32}+","org":"%s","v":1\}'
        % (_listed(parts), re.escape(name.encode()), _PLAIN)
    )
    return _Plan(
        name,
        re.compile(whole).fullmatch,
        tuple(sorted(cls.commits)),
        tuple(sorted(cls.shapes)),
        None if set(types) == {str} else tuple(types),
    )
