# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a charter may say, as tables of facts; and how somebody clever would try to get round it."""

from dataclasses import replace

import pytest

from kollontai.chapters.charter import articles, rules, texts

ALL = articles.read()
OPENING = rules.Opening(
    slug="tidewater",
    origin="localhost/tidewater",
    demo=False,
    name="Tidewater Federation",
    unit_word="branch",
    words="",
    zone="Europe/Lisbon",
    preset="normal",
    joining="vouched",
    slug_taken=False,
    origin_taken=False,
    stands_beside="",
    listed=3,
    small_below=50,
)


def code(refusal):
    return refusal and refusal.code


@pytest.mark.parametrize(
    ("limits", "preset", "expected"),
    [
        ({"D1.big": 14}, "normal", None),
        ({"D1.big": 13}, "normal", "limit-out-of-bounds"),
        ({"D1.big": 5}, "small", None),
        ({"D1.big": 4}, "small", "limit-out-of-bounds"),
        ({"D9.ordinary": 2501}, "normal", "limit-out-of-bounds"),
        ({"D3.big": 8}, "normal", "limit-below-another"),
        ({"D3.big": 8, "D4.big": 8}, "normal", None),
        ({"D3.big": -1}, "normal", "limit-out-of-bounds"),
        ({"C1.num": 3, "C1.den": 5}, "normal", None),
        ({"C1.num": 1, "C1.den": 2}, "normal", "limit-out-of-bounds"),
        ({"C1.num": 4, "C1.den": 3}, "normal", "limit-out-of-bounds"),
        ({"C1.den": 0}, "normal", "limit-out-of-bounds"),
        ({"C1.num": 3, "C1.den": 4}, "normal", None),
        ({"C1.num": 1, "C1.den": 1}, "normal", "limit-out-of-bounds"),
        ({"L2.equal_num": 3, "L2.equal_den": 4}, "normal", "limit-out-of-bounds"),
        ({"D1.big": 57}, "small", "limit-out-of-bounds"),
        ({"R1.before": 3650}, "normal", "limit-out-of-bounds"),
        ({"O4.unpaid": 0}, "small", "limit-out-of-bounds"),
        ({"F.longest": 366}, "normal", "limit-out-of-bounds"),
        ({"F.confirm": 1}, "normal", "limit-out-of-bounds"),
        ({"S1.least": 400}, "normal", "limit-out-of-bounds"),
        ({"S1.root_divisor": 1}, "normal", "limit-out-of-bounds"),
        ({"J.wait": 0}, "normal", "limit-out-of-bounds"),
        ({"J.wait": 3650}, "normal", "limit-out-of-bounds"),
        ({"J.vouchers": 50}, "normal", "limit-out-of-bounds"),
        ({"D1.enormous": 1}, "normal", "limit-unknown"),
    ],
)
def test_no_limit_passes_its_floor_or_ceiling(limits, preset, expected):
    assert code(rules.may_set_limits(limits, preset=preset, articles=ALL)) == expected


def test_from_the_fiftieth_member_a_small_organisation_keeps_the_normal_floors():
    own = ALL.defaults("small")
    before = rules.limits_kept(own, preset="small", members=49, articles=ALL)
    after = rules.limits_kept(own, preset="small", members=50, articles=ALL)
    assert (before["D1.big"], before["D4.other"], before["D5.other"]) == (7, 1, 3)
    assert (after["D1.big"], after["D4.other"], after["D5.other"]) == (14, 3, 5)
    assert (after["D1.ordinary"], after["D1.unit"]) == (7, 5)


def test_the_reply_is_never_shorter_than_the_leaders_time():
    held = rules.limits_kept({"D3.big": 12, "D4.big": 3}, preset="normal", members=3, articles=ALL)
    assert held["D4.big"] == 12


def test_limits_that_a_later_version_added_begin_with_their_default():
    assert rules.limits_kept({}, preset="small", members=3, articles=ALL) == ALL.defaults("small")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, None),
        ({"slug": "x"}, "slug-unusable"),
        ({"slug": "a" * 41}, "slug-unusable"),
        ({"slug": "Tidewater"}, "slug-unusable"),
        ({"slug": "tide_water"}, "slug-unusable"),
        ({"slug": "tide\n"}, "slug-unusable"),
        ({"slug": "-tide"}, "slug-unusable"),
        ({"slug": "sign-in"}, "slug-reserved"),
        ({"slug": "record"}, "slug-reserved"),
        ({"slug_taken": True}, "slug-taken"),
        ({"origin_taken": True}, "slug-taken"),
        ({"origin": "localhost"}, "origin-unusable"),
        ({"origin": "local host/tidewater"}, "origin-unusable"),
        ({"origin": "localhost/tide+water"}, "origin-unusable"),
        ({"origin": "localhost:8000/tidewater"}, None),
        ({"demo": True}, "demonstration-unmarked"),
        ({"demo": True, "origin": "demo.localhost/tidewater"}, None),
        ({"origin": "demo.localhost/tidewater"}, "demonstration-unmarked"),
        ({"stands_beside": "demo"}, "demonstrations-stand-apart"),
        ({"name": ""}, "name-unusable"),
        ({"name": " Tidewater"}, "name-unusable"),
        ({"name": "x" * 121}, "name-unusable"),
        ({"name": "Tide\u202ewater"}, "name-unusable"),
        ({"name": "Tide\nwater"}, "name-unusable"),
        ({"name": "---"}, "name-unusable"),
        ({"name": "باشگاه می\u200cخواهیم"}, None),
        ({"unit_word": "a very long word for what is only a little branch"}, "unit-word-unusable"),
        ({"words": "x" * 100_001}, "text-unusable"),
        ({"words": "bell\x07"}, "text-unusable"),
        ({"words": "Two lines\nand a\ttab."}, None),
        ({"zone": "Europe/Atlantis"}, "zone-unknown"),
        ({"zone": "../../etc/passwd"}, "zone-unknown"),
        ({"zone": ""}, "zone-unknown"),
        ({"preset": "tiny"}, "preset-unknown"),
        ({"joining": "tied"}, "joining-unknown"),
        ({"preset": "small", "listed": 49}, None),
        ({"preset": "small", "listed": 50}, "too-many-for-small"),
    ],
)
def test_what_may_be_founded(change, expected):
    assert code(rules.may_open(replace(OPENING, **change))) == expected


@pytest.mark.parametrize(
    "name",
    [
        "\u3164", "\u115f\u1160", "\uffa0", "Ada\u034f", "\u2800Ada", "\u17b5Ada",  # letters that show nothing
        "A\u200dda", "Ada\u200c", "Ada\ufe0f", "Ada\u200b", "A\u00adda",  # hidden in a name
        "A" + "\u0301" * 5 + "da",  # a heap
        "\u0410da Hall", "Ad\u03b1", "M\u0430x",  # one letter of another alphabet
    ],
)  # fmt: skip
def test_a_name_shows_what_it_is(name):
    assert not rules.is_name(name)


@pytest.mark.parametrize(
    "name",
    ["Ada Hall", "Zoë Müller-Łęcka", "Анна (Anna) Ковалёва", "می\u200cخواهم", "क्\u200dष", "葛\U000e0100城", "Nguyễn Thị",
     "N. 7", "Ελένη", "O’Brien", "李小龍", "e\u0301le\u0300ve"],
)  # fmt: skip
def test_people_are_called_in_every_alphabet(name):
    assert rules.is_name(name)


@pytest.mark.parametrize("sign", ["\u202e", "\u202d", "\u202b", "\u2067"])
def test_no_sign_turns_the_words_of_a_text_round(sign):
    """A text that is voted on reads as it is stored, on every page and paper."""
    assert not rules.is_text(f"We pay {sign}100.")
    assert code(texts.usable_text(f"We pay {sign}100.")) == "text-unreadable"
    assert code(texts.usable_title(f"Pay {sign}100")) == "text-unreadable"


def test_marks_that_programs_put_round_a_number_do_not_hinder_a_text():
    assert rules.is_text("Call \u202a+49 30 1\u202c or \u2068Ada\u2069.")
    assert texts.usable_text("שלום \u200fAda\u200e, \u2066100\u2069") is None
