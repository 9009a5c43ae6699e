# SPDX-License-Identifier: AGPL-3.0-or-later
"""A candidate's picture, made small and plain: nothing but the pixels is kept."""

from __future__ import annotations

import base64
import io
import warnings

from PIL import Image, ImageOps

from kollontai.chapters.record.refusal import Refusal, Refused

LARGEST_FILE = 5 * 1024 * 1024  # bytes, as sent
MOST_PIXELS = 40_000_000
SIDE = 320  # pixels of the square that is kept
FORMATS = ("JPEG", "PNG", "WEBP")


def tidy(picture: str) -> str:
    """Read an image in base64 and give it back as a square JPEG, in base64; refuse what is none."""
    try:
        data = base64.b64decode(picture, validate=True)
    except ValueError:
        raise _unusable() from None
    return base64.b64encode(_jpeg(ImageOps.fit(_upright(data), (SIDE, SIDE)))).decode()


def plain(data: bytes, side: int) -> bytes:
    """Read an image and give it back as a JPEG of at most so many pixels a side; refuse what is none."""
    image = _upright(data)
    image.thumbnail((side, side))
    return _jpeg(image)


def _upright(data: bytes) -> Image.Image:
    if len(data) > LARGEST_FILE:
        raise Refused(Refusal("picture-too-large", 7, facts={"megabytes": LARGEST_FILE // 1024 // 1024}))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise _unusable()
                return ImageOps.exif_transpose(image).convert("RGB")
    except Refused:
        raise
    except Exception:  # whatever a crafted file makes the decoder say
        raise _unusable() from None


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.info.clear()  # nothing but the pixels
    image.save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue()


def _unusable() -> Refused:
    return Refused(Refusal("picture-unusable", 7))
