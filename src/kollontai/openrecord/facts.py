# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an entry may say: a closed list of typed facts, none of which can hold a name or a text.

A fact is a frozen dataclass under `@kind(...)`. Its fields are the entry's clear fields; texts and names
stay outside the record, tied to it by the commitments the kind lists. An old kind is never edited; a
new one is added.
"""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal, TypeVar

from kollontai.openrecord.door import refuse_personal_data
from kollontai.openrecord.errors import MalformedEntry
from kollontai.openrecord.shapes import Shape, shape_of

__all__ = [
    "KINDS",
    "Audience",
    "Fact",
    "Link",
    "SomeFact",
    "from_fields",
    "kind",
    "refuse_personal_data",
    "to_fields",
]

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
        shapes = {field.name: shape_of(hints[field.name]) for field in dataclasses.fields(cls)}
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
