# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom we trust: policy files, and checkpoints held against them."""

from __future__ import annotations

from itertools import combinations

import pytest

from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.errors import BadSignature, MalformedPolicy
from kollontai.openrecord.keys import COSIGNATURE, SigningKey
from kollontai.openrecord.note import sign_note
from kollontai.openrecord.policy import Policy, parse_policy
from tests.openrecord.building import LOG_KEY, ORIGIN, OTHER_KEY, cosigned, seeded

NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
WITNESSES = {name: SigningKey(f"{name}.example", COSIGNATURE, seeded(name)) for name in NAMES}
VKEYS = {name: str(key.verifier) for name, key in WITNESSES.items()}
POLICY = f"""
# Two of one house and one of the other.
log {LOG_KEY.verifier} https://tidewater.example/record/
witness X1 {VKEYS["X1"]} https://x1.example
witness X2 {VKEYS["X2"]}
\twitness\tX3   {VKEYS["X3"]}
group X-house 2 X1 X2 X3

witness Y1 {VKEYS["Y1"]}
witness Y2 {VKEYS["Y2"]}
witness Y3 {VKEYS["Y3"]}
group Y-house any Y1 Y2 Y3
group both all X-house Y-house
quorum both
""".encode()
NOTE = Checkpoint(ORIGIN, 7, seeded("root")).sign(LOG_KEY)


def test_a_policy_is_read() -> None:
    policy = parse_policy(POLICY)
    assert [party.url for party in policy.logs] == ["https://tidewater.example/record/"]
    assert policy.witnesses["X1"].url == "https://x1.example"
    assert policy.groups["both"].members == ("X-house", "Y-house")
    assert policy.quorum == "both"


def test_a_quorum_is_met_by_exactly_the_right_sets_of_witnesses() -> None:
    policy = parse_policy(POLICY)
    for count in range(len(NAMES) + 1):
        for present in combinations(NAMES, count):
            of_x = sum(name.startswith("X") for name in present)
            of_y = sum(name.startswith("Y") for name in present)
            assert policy.quorum_met(present) == (of_x >= 2 and of_y >= 1)


def test_a_checkpoint_with_the_quorum_is_accepted() -> None:
    note = cosigned(NOTE, WITNESSES["X1"], WITNESSES["X3"], WITNESSES["Y2"])
    accepted = parse_policy(POLICY).accept(note)
    assert accepted.checkpoint.size == 7
    assert accepted.witnesses == {"X1", "X3", "Y2"}


def test_a_checkpoint_with_too_few_witnesses_is_refused() -> None:
    with pytest.raises(BadSignature, match="Too few"):
        parse_policy(POLICY).accept(cosigned(NOTE, WITNESSES["X1"], WITNESSES["Y2"]))


def test_witnesses_cannot_stand_in_for_the_log() -> None:
    alone = cosigned(
        sign_note(Checkpoint(ORIGIN, 7, seeded("root")).format(), OTHER_KEY), *WITNESSES.values()
    )
    with pytest.raises(BadSignature, match="No trusted log"):
        parse_policy(POLICY).accept(alone)


def test_a_log_cannot_sign_for_another_origin() -> None:
    other = sign_note(Checkpoint("elsewhere.example", 7, seeded("root")).format(), LOG_KEY)
    with pytest.raises(BadSignature, match="No trusted log"):
        Policy.trusting(LOG_KEY.verifier).accept(other)


def test_a_policy_may_ask_for_no_witness_or_for_one() -> None:
    assert Policy.trusting(LOG_KEY.verifier).accept(NOTE).witnesses == frozenset()
    assert parse_policy(b"quorum none").quorum_met([])
    one = parse_policy(f"witness W {VKEYS['X1']}\nquorum W\n".encode())
    assert one.quorum_met(["W"])
    assert not one.quorum_met([])


W = f"witness W {VKEYS['X1']}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no quorum"),
        (W, "no quorum"),
        ("quorum none\nquorum none\n", "Line 2.*second quorum"),
        ("quorum nobody\n", "nobody from an earlier line"),
        ("quorum W\n" + W, "Line 1.*nobody from an earlier line"),
        ("quorum\n", "no log, witness, group or quorum"),
        ("quorums none\n", "no log, witness, group or quorum"),
        (W + W, "taken"),
        (W + f"witness V {VKEYS['X1']}\n", "listed twice"),
        (f"witness none {VKEYS['X1']}\n", "taken"),
        (W + "group W 1 W\n", "taken"),
        (W + "group G 0 W\n", "a number of its members"),
        (W + "group G 2 W\n", "a number of its members"),
        (W + "group G 01 W\n", "a number of its members"),
        (W + "group G some W\n", "a number of its members"),
        (W + "group G any\n", "no log, witness, group or quorum"),
        (W + "group G any none\n", "nobody from an earlier line"),
        (W + "group G any G\n", "taken|nobody"),
        (W + "group G any W W\n", "more than once"),
        (W + "group G any W\ngroup H any W\n", "more than once"),
        (f"log {LOG_KEY.verifier}\nlog {LOG_KEY.verifier}\n", "listed twice"),
        (f"log {LOG_KEY.verifier} a b\n", "no log, witness, group or quorum"),
        (f"log {VKEYS['X1']}\n", "wrong type"),
        (f"witness W {LOG_KEY.verifier}\n", "wrong type"),
        ("log nonsense\n", "Line 1.*verifier key"),
        ("quorum none\r\n", "control characters"),
    ],
)
def test_a_policy_that_cannot_be_read_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(MalformedPolicy, match=words):
        parse_policy(text.encode())


def test_names_are_octets_and_comments_may_hold_any() -> None:
    policy = parse_policy(b"# \xff\nwitness \xff " + VKEYS["X1"].encode() + b"\nquorum \xff\n")
    assert policy.quorum_met(policy.witnesses)


def test_large_policies_are_read() -> None:
    keys = [SigningKey(f"{number}.example", COSIGNATURE, seeded(f"{number}")) for number in range(64)]
    lines = [f"witness W{number} {key.verifier}" for number, key in enumerate(keys)]
    lines += [f"group G{number} any W{number}" for number in range(64)]
    lines += ["group all-of-them 33 " + " ".join(f"G{number}" for number in range(64)), "quorum all-of-them"]
    policy = parse_policy("\n".join(lines).encode())
    assert policy.quorum_met([f"W{number}" for number in range(33)])
    assert not policy.quorum_met([f"W{number}" for number in range(32)])
