# SPDX-License-Identifier: AGPL-3.0-or-later
"""Threads of one process whose acts share a transaction: what fails alone disturbs no neighbour."""

from __future__ import annotations

import pytest

from tests.faults.checking import check

pytestmark = pytest.mark.faults
THREADS, ROUNDS = 8, 6


@pytest.mark.parametrize("failure", ["none", "common"])
def test_acts_in_company_stand_or_fall_each_for_itself(house, failure):
    house.do("begin", THREADS, ROUNDS)
    house.do("vote_in_threads", house.home / "results", failure)
    *results, company = house.lines("results")
    done = [result for result in results if "ticket" in result]
    refused = [(result["thread"], result["refused"]) for result in results if "refused" in result]
    # Five who vote, one of them brought by a second thread too, and one who needs a lock.
    assert len(done) == 6 * ROUNDS
    assert [why for thread, why in refused if thread == 6] == ["this act is broken"] * ROUNDS
    second = [(thread, why) for thread, why in refused if thread != 6]
    assert len(second) == ROUNDS
    assert {thread for thread, _ in second} <= {0, 5}
    house.do("settle")
    assert check(house, done, []) == 6 * ROUNDS + 1
    assert house.rows("SELECT COUNT(*) FROM voting_openballot") == [(6 * ROUNDS,)]
    assert house.rows("SELECT COUNT(*) FROM record_content WHERE kind = 'ballot.cast'") == [(6 * ROUNDS,)]
    places = [position for result in done for position in result["positions"]]
    assert sorted(places) == list(range(1, 6 * ROUNDS + 1))
    if failure == "none":
        assert max(company["company"]) > 1
        assert sum(company["company"]) >= 2 * ROUNDS
