# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many processes at one moment: every act once, one row once, each deadline once, one witness's word."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.keys import SigningKey
from kollontai.openrecord.tree import consistency_proof, leaf_hash, root_of
from kollontai.openrecord.verify import verify_directory
from kollontai.openrecord.witness import Request
from tests.faults.checking import check

pytestmark = pytest.mark.faults
MANY = 8


def at_once(house: Any, task: str, *each: tuple[object, ...]) -> list[dict[str, Any]]:
    """Let processes do a task at one moment; give what they wrote down."""
    moment = time.time() + 0.5
    running = [house.start(task, moment, house.home / "results", *words) for words in each]
    assert [house.wait(process) for process in running] == [0] * len(running)
    return house.lines("results")


def test_eight_processes_act_at_once_and_each_gets_its_own_places(house):
    house.do("begin", MANY, 12)
    results = at_once(house, "vote_at", *((0, number, 12) for number in range(MANY)))
    assert len(results) == 12 * MANY
    house.do("settle")
    assert check(house, results, []) == 12 * MANY + 1
    places = [position for result in results for position in result["positions"]]
    assert sorted(places) == list(range(1, 12 * MANY + 1))


def test_of_eight_votes_of_one_member_at_once_one_counts_and_seven_are_told_why(house):
    house.do("begin", 1, 10)
    results = at_once(house, "vote_at", *((0, 0, 10) for _ in range(MANY)))
    done = [result for result in results if "ticket" in result]
    refused = [result["refused"] for result in results if "refused" in result]
    assert len(done) == 10
    assert refused == ["voted-already"] * 10 * (MANY - 1)
    house.do("settle")
    assert check(house, done, []) == 11


def test_each_deadline_is_performed_once_however_many_tick_and_a_broken_one_stops_no_other(house):
    house.do("begin", 1, 1)
    house.do("set_deadlines", 25)
    results = at_once(house, "tick_at", *((7.5,) for _ in range(3)))
    stamps = house.rows(
        "SELECT COUNT(*) FROM record_deadline WHERE act = 'followers.stamp_export' AND done_at IS NOT NULL"
    )
    assert sum(result["performed"] for result in results) == 25 + stamps[0][0]
    told = house.rows(
        "SELECT subject, COUNT(*) FROM record_entryrow WHERE kind = 'issue.supported' GROUP BY subject"
    )
    assert sorted(told) == [(f"issue{number:011}", 1) for number in range(25)]
    assert house.rows("SELECT act, failed FROM record_deadline WHERE failed <> ''") == [
        ("faults.fail", "ValueError: this deadline is broken")
    ]


def test_of_two_requests_to_a_witness_at_once_one_wins(house):
    house.do("begin", 1, 1)
    key = SigningKey.generate("other.example/record")
    house.do("follow", key.verifier)
    leaves = [leaf_hash(bytes([number])) for number in range(40)]
    seen = 0
    for turn in range(4):
        sizes = (seen + 3, seen + 5)
        for size in sizes:
            checkpoint = Checkpoint(key.name, size, root_of(leaves[:size]))
            proof = tuple(consistency_proof(leaves[:size], seen)) if seen else ()
            request = Request(seen, proof, checkpoint.sign(key), checkpoint)
            (house.home / f"request-{turn}-{size}").write_bytes(request.format())
        (house.home / "results").unlink(missing_ok=True)
        results = at_once(
            house, "witness_at", *((house.home / f"request-{turn}-{size}",) for size in sizes * 2)
        )
        assert sorted(result["status"] for result in results) == [200, 409, 409, 409]
        ((seen, root),) = house.rows("SELECT size, root FROM record_witnessedlog")
        assert seen in sizes
        assert bytes(root) == root_of(leaves[:seen])
        assert {result["body"] for result in results if result["status"] == 409} == {f"{seen}\n"}


def test_nobody_waits_while_an_export_is_read_and_it_is_of_one_moment(house):
    house.do("begin", 2, 1)
    house.do("write", house.home / "results", 0, 0, 1)
    copy, go = house.home / "copy", house.home / "go"
    reads = house.start("export_slowly", house.home / "reading", copy, go)
    until = time.monotonic() + 30
    while not house.lines("reading"):
        assert time.monotonic() < until
        time.sleep(0.01)
    house.do("write", house.home / "results", 0, 1, 1)
    go.touch()
    assert house.wait(reads) == 0
    first, second = (line["positions"][-1] for line in house.lines("results"))
    report = verify_directory(copy)
    assert report.problems == ()
    assert report.entries == first + 1 == second
    state = json.loads((copy / "state.json").read_text())
    assert house.rows("SELECT COUNT(*) FROM voting_openballot") == [(2,)]
    assert len(state["ballots"]) == 1
