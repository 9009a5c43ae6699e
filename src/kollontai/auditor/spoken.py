# SPDX-License-Identifier: AGPL-3.0-or-later
"""The auditor's sentences in another language.

A finding is one English sentence, the same for everybody: reports can be compared byte for byte. For a
reader of another language the sentence is found again among the patterns it can have come of, and said in
their words. So a report speaks any language long after it was made, and a check is written as one reads it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent.parent / "locale"
RECORD_WORDS = (
    "talk", "answer", "reply", "vote", "voting", "created", "ended", "renamed", "entered", "nothing",
    "not-carried", "recalled", "kept", "vouched", "scrutineer", "declines", "stands", "speaks", "withdraws",
    "replace", "insert", "delete", "yes", "no", "and", "or", "words",
)  # fmt: skip
"""Words of the record that stand in sentences, besides those the checks write themselves."""

_GAP = re.compile(r"\{(\w+)\}")
_ENGLISH = re.compile(r"\b[A-Za-z]{2,} | (?!UTC)[A-Za-z]{2,}\b")
_DEPTH = 4
"""How deep a sentence holds parts of sentences, at most: a forged name is no reason to go on for ever."""
_LONGEST = 2_000
"""Characters of a sentence that is looked for; what is longer holds somebody's whole text."""
_SPLIT = 300
"""Characters of a sentence that is taken apart where no pattern fits the whole."""
_IN_A_ROW = 20


class _Pattern:
    """A sentence with gaps, as `{author} spoke.`, and the same in another language."""

    def __init__(self, text: str, said: str) -> None:
        """`text`: English; `said`: the translation, with the same gaps in any order."""
        self.said = said
        parts = _GAP.split(text)
        self.names = parts[1::2]
        self.first, *self.between, self.last = parts[::2]
        self.weight = sum(map(len, parts[::2]))

    def gaps(self, sentence: str, phrases: Mapping[str, list[str]]) -> dict[str, str] | None:
        """What stands in the gaps, if this sentence can have come of this pattern.

        `phrases`: those of several words that may stand in a gap, by their first word. Each gap ends where
        the next words come first. Nothing is tried twice: a sentence may hold what a forger made up, and
        finding it must not take long.
        """
        if not (sentence.startswith(self.first) and sentence.endswith(self.last)):
            return None
        at, end, found = len(self.first), len(sentence) - len(self.last), []
        for words in self.between:
            until = _end_of_gap(sentence, at, end, words, phrases)
            if until < 0:
                return None
            found.append(sentence[at:until])
            at = until + len(words)
        return dict(zip(self.names, [*found, sentence[at:end]], strict=True)) if at <= end else None


def _end_of_gap(sentence: str, at: int, end: int, words: str, phrases: Mapping[str, list[str]]) -> int:
    if not words:  # what follows at once begins as a part does: ", who was no member"
        ends = [found for sign in " ,;" if (found := sentence.find(sign, at, end)) >= 0]
        return min(ends, default=end)
    if words == " ":
        for phrase in phrases.get(sentence[at:end].partition(" ")[0], ()):
            if sentence.startswith(phrase + " ", at, end):
                return at + len(phrase)
    return sentence.find(words, at, end)


class Tongue:
    """One language of the auditor."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """`words`: English sentences and parts of them, with gaps as `{name}`, and how they are said."""
        self._whole = {text: said for text, said in words.items() if not _GAP.search(text)}
        self._phrases: dict[str, list[str]] = {}
        for text in sorted(self._whole, key=len, reverse=True):
            if " " in text.strip() and not text.endswith("."):
                self._phrases.setdefault(text.partition(" ")[0], []).append(text)
        # Of two patterns that fit, the one of more words of its own.
        self._patterns = sorted(
            (_Pattern(text, said) for text, said in words.items() if _GAP.search(text)),
            key=lambda one: -one.weight,
        )

    def say(self, sentence: str) -> str:
        """The sentence in this language; as it stands where it is not known."""
        return self.said(sentence) or sentence

    def said(self, sentence: str) -> str | None:
        """The sentence in this language, if there are words for it."""
        said, _ = self._best(sentence, _DEPTH)
        return said

    def whole(self, sentence: str) -> bool:
        """Whether all of it has words, as far as can be told: a title of two words looks English too."""
        said, clean = self._best(sentence, _DEPTH)
        return said is not None and clean

    def _best(self, text: str, depth: int) -> tuple[str | None, bool]:
        """How a sentence or a part is said, and whether no English is left in it; None: nothing is known."""
        if text in self._whole:
            return self._whole[text], True
        if not depth or len(text) > _LONGEST:
            return None, not _ENGLISH.search(text)
        first: str | None = None
        for pattern in self._patterns:
            gaps = pattern.gaps(text, self._phrases)
            if gaps is not None:
                said, clean = self._filled(pattern, gaps, depth)
                if clean:
                    return said, True
                first = first or said
        for taken_apart in self._apart(text, depth):
            return taken_apart, True
        return first, first is None and not _ENGLISH.search(text)

    def _filled(self, pattern: _Pattern, gaps: Mapping[str, str], depth: int) -> tuple[str, bool]:
        parts = {name: (value, *self._best(value, depth - 1)) for name, value in gaps.items()}
        said = {name: value if known is None else known for name, (value, known, _) in parts.items()}
        clean = all(one for _, _, one in parts.values())
        return _GAP.sub(lambda met: said.get(met[1], met[0]), pattern.said), clean

    def _apart(self, text: str, depth: int) -> Iterator[str]:
        """Several parts in a row, or two that make a whole sentence, where each is known."""
        if len(text) > _SPLIT:
            return
        both, either = (f" {self._whole.get(word, word)} " for word in ("and", "or"))
        for between, joint in (
            ("; ", "; "),
            (r"(?<=\.) ", " "),
            (", ", ", "),
            (" and ", both),
            (" or ", either),
        ):
            parts = re.split(between, text)
            if 1 < len(parts) <= _IN_A_ROW:
                said = [self._best(part, depth - 1) for part in parts]
                if all(clean for _, clean in said):
                    yield joint.join(known or part for part, (known, _) in zip(parts, said, strict=True))
        if depth == _DEPTH:
            yield from self._in_two(text, depth - 1)

    def _in_two(self, text: str, depth: int) -> Iterator[str]:
        """What or who, and then what is said of it, each with words of its own."""
        core, stop = (text[:-1], ".") if text.endswith(".") else (text, "")
        whole, clean = self._best(core, depth)
        if whole is not None and clean:
            yield whole + stop
        for met in re.finditer(" ", core):
            left, right = core[: met.start()], core[met.end() :]
            about, colon = left.removesuffix(":"), ":" * left.endswith(":")
            begin, begun = self._best(about, depth)
            for last, rest in ((right + stop, ""), (right, stop)) if begun else ():
                end, clean = self._best(last, depth)
                if end is not None and clean:
                    yield f"{begin or about}{colon} {end}{rest}"


@cache
def tongue(language: str) -> Tongue:
    """The auditor in a language: `de`, `de-at` or `de_AT.UTF-8`; in English where it has no words of it."""
    name = re.match(r"[a-z]*", language.lower())
    path = LOCALE / (name[0] if name else "") / "LC_MESSAGES" / "findings.json"
    return Tongue(json.loads(path.read_text("utf-8")) if path.is_file() else {})
