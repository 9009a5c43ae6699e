# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which letters a typeface knows and what it calls itself, read from its WOFF2 file (W3C WOFF File Format 2.0)."""

from __future__ import annotations

import struct
from pathlib import Path

import brotli

_KNOWN = (
    "cmap head hhea hmtx maxp name OS/2 post cvt  fpgm glyf loca prep CFF  VORG EBDT EBLC gasp hdmx kern LTSH PCLT "
    "VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG  sbix acnt avar bdat bloc bsln cvar "
    "fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill"
)
"""Section 4.1: tags that a directory names by number; each is four signs and a space."""


def tables(path: Path) -> dict[str, bytes]:
    """The tables of a typeface by tag; glyf and loca as they are packed there."""
    data = path.read_bytes()
    assert data[:4] == b"wOF2"
    (many,) = struct.unpack_from(">H", data, 12)
    (packed,) = struct.unpack_from(">I", data, 20)
    at, sizes = 48, []
    for _ in range(many):
        flags, at = data[at], at + 1
        if flags & 63 == 63:
            tag, at = data[at : at + 4].decode(), at + 4
        else:
            tag = _KNOWN[(flags & 63) * 5 :][:4]
        size, at = _number(data, at)
        version, is_glyphs = flags >> 6, tag in ("glyf", "loca")
        if (is_glyphs and version == 0) or (not is_glyphs and version != 0):
            size, at = _number(data, at)
        sizes.append((tag, size))
    whole = brotli.decompress(data[at : at + packed])
    found, at = {}, 0
    for tag, size in sizes:
        found[tag], at = whole[at : at + size], at + size
    assert at == len(whole)
    return found


def letters(path: Path) -> set[int]:
    """The characters a typeface has a shape for."""
    cmap = tables(path)["cmap"]
    (many,) = struct.unpack_from(">H", cmap, 2)
    found: set[int] = set()
    for n in range(many):
        (at,) = struct.unpack_from(">I", cmap, 4 + 8 * n + 4)
        (form,) = struct.unpack_from(">H", cmap, at)
        if form == 4:
            found |= _of_form_4(cmap, at)
        elif form == 12:
            (groups,) = struct.unpack_from(">I", cmap, at + 12)
            for group in range(groups):
                first, last, _glyph = struct.unpack_from(">III", cmap, at + 16 + 12 * group)
                found |= set(range(first, last + 1))
    return found - {0xFFFF}


def names(path: Path) -> dict[int, str]:
    """What a typeface says of itself, by the number of the name (0 its copyright, 1 its family)."""
    table = tables(path)["name"]
    _version, many, texts = struct.unpack_from(">HHH", table, 0)
    found = {}
    for n in range(many):
        platform, _encoding, _language, name, size, at = struct.unpack_from(">6H", table, 6 + 12 * n)
        found[name] = table[texts + at : texts + at + size].decode(
            "utf-16-be" if platform == 3 else "latin-1"
        )
    return found


def _of_form_4(cmap: bytes, at: int) -> set[int]:
    """Section “Format 4” of the OpenType specification: stretches of characters that have a glyph."""
    segments = struct.unpack_from(">H", cmap, at + 6)[0] // 2
    columns = [
        struct.unpack_from(f">{segments}H", cmap, at + 14 + 2 * segments * n + 2 * (n > 0)) for n in range(4)
    ]
    offsets_at = at + 16 + 6 * segments
    found = set()
    for n, (last, first, delta, offset) in enumerate(zip(*columns, strict=True)):
        for letter in range(first, last + 1):
            glyph = (letter + delta) % 0x10000
            if offset:
                (glyph,) = struct.unpack_from(">H", cmap, offsets_at + 2 * n + offset + 2 * (letter - first))
            if glyph:
                found.add(letter)
    return found


def _number(data: bytes, at: int) -> tuple[int, int]:
    """UIntBase128 of section 3: seven bits in each byte, and whether another follows."""
    value = 0
    while True:
        value = value << 7 | data[at] & 127
        at += 1
        if not data[at - 1] & 128:
            return value, at
