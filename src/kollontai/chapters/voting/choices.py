# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a ballot may say. Plain Python: the page, the act and the tests read it alike.

A yes/no ballot names one of the options. A ranked ballot lists levels, best first; options on one level
are equal, and what it does not name stands together in last place.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

YES_NO = ("yes", "no", "abstain")
MOST_OPTIONS = 30


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
        """The one spelling in which a ballot is kept and published."""
        if self.ranking is not None:
            said: dict[str, object] = {"ranking": [list(level) for level in self.ranking]}
        else:
            said = {"choice": self.option}
        return json.dumps(said, separators=(",", ":"), sort_keys=True)


def choose(
    form: str,
    options: Sequence[str],
    *,
    option: str | None = None,
    ranking: Sequence[Sequence[str]] | None = None,
) -> Choice:
    """Check a ballot against its paper; raise Unusable with the reason."""
    if form == "yes_no":
        if ranking is not None or option is None:
            raise Unusable("one-answer-needed", "Choose one of the answers.")
        if option not in options:
            raise Unusable("not-on-the-paper", "This answer does not stand on the ballot paper.")
        return Choice(option=option)
    if option is not None or ranking is None:
        raise Unusable("numbers-needed", "Number the drafts in your order.")
    levels = tuple(tuple(sorted(level)) for level in ranking)
    named = [name for level in levels for name in level]
    if not named or not all(levels):
        raise Unusable("nothing-numbered", "Number at least one of the drafts.")
    if len(set(named)) != len(named):
        raise Unusable("numbered-twice", "A draft has two numbers; give it one.")
    if not set(named) <= set(options):
        raise Unusable("not-on-the-paper", "One of these drafts does not stand on the ballot paper.")
    return Choice(ranking=levels)


def read(form: str, options: Sequence[str], text: str) -> Choice:
    """Read a ballot as it was kept."""
    said = json.loads(text)
    return choose(form, options, option=said.get("choice"), ranking=said.get("ranking"))
