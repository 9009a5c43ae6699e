# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures and papers that come with words."""

from __future__ import annotations

from dataclasses import dataclass

from kollontai.openrecord.facts import Fact, kind


@kind("attachment.made", link="accountable", audience="members", commits=("name", "file"))
@dataclass(frozen=True, slots=True)
class AttachmentMade(Fact):
    """A file came with words, by the same act: it stands directly after them, and after what they came with.

    `to`: "contribution", "letter", "draft" (as it was put), "version" (the newest of a draft, as it was put
    anew; `of` is the draft) or "amendment" (it shows why); `of`: its id. `form`: "picture" (a JPEG, nothing
    but pixels) or "pdf". `size`: of the file, in bytes. The committed `file` is these bytes in base64.
    """

    attachment: str
    issue: str
    to: str
    of: str
    form: str
    size: int
