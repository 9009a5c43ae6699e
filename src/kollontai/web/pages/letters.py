# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters and labels on paper. The addresses are typed by whoever prints, and kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kollontai.followers.addresses import full
from kollontai.web.house import House
from kollontai.web.pages import notices, paper

TEMPLATE = Path(paper.__file__).parents[1] / "typeset" / "letter.typ"
MOST_ADDRESSES = 240
MOST_LINES = 6  # of an address, by the height of the window
PER_SHEET = 24

Part = str | dict[str, list[str]]
"""A paragraph of a letter, or words of somebody, set apart: `{"quote": their paragraphs}`."""


def addresses_in(text: str) -> list[list[str]]:
    """Addresses as they were typed: lines, with an empty line between two of them."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [list(some) for written, some in groupby(lines, bool) if written]


def labels(addresses: Sequence[Sequence[str]]) -> bytes:
    """Sheets of 3 x 8 labels."""
    sheets = [addresses[start : start + PER_SHEET] for start in range(0, len(addresses), PER_SHEET)]
    return _typeset({"kind": "labels", "title": _("Labels"), "sheets": sheets})


def of_notices(house: House, addresses: Sequence[Sequence[str]]) -> bytes:
    """The same letter to each address: what is open now, and for whom; who reads it, nobody knows here."""
    said = [
        f"{one.words.subject}. {one.words.text}"
        for _unit, posted in notices.open_now(house)
        for one in posted
    ]
    text = said or [_("No vote and no nominations are open just now.")]
    return typed(house, addresses, _("Open now at %(name)s") % {"name": house.name}, text)


def with_code(
    house: House, name: str, code: str, addresses: Sequence[Sequence[str]], written: Sequence[Part] = ()
) -> bytes:
    """The letter that lets somebody in; `written`: what neighbours wrote in for them lately."""
    door = full("sign-in-letter")
    text = [
        _("To %(who)s. Two members of your unit have vouched for you, so that you can come in without a mail"
          " address.") % {"who": name},
        _("Go to %(door)s on any device and type:") % {"door": door},
    ]  # fmt: skip
    after: list[Part] = [
        _("The code opens once, within thirty days. Whoever has it can come in as you: keep it to yourself."),
        _("Who vouched, and when, stands on the record and on your own page, under Mine."),
    ]  # fmt: skip
    if written:
        after += [
            _("Neighbours wrote this in for you within four weeks; under Mine you can undo it:"),
            *written,
        ]
    return typed(house, addresses or [[name]], _("Your way in"), text, code, after)


def typed(
    house: House, addresses: Sequence[Sequence[str]], title: str, text: Sequence[Part], code: str = "",
    after: Sequence[Part] = (),
) -> bytes:  # fmt: skip
    """A letter for window envelopes, one for each address; a code stands in a frame, and `after` below it."""
    return _typeset(
        {"kind": "letter", "title": title, "sender": house.name, "addresses": addresses,
         "text": list(text), "code": code, "after": list(after)}
    )  # fmt: skip


def quoted(words: str) -> list[Part]:
    """Words of somebody, set apart by paragraphs; nothing where there are none."""
    paragraphs = [line for line in words.split("\n") if line.strip()]
    return [{"quote": paragraphs}] if paragraphs else []


def _typeset(data: dict[str, Any]) -> bytes:
    said = {"lang": (get_language() or "en").partition("-")[0], **data}
    try:
        return paper.typeset(said, TEMPLATE)
    except paper.NoTypeface:  # a box in a name is mended with a pen; without a letter somebody stays outside
        return paper.typeset(said, TEMPLATE, every_sign=False)
