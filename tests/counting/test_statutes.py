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


def test_cambridge_goes_through_a_pile_again_until_the_surplus_has_moved() -> None:
    # 12 papers, 2 places: the quota is 12 ÷ 3 + 1 = 5. Ada has 7, 2 too many; 7 ÷ 2 = 3.5, so every 4th moves:
    # her 4th paper (to Cleo); there is no 8th, so the count begins again behind the first: her 1st (to Ben).
    papers = [(order, 1) for order in [(0, 1), (0, 2), (0, 1), (0, 2), (0, 1), (0, 1), (0, 2)]]
    papers += [((1,), 2), ((2,), 3)]
    result = count(make(["Ada", "Ben", "Cleo"], 2, papers), "cambridge")
    assert result.quota_text() == "5"
    assert [stage.tallies for stage in result.stages] == [(7, 2, 3), (5, 3, 4), (5, 0, 4)]
    # Ben's 2 own papers and Ada's 1st name nobody else: 3 say no more. Cleo is the last one left.
    assert [stage.non_transferable for stage in result.stages] == [0, 0, 3]
    assert (result.elected, result.by_default) == ((0, 2), (2,))


def test_cambridge_leaves_papers_that_name_nobody_else_and_stops_at_the_quota() -> None:
    # 300 papers, 2 places: the quota is 101. Ada has 130, 29 too many; 130 ÷ 29 = 4.48, so every 4th moves.
    # Ben's 90 want 11: her papers 4, 8, … 44 make him 101, elected, and he takes no more. Nobody else stands on
    # her papers, so 130 - 11 - 101 = 18 say no more.
    papers = [((0, 1), 100), ((0,), 30), ((1,), 90), ((2,), 45), ((3,), 35)]
    result = count(make(["Ada", "Ben", "Cleo", "Dina"], 2, papers), "cambridge")
    assert [stage.tallies for stage in result.stages] == [(130, 90, 45, 35), (101, 101, 45, 35)]
    assert result.stages[-1].non_transferable == 18
    assert result.elected == (0, 1)


def test_cambridge_excludes_all_below_fifty_at_once() -> None:
    # 240 papers, 1 place: the quota is 121. Cleo's 40 and Dina's 20 are below 50 and go together, Cleo's first:
    # 15 to Ada (115), 25 to Ben (105); Dina's first 16 make Ben 121, her other 4 say no more.
    papers = [((0,), 100), ((1,), 80), ((2, 0), 15), ((2, 1), 25), ((3, 1), 20)]
    result = count(make(["Ada", "Ben", "Cleo", "Dina"], 1, papers), "cambridge")
    assert result.quota_text() == "121"
    assert [stage.tallies for stage in result.stages] == [(100, 80, 40, 20), (115, 121, 0, 0)]
    assert result.stages[1].candidates == (2, 3)
    assert result.stages[1].non_transferable == 4
    assert result.elected == (1,)


def told(result: Count) -> list[list[str]]:
    return [[result.short(votes) for votes in stage.tallies] for stage in result.stages]


def test_new_zealand_keeps_what_the_quota_needs() -> None:
    # 100 ÷ 3 = 33.333333333, and one in the last place more. Ada keeps 33.333333334 ÷ 60 = 0.55555555556…,
    # rounded up 0.555555556 of each paper: 60 × 0.555555556 = 33.33333336; 60 × 0.444444444 = 26.66666664 go
    # on to Ben, who has 36.66666664.
    result = count(make(["Ada", "Ben", "Cleo"], 2, [((0, 1), 60), ((1,), 10), ((2,), 30)]), "meek-nz")
    assert result.quota_text() == "33.333333334"
    assert told(result) == [["60", "10", "30"], ["33.33333336", "36.66666664", "30"]]
    assert result.elected == (0, 1)


def test_new_zealand_lowers_the_quota_by_papers_that_name_nobody_else() -> None:
    # Ada keeps 33.333333334 ÷ 45 = 0.74074074075…, up 0.740740741: 45 times that is 33.333333345; nobody has
    # the other 11.666666655. The quota is (33.333333345 + 30 + 25) ÷ 3 = 29.444444448 and 0.000000001: Ben is in.
    result = count(make(["Ada", "Ben", "Cleo"], 2, [((0,), 45), ((1, 2), 30), ((2,), 25)]), "meek-nz")
    assert told(result)[-1] == ["33.333333345", "30", "25"]
    assert result.short(result.stages[-1].non_transferable) == "11.666666655"
    assert result.short(result.stages[-1].quota) == "29.444444449"
    assert result.elected == (0, 1)


def test_new_zealand_excludes_who_cannot_catch_up_before_all_surpluses_are_gone() -> None:
    # Ada keeps 33.333333334 ÷ 40, up 0.833333334: 33.33333336. The quota is 93.33333336 ÷ 3 and one in the last
    # place, 31.111111121; what is over it is 2.222222239. Dina's 15 and that are fewer than Cleo's 20: Dina is
    # excluded, and Cleo has 35.
    papers = [((0,), 40), ((1,), 25), ((2, 1), 20), ((3, 2), 15)]
    result = count(make(["Ada", "Ben", "Cleo", "Dina"], 2, papers), "meek-nz")
    assert told(result) == [
        ["40", "25", "20", "15"],
        ["33.33333336", "25", "20", "15"],
        ["33.33333336", "25", "35", "0"],
    ]
    assert [result.short(stage.quota) for stage in result.stages][1:] == ["31.111111121", "31.111111121"]
    assert result.elected == (0, 2)
