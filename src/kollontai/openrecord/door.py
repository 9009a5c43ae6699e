# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door of the record: names, texts and addresses do not come in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kollontai.openrecord.errors import MalformedEntry

_CLEAR = re.compile(r"[A-Za-z0-9_.:/+=\-]{0,200}")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?:[-./]?[A-Z0-9]){11,30}(?![A-Za-z0-9])")
_PHONE = re.compile(r"\+[0-9][0-9./-]{6,18}|(?=.{7,20}$)0[1-9][0-9]*(?:[./-][0-9]+)+")


def refuse_personal_data(fields: Mapping[str, Any]) -> None:
    """Refuse clear fields that look like a person, an address or a text.

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
