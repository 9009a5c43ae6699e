# SPDX-License-Identifier: AGPL-3.0-or-later
"""The limits of the articles, read from the bylaws file by the auditor's own reader."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Bounds:
    """One limit: what it is when nobody says otherwise, and what no vote can pass."""

    default: int
    floor: int | None
    ceiling: int | None


@dataclass(frozen=True, slots=True)
class Articles:
    """A version of the articles, with the limits of both presets."""

    version: int
    sha256: str
    small_below: int
    limits: Mapping[str, Mapping[str, Bounds]]
    not_below: Mapping[str, str]
    """Limits that are never smaller than another one."""
    least_share: Mapping[str, tuple[str, int, int]]
    """Numerators, with their denominator's key and the least fraction."""
    titles: Mapping[int, str]
    over: Mapping[str, str] = field(default_factory=dict)
    """The key below the line of each fraction, by the key above it."""
    entrenched: frozenset[str] = frozenset()
    """Limits that no vote moves."""
    most_share: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)
    """Numerators, with their denominator's key and the greatest fraction."""
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What each limit is called, and what it is counted in."""


@cache
def articles() -> Mapping[str, Articles]:
    """Read every version of the articles that this release carries, by their hash."""
    found = {}
    for file in sorted(resources.files("kollontai.bylaws").iterdir(), key=lambda item: item.name):
        if file.name.endswith(".toml"):
            data = file.read_bytes()
            one = _read(data)
            found[one.sha256] = one
    return found


def _read(data: bytes) -> Articles:
    table = tomllib.loads(data.decode("utf-8"))
    limits: dict[str, dict[str, Bounds]] = {"normal": {}, "small": {}}
    not_below, least, most, over, entrenched, words = {}, {}, {}, {}, set(), {}
    for limit in table["limit"]:
        key = limit["key"]
        for preset, bounds in limits.items():
            said: dict[str, Any] = limit[preset]
            bounds[key] = Bounds(said["default"], said.get("floor"), said.get("ceiling"))
        words[key] = limit["words"], limit["unit"]
        if "not_below" in limit:
            not_below[key] = limit["not_below"]
        if "over" in limit:
            over[key] = limit["over"]
        if limit.get("entrenched"):
            entrenched.add(key)
        if "least_share" in limit:
            least[key] = (limit["over"], *limit["least_share"])
        if "most_share" in limit:
            most[key] = (limit["over"], *limit["most_share"])
    digest = hashlib.sha256(data).hexdigest()
    titles = {article["number"]: article["title"] for article in table["article"]}
    small_below = table["small_below"]
    return Articles(
        table["version"],
        digest,
        small_below,
        limits,
        not_below,
        least,
        titles,
        over,
        frozenset(entrenched),
        most,
        words,
    )


def newest() -> Articles:
    """The articles an organisation founded today would adopt."""
    return max(articles().values(), key=lambda one: one.version)


def beyond(charter: Mapping[str, int], preset: str, one: Articles) -> list[tuple[str, str]]:
    """List limits that no vote could have set so, each with a sentence."""
    found = []
    bounds = one.limits.get(preset, one.limits["normal"])
    for key, bound in sorted(bounds.items()):
        value = charter.get(key)
        if value is None:
            found.append((key, f"The charter has no limit {key}."))
        elif bound.floor is not None and value < bound.floor:
            found.append((key, f"The limit {key} is {value}; no vote can set it below {bound.floor}."))
        elif bound.ceiling is not None and value > bound.ceiling:
            found.append((key, f"The limit {key} is {value}; no vote can set it above {bound.ceiling}."))
        elif value < 0:
            found.append((key, f"The limit {key} is {value}, less than nothing."))
    for key in sorted(charter.keys() - bounds.keys()):
        found.append((key, f"The charter has a limit {key}, which the articles do not know."))
    for key, other in sorted(one.not_below.items()):
        if charter.get(key, 0) < charter.get(other, 0):
            found.append(
                (key, f"The limit {key} is {charter.get(key)}, below {other}, which it must not be.")
            )
    for key, (over, numerator, denominator) in sorted(one.least_share.items()):
        if charter.get(key, 1) * denominator < numerator * charter.get(over, 1):
            found.append((key, f"The share {key} of {over} is below {numerator}/{denominator}."))
        elif not 0 < charter.get(key, 1) <= charter.get(over, 1):
            found.append((key, f"The share {key} of {over} is more than the whole."))
    for key, (over, numerator, denominator) in sorted(one.most_share.items()):
        if charter.get(key, 0) * denominator > numerator * charter.get(over, 1):
            found.append((key, f"The share {key} of {over} is above {numerator}/{denominator}."))
    return found


def in_force(charter: Mapping[str, int], preset: str, members: int, one: Articles) -> dict[str, int]:
    """The limits for things born now: a small organisation that has grown keeps the normal floors."""
    now = dict(charter)
    if preset == "small" and members >= one.small_below:
        for key, bound in one.limits["normal"].items():
            if bound.floor is not None and key in now:
                now[key] = max(now[key], bound.floor)
        for key, other in one.not_below.items():
            if key in now and other in now:
                now[key] = max(now[key], now[other])
    return now


def supporters_needed(members: int, limits: Mapping[str, int]) -> int:
    """S1: a share of the members up to a most, never under a least, and the root where that is more."""
    share = -(-members * limits["S1.share"] // 10_000)
    least = limits["S1.least_small"] if members < limits.get("S1.small_below", 20) else limits["S1.least"]
    return max(min(limits["S1.most"], share), least, _root_over(members, limits["S1.root_divisor"]))


def _root_over(members: int, divisor: int) -> int:
    """√members ÷ divisor, rounded up, in whole numbers alone."""
    if divisor <= 0:
        return 0
    square = -(-members // divisor**2)
    root = math.isqrt(square)
    return root + (root * root < square)
