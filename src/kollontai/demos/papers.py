# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sheet of paper as a PDF file, the same bytes every time: so that the demonstration has one to show."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from kollontai.chapters.deliberation.attaching import Attached


def sheet(name: str, lines: Sequence[str]) -> Attached:
    """A sheet with these lines, in plain letters."""
    written = "".join(f"({_spelt(line)}) Tj T*\n" for line in lines)
    page = f"BT /F 13 Tf 22 TL 72 740 Td\n{written}ET".encode("latin-1", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%b\nendstream" % (len(page), page),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    begin = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    data += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, begin)
    return Attached(name, base64.b64encode(data).decode())


def _spelt(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
