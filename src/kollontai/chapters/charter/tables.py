# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that people bring along: their encoding, their rows, and what is said where they cannot be read.

Plain Python. Files come from spreadsheets and old programs: UTF-8 with or without a mark at the start,
UTF-16 with one, or Windows-1252; cells divided by commas, semicolons or tabs; quotes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """A line that cannot be used, and why, in a sentence. Line 0 is the file as a whole."""

    line: int
    reason: str


class Unreadable(Exception):
    """The file cannot be read on from here."""

    def __init__(self, reason: str, line: int = 0) -> None:
        """Say why, and from which line on."""
        super().__init__(reason)
        self.line = line


def decode(data: bytes, *, most: int) -> tuple[str, str]:
    """The text of a file of at most so many bytes, and its encoding in words."""
    if len(data) > most:
        raise Unreadable(f"The file is larger than {most // 1_000_000} MB; split it into smaller ones.")
    if not data.strip():
        raise Unreadable("The file is empty.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _of_two_bytes(data), "UTF-16"
    if data.startswith(b"PK\x03\x04"):
        raise Unreadable("This is a spreadsheet or an archive; save the sheet as CSV and send that.")
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise Unreadable(f"Line {line} holds a NUL byte: this is not a text file.", line)
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Unreadable(f"Line {line} holds a sign that is neither UTF-8 nor Windows-1252.", line) from None


def _of_two_bytes(data: bytes) -> str:
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        raise Unreadable("The file begins as UTF-16 and does not go on so; save it again in UTF-8.") from None
    if not text.strip():
        raise Unreadable("The file is empty.")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise Unreadable(f"Line {line} holds a NUL byte: this is not a text file.", line)
    return text


def delimiter_of(text: str) -> str:
    """The sign that divides the headings; where none is there, the file has one column."""
    first = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")
    outside = "".join(first.split('"')[::2])  # what stands between quotes divides nothing
    return max(",;\t", key=outside.count)


def rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, to the letter, with the number of the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Unreadable(
                f"The quotes on line {begins} do not close as they should; what follows was not read.", begins
            ) from None
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def heading(text: str) -> str:
    """A heading as it is compared: small letters, spaces for hyphens, dots, underscores and colons."""
    return " ".join("".join(" " if sign in "-_.:*" else sign for sign in text.casefold()).split())
