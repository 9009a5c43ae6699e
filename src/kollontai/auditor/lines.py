# SPDX-License-Identifier: AGPL-3.0-or-later
"""Read one entry of the record into a line the auditor can work with, a million of them in seconds.

Most kinds have only ids, numbers, truths and moments as fields. For these the one canonical spelling of
the whole entry is a regular expression: what it matches is well formed. Everything else, and everything
doubtful, is read by `openrecord`, whose errors say what is wrong.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from kollontai.openrecord import entries, facts
from kollontai.openrecord.times import read_time


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
_PLAIN = rb"([a-z1-9_][a-z0-9_.:/=-]{0,199})"
_TIME = rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)"
_MINUTE = rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:00Z)"
_NUMBER = rb"(0|-?[1-9][0-9]{0,14})"
_TRUTH = rb"(true|false)"
_HASH = rb"([0-9a-f]{64})"

Convert = Callable[[bytes], Any]


class LineReader:
    """Reads entries, keeping each id and each moment once."""

    def __init__(self) -> None:
        """Build one expression for every kind that is plain enough."""
        self._texts: dict[bytes, str] = {}
        self._times: dict[bytes, datetime] = {}
        self._kinds = {
            name.encode(): plan
            for name, cls in facts.KINDS.items()
            if (plan := self._plan(name, cls)) is not None
        }

    def read(self, position: int, data: bytes) -> Line:
        """Read an entry, or raise a RecordError whose sentence says what is wrong with it."""
        start = data.rfind(b'"kind":"') + 8
        plan = self._kinds.get(data[start : data.find(b'"', start)])
        if plan is not None:
            found = plan.shape.fullmatch(data)
            if found is not None:
                try:
                    return plan.line(position, found.groups())
                except ValueError:  # a moment that no calendar has
                    pass
        return self._slowly(position, data)

    def _slowly(self, position: int, data: bytes) -> Line:
        entry = entries.from_bytes(data, position)
        fact = entry.fact
        facts.refuse_personal_data(facts.to_fields(fact))
        fields = {name: getattr(fact, name) for name in fact.shapes}
        actor = self._texts.setdefault(entry.actor.encode(), entry.actor)
        return Line(
            position, entry.at, actor, entry.auth, fact.kind_name, entry.org, fields, entry.commitments
        )

    def _plan(self, name: str, cls: type[facts.Fact]) -> _Plan | None:
        hints = typing.get_type_hints(cls)
        plain: dict[Any, tuple[bytes, Convert]] = {
            str: (b'"' + _PLAIN + b'"', self._text),
            int: (_NUMBER, int),
            bool: (_TRUTH, b"true".__eq__),
            datetime: (b'"' + _TIME + b'"', self._time),
        }
        steps: list[tuple[str, Convert]] = []
        parts = []
        for field in sorted(cls.shapes):
            inner, optional = _inner(hints[field])
            if inner not in plain:
                return None
            shape, convert = plain[inner]
            parts.append((b'"%s":%s' % (field.encode(), shape), optional))
            steps.append((field, convert))
        if all(optional for _, optional in parts):
            return None
        minute = cls.link in ("accountable", "protected")
        commits = b"".join(
            rb'(?:(?:(?<=\{)|,)"%s":"%s")?' % (field.encode(), _HASH) for field in sorted(cls.commits)
        )
        whole = (
            rb'\{"actor":"%s","at":"%s","auth":"(%s)"' % (_PLAIN, _MINUTE if minute else _TIME, _AUTHS)
            + (rb',(?:"c":\{(?!,|\})%s\},)?' % commits if commits else b",")
            + rb'"f":\{(?!,)%s\},"kind":"%s","n":"[0-9a-f]{32}","org":"%s","v":1\}'
            % (_listed(parts), re.escape(name.encode()), _PLAIN)
        )
        return _Plan(name, re.compile(whole), tuple(sorted(cls.commits)), tuple(steps), self)

    def _text(self, raw: bytes) -> str:
        found = self._texts.get(raw)
        if found is None:
            found = self._texts[raw] = raw.decode("ascii")
        return found

    def _time(self, raw: bytes) -> datetime:
        found = self._times.get(raw)
        if found is None:
            found = self._times[raw] = read_time(raw.decode("ascii"))
        return found


_AUTHS = b"|".join(sorted(auth.encode() for auth in entries.AUTHS))


class _Plan:
    """How one kind is matched, and what to do with each of its groups."""

    __slots__ = ("_commits", "_first", "_kind", "_reader", "_steps", "shape")

    def __init__(
        self,
        kind: str,
        shape: re.Pattern[bytes],
        commits: tuple[str, ...],
        steps: tuple[tuple[str, Convert], ...],
        reader: LineReader,
    ) -> None:
        self.shape = shape
        self._kind = kind
        self._commits = commits
        self._steps = steps
        self._first = 3 + len(commits)
        self._reader = reader

    def line(self, position: int, groups: tuple[Any, ...]) -> Line:
        """Put what was matched into a line."""
        reader = self._reader
        first = self._first
        commitments = {}
        if first > 3:
            for name, text in zip(self._commits, groups[3:first], strict=True):
                if text is not None:
                    commitments[name] = bytes.fromhex(text.decode())
        fields = {
            name: None if raw is None else convert(raw)
            for (name, convert), raw in zip(self._steps, groups[first:-1], strict=True)
        }
        return Line(
            position,
            reader._time(groups[1]),
            reader._text(groups[0]),
            reader._text(groups[2]),
            self._kind,
            reader._text(groups[-1]),
            fields,
            commitments,
        )


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
