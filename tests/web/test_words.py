# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every refusal and every kind of entry has words, and no code stands in them."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime

import pytest

from kollontai.chapters.record.refusal import Refusal
from kollontai.openrecord import kinds
from kollontai.openrecord.facts import KINDS
from kollontai.web import kinds as kind_words
from kollontai.web.words import WORDS, explain
from tests.lints.tree import modules, parsed

assert kinds


def codes_of_refusals() -> set[str]:
    """Every code that a rule or an act may answer with."""
    found = set()
    for path in modules():
        if "chapters" not in path.parts:
            continue
        for node in ast.walk(parsed(path)):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in {"Refusal", "Unusable"} and isinstance(node.args[0].value, str):
                found.add(node.args[0].value)
    return found


def test_every_refusal_has_words() -> None:
    codes = codes_of_refusals()
    assert len(codes) > 60
    assert sorted(codes - set(WORDS)) == [], "each refusal has its words in web/words.py"


@pytest.mark.parametrize("code", sorted(WORDS))
def test_words_are_a_sentence_without_codes_of_the_charter(code: str) -> None:
    said = explain(Refusal(code, 2, until=datetime(2026, 3, 3, 20, tzinfo=UTC)))
    for text in (said.sentence, said.more, *(way.text for way in said.today)):
        assert not re.search(r"\b[A-Z]\d\b", text)
        assert "%(" not in text
    assert said.sentence.endswith(".")


def test_a_refusal_says_when_it_is_lifted() -> None:
    said = explain(Refusal("leaders-after-members", 2, until=datetime(2026, 3, 3, 20, tzinfo=UTC)))
    assert said.sentence.startswith("Members speak first here; your turn comes Tuesday 3 Mar")


def test_nobody_is_promised_a_date_that_is_not_known() -> None:
    lapses = datetime(2026, 5, 3, 20, tzinfo=UTC)
    said = explain(Refusal("leaders-after-members", 2, until=lapses, facts={"stage": "gathering"}))
    assert said.until is None
    assert said.sentence == "Members speak first here; your turn comes after them."


def test_every_kind_of_entry_has_words() -> None:
    assert sorted(set(KINDS) - set(kind_words.KINDS)) == [], "each kind has its words in web/kinds.py"
    fields = {name for kind in KINDS.values() for name in kind.commits}
    assert sorted(fields - set(kind_words.FIELDS)) == []
