# SPDX-License-Identifier: AGPL-3.0-or-later
"""A finding is said in the reader's language: found again by its pattern, with its parts."""

from __future__ import annotations

import re

import pytest

from kollontai.auditor.spoken import Tongue, tongue
from tools import catalogues

languages = pytest.mark.parametrize("language", sorted(catalogues.LANGUAGES))

WORDS = Tongue(
    {
        "{actor} {did} on {issue} {why}.": "Zu {issue}: {actor} {did}, {why}.",
        "moved an amendment": "stellte einen Antrag",
        "after {stage} had ended": "nach dem Ende von {stage}",
        "talk": "Aussprache",
        "{one} left.": "{one} ging.",
        "It lacks {what}.": "Es fehlt: {what}.",
        "a name": "ein Name",
    }
)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("m-1 moved an amendment on i-2 after talk had ended.", "Zu i-2: m-1 stellte einen Antrag, nach dem Ende von Aussprache."),
        ("m-1 left.", "m-1 ging."),
        ("It lacks a name; a name, 7.", "Es fehlt: ein Name; ein Name, 7."),
        ("It lacks {what}.", "Es fehlt: {what}."),
        (" left.", " ging."),
        ("m-1 left. It lacks a name.", "m-1 ging. Es fehlt: ein Name."),
        ("p-1: It lacks a name.", "p-1: Es fehlt: ein Name."),
    ],
)  # fmt: skip
def test_a_sentence_is_found_by_its_pattern_and_its_parts_are_said_too(sentence: str, said: str) -> None:
    assert WORDS.say(sentence) == said


def test_what_is_not_known_stands_as_it_is() -> None:
    assert WORDS.said("Nobody wrote this.") is None
    assert WORDS.say("Nobody wrote this.") == "Nobody wrote this."
    assert tongue("en").say("m-1 left.") == "m-1 left."
    assert tongue("../../etc").say("m-1 left.") == "m-1 left."


def test_of_two_patterns_the_one_of_more_words_is_meant() -> None:
    words = Tongue({"{a} of {b}.": "B {b} A {a}.", "{a} of the roll of {b}.": "L {b} A {a}."})
    assert words.say("3 of the roll of p-1.") == "L p-1 A 3."


def test_a_shell_names_its_language_in_several_ways() -> None:
    assert tongue("de_AT.UTF-8").say("Nothing found.") == tongue("de").say("Nothing found.")
    assert tongue("de").say("Nothing found.") != "Nothing found."
    assert tongue("C").say("Nothing found.") == "Nothing found."


def test_whatever_a_forger_writes_is_looked_for_only_so_far() -> None:
    deep = "It lacks " * 300 + "a name" + "." * 300
    assert WORDS.say(deep) == deep
    assert WORDS.say("It lacks " * 200 + "." * 200).startswith("Es fehlt: ")


def filled(text: str) -> str:
    """A sentence with something in each gap."""
    return re.sub(r"\{(\w+)\}", r"<\1>", text)


@languages
def test_every_sentence_is_known_by_its_own_pattern_with_anything_in_its_gaps(language: str) -> None:
    """Else two sentences could be taken for one another."""
    spoken, wrong = tongue(language), []
    for entry in catalogues.catalogue(language, "findings"):
        if " " not in entry.msgid.strip():
            continue
        if spoken.say(filled(entry.msgid)) != filled(entry.msgstr):
            wrong.append((entry.msgid, spoken.say(filled(entry.msgid))))
    assert wrong == []
