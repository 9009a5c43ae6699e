# SPDX-License-Identifier: AGPL-3.0-or-later
"""What no ballot file needs, and no reader shall choke on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from ..errors import WrongFile

DIGITS = 1000
"""No number has more digits."""
_LONG = re.compile(rf"[0-9]{{{DIGITS + 1}}}")
_NO_TEXT = "\x00\x07\x08\x1b\x7f"
"""What ends texts elsewhere, or moves about on a screen: in no name, so in no file."""


def check(text: str) -> None:
    """Refuse numbers without end, and signs that no text has. Raises WrongFile with line and column."""
    plain(text)
    if found := _LONG.search(text):
        raise WrongFile(*where(text, found.start()), f"a number of at most {DIGITS} digits")


def plain(text: str) -> None:
    """Refuse signs that no text has. Raises WrongFile with line and column."""
    for sign in _NO_TEXT:
        if sign in text:
            raise WrongFile(*where(text, text.index(sign)), "text without control characters", sign)


def where(text: str, at: int) -> tuple[int, int]:
    """Line and column, both from 1, of a place in a text."""
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def rows(text: str) -> Iterator[list[str]]:
    """Rows of a CSV file. Raises WrongFile where a cell has no end."""
    reader = csv.reader(io.StringIO(text))
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise WrongFile(reader.line_num, 1, "cells of at most 131,072 characters") from error
        yield row
