# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small files to attach, made here."""

from __future__ import annotations

import base64
import io
import zlib

from PIL import Image

from kollontai.chapters.deliberation.attaching import Attached

OBJECTS = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj "


def sent(data: bytes, name: str) -> Attached:
    """Bytes as they are sent."""
    return Attached(name, base64.b64encode(data).decode())


def pdf_bytes(more: bytes = b"") -> bytes:
    """A PDF file of no page, with something more in it."""
    return b"%PDF-1.7\n" + OBJECTS + more + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def in_a_stream(inner: bytes) -> bytes:
    """An object stream that holds something, as many programs write PDF files."""
    return of_objects(zlib.compress(inner))


def of_objects(packed: bytes, how: bytes = b"/FlateDecode") -> bytes:
    """An object stream, packed as it says or otherwise."""
    about = b"3 0 obj<</Type/ObjStm/N 1/First 4/Filter" + how + b">>stream\n"
    return about + packed + b"\nendstream endobj "


def pdf(more: bytes = b"", name: str = "offer.pdf") -> Attached:
    """A PDF file."""
    return sent(pdf_bytes(more), name)


def picture(name: str = "yard.png", side: int = 40, form: str = "PNG", **more: object) -> Attached:
    """A picture."""
    out = io.BytesIO()
    Image.new("RGB", (side, side // 2), (200, 30, 30)).save(out, form, **more)
    return sent(out.getvalue(), name)
