# SPDX-License-Identifier: AGPL-3.0-or-later
"""Elections, boxes and petitions by themselves: what is observed, what counts, where the words lead."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from kollontai.auditor import CHECKS, Report, audit_export
from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.boxes_whole import alike_by_chance
from kollontai.auditor.elections import empty_rounds, line_before, opens_at
from kollontai.auditor.published import seed_of
from kollontai.auditor.read import Export
from kollontai.openrecord.kinds import elections, petitions, posts

from .abuses import drop, replace
from .electoral_abuses import ballots, stand
from .outside_story import brought_from_outside
from .stories import a_committee_and_reopened_nominations as committee
from .stories import begin, terms_served
from .story import honest, on
from .town import Town
from .world import DAY, MINUTE


def audited(world: Town, tmp_path: Path) -> Report:
    report = audit_export(world.export(tmp_path))
    assert not [answer.unfinished for answer in report.answers if answer.unfinished]
    return report


def sentences(report: Report, check: str) -> list[str]:
    return [finding.sentence for finding in report.findings if finding.check == check]


def read(world: Town, tmp_path: Path) -> Audit:
    return Audit(Export(world.export(tmp_path)))


# --- evidence ---


def test_secret_polls_are_reported_as_attested_by_the_server(tmp_path: Path) -> None:
    report = audited(honest(), tmp_path)
    assert (
        "Whether the ballots of 6 secret polls are those that were cast: attested by the server; whoever voted "
        "can check their code." in report.not_seen
    )
    assert "attested by the server; whoever voted can check their code" in report.to_json()
    assert any("drawing of lots are shared with the server" in line for line in report.not_seen)


def test_a_record_without_secret_polls_does_not_speak_of_them(tmp_path: Path) -> None:
    world = Town()
    begin(world, 6)
    assert not any("secret polls" in line for line in audited(world, tmp_path).not_seen)


def test_every_check_about_secret_ballots_says_what_it_cannot_see() -> None:
    limits = {check.name: check.evidence.limit for check in CHECKS}
    for name in ("boxes_whole", "lots_fair", "outside_ballots", "petitions_counted", "next_in_line"):
        assert limits[name]


# --- lots and ties ---


def test_the_seed_is_the_secret_and_what_was_shown_with_zeros_for_the_silent(tmp_path: Path) -> None:
    world = honest()
    audit = read(world, tmp_path)
    box = audit.state.polls["b0004"].secret
    assert box is not None
    shown = sha256(b"The sentence of m0009.").digest()
    assert (
        seed_of(box, audit.contents)
        == sha256(b"kollontai/seed/v1\n" + world.lot_secret("b0004") + shown + bytes(32)).hexdigest()
    )
    assert sorted(box.added) == ["m0009", "m0011"]


def tied(world: Town) -> None:
    begin(world, 8, ("desk", {"leading": True}))
    for member in ("m0002", "m0003"):
        world.soon(on(2), "stand", "e0001", member)
    world.soon(on(16), "add_to_lot", "e0001", "m0004")
    world.soon(on(20), "show_lot", "e0001", "m0004")
    world.soon(on(20.5), "vote_in", "e0001", ("m0002",), ("m0003",), ("m0002",), ("m0003",))


def test_a_tie_goes_by_the_lot(tmp_path: Path) -> None:
    world = Town()
    tied(world)
    world.at = on(23)
    assert sentences(audited(world, tmp_path), "seats_follow_count") == []


def test_a_lot_that_gives_another_winner_is_found(tmp_path: Path) -> None:
    world = Town()
    tied(world)
    world.at = on(23)
    position = world.find("election.decided")
    other = {"m0002": "m0003", "m0003": "m0002"}[world.chain[position].fact.elected[0]]  # type: ignore[attr-defined]
    world.change(position, elected=(other,))
    report = audited(world, tmp_path)
    assert position in {one.position for one in report.findings if one.check == "seats_follow_count"}


def test_a_tie_in_a_ballot_held_outside_goes_by_the_lot_that_its_hash_gives(tmp_path: Path) -> None:
    world = Town()
    brought_from_outside(world, *[("m0006",)] * 4, *[("m0007",)] * 4)
    assert sentences(audited(world, tmp_path), "seats_follow_count") == []
    position = next(
        at for at, entry in enumerate(world.chain)
        if entry.fact.kind_name == "election.decided" and entry.fact.poll == "b0004"  # type: ignore[attr-defined]
    )  # fmt: skip
    other = {"m0006": "m0007", "m0007": "m0006"}[world.chain[position].fact.elected[0]]  # type: ignore[attr-defined]
    world.change(position, elected=(other,))
    report = audited(world, tmp_path / "again")
    assert position in {one.position for one in report.findings if one.check == "seats_follow_count"}


# --- nobody votes, nobody stands, somebody leaves ---


def test_an_election_in_which_nobody_votes_leaves_its_seat_unfilled(tmp_path: Path) -> None:
    world = Town()
    begin(world, 8, ("desk", {"leading": True}))
    world.soon(on(2), "stand", "e0001", "m0002")
    world.at = on(55)
    assert [row["why"] for row in world.rows["elections"]] == ["founding", "again"]
    assert audited(world, tmp_path).findings == []


def test_a_candidate_who_left_is_not_on_the_paper(tmp_path: Path) -> None:
    world = Town()
    begin(world, 8, ("desk", {"leading": True}))
    for member in ("m0002", "m0003"):
        world.soon(on(2), "stand", "e0001", member)
    world.soon(on(5), "leave", "m0003")
    world.soon(on(18), "vote_in", "e0001", *[("m0002",)] * 4)
    world.at = on(30)
    assert world.row("elections", election="e0001")["state"] == "decided"
    assert audited(world, tmp_path).findings == []


def gone_before_the_term(world: Town) -> None:
    begin(world, 9, ("desk", {"leading": True, "days": 60}))
    world.soon(on(2), "stand", "e0001", "m0002")
    world.soon(on(18), "vote_in", "e0001", *[("m0002",)] * 5)
    world.soon(on(58), "stand", "e0002", "m0003")
    world.soon(on(72), "vote_in", "e0002", *[("m0003",)] * 5)
    world.soon(on(79), "leave", "m0003")
    world.at = on(90)


def test_who_leaves_before_their_term_begins_takes_no_seat(tmp_path: Path) -> None:
    world = Town()
    gone_before_the_term(world)
    assert [row["member"] for row in world.rows["terms"]] == ["m0002"]
    assert world.rows["elections"][-1]["after"] == "e0002"
    assert audited(world, tmp_path).findings == []


def test_a_seat_that_nobody_could_take_is_filled_anew(tmp_path: Path) -> None:
    world = Town()
    gone_before_the_term(world)
    drop(world, world.find("election.opened", after="e0002"))
    world.record(elections.NominationMade("e0002", "m0004"), "m0004", at=on(89))
    assert sentences(audited(world, tmp_path), "elections_held") == [
        "m0003 was no member any more when their term in desk was to begin, and no election opened."
    ]


def test_a_small_rest_of_a_term_has_no_by_election(tmp_path: Path) -> None:
    world = Town()
    begin(world, 8, ("desk", {"leading": True, "days": 100}))
    for member in ("m0002", "m0003"):
        world.soon(on(2), "stand", "e0001", member)
    world.soon(on(18), "vote_in", "e0001", *[("m0002", "m0003")] * 4)
    world.soon(on(90), "resign", "t0001")
    world.soon(on(91), "act", "t0001", "m0003")
    world.at = on(97)
    assert [row["why"] for row in world.rows["elections"]] == ["founding", "term-over"]
    assert audited(world, tmp_path).findings == []


def test_what_members_wanted_stays_in_line(tmp_path: Path) -> None:
    """Re-open nominations wins the place of the leaver: nobody is next in line."""
    world = Town()
    begin(world, 9, ("desk", {"leading": True}))
    for member in ("m0002", "m0003"):
        world.soon(on(2), "stand", "e0001", member)
    votes = [("m0002", "ron", "m0003")] * 4 + [("ron",)] * 2 + [("m0003",)]
    world.soon(on(18), "vote_in", "e0001", *votes)
    world.soon(on(40), "resign", "t0001")
    world.at = on(50)
    assert world.rows["offers"] == []
    assert audited(world, tmp_path).findings == []


# --- helpers ---


def test_rounds_in_which_nobody_stood_are_counted_back_to_the_last_with_candidates(tmp_path: Path) -> None:
    state = read(honest(), tmp_path)
    assert [empty_rounds(state, state.state.elections[one]) for one in ("e0001", "e0002", "e0004", "e0006")] == [
        0, 1, 2, 3,
    ]  # fmt: skip
    assert [one.id for one in line_before(state, state.state.elections["e0006"])] == [
        "e0006",
        "e0004",
        "e0002",
    ]


def test_the_election_after_a_term_opens_twenty_six_days_ahead(tmp_path: Path) -> None:
    audit = read(honest(), tmp_path)
    term = audit.state.terms["t0002"]
    assert opens_at(term, audit.charter) == term.ends_at - 26 * DAY


# --- sentences ---


def test_what_was_done_is_said_in_plain_sentences(tmp_path: Path) -> None:
    world = honest()
    stand(world, world.find("lot.added", actor="m0009"), "e0001", "m0009")
    told = sentences(audited(world, tmp_path), "candidates_entitled")
    assert "m0009 was put forward in e0001 after nominations had closed." in told


def test_a_fourth_term_is_told_by_its_post(tmp_path: Path) -> None:
    world = terms_served()
    stand(world, world.find("election.empty", election="e0004"), "e0004", "m0002")
    told = sentences(audited(world, tmp_path), "candidates_entitled")
    assert told == [
        "m0002 has served 3 terms in desk one after the other, and stands in e0004 for another whole one."
    ]


def test_who_is_elected_by_the_ballots_is_named(tmp_path: Path) -> None:
    world = committee()
    position = world.find("election.decided", election="e0001")
    world.change(position, elected=("m0001", "m0002", "m0003"), reopened=0)
    assert sentences(audited(world, tmp_path), "seats_follow_count") == [
        "e0001 is said to seat m0001, m0002, m0003; counted again it is m0001.",
        "e0001 re-opens 0 seats; the ballots re-open 2.",
        "m0002 was elected in e0001, and their term did not begin at 2026-01-26 19:01.",
        "m0003 was elected in e0001, and their term did not begin at 2026-01-26 19:01.",
    ]


@pytest.mark.parametrize(
    ("bent", "sentence"),
    [
        ({"ballots": [1]}, "b0006: Ballot 1 cannot be read."),
        ({"ballots": "none"}, "b0006: The published ballots cannot be read."),
        (
            {"ballots": [["c1", {"ranking": ["ron", "ron"]}]]},
            "The ballot with the code c1 ranks somebody twice.",
        ),
        (
            {"ballots": [["c1", {"choice": "yes"}]]},
            "The ballot with the code c1 ranks nobody that can be read.",
        ),
        ({"ballots": [["c1", []]]}, "The ballot with the code c1 says nothing that can be counted."),
    ],
)
def test_ballots_that_cannot_be_read_are_told(bent: object, sentence: str, tmp_path: Path) -> None:
    world = honest()
    replace(world, world.find("box.counted", poll="b0006"), "ballots", lambda _: json.dumps(bent))
    assert any(one.endswith(sentence) for one in sentences(audited(world, tmp_path), "boxes_whole"))


def test_more_ranks_than_allowed_are_told(tmp_path: Path) -> None:
    world = honest()
    world.change(world.find("box.opened", poll="b0006"), most_ranks=2)
    told = sentences(audited(world, tmp_path), "boxes_whole")
    assert any("has 3 ranks; at most 2 are allowed" in one for one in told)


@pytest.mark.parametrize(
    ("alike", "doubled", "chance"), [(7, 1, False), (9, 1, True), (200, 1, True), (200, 2, False)]
)
def test_where_many_choose_the_same_signs_two_codes_may_be_one_by_chance(
    alike: int, doubled: int, chance: bool
) -> None:
    codes = [f"aaaa{number:05}" for number in range(alike)]
    codes[-doubled:] = codes[:doubled]
    assert alike_by_chance(codes) is chance


def test_ballots_out_of_order_are_told(tmp_path: Path) -> None:
    world = honest()
    ballots(world, "b0006", lambda rows: rows.reverse())
    told = sentences(audited(world, tmp_path), "boxes_whole")
    assert told == ["The ballots of b0006 are not in the order of their codes."]


def test_a_question_needs_names_from_three_units_where_there_are_three(tmp_path: Path) -> None:
    world = Town()
    listed = world.open(12)
    world.unit("south", "root", listed[0])
    for number, entry in enumerate(world.chain):
        if entry.fact.kind_name == "member.invited" and entry.fact.member in listed[4:8]:  # type: ignore[attr-defined]
            world.change(number, unit="south")
            world.row("members", member=entry.fact.member)["unit"] = "south"  # type: ignore[attr-defined]
    world.chain.insert(3, world.chain.pop())
    for member in listed:
        world.at += MINUTE
        world.sign(member)
    world.at += DAY
    world.petition("question", "root", None, "a01")
    report = audited(world, tmp_path)
    assert sentences(report, "petitions_counted") == ["pt0001 is said to need names from 1 units; it is 3."]


def test_where_there_are_two_units_nobody_asks_for_names_from_both(tmp_path: Path) -> None:
    world = Town()
    for member in world.open(12):
        world.at += MINUTE
        world.sign(member)
    world.petition("question", "root", None, "a01", spread=2)
    report = audited(world, tmp_path)
    assert sentences(report, "petitions_counted") == ["pt0001 is said to need names from 2 units; it is 1."]


def test_signatures_of_one_unit_do_not_reach_three(tmp_path: Path) -> None:
    world = honest()
    position = world.find("petition.opened", petition="pt0001")
    world.change(position, units_needed=2)
    told = sentences(audited(world, tmp_path), "petitions_counted")
    assert any("it needs 2 from 2 units." in one for one in told)


def test_who_signs_again_after_taking_back_is_counted_once(tmp_path: Path) -> None:
    world = honest()
    at = world.find("petition.signed", actor="a12")
    world.record(petitions.PetitionSigned("pt0003", "root"), "a10", at=world.chain[at].at)
    world.chain.insert(at, world.chain.pop())
    row = world.row("signatures", petition="pt0003", alias="a10")
    row.update(at=world.row("signatures", petition="pt0003", alias="a12")["at"], withdrawn_at=None)
    told = sentences(audited(world, tmp_path), "petitions_counted")
    assert told == ["pt0003 is said to have 2 names; it had 3."]


def test_a_term_of_somebody_unknown_breaks_nothing(tmp_path: Path) -> None:
    world = honest()
    end = world.at + 100 * DAY
    world.record(posts.TermBegun("t0099", "chair", "nobody", "b0004", "elected", end))
    world.record(elections.ElectionEmpty("e0009", world.at))
    assert not audited(world, tmp_path).ok


def test_a_whole_election_without_its_ballots_cannot_be_counted_and_is_told(tmp_path: Path) -> None:
    world = honest()
    position = world.find("box.counted", poll="b0006")
    commitment = world.chain[position].commitments["ballots"].hex()
    world.contents[commitment].held_until = "b0006"
    report = audited(world, tmp_path)
    assert any("10 choices are not in this export" in one.sentence for one in report.observations)
    assert any(
        "The ballots of this box.counted is missing" in one for one in sentences(report, "content_opens")
    )


def test_a_recall_of_somebody_who_went_meanwhile_ends_in_nothing(tmp_path: Path) -> None:
    world = honest()
    drop(world, world.find("term.ended", why="recalled"))
    assert sentences(audited(world, tmp_path), "recall_follows_count") == [
        "m0004 was recalled from counter, and the term did not end."
    ]
