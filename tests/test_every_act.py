# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every act has its entry, its check, its door, its route, its tests and its line in the docs."""

from __future__ import annotations

import pickle

import pytest

from kollontai.api import acts as api_acts
from kollontai.openrecord.facts import KINDS
from tests import shared
from tools import acts


@pytest.fixture(scope="module")
def described():
    """Every act, by its name: what is read of them in all the files is read by one worker."""
    with shared.alone("acts") as file:
        if not file.exists():
            file.write_bytes(pickle.dumps(acts.describe()))
        return {one.name: one for one in pickle.loads(file.read_bytes())}


WHAT = {
    "words": "a docstring that says what it does",
    "kinds": "an entry that it records (openrecord/kinds/)",
    "checks": "a function in auditor/folds/ that leaves what a check reads",
    "doors": "a view, a command or a demonstration that calls it (web/views/, cli/, demos/)",
    "tests": "a file in tests/<chapter>/ that names it",
}


@pytest.mark.parametrize("name", acts.names())
def test_an_act_has_all_that_an_act_must_have(name, described):
    one = described[name]
    missing = [meant for what, meant in WHAT.items() if not getattr(one, what)]
    assert missing == [], f"{name} in {one.place} lacks {'; '.join(missing)}"


@pytest.mark.parametrize("name", acts.names(by_clock=False))
def test_an_act_of_members_names_its_article(name, described):
    assert "Article" in described[name].words


def test_every_act_of_members_has_its_route():
    from kollontai.api.urls import api

    paths = api.get_openapi_schema()["paths"]
    routes = {path.split("/acts/")[1].replace("/", ".") for path in paths if "/acts/" in path}
    expected = set(acts.names(by_clock=False)) - api_acts.NOT_HERE
    assert routes == expected


def test_every_kind_of_entry_is_made_by_an_act(described):
    made = {kind for one in described.values() for kind in one.kinds}
    not_made = set(KINDS) - made
    assert not_made == operators_kinds(), "an entry that nobody can make, or a new one that nobody does"


def operators_kinds() -> set[str]:
    """What whoever runs the server records of their own doings: by a command, never by an act."""
    return {name for name, cls in KINDS.items() if cls.link == "operator"}


@pytest.mark.parametrize("name", sorted(operators_kinds()))
def test_what_the_operator_records_has_its_check_its_command_its_words_and_its_line(name):
    from kollontai.web.kinds import KINDS as WORDS
    from tools.acts import DOCS, SOURCE, _checks_of

    assert _checks_of(name)
    assert name in WORDS
    made = [
        path
        for path in (SOURCE / "followers" / "keeping").rglob("*.py")
        if KINDS[name].__name__ in path.read_text()
    ]
    assert made, "no command records it"
    assert name in (DOCS.parent / "operating.md").read_text("utf-8")


def test_there_is_no_act_that_appoints_shortens_hides_or_approves():
    forbidden = {
        "appoint",
        "approve",
        "permit",
        "close",
        "shorten",
        "extend",
        "hide",
        "delete",
        "expel",
        "co_opt",
    }
    for name in acts.names():
        assert not forbidden & set(name.split(".")[1].split("_")), name


def test_the_documents_of_the_acts_are_what_the_code_says():
    stale = [
        name for name, text in acts.pages().items()
        if not (acts.DOCS / name).exists() or (acts.DOCS / name).read_text("utf-8") != text
    ]  # fmt: skip
    assert stale == [], "write them anew: python -m tools.acts"
