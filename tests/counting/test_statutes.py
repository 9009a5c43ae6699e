# SPDX-License-Identifier: AGPL-3.0-or-later
"""Statutes without a published count to meet: one election worked out by hand under each.

100 ballots, 3 places. First preferences: Ada 47, Ben 20, Cleo 18, Dina 15; the quota is 26 (25,001 where a
paper is worth 1,000). Ada passes on 21; 30 of her 47 papers go to Ben, 17 to Cleo.
"""

from __future__ import annotations

from kollontai.counting.ballots import make
from kollontai.counting.stv import Count, count

PAPERS = [((0, 1, 2), 12), ((0, 1, 3), 18), ((0, 2), 17), ((1, 3), 20), ((2, 3), 18), ((3, 2), 15)]


def counted(rule: str) -> tuple[Count, list[list[str]]]:
    result = count(make(["Ada", "Ben", "Cleo", "Dina"], 3, PAPERS), rule)
    return result, [[result.short(votes) for votes in stage.tallies] for stage in result.stages]


def test_tasmania_moves_the_last_parcel_and_cuts_each_total() -> None:
    # Ben: 30 × 21/47 = 13.40, Cleo: 17 × 21/47 = 7.59. Ben's last parcel is 30 papers at 7/30:
    # Cleo 12 × 7/30 = 2.8, Dina 18 × 7/30 = 4.2.
    result, tallies = counted("hare-clark")
    assert result.quota_text() == "26"
    assert tallies == [["47", "20", "18", "15"], ["26", "33", "25", "15"], ["26", "26", "27", "19"]]
    assert [stage.lost for stage in result.stages] == [0, 1, 2]
    assert result.elected == (0, 1, 2)


def test_canberra_keeps_six_decimals() -> None:
    # Ben: 13.4042553…, Cleo: 7.5957446…; then 7.404255 ÷ 30 a paper: Cleo 2.961702, Dina 4.442553.
    result, tallies = counted("hare-clark-act")
    assert tallies[1] == ["26", "33.404255", "25.595744", "15"]
    assert tallies[2] == ["26", "26", "28.557446", "19.442553"]
    assert [result.text(stage.lost) for stage in result.stages] == ["0.000000", "0.000001", "0.000001"]
    assert result.elected == (0, 1, 2)


def test_the_senate_moves_all_papers_at_one_value() -> None:
    # Ben's 7 over the quota are shared by all his 50 papers: Cleo 12 × 7/50 = 1.68, Dina 38 × 7/50 = 5.32.
    result, tallies = counted("senate-au")
    assert tallies == [["47", "20", "18", "15"], ["26", "33", "25", "15"], ["26", "26", "26", "20"]]
    assert [stage.lost for stage in result.stages] == [0, 1, 2]
    assert result.elected == (0, 1, 2)


def test_the_seanad_counts_a_paper_as_a_thousand() -> None:
    # 21,999 ÷ 47 = 468 and 3 are lost; Ben has 20,000 + 30 × 468, Cleo 18,000 + 17 × 468.
    result, tallies = counted("irish-senate")
    assert result.quota_text() == "25001"
    assert tallies == [["47000", "20000", "18000", "15000"], ["25001", "34040", "25956", "15000"]]
    assert result.stages[1].lost == 3
    assert result.elected == (0, 1, 2)


def test_northern_ireland_cuts_the_value_at_two_decimals_and_ends_where_one_leads_all_others() -> None:
    # 21 ÷ 47 = 0.44: Ben 20 + 13.20, Cleo 18 + 7.48, 0.32 lost. One place is left, and Cleo's 25.48 are not
    # fewer than Dina's 15 and Ben's surplus of 7.20 together (rule 52(2)).
    result, tallies = counted("northern-ireland")
    assert tallies == [["47", "20", "18", "15"], ["26", "33.2", "25.48", "15"]]
    assert result.text(result.stages[-1].lost) == "0.32"
    assert result.elected == (0, 1, 2)
    assert result.by_default == (2,)


def test_cambridge_takes_every_second_paper() -> None:
    # 47 papers of which 21 go on: 47 ÷ 21 = 2.24, so every second paper moves until 21 have.
    result, tallies = counted("cambridge")
    assert tallies[0] == ["47", "20", "18", "15"]
    assert "Every paper number 2 moves on." in result.stages[1].notes
    assert tallies[1][0] == "26"
    assert sum(map(int, tallies[1])) + result.stages[1].non_transferable == 100
