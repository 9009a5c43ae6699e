# SPDX-License-Identifier: AGPL-3.0-or-later
"""Five words for a fingerprint."""

from __future__ import annotations

import pytest

from kollontai.openrecord.words import five_words, word_list


def test_there_is_a_word_for_every_byte() -> None:
    words = word_list()
    assert len(words) == len(set(words)) == 256
    assert all(word.isascii() and word.isalpha() and word.islower() and 3 <= len(word) <= 8 for word in words)


def test_no_two_words_differ_by_one_letter() -> None:
    words = word_list()
    without_one_letter: dict[str, str] = {}
    for word in words:
        shorter = {f"{word[:at]}*{word[at + 1 :]}" for at in range(len(word))}
        for form in shorter:
            assert without_one_letter.setdefault(form, word) == word
        assert not {form.replace("*", "") for form in shorter} & set(words)


def test_a_fingerprint_is_said_in_five_words() -> None:
    words = word_list()
    assert five_words(bytes([0, 1, 2, 254, 255]) + bytes(27)) == " · ".join(
        [words[0], words[1], words[2], words[254], words[255]]
    )


def test_what_is_no_fingerprint_has_no_words() -> None:
    with pytest.raises(ValueError, match="32"):
        five_words(b"short")
