# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words are found whatever their case and accents, and an excerpt never loses a sign of the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kollontai.chapters.deliberation.searching import LONGEST, MOST_WORDS, excerpt, matches, words_of


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("zoe", "Zoë Ångström asks.", True),
        ("ANGSTROM zoë", "Zoë Ångström asks.", True),
        ("strasse", "In der Straße", True),
        ("Straße", "STRASSE", True),
        ("cafe\u0301", "a café", True),
        ("kett", "the kettle", True),
        ("ettle", "the kettle", False),
        ("kettle ladder", "the kettle", False),
        ("kettle, the!", "the kettle", True),
        ("чайник", "Наш ЧАЙНИК течёт", True),
        ("течет", "Наш чайник течёт", True),
        ("", "anything", False),
        ("?!", "anything", False),
        ("c++ .*", "c sharp", True),
        (".*", "anything", False),
    ],
)
def test_what_is_found_in_what(query: str, text: str, found: bool) -> None:
    assert matches(text, words_of(query)) is found


def test_a_query_has_so_many_words_and_no_more() -> None:
    assert len(words_of(" ".join(f"w{n}" for n in range(40)))) == MOST_WORDS
    assert words_of("a a A á") == ("a",)
    assert len("".join(words_of("x" * 1_000))) == LONGEST


def test_an_excerpt_marks_what_was_looked_for_as_it_is_written() -> None:
    text = "Vorher. " * 40 + "Die STRASSE, die Straße." + " Nachher." * 40
    found = excerpt(text, words_of("straße"))
    assert found.parts[1::2] == ("STRASSE", "Straße")
    assert (found.begins, found.ends) == (False, False)
    assert "".join(found.parts) in text


@given(st.text(max_size=300), st.text(max_size=20))
def test_the_parts_of_an_excerpt_are_a_piece_of_the_text(text: str, query: str) -> None:
    words = words_of(query)
    found = excerpt(text, words)
    assert "".join(found.parts) in text
    assert len(found.parts) % 2 == 1
    assert all(matches(part, words_of(part)) for part in found.parts[1::2])
    if matches(text, words) and len(text) < 90:
        assert len(found.parts) > 1


@given(st.text(min_size=1, max_size=60))
def test_whatever_is_written_is_found_by_its_own_words(text: str) -> None:
    words = words_of(text)
    if words:
        assert matches(text, words)
