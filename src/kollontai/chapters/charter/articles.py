# SPDX-License-Identifier: AGPL-3.0-or-later
"""The articles as the server reads them: their words, and each limit with its floor and ceiling.

The auditor reads the same file with its own code. The SHA-256 is taken over the bytes of the file, so
that an organisation's record says which words it adopted. Every version is kept: an organisation goes on
under the one it adopted, whichever release keeps its record.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

Preset = Literal["normal", "small"]
PRESETS: tuple[Preset, ...] = ("normal", "small")


@dataclass(frozen=True)
class Bounds:
    """What a limit is at first, and how far any vote may move it."""

    default: int
    floor: int | None
    ceiling: int | None

    def keep(self, value: int) -> int:
        """The nearest value that passes neither the floor nor the ceiling."""
        if self.floor is not None and value < self.floor:
            return self.floor
        if self.ceiling is not None and value > self.ceiling:
            return self.ceiling
        return value


@dataclass(frozen=True)
class LimitText:
    """One limit of the articles: what people cite, what members read, how far it may be moved."""

    key: str
    code: str
    article: int
    words: str
    unit: str
    entrenched: bool
    over: str
    least_share: tuple[int, int] | None
    most_share: tuple[int, int] | None
    not_below: str
    normal: Bounds
    small: Bounds

    def bounds(self, preset: str) -> Bounds:
        """Its bounds in a normal or a small organisation."""
        return self.small if preset == "small" else self.normal


@dataclass(frozen=True)
class ClosedList:
    """A list to which nobody adds anything."""

    code: str
    article: int
    words: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Article:
    """One article in plain words, and where it stands in the code."""

    number: int
    title: str
    lead: str
    nobody_can: tuple[str, ...]
    auditor_finds: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True)
class Articles:
    """All of them, in one version."""

    version: int
    sha256: str
    small_below: int
    articles: tuple[Article, ...]
    limits: Mapping[str, LimitText]
    closed: tuple[ClosedList, ...]

    def defaults(self, preset: str) -> dict[str, int]:
        """Every limit as a new organisation begins with it."""
        return {key: limit.bounds(preset).default for key, limit in self.limits.items()}

    def limits_of(self, article: int) -> tuple[LimitText, ...]:
        """The limits that belong to one article, in the order of the file."""
        return tuple(limit for limit in self.limits.values() if limit.article == article)


@functools.cache
def read() -> Articles:
    """The articles of this release: those that a new organisation adopts."""
    return parse(resources.files("kollontai.bylaws").joinpath("articles.toml").read_bytes())


@functools.cache
def every() -> Mapping[str, Articles]:
    """Every version that this release carries, by its hash."""
    files = [one for one in resources.files("kollontai.bylaws").iterdir() if one.name.endswith(".toml")]
    return {one.sha256: one for one in (parse(file.read_bytes()) for file in files)}


def adopted(sha256: str | None) -> Articles:
    """The version with this hash; those of this release where nothing was adopted yet, or it is not carried.

    With a version that is not carried no house is served: followers/keeping/operating.py.
    """
    return every().get(sha256 or "") or read()


@functools.cache
def most_in_a_small_house() -> int:
    """As many members as have outgrown a small organisation under any version."""
    return max(one.small_below for one in every().values())


def parse(data: bytes) -> Articles:
    """Read the articles from the bytes of their file."""
    found = tomllib.loads(data.decode("utf-8"))
    return Articles(
        version=found["version"],
        sha256=hashlib.sha256(data).hexdigest(),
        small_below=found["small_below"],
        articles=tuple(_article(raw) for raw in found["article"]),
        limits={raw["key"]: _limit(raw) for raw in found["limit"]},
        closed=tuple(
            ClosedList(raw["code"], raw["article"], raw["words"], tuple(raw["items"]))
            for raw in found["closed"]
        ),
    )


def _article(raw: dict[str, Any]) -> Article:
    return Article(
        number=raw["number"],
        title=raw["title"],
        lead=raw["lead"],
        nobody_can=tuple(raw["nobody_can"]),
        auditor_finds=tuple(raw["auditor_finds"]),
        places=tuple(raw["places"]),
    )


def _limit(raw: dict[str, Any]) -> LimitText:
    return LimitText(
        key=raw["key"],
        code=raw["code"],
        article=raw["article"],
        words=raw["words"],
        unit=raw["unit"],
        entrenched=raw.get("entrenched", False),
        over=raw.get("over", ""),
        least_share=_share(raw, "least_share"),
        most_share=_share(raw, "most_share"),
        not_below=raw.get("not_below", ""),
        normal=_bounds(raw["normal"]),
        small=_bounds(raw["small"]),
    )


def _share(raw: dict[str, Any], name: str) -> tuple[int, int] | None:
    part, whole = raw.get(name, (0, 0))
    return (part, whole) if whole else None


def _bounds(raw: dict[str, int]) -> Bounds:
    return Bounds(raw["default"], raw.get("floor"), raw.get("ceiling"))
