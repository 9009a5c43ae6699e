# SPDX-License-Identifier: AGPL-3.0-or-later
"""Read the server's own claim, state.json, some rows at a time, however long its lists are."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

_CHUNK = 1 << 20
_LARGEST_VALUE = 16 << 20
_SOME_ROWS = 1 << 18


class MalformedClaim(Exception):
    """The claim cannot be read on; the message is one clear sentence."""


WHOLE = object()
"""Noted where a list held all that was foreseen, and nothing else."""

Foresee = Callable[[str], Iterator[tuple[str, Any]]]
"""For a list of some name: the text of its next rows, and what to note once they are found so."""


def nothing_foreseen(name: str) -> Iterator[tuple[str, Any]]:
    """Read every row of every list."""
    return iter(())


def parts_of(
    path: Path, foresee: Foresee = nothing_foreseen, note: Callable[[str, Any], None] | None = None
) -> Iterator[tuple[str, Any, bool]]:
    """Yield (name, value, is_list): the rows of each list some at a time, every other value whole.

    The beginning of a list is told by no rows, so that an empty list is seen too. As long as a list reads
    as was foreseen, its rows are noted, not yielded.
    """
    with path.open("rb") as file:
        try:
            yield from _Reader(file, foresee, note).run()
        except (ValueError, RecursionError):  # also JSONDecodeError, UnicodeDecodeError, endless numbers
            raise MalformedClaim("state.json is not JSON as it must be.") from None


class _Reader:
    def __init__(self, file: BinaryIO, foresee: Foresee, note: Callable[[str, Any], None] | None) -> None:
        self._file = file
        self._foresee = foresee
        self._note = note
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._scan = json.JSONDecoder().raw_decode
        self._text = ""
        self._at = 0
        self._end = False

    def run(self) -> Iterator[tuple[str, Any, bool]]:
        self._expect("{")
        first = True
        while self._look() != "}":
            if not first:
                self._expect(",")
            first = False
            name = self._value()
            if type(name) is not str:
                raise ValueError
            self._expect(":")
            if self._look() == "[":
                yield name, [], True
                for rows in self._rows(name):
                    yield name, rows, True
            else:
                yield name, self._value(), False
        self._expect("}")
        if self._text[self._at :].strip() or self._more():
            raise ValueError

    def _rows(self, name: str) -> Iterator[list[Any]]:
        self._expect("[")
        if self._look() != "]" and self._as_foreseen(name):
            self._at += 1
            return
        while self._look() != "]":
            yield self._many() or [self._value()]
            if self._look() != "]":
                self._expect(",")
                if self._look() == "]":
                    raise ValueError
        self._expect("]")

    def _as_foreseen(self, name: str) -> bool:
        """Pass over rows that read as was foreseen; tell whether that was all of them."""
        foreseen = self._foresee(name)
        for text, known in foreseen:
            length = len(text)
            while len(self._text) - self._at <= length:
                if not self._more():
                    return False
            after = self._text[self._at + length]
            if after not in ",]" or not self._text.startswith(text, self._at):
                return False
            if after == ",":
                self._at += length + 1
                if self._look() == "]":
                    raise ValueError
            if self._note is not None:
                self._note(name, known)
            if after == "]":
                self._at += length
                if self._note is not None and next(foreseen, None) is None:
                    self._note(name, WHOLE)
                return True
        return False

    def _many(self) -> list[Any] | None:
        """Read many rows at once, up to the end of the list or to a border between two of them.

        What looks like a border may stand inside a text; then this is no JSON, and rows are read singly.
        """
        if len(self._text) - self._at < _SOME_ROWS:
            self._more()
        closing = {"{": "}", "[": "]"}.get(self._text[self._at])
        if closing is None:
            return None
        limit = self._at + _SOME_ROWS
        border = self._text.find(closing + "]", self._at, limit)
        if border < 0:
            opening = self._text[self._at]
            border = self._text.rfind(f"{closing},{opening}", self._at, limit)
        if border < 0:
            return None
        try:
            rows: list[Any] = json.loads(f"[{self._text[self._at : border + 1]}]")
        except ValueError:
            return None
        self._at = border + 1
        return rows

    def _more(self) -> bool:
        if self._end:
            return False
        if len(self._text) - self._at > _LARGEST_VALUE:
            raise ValueError
        data = self._file.read(_CHUNK)
        self._end = not data
        self._text = self._text[self._at :] + self._decode(data, self._end)
        self._at = 0
        return not self._end

    def _look(self) -> str:
        while self._at >= len(self._text):
            if not self._more():
                raise ValueError
        return self._text[self._at]

    def _expect(self, sign: str) -> None:
        if self._look() != sign:
            raise ValueError
        self._at += 1

    def _value(self) -> Any:
        self._look()
        while True:
            try:
                value, end = self._scan(self._text, self._at)
            except json.JSONDecodeError:
                if not self._more():
                    raise
                continue
            if end == len(self._text) and self._more():
                continue  # a number at the edge may go on
            self._at = end
            return value
