# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock puts a question before the members that enough of them have signed."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.deliberation import signed
from kollontai.chapters.record.act import Act, clock_act


@clock_act("deliberation.put_question")
def put_question(this: Act, *, subject: str, due: datetime) -> None:
    """Put a question before all members, as it was signed, in the members' talk at once. Article 12.

    It is an ordinary issue, with that text as its first draft; nobody moved it, and nobody takes it back.
    """
    this.lock("issues")
    signed.put_if_enough(this, subject, due=due)
