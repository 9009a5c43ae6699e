# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a field of a fact may be: its types, and the one way each is written in an entry."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from kollontai.openrecord.canonical import LARGEST
from kollontai.openrecord.times import read_time, write_time


class Shape(NamedTuple):
    """How one type of field is written, read and called in an error.

    `write` and `read` raise ValueError for a value of another shape.
    """

    words: str
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    optional: bool = False


def _same(wanted: type) -> Callable[[Any], Any]:
    def take(value: Any) -> Any:
        if type(value) is not wanted:
            raise ValueError
        return value

    return take


def _whole(value: Any) -> Any:
    if type(value) is not int or not -LARGEST <= value <= LARGEST:
        raise ValueError
    return value


def _moment(value: Any) -> Any:
    if not isinstance(value, datetime):
        raise ValueError
    return write_time(value)


def _row(
    of: Callable[[Any], Any], *, taken: type[tuple[Any, ...]] | type[list[Any]], given: type
) -> Callable[[Any], Any]:
    def take(value: Any) -> Any:
        if type(value) is not taken:
            raise ValueError
        return given(of(item) for item in value)

    return take


def _table(of: Callable[[Any], Any], *, exactly: bool) -> Callable[[Any], dict[str, Any]]:
    def take(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict if exactly else Mapping):
            raise ValueError
        for key in value:
            if type(key) is not str or not key.isascii():
                raise ValueError
        return {key: of(item) for key, item in value.items()}

    return take


def _rows(words: str, of: Shape) -> Shape:
    return Shape(words, _row(of.write, taken=tuple, given=list), _row(of.read, taken=list, given=tuple))


def _tables(words: str, of: Shape) -> Shape:
    return Shape(words, _table(of.write, exactly=False), _table(of.read, exactly=True))


_TEXT = Shape("a text", _same(str), _same(str))
_NUMBER = Shape("a whole number within ±(2^53 - 1)", _whole, _whole)
_TRUTH = Shape("true or false", _same(bool), _same(bool))
_TIME = Shape("a moment in UTC, in whole seconds", _moment, read_time)
_TEXTS = _rows("a list of texts", _TEXT)
_NUMBERS = _rows("a list of whole numbers", _NUMBER)

_SHAPES: dict[Any, Shape] = {
    str: _TEXT,
    int: _NUMBER,
    bool: _TRUTH,
    datetime: _TIME,
    tuple[str, ...]: _TEXTS,
    tuple[int, ...]: _NUMBERS,
    tuple[tuple[str, ...], ...]: _rows("a list of lists of texts", _TEXTS),
    tuple[tuple[int, ...], ...]: _rows("a list of lists of whole numbers", _NUMBERS),
    Mapping[str, int]: _tables("a table of whole numbers", _NUMBER),
    Mapping[str, str]: _tables("a table of texts", _TEXT),
}


def shape_of(hint: Any) -> Shape:
    """Find how a type is written; TypeError for one the record does not hold."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        inner = [part for part in typing.get_args(hint) if part is not types.NoneType]
        if len(inner) == 1 and inner[0] in _SHAPES:
            return _SHAPES[inner[0]]._replace(optional=True)
    elif hint in _SHAPES:
        return _SHAPES[hint]
    raise TypeError(f"A fact has no fields of type {hint}.")
