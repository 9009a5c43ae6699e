# SPDX-License-Identifier: AGPL-3.0-or-later
"""A house is kept: another release, a backup, another host, two more keys, a court's order. And the abuses."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kollontai.auditor import audit_export
from kollontai.auditor.limits import newest
from kollontai.openrecord.facts import Fact
from kollontai.openrecord.keys import SigningKey
from kollontai.openrecord.kinds import operators
from kollontai.openrecord.kinds.founding import SoftwareUpgraded
from kollontai.openrecord.rotation import rotated
from kollontai.openrecord.tree import Edge, leaf_hash

from .abuses import abuse
from .stories import begin, story
from .story import HOUR, on
from .town import Town
from .world import DAY, KEY, MINUTE, ORIGIN

SECOND, THIRD = (SigningKey(ORIGIN, 1, letter * 32) for letter in (b"s", b"t"))
STRANGER = SigningKey(ORIGIN, 1, b"x" * 32)
ORDER = {
    "court": "District Court of Harbour", "number": "7 C 19/26", "date": "2026-02-03",
    "statute": "Civil Code 1004: the owner may demand removal.", "words": "The sentence is to be removed.",
}  # fmt: skip


def does(world: Town, fact: Fact, **texts: str) -> int:
    """The operator puts something on the record."""
    world.record(fact, "operator", "operator", **texts)
    return world.here


def root_now(world: Town) -> str:
    """The root of the record as it stands, in hex."""
    edge = Edge()
    for data in world.data():
        edge.append(leaf_hash(data))
    return edge.root().hex()


def backup_of(world: Town, **other: Any) -> operators.DatabaseRestored:
    """What a restore of this very record says."""
    said = {
        "root": root_now(world), "size": len(world.chain), "taken_at": world.at - HOUR, "release": "0.1.0",
        "witnesses": 2, "copies": 1,
    }  # fmt: skip
    return operators.DatabaseRestored(**(said | other))


@story
def a_house_is_kept(world: Town) -> None:
    """Everything that an operator does to a house, each in its order, and members going on beside it."""
    begin(world, 12)
    world.at = on(30)
    articles = newest()
    does(world, SoftwareUpgraded("0.1.0", articles.version, articles.sha256))
    issue = world.raise_issue("m0001", "root", "ordinary", needed=2)
    world.at += HOUR
    world.support(issue, "m0002")
    said = world.speak(issue, "m0004", "A sentence that a court does not like.")
    world.at += HOUR
    does(world, backup_of(world))
    does(world, operators.HostChanged("0badcafe", "0.1.0"), leaving="Ada", coming="Ben")
    does(world, backup_of(world, witnesses=0))
    world.at += DAY
    does(world, rotated(2, KEY, SECOND))
    world.speak(issue, "m0005", "We go on.")
    does(world, rotated(3, SECOND, THIRD))
    world.keys += [SECOND, THIRD]
    text = world.shown("contribution.text", f"{said}/1")
    does(
        world, operators.ContentErasedByOrder((text,), world.at + 7 * DAY), order=json.dumps(ORDER)
    )  # fmt: skip
    world.contents[text].erased = True
    does(world, SoftwareUpgraded("0.2.0", articles.version, articles.sha256))


def test_keys_are_followed_from_any_that_is_known_and_orders_are_listed(tmp_path: Path) -> None:
    world = a_house_is_kept()
    export = world.export(tmp_path)
    for key in (KEY, SECOND, THIRD):
        assert audit_export(export, vkey=key.verifier).ok
    report = audit_export(export, vkey=KEY.verifier)
    assert [one.check for one in report.observations if one.check == "orders_listed"] == ["orders_listed"]
    assert not audit_export(export, vkey=STRANGER.verifier).ok


@pytest.mark.parametrize("witnesses", [0, 1])
def test_a_backup_that_nobody_vouched_for_is_said(tmp_path: Path, witnesses: int) -> None:
    world = a_house_is_kept()
    does(world, backup_of(world, copies=0, witnesses=witnesses))
    report = audit_export(world.export(tmp_path))
    assert report.ok
    said = [one.position for one in report.observations if one.check == "backups_continued"]
    assert said == ([] if witnesses else [world.here])


# --- abuses ---


def _bent(world: Town, kind: str, **fields: Any) -> int:
    position = world.find(kind)
    world.change(position, **fields)
    return position


@abuse("releases_recorded", a_house_is_kept)
def a_release_brings_articles_nobody_knows(world: Town) -> int:
    return _bent(world, "software.upgraded", articles_sha256="0" * 64)


@abuse("releases_recorded", a_house_is_kept)
def a_release_calls_its_articles_by_another_version(world: Town) -> int:
    return _bent(world, "software.upgraded", articles_version=99)


@abuse("releases_recorded", a_house_is_kept)
def a_release_follows_upon_itself(world: Town) -> int:
    articles = newest()
    return does(world, SoftwareUpgraded("0.2.0", articles.version, articles.sha256))


@abuse("releases_recorded", a_house_is_kept)
def a_release_bears_no_name(world: Town) -> int:
    articles = newest()
    return does(world, SoftwareUpgraded("Ada", articles.version, articles.sha256))


@abuse("backups_continued", a_house_is_kept)
def the_backup_was_of_another_history(world: Town) -> int:
    return _bent(world, "database.restored", root="5" * 64)


@abuse("backups_continued", a_house_is_kept)
def the_backup_is_larger_than_the_record_was(world: Town) -> int:
    return _bent(world, "database.restored", size=4_000)


@abuse("backups_continued", a_house_is_kept)
def the_backup_is_of_tomorrow(world: Town) -> int:
    position = world.find("database.restored")
    return _bent(world, "database.restored", taken_at=world.chain[position].at + DAY)


@abuse("hosts_named", a_house_is_kept)
def nobody_says_who_comes(world: Town) -> int:
    return does(world, operators.HostChanged("0badcafe", "0.2.0"), leaving="Ben")


@abuse("hosts_named", a_house_is_kept)
def somebody_hands_over_to_themself(world: Town) -> int:
    return does(world, operators.HostChanged("0badcafe", "0.2.0"), leaving="Ben", coming="Ben")


@abuse("hosts_named", a_house_is_kept)
def the_new_host_has_no_name(world: Town) -> int:
    return does(world, operators.HostChanged("0badcafe", "0.2.0"), leaving="Ben", coming=" ")


@abuse("hosts_named", a_house_is_kept)
def the_house_is_sealed_to_no_key(world: Town) -> int:
    return does(world, operators.HostChanged("any", "0.2.0"), leaving="Ben", coming="Cem")


@abuse("keys_follow", a_house_is_kept)
def a_key_comes_in_without_the_old_ones_word(world: Town) -> int:
    fact = rotated(4, STRANGER, SigningKey(ORIGIN, 1, b"y" * 32))
    return does(
        world, operators.KeyRotated(4, fact.public, THIRD.verifier.public.hex(), fact.signature, fact.proof)
    )


@abuse("keys_follow", a_house_is_kept)
def a_key_comes_in_that_is_not_its_bearers(world: Town) -> int:
    fact = rotated(4, THIRD, STRANGER)
    return does(world, operators.KeyRotated(4, fact.public, fact.by, fact.signature, "0" * 128))


@abuse("keys_follow", a_house_is_kept)
def a_key_follows_one_that_is_gone(world: Town) -> int:
    return does(world, rotated(4, SECOND, STRANGER))


@abuse("keys_follow", a_house_is_kept)
def a_number_of_a_key_is_left_out(world: Town) -> int:
    return does(world, rotated(5, THIRD, STRANGER))


@abuse("keys_follow", a_house_is_kept)
def a_change_of_the_key_names_no_key(world: Town) -> int:
    return does(world, operators.KeyRotated(4, "none", "none", "none", "none"))


@abuse("keys_follow", a_house_is_kept)
def the_old_key_signs_on_alone(world: Town) -> None:
    does(world, rotated(4, THIRD, STRANGER))


@abuse("orders_listed", a_house_is_kept)
def words_are_erased_by_order_of_nobody(world: Town) -> int:
    text = world.chain[world.find("contribution.made", actor="m0005")].commitments["text"].hex()
    world.contents[text].erased = True
    return does(world, operators.ContentErasedByOrder((text,), world.at + 7 * DAY))


@abuse("orders_listed", a_house_is_kept)
def an_order_leaves_out_its_statute(world: Town) -> int:
    text = world.chain[world.find("contribution.made", actor="m0005")].commitments["text"].hex()
    world.contents[text].erased = True
    said = json.dumps(ORDER | {"statute": ""})
    return does(world, operators.ContentErasedByOrder((text,), world.at + 7 * DAY), order=said)


@abuse("orders_listed", a_house_is_kept)
def an_order_is_never_to_be_reviewed(world: Town) -> int:
    return _bent(world, "content.erased_by_order", review_by=world.at + timedelta(days=700))


@abuse("orders_listed", a_house_is_kept)
def an_order_empties_the_charter(world: Town) -> int:
    text = world.chain[0].commitments["charter"].hex()
    world.contents[text].erased = True
    return does(
        world, operators.ContentErasedByOrder((text,), world.at + 7 * DAY), order=json.dumps(ORDER)
    )  # fmt: skip


@abuse("orders_listed", a_house_is_kept)
def an_order_names_nothing(world: Town) -> int:
    return does(world, operators.ContentErasedByOrder((), world.at + 7 * DAY), order=json.dumps(ORDER))


@abuse("orders_listed", a_house_is_kept)
def an_order_empties_again_what_is_empty(world: Town) -> int:
    text = world.chain[world.find("content.erased_by_order")].fact.commitments[0]  # type: ignore[attr-defined]
    world.at += MINUTE
    return does(
        world, operators.ContentErasedByOrder((text,), world.at + 7 * DAY), order=json.dumps(ORDER)
    )  # fmt: skip


@abuse("acts_by_right", a_house_is_kept)
def a_member_rotates_the_key(world: Town) -> int:
    world.record(rotated(4, THIRD, STRANGER), "m0001")
    return world.here


@abuse("acts_by_right", a_house_is_kept)
def a_member_acts_as_the_operator(world: Town) -> int:
    world.record(rotated(4, THIRD, STRANGER), "m0001", "operator")
    return world.here
