# SPDX-License-Identifier: AGPL-3.0-or-later
"""The articles: whole, in plain words, with every limit between its floor and ceiling."""

import hashlib
import importlib.util
import json
import re
from importlib import resources

import pytest

from kollontai.chapters.bodies.rules import EVENINGS
from kollontai.chapters.charter import articles, rules
from kollontai.openrecord.facts import refuse_personal_data, to_fields
from kollontai.openrecord.kinds.founding import FoundingOpened

ALL = articles.read()
# fmt: off
NAMED_IN_THE_CONTRACT = {
    "D1.big", "D1.ordinary", "D1.unit", "D3.big", "D3.other", "D4.big", "D4.other", "D5.big",
    "D5.other", "D9.ordinary", "D9.charter", "S1.share", "S1.most", "S1.least", "S1.least_small",
    "S1.root_divisor", "L.lapse", "R1.unit", "J.wait", "J.vouchers", "J.standing", "J.per_quarter",
    "J.moving_in", "C.wait", "F.confirm", "F.longest", "F.least", "F.share_num", "F.share_den",
    "O1.leading", "O1.other",
}
CODES = {
    "D1", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "D10", "R1", "S1", "S2", "S3", "S4", "S5", "S6",
    "O1", "O2", "O3", "O4", "O5", "G1", "G3", "G5", "I1", "I2", "I3", "I4", "I5", "E1", "E2", "E3",
    "E4", "M1", "M3", "X1", "X2", "X3", "X4", "X5", "X6", "L1", "L2", "L3", "L4", "K1", "C1",
}
# fmt: on
VERSIONS = {
    1: "df9ce83efadb6750e73eb449fada7b88693f855e7e1d0ce3e8096fe7f8196a2e",
    2: "ddca82569133b4fae7767f97acce81369f4e5486a6fd1d2725de2a930f10c1dc",
}
"""Every version that an organisation can have adopted, for ever."""


def test_there_are_fourteen_articles_in_order():
    assert [article.number for article in ALL.articles] == list(range(1, 15))


@pytest.mark.parametrize("article", ALL.articles, ids=lambda article: article.number)
def test_an_article_says_what_it_is_for_what_nobody_can_do_and_what_is_found(article):
    assert article.title[0].isupper()
    assert not article.title.endswith(".")
    assert article.lead.endswith(".")
    assert len(article.lead.split()) > 40
    assert article.nobody_can
    assert article.auditor_finds


def test_members_read_no_codes_in_the_articles():
    code = re.compile(r"\b[DSOGIEMXLKCR][0-9]+\b")
    for article in ALL.articles:
        words = " ".join((article.title, article.lead, *article.nobody_can, *article.auditor_finds))
        assert not code.search(words), article.number
    for limit in ALL.limits.values():
        assert not code.search(limit.words), limit.key


@pytest.mark.parametrize("article", ALL.articles, ids=lambda article: article.number)
def test_every_place_named_exists_in_the_code_or_is_said_to_come(article):
    assert article.places
    for place in article.places:
        assert place == "to come" or importlib.util.find_spec(place), place


def test_every_limit_of_the_programme_is_there():
    assert {limit.code for limit in ALL.limits.values()} | {a.code for a in ALL.closed} >= CODES
    assert not NAMED_IN_THE_CONTRACT - ALL.limits.keys()


@pytest.mark.parametrize("preset", articles.PRESETS)
def test_the_defaults_may_be_set(preset):
    assert rules.may_set_limits(ALL.defaults(preset), preset=preset, articles=ALL) is None


@pytest.mark.parametrize("limit", ALL.limits.values(), ids=lambda limit: limit.key)
def test_a_limit_names_its_article_its_unit_and_what_it_rests_on(limit):
    assert 1 <= limit.article <= 14
    assert limit.key.startswith(limit.code + ".")
    assert limit.unit in {"days", "hours", "minutes", "seconds", "people", "times", "number", "bp"}
    assert not limit.over or limit.over in ALL.limits
    assert not limit.not_below or limit.not_below in ALL.limits
    for bounds in (limit.normal, limit.small):
        assert bounds.keep(bounds.default) == bounds.default
        if limit.entrenched:
            assert bounds.floor == bounds.default == bounds.ceiling


@pytest.mark.parametrize(
    ("key", "preset", "default", "floor", "ceiling"),
    [
        ("D1.big", "normal", 21, 14, 56),
        ("D1.ordinary", "normal", 10, 7, 28),
        ("D1.unit", "normal", 7, 5, 28),
        ("D1.big", "small", 7, 5, 56),
        ("D1.ordinary", "small", 3, 2, 28),
        ("D4.other", "normal", 3, 3, 14),
        ("D4.other", "small", 1, 1, 14),
        ("D5.big", "normal", 10, 7, 21),
        ("D5.big", "small", 3, 2, 21),
        ("D9.ordinary", "normal", 1250, 500, 2500),
        ("D9.charter", "small", 2000, 1500, 2500),
        ("S5.grace", "normal", 0, None, 60),
        ("S5.within", "normal", 42, 14, 183),
        ("S5.within", "small", 42, 14, 183),
        ("O2.acting", "normal", 45, 30, 60),
        ("X1.size", "small", 5, 3, 5),
        ("L1.share", "normal", 200, 100, 2000),
        ("K1.checkpoint", "normal", 60, 1, 1440),
        ("F.longest", "normal", 183, 183, 183),
    ],
)
def test_limits_stand_as_the_table_has_them(key, preset, default, floor, ceiling):
    assert ALL.limits[key].bounds(preset) == articles.Bounds(default, floor, ceiling)


@pytest.mark.parametrize("preset", articles.PRESETS)
def test_no_vote_makes_the_vote_on_a_recall_shorter_than_any_vote_may_be(preset):
    longest, least = ALL.limits["S5.vote"].bounds(preset), ALL.limits["D5.other"].bounds(preset)
    assert longest.floor == least.floor


def bound(key: str, preset: articles.Preset = "normal") -> tuple[int, int]:
    bounds = ALL.limits[key].bounds(preset)
    return bounds.floor or 0, 0 if bounds.ceiling is None else bounds.ceiling


@pytest.mark.parametrize("limit", ALL.limits.values(), ids=lambda limit: limit.key)
def test_every_limit_has_a_ceiling_and_none_of_a_small_organisation_is_higher(limit):
    """A number without end is a date that no calendar has, or one that no table holds: the clock would stop."""
    for bounds in (limit.normal, limit.small):
        assert limit.over or bounds.ceiling is not None
    assert limit.over or limit.small.ceiling <= limit.normal.ceiling
    assert (limit.small.floor or 0) <= (limit.normal.floor or 0)


def test_no_charter_makes_a_big_decision_last_longer_than_a_units_yes_to_a_merger():
    stages = sum(bound(key)[1] for key in ("D1.big", "D3.big", "D4.big", "D5.big"))
    evenings, a_month, quiet = 4, 31, bound("N.quiet_days")[1]
    assert stages + evenings + a_month + quiet < bound("N.merge")[0]


def test_no_charter_makes_terms_or_acting_shorter_than_an_election_takes():
    election = bound("N.nominations")[1] + bound("D5.other")[1] + EVENINGS
    for preset in articles.PRESETS:
        assert election <= bound("O2.acting", preset)[0]
        assert election + bound("N.ahead")[1] < bound("O1.leading", preset)[0]
        assert bound("O1.leading", preset)[0] == bound("O1.other", preset)[0] == bound("O1.paid", preset)[0]


def test_no_charter_calls_an_assembly_or_closes_motions_before_anybody_can_know_of_it():
    for later, sooner in (
        ("S2.held", "D8.ahead"),
        ("D6.notice", "D6.motions"),
        ("D6.motions", "D6.amendments"),
    ):
        assert ALL.limits[later].not_below == sooner
        assert bound(sooner)[1] <= bound(later)[1]
        assert bound(sooner)[0] <= bound(later)[0]


def test_the_digest_is_over_the_bytes_of_the_file():
    data = resources.files("kollontai.bylaws").joinpath("articles.toml").read_bytes()
    assert ALL.sha256 == hashlib.sha256(data).hexdigest()
    assert articles.parse(data) == ALL


def test_no_version_that_was_adopted_is_ever_edited():
    adopted = {one.version: sha256 for sha256, one in articles.every().items()}
    assert adopted == VERSIONS, "add another version, and leave these as they are: see articles.toml"
    assert max(VERSIONS) == ALL.version


@pytest.mark.parametrize("sha256", VERSIONS.values(), ids=VERSIONS)
def test_every_version_has_each_limit_that_this_release_asks_for(sha256):
    assert articles.adopted(sha256).limits.keys() == ALL.limits.keys()


def test_all_limits_and_a_thousand_founders_fit_into_one_entry():
    fact = FoundingOpened(
        origin="localhost/tidewater",
        zone="Europe/Lisbon",
        preset="normal",
        joining="open",
        articles_version=ALL.version,
        articles_sha256=ALL.sha256,
        limits=ALL.defaults("normal"),
        listed=tuple(f"abcdefghijkl{number:04d}" for number in range(1000)),
    )
    fields = to_fields(fact)
    refuse_personal_data(fields)
    assert len(json.dumps(fields)) < 60_000
