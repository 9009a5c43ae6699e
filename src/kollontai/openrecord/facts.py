# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an entry may say: a closed list of typed facts, none of which can hold a name or a text.

A fact is a frozen dataclass under `@kind(...)`. Its fields are the entry's clear fields; texts and names
stay outside the record, tied to it by the commitments the kind lists. An old kind is never edited; a
new one is added.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal, NamedTuple, TypeVar

from kollontai.openrecord.canonical import LARGEST
from kollontai.openrecord.errors import MalformedEntry
from kollontai.openrecord.times import read_time, write_time

Link = Literal["accountable", "protected", "clock", "operator", "public"]
Audience = Literal["world", "members", "unit", "party"]

KINDS: dict[str, type[Fact]] = {}
"""Every kind of entry, by its name."""


class Fact:
    """Something that was done with a right. The class variables come from `@kind`."""

    __slots__ = ()

    kind_name: ClassVar[str]
    link: ClassVar[Link]
    audience: ClassVar[Audience]
    commits: ClassVar[tuple[str, ...]]
    held: ClassVar[bool]
    shapes: ClassVar[Mapping[str, Shape]]


SomeFact = TypeVar("SomeFact", bound=Fact)


def kind(
    name: str,
    *,
    link: Link,
    audience: Audience,
    commits: tuple[str, ...] = (),
    held: bool = False,
) -> Callable[[type[SomeFact]], type[SomeFact]]:
    """Add a kind of entry to the list.

    `link` says how its actor is tied to a person, `audience` who may read what it commits to,
    `commits` which contents it may commit to. What a `held` kind commits to is opened by the clock or
    at the close of a poll, to nobody before everybody.
    """
    if not re.fullmatch(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*", name):
        raise ValueError(f"{name!r} is no name for a kind: it reads thing.done in small letters.")
    if name in KINDS:
        raise ValueError(f"There are two kinds called {name}.")
    if len(set(commits)) != len(commits) or not all(_FIELD_NAME.fullmatch(field) for field in commits):
        raise ValueError(f"{name} commits to contents with doubled or unusable names.")

    def register(cls: type[SomeFact]) -> type[SomeFact]:
        if not dataclasses.is_dataclass(cls) or not cls.__dataclass_params__.frozen:
            raise TypeError(f"{cls.__name__} must be a frozen dataclass under its kind.")
        hints = typing.get_type_hints(cls)
        shapes = {field.name: _shape_of(hints[field.name]) for field in dataclasses.fields(cls)}
        for field_name in shapes:
            if not _FIELD_NAME.fullmatch(field_name) or field_name in _TAKEN:
                raise TypeError(f"{cls.__name__}.{field_name} is no name for a field.")
        cls.kind_name, cls.link, cls.audience = name, link, audience
        cls.commits, cls.held, cls.shapes = commits, held, shapes
        KINDS[name] = cls
        return cls

    return register


_FIELD_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TAKEN = frozenset({"kind_name", "link", "audience", "commits", "held", "shapes"})


def to_fields(fact: Fact) -> dict[str, Any]:
    """Write a fact's fields as they stand in an entry; what is None is left out."""
    fields: dict[str, Any] = {}
    for name, shape in fact.shapes.items():
        value = getattr(fact, name)
        if value is None and shape.optional:
            continue
        try:
            fields[name] = shape.write(value)
        except ValueError:
            raise MalformedEntry(f"The field {name} of {fact.kind_name} must be {shape.words}.") from None
    return fields


def from_fields(cls: type[SomeFact], fields: Mapping[str, Any]) -> SomeFact:
    """Read a fact from an entry's fields: none missing, none extra, each of its type."""
    shapes = cls.shapes
    values: dict[str, Any] = {}
    for name, shape in shapes.items():
        if name in fields:
            try:
                values[name] = shape.read(fields[name])
            except ValueError:
                raise MalformedEntry(f"The field {name} of {cls.kind_name} must be {shape.words}.") from None
        elif shape.optional:
            values[name] = None
        else:
            raise MalformedEntry(f"The field {name} of {cls.kind_name} is missing.")
    if len(fields) > len(shapes) or not fields.keys() <= shapes.keys():
        extra = sorted(fields.keys() - shapes.keys())[0]
        raise MalformedEntry(f"A {cls.kind_name} has no field {extra[:40]!a}.")
    return cls(**values)


# --- What a field may be -----------------------------------------------------------------------------


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


def _shape_of(hint: Any) -> Shape:
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        inner = [part for part in typing.get_args(hint) if part is not types.NoneType]
        if len(inner) == 1 and inner[0] in _SHAPES:
            return _SHAPES[inner[0]]._replace(optional=True)
    elif hint in _SHAPES:
        return _SHAPES[hint]
    raise TypeError(f"A fact has no fields of type {hint}.")


# --- The lint at the door ----------------------------------------------------------------------------

_CLEAR = re.compile(r"[A-Za-z0-9_.:/+=\-]{0,200}")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?:[-./]?[A-Z0-9]){11,30}(?![A-Za-z0-9])")
_PHONE = re.compile(r"\+[0-9][0-9./-]{6,18}|(?=.{7,20}$)0[0-9]*(?:[./-][0-9]+)+")


def refuse_personal_data(fields: Mapping[str, Any]) -> None:
    """Names, texts and addresses do not enter the record; refuse what looks like one.

    Clear texts are ids and words of a closed vocabulary: no spaces, no '@', at most 200 characters. An
    account number is known by its check digits, a telephone number by its plus or its separators, so
    that no random id is refused by chance.
    """
    for name, value in fields.items():
        for text in _texts_in(value):
            if not _CLEAR.fullmatch(text):
                raise MalformedEntry(f"The field {name} holds free text, which belongs outside the record.")
            if _PHONE.fullmatch(text):
                raise MalformedEntry(f"The field {name} looks like a telephone number.")
            if any(_is_iban(found[0]) for found in _IBAN.finditer(text)):
                raise MalformedEntry(f"The field {name} looks like a bank account.")


def _texts_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for pair in value.items() for part in pair for text in _texts_in(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in _texts_in(part)]
    return []


def _is_iban(text: str) -> bool:
    letters = re.sub(r"[-./]", "", text)
    return int("".join(str(int(letter, 36)) for letter in letters[4:] + letters[:4])) % 97 == 1
