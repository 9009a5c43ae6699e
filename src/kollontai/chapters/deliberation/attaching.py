# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may come with words (articles 2 and 7): pictures, made plain, and PDF files that do nothing.

1. A picture is made anew from its pixels; place, time and device in the file are thrown away.
2. A PDF file is kept as it is, to the byte, so that it can be compared with its original. One that is
   encrypted, runs a script, starts a program or carries other files is refused. What the names in the file
   and in its object streams say is looked at; one that hides more is still only handed out to be saved.
3. So many files with the same words, so many in a day, the same for all.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from kollontai.chapters.elections import pictures
from kollontai.chapters.record.refusal import Refusal, Refused

ARTICLE = 7
PICTURE, PDF = "picture", "pdf"
MOST_FILES = 4  # with the same words
LARGEST_PDF = 4 * 1024 * 1024  # bytes
LONGEST_FILE_NAME = 120
FILES_A_DAY = 20
BYTES_A_DAY = 40 * 1024 * 1024
SIDE = 1_600  # pixels of the longer side of a picture that is kept
MOST_INFLATED = 32 * 1024 * 1024  # bytes of object streams that are looked at

PIECE = 64 * 1024

_BEGINS = re.compile(rb"(?<!end)stream\r?\n")
_OBJECTS = re.compile(rb"/ObjStm\b")
_PACKED_TWICE = re.compile(
    rb"/(?:ASCIIHexDecode|ASCII85Decode|LZWDecode|RunLengthDecode|AHx|A85|LZW|RL|Crypt|Predictor)\b"
    rb"|/(?:Filter|DecodeParms)\s+\d+\s+\d+\s+R\b"
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_DOES = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)\b")
_ENCRYPTED = re.compile(rb"/Encrypt\b")


@dataclass(frozen=True)
class Attached:
    """A file as it is sent: what it is called, and its bytes in base64."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    name: str
    data: str


@dataclass(frozen=True)
class Plain:
    """A file as it is kept."""

    name: str
    form: str
    data: bytes


@dataclass(frozen=True)
class Flood:
    """How much somebody has attached within a day."""

    files: int
    bytes: int


def tidy(files: Sequence[Attached]) -> list[Plain]:
    """Make each file plain; Refused says which cannot be kept, and why."""
    if len(files) > MOST_FILES:
        raise Refused(Refusal("too-many-files", ARTICLE, facts={"most": MOST_FILES}))
    return [_tidied(one) for one in files]


def _tidied(one: Attached) -> Plain:
    try:
        data = base64.b64decode(one.data, validate=True)
    except ValueError:
        raise Refused(Refusal("file-unusable", ARTICLE)) from None
    name = " ".join("".join(sign if sign.isprintable() else " " for sign in one.name).split())
    name = name.replace("/", "-").replace("\\", "-")[-LONGEST_FILE_NAME:]
    if data[:1024].lstrip().startswith(b"%PDF-") or name.lower().endswith(".pdf"):
        refusal = usable_pdf(data)
        if refusal is not None:
            raise Refused(refusal)
        return Plain(name or "paper.pdf", PDF, data)
    try:
        return Plain(name or "picture.jpg", PICTURE, pictures.plain(data, SIDE))
    except Refused as refused:
        if refused.refusal.code == "picture-unusable":
            raise Refused(Refusal("file-unusable", ARTICLE)) from None
        raise


def usable_pdf(data: bytes) -> Refusal | None:
    """A PDF file that is one, is not too large, can be read by all, and does nothing by itself."""
    if len(data) > LARGEST_PDF:
        return Refusal("pdf-too-large", ARTICLE, facts={"megabytes": LARGEST_PDF // 1024 // 1024})
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        return Refusal("pdf-unusable", ARTICLE)
    try:
        for part in _looked_at(data):
            if _ENCRYPTED.search(part):
                return Refusal("pdf-encrypted", ARTICLE)
            if _DOES.search(part):
                return Refusal("pdf-does-something", ARTICLE)
    except _CannotLookInside:
        return Refusal("pdf-unusable", ARTICLE)
    return None


class _CannotLookInside(Exception):
    """A stream holds objects, and is packed in a way that is not opened here."""


def _looked_at(data: bytes) -> Iterator[bytes]:
    """The file, and what its object streams hold, with names as they are meant.

    A stream ends where its packing ends, and not at a word that stands in it. What cannot be opened is not
    passed over, and neither is what lies behind very much.
    """
    yield _spelt(data)
    left, before = MOST_INFLATED, 0
    for found in _BEGINS.finditer(data):
        about = _spelt(data[before : found.start()])
        before = found.end()
        if not _OBJECTS.search(about):
            continue
        if _PACKED_TWICE.search(about):
            raise _CannotLookInside
        try:
            inner = _inflated(data, found.end(), left)
        except zlib.error:
            raise _CannotLookInside from None
        left -= len(inner)
        if left <= 0:
            raise _CannotLookInside
        yield _spelt(inner)


def _inflated(data: bytes, at: int, most: int) -> bytes:
    """What is packed from here on, to its own end; no more than so many bytes of it."""
    inflating = zlib.decompressobj()
    inner, given = bytearray(), b""
    while not inflating.eof and len(inner) < most:
        given = inflating.unconsumed_tail or data[at : at + PIECE]
        if not given:
            break
        if not inflating.unconsumed_tail:
            at += PIECE
        inner += inflating.decompress(given, most - len(inner))
    return bytes(inner)


def _spelt(part: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


def may_attach(files: Sequence[Plain], today: Flood) -> Refusal | None:
    """So much in a day, the same for all."""
    if files and today.files + len(files) > FILES_A_DAY:
        return Refusal("too-many-files-today", ARTICLE, facts={"most": FILES_A_DAY})
    if files and today.bytes + sum(len(one.data) for one in files) > BYTES_A_DAY:
        return Refusal("too-much-today", ARTICLE, facts={"megabytes": BYTES_A_DAY // 1024 // 1024})
    return None
