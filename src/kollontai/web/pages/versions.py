# SPDX-License-Identifier: AGPL-3.0-or-later
"""What changed between two versions of a text, line by line, and in one sentence."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MOST_LINES = 400  # beyond this a comparison takes too long for a page; both versions are shown whole


@dataclass(frozen=True)
class Line:
    """One line of a comparison. `sign`: "+" added, "-" removed, "" unchanged."""

    sign: str
    text: str


@dataclass(frozen=True)
class Difference:
    """Two versions side by side in one list."""

    sentence: str
    lines: list[Line]


def compare(before: str, after: str) -> Difference | None:
    """Compare two versions; None where they are too long for a page."""
    old, new = before.split("\n"), after.split("\n")
    if len(old) > MOST_LINES or len(new) > MOST_LINES:
        return None
    lines = [
        Line(mark[0].strip(), mark[2:])
        for mark in difflib.ndiff(old, new, linejunk=None, charjunk=None)
        if mark[0] != "?"
    ]
    added = sum(1 for line in lines if line.sign == "+")
    removed = sum(1 for line in lines if line.sign == "-")
    if not added and not removed:
        return Difference(_("Nothing changed in the words."), lines)
    parts = []
    if removed:
        parts.append(ngettext("%(n)s line removed", "%(n)s lines removed", removed) % {"n": removed})
    if added:
        parts.append(ngettext("%(n)s line added", "%(n)s lines added", added) % {"n": added})
    return Difference(", ".join(parts) + ".", lines)
