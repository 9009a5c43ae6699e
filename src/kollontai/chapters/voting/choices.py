# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a ballot may say. Plain Python: the page, the act and the tests read it alike.

A yes/no ballot names one of the options. A ranked ballot lists levels, best first; options on one level
are equal, and what it does not name stands together in last place. A ballot of an election has one name on
each level, and only so many levels as its paper says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

YES_NO = ("yes", "no", "abstain")
MOST_OPTIONS = 30  # drafts on one ballot
RON = "ron"
"""Re-open nominations: the last option of every election."""


class Unusable(ValueError):
    """A ballot that says something its paper does not allow; the sentence tells what."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Choice:
    """What a voter wants: one option, or levels of options."""

    option: str | None = None
    ranking: tuple[tuple[str, ...], ...] | None = None

    def text(self) -> str:
        """The one spelling in which a ballot of an open box is kept and published."""
        if self.ranking is not None:
            said: dict[str, object] = {"ranking": [list(level) for level in self.ranking]}
        else:
            said = {"choice": self.option}
        return json.dumps(said, separators=(",", ":"), sort_keys=True)

    def plain(self) -> dict[str, object]:
        """How a secret ballot says it: one option, or options in order."""
        if self.ranking is not None:
            return {"ranking": [option for level in self.ranking for option in level]}
        return {"choice": self.option}


def choose(
    form: str,
    options: Sequence[str],
    *,
    option: str | None = None,
    ranking: Sequence[Sequence[str]] | None = None,
    most_ranks: int | None = None,
) -> Choice:
    """Check a ballot against its paper; raise Unusable with the reason."""
    if form == "yes_no":
        if ranking is not None or option is None:
            raise Unusable("one-answer-needed", "Choose one of the answers.")
        if option not in options:
            raise Unusable("not-on-the-paper", "This answer does not stand on the ballot paper.")
        return Choice(option=option)
    if option is not None or ranking is None:
        raise Unusable("numbers-needed", "Number the options in your order.")
    levels = tuple(tuple(sorted(level)) for level in ranking)
    named = [name for level in levels for name in level]
    if not named or not all(levels):
        raise Unusable("nothing-numbered", "Number at least one of the options.")
    if len(set(named)) != len(named):
        raise Unusable("numbered-twice", "An option has two numbers; give it one.")
    if not set(named) <= set(options):
        raise Unusable("not-on-the-paper", "One of these options does not stand on the ballot paper.")
    if form == "election" and any(len(level) > 1 for level in levels):
        raise Unusable("same-number", "Two have the same number; give each a number of its own.")
    if most_ranks is not None and len(levels) > most_ranks:
        raise Unusable("too-many-ranks", "This ballot has fewer ranks than you numbered.")
    return Choice(ranking=levels)


OWN_CODE = re.compile(r"[a-z0-9]{4}")


def check_code(code: str) -> None:
    """The part of a check code that a voter chooses: four small letters or digits; Unusable otherwise."""
    if not OWN_CODE.fullmatch(code):
        raise Unusable("code-unusable", "Your part of the check code is four small letters or digits.")


def read(form: str, options: Sequence[str], text: str) -> Choice:
    """Read a ballot as it was kept."""
    said = json.loads(text)
    return choose(form, options, option=said.get("choice"), ranking=said.get("ranking"))
