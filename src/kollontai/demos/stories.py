# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stories that demonstrations tell, each a file beside this one."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from django.conf import settings

FILES = {"tidewater": "tidewater.toml", "alder-house": "alder_house.toml"}
"""Each demonstration by its short name."""
SMALL = {"tidewater": "tidewater_small.toml"}
"""A slice of the same, for whoever needs it quickly."""


def read(slug: str, *, small: bool = False) -> dict[str, Any]:
    """The story of a demonstration."""
    return deepcopy(_told(_file(slug, small=small)))


def lead(slug: str, *, small: bool = False) -> str:
    """What a demonstration is, in one line."""
    return str(_told(_file(slug, small=small and slug in SMALL))["lead"])


def suggested(slug: str, *, small: bool = False) -> list[tuple[str, str]]:
    """Whom to look through the eyes of first: names, and why."""
    told = _told(_file(slug, small=small and slug in SMALL)).get("suggested", [])
    return [(str(one["name"]), str(one["why"])) for one in told]


@dataclass(frozen=True)
class Tempted:
    """Somebody who may not speak yet, where they would, and what they would say."""

    name: str
    issue: str  # its title
    stance: str
    text: str


def tempted(slug: str, *, small: bool = False) -> Tempted | None:
    """Whose words are refused at one press of a button; None where the story tells of nobody."""
    story = _told(_file(slug, small=small and slug in SMALL))
    if "tempted" not in story:
        return None
    told = story["tempted"]
    title = next(one["title"] for one in story["issues"] if one["key"] == told["issue"])
    return Tempted(told["name"], title, told["stance"], flowing(told["text"]))


def fingerprint(slug: str, *, small: bool = False) -> str:
    """What a building depends on, beside the day: this release and every file of this folder."""
    told = sha256(metadata.version("kollontai").encode())
    folder = resources.files("kollontai.demos")
    for name in sorted(one.name for one in folder.iterdir() if one.name.endswith((".py", ".toml"))):
        told.update(name.encode() + sha256(_bytes(name)).digest())
    told.update(_file(slug, small=small).encode())
    return told.hexdigest()


def prepared() -> Path:
    """Where a house keeps the copy of its demonstrations as they were built."""
    return Path(settings.HOME) / "prepared"


def kept() -> dict[str, Any]:
    """What the copy holds: what is shown, whether it is small, and what it was made of."""
    place = prepared() / "told.json"
    found = json.loads(place.read_text()) if place.exists() else {}
    return found if isinstance(found, dict) else {}


def shown_small() -> bool:
    """Whether the small slice is shown here."""
    return bool(kept().get("small"))


def address(name: str, slug: str) -> str:
    """A mailbox that exists nowhere."""
    plain = unicodedata.normalize("NFKD", name.lower())
    kept = "".join(sign for sign in plain if sign.isalnum() or sign in " -")
    return f"{kept.replace(' ', '.')}@{slug}.example"


def flowing(text: str) -> str:
    """Text as it is told in the file, without the file's line ends."""
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


@cache
def _told(name: str) -> dict[str, Any]:
    """A story as it stands in its file: nobody changes it while a server runs."""
    return tomllib.loads(_bytes(name).decode())


def _file(slug: str, *, small: bool) -> str:
    return SMALL[slug] if small else FILES[slug]


def _bytes(name: str) -> bytes:
    return resources.files("kollontai.demos").joinpath(name).read_bytes()
