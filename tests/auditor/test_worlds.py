# SPDX-License-Identifier: AGPL-3.0-or-later
"""Other organisations: with vouchers, small and grown, where nearly everybody leads, where people return."""

from __future__ import annotations

from pathlib import Path

import pytest

from kollontai.auditor import Report, audit_export
from kollontai.auditor.limits import in_force, newest, supporters_needed
from kollontai.openrecord.kinds import members

from .story import HOUR
from .world import DAY, MINUTE, START, World, evening, limits


def audited(world: World, tmp_path: Path) -> Report:
    report = audit_export(world.export(tmp_path))
    assert not [answer.unfinished for answer in report.answers if answer.unfinished]
    return report


def clean(world: World, tmp_path: Path) -> bool:
    return [one.sentence for one in audited(world, tmp_path).findings] == []


def founded(founders: int, preset: str = "normal", joining: str = "open") -> World:
    world = World()
    for member in world.open(founders, preset, joining):
        world.at += MINUTE
        world.sign(member)
    return world


# --- joining by vouchers ---


def vouched(world: World) -> str:
    world.at = START + 10 * DAY
    member = world.apply(vouchers=2)
    world.at += DAY
    world.vouch(member, "m0001")
    world.at += DAY
    world.vouch(member, "m0002")
    world.at = START + 17 * DAY + MINUTE
    world.admit(member, "vouched", "clock", START + 17 * DAY)
    return member


def test_two_founders_vouch_and_the_clock_admits(tmp_path: Path) -> None:
    world = founded(6, joining="vouched")
    vouched(world)
    assert clean(world, tmp_path)


def test_the_last_voucher_admits_where_the_wait_is_over(tmp_path: Path) -> None:
    world = founded(6, joining="vouched")
    world.at = START + 10 * DAY
    member = world.apply(vouchers=2)
    world.vouch(member, "m0001")
    world.at += 9 * DAY
    world.vouch(member, "m0003")
    world.admit(member, "vouched", "m0003")
    assert clean(world, tmp_path)


def test_one_voucher_is_too_few(tmp_path: Path) -> None:
    world = founded(6, joining="vouched")
    member = vouched(world)
    del world.chain[world.find("member.vouched", actor="m0002")]
    report = audited(world, tmp_path)
    assert f"{member} was admitted with 1 vouchers; 2 are needed." in {
        one.sentence for one in report.findings
    }


def test_nobody_vouches_for_a_third_person_in_a_quarter(tmp_path: Path) -> None:
    world = founded(6, joining="vouched")
    world.at = START + 10 * DAY
    for _ in range(3):
        world.vouch(world.apply(vouchers=2), "m0001")
        world.at += HOUR
    report = audited(world, tmp_path)
    third = [number for number, one in enumerate(world.chain) if one.fact.kind_name == "member.vouched"][2]
    assert [one.position for one in report.findings if one.check == "membership_by_own_act"] == [third]


def test_somebody_new_does_not_vouch_yet(tmp_path: Path) -> None:
    world = founded(6, joining="vouched")
    new = vouched(world)
    world.vouch(world.apply(vouchers=2), new)
    assert any("less than 90 days" in one.sentence for one in audited(world, tmp_path).findings)


# --- letters with a code ---


def said_of(world: World, tmp_path: Path) -> list[str]:
    return [one.sentence for one in audited(world, tmp_path).findings if one.check == "membership_by_own_act"]


def test_two_members_of_standing_let_somebody_in_by_a_letter(tmp_path: Path) -> None:
    world = founded(6)
    world.at = START + 10 * DAY
    member = world.apply()
    world.vouch_for_letter(member, "m0001", second=False)
    world.at += 29 * DAY
    world.vouch_for_letter(member, "m0002", second=True)
    assert said_of(world, tmp_path) == []


def test_a_second_after_thirty_days_is_a_first(tmp_path: Path) -> None:
    world = founded(6)
    world.at = START + 10 * DAY
    member = world.apply()
    world.vouch_for_letter(member, "m0001", second=False)
    world.at += 30 * DAY
    world.vouch_for_letter(member, "m0002", second=True)
    [sentence] = said_of(world, tmp_path)
    assert "as the second, without a first" in sentence


def test_whoever_took_back_that_they_asked_is_let_in_by_nobody(tmp_path: Path) -> None:
    world = founded(6)
    world.at = START + 10 * DAY
    member = world.apply()
    due = world.at + 7 * DAY
    world.at += HOUR
    world.record(members.InvitationDeclined(member), member)
    world.at = due + MINUTE
    world.admit(member, "open", "clock", due)
    [sentence] = said_of(world, tmp_path)
    assert sentence == f"{member} was admitted without having asked to join, or after taking that back."


def moves_in(world: World, *, days: int) -> str:
    """Somebody says yes to a founder's invitation so many days after it."""
    member = world.new("m")
    world.invite(member, "m0001", "north", "moving-in")
    world.at += days * DAY
    world.admit(member, "moving-in", member)
    return member


def test_founders_keep_no_stock_of_sleeping_members(tmp_path: Path) -> None:
    world = founded(6)
    moves_in(world, days=89)
    assert said_of(world, tmp_path / "awake") == []
    world = founded(6)
    asleep = moves_in(world, days=90)
    [sentence] = said_of(world, tmp_path / "asleep")
    assert sentence == f"{asleep} moved in more than 90 days after the invitation; then everybody waits."


@pytest.mark.parametrize("said_no", [True, False])
def test_nobody_moves_in_twice_or_after_saying_no(tmp_path: Path, said_no: bool) -> None:
    world = founded(6)
    member = world.new("m")
    world.invite(member, "m0001", "north", "moving-in")
    if said_no:
        world.record(members.InvitationDeclined(member), member)
    else:
        world.admit(member, "moving-in", member)
        world.leave(member)
    world.at += DAY
    world.admit(member, "moving-in", member)
    world.row("members", member=member)["left_at"] = None
    assert said_of(world, tmp_path) == [f"{member} moved in by an invitation that was over."]


def test_whoever_signed_after_the_founding_vouches_after_ninety_days(tmp_path: Path) -> None:
    world = founded(6, joining="vouched")
    world.at = START + 10 * DAY
    member = world.apply(vouchers=2)
    world.vouch(member, "m0006")
    [sentence] = said_of(world, tmp_path)
    assert sentence == f"m0006 vouched for {member}, but had been a member for less than 90 days."


def test_nobody_vouches_for_whoever_vouched_for_them(tmp_path: Path) -> None:
    world = founded(6, joining="vouched")
    member = vouched(world)
    world.at += 100 * DAY
    world.leave("m0001")
    world.at += DAY
    world.apply(member="m0001", vouchers=2)
    world.vouch("m0001", member)
    [sentence] = said_of(world, tmp_path)
    assert sentence == f"{member} vouched for m0001, who had vouched for {member}."


def test_nobody_is_first_and_second_in_one(tmp_path: Path) -> None:
    world = founded(6)
    world.at = START + 10 * DAY
    member = world.apply()
    world.vouch_for_letter(member, "m0001", second=False)
    world.at += HOUR
    world.vouch_for_letter(member, "m0001", second=True)
    [sentence] = said_of(world, tmp_path)
    assert "both as the first and as the second" in sentence


def test_a_second_whose_code_was_not_made_is_told(tmp_path: Path) -> None:
    world = founded(6)
    world.at = START + 10 * DAY
    member = world.apply()
    world.vouch_for_letter(member, "m0001", second=False)
    world.at += HOUR
    world.vouch_for_letter(member, "m0002", second=False)
    [sentence] = said_of(world, tmp_path)
    assert "as a second, and no code was made" in sentence


def test_nobody_vouches_for_a_letter_to_themself_or_when_new(tmp_path: Path) -> None:
    world = founded(6, joining="vouched")
    new = vouched(world)
    other = world.apply(vouchers=2)
    world.vouch_for_letter(other, new, second=False)
    world.vouch_for_letter("m0001", "m0001", second=False)
    told = said_of(world, tmp_path)
    assert sum("less than 90 days" in one for one in told) == 1
    assert sum("that is, for themself" in one for one in told) == 1


@pytest.mark.parametrize("taken", [True, False])
def test_nobody_lets_others_in_as_somebody_who_has_given_an_address(tmp_path: Path, taken: bool) -> None:
    world = founded(6)
    world.at = START + 10 * DAY
    due = world.at + 7 * DAY
    world.record(members.ContactChangeAsked("m0003", due), "m0003")
    if taken:
        world.at = due + MINUTE
        world.record(members.ContactChanged("m0003", due))
    world.vouch_for_letter("m0003", "m0004", second=False)
    [sentence] = said_of(world, tmp_path)
    assert sentence == "m0004 vouched for a letter with a code for m0003, though reached by mail."


def test_who_stopped_a_change_of_address_is_let_in_by_a_letter_again(tmp_path: Path) -> None:
    world = founded(9)
    third = at_root(world)[2]
    world.at = START + 10 * DAY
    world.record(members.ContactChangeAsked(third, world.at + 7 * DAY), third)
    world.at += DAY
    world.record(members.ContactChangeStopped(third), third)
    world.vouch_for_letter(third, "m0001", second=False)
    assert said_of(world, tmp_path) == []


def let_in_by_letter(world: World, many: int, pair: tuple[str, str], *, admit: bool = True) -> list[str]:
    """People who asked to join, came in by letters of these two, and were admitted when their time came."""
    found = [world.apply() for _ in range(many)]
    due = world.at + 7 * DAY
    for member in found:
        world.at += MINUTE
        world.vouch_for_letter(member, pair[0], second=False)
        world.vouch_for_letter(member, pair[1], second=True)
    world.at = due + MINUTE
    for member in found if admit else ():
        world.admit(member, "open", "clock", due)
    return found


def at_root(world: World) -> list[str]:
    """The founders who belong to no branch."""
    return [row["member"] for row in world.rows["members"] if row["unit"] == "root"]


def told_of_letters(report: Report) -> list[str]:
    return [one.sentence for one in report.observations if one.check == "let_in_by_letter"]


def test_a_pair_lets_in_three_by_first_letters_in_a_quarter_and_no_more(tmp_path: Path) -> None:
    world = founded(9)
    let_in_by_letter(world, 3, ("m0001", "m0002"))
    assert said_of(world, tmp_path / "three") == []
    [fourth] = let_in_by_letter(world, 1, ("m0001", at_root(world)[2]))
    [sentence] = said_of(world, tmp_path / "four")
    assert sentence == (
        f"m0001 vouched for a letter with a code for {fourth}, and so for the first letters of 4 people within "
        "91 days; 3 are allowed."
    )
    at = world.find("code_letter.vouched", member=fourth)
    assert at in {one.position for one in audited(world, tmp_path / "again").findings}


def test_after_a_quarter_they_let_in_three_more(tmp_path: Path) -> None:
    world = founded(6)
    let_in_by_letter(world, 3, ("m0001", "m0002"))
    world.at += 91 * DAY
    let_in_by_letter(world, 3, ("m0001", "m0002"))
    assert said_of(world, tmp_path) == []


def test_another_letter_for_the_same_people_is_no_more_people(tmp_path: Path) -> None:
    world = founded(6)
    for member in let_in_by_letter(world, 3, ("m0001", "m0002")):
        world.vouch_for_letter(member, "m0001", second=False)
        world.vouch_for_letter(member, "m0002", second=True)
    assert said_of(world, tmp_path) == []


def test_letters_of_twice_as_many_in_all_and_no_more(tmp_path: Path) -> None:
    world = founded(24)
    one, two, *others = at_root(world)
    first = let_in_by_letter(world, 3, (others[0], others[1]))
    second = let_in_by_letter(world, 3, (others[2], others[3]))
    for member in [*first, *second]:
        world.vouch_for_letter(member, one, second=False)
        world.vouch_for_letter(member, two, second=True)
    assert said_of(world, tmp_path / "six") == []
    let_in_by_letter(world, 1, (one, others[4]))
    [sentence] = said_of(world, tmp_path / "seven")
    assert "and so for letters of 7 people within 91 days; 6 are allowed" in sentence


def test_how_much_those_weigh_who_were_let_in_by_letters_is_told(tmp_path: Path) -> None:
    world = founded(9)
    third = at_root(world)[2]
    let_in = let_in_by_letter(world, 3, ("m0001", "m0002"))
    report = audited(world, tmp_path / "first")
    assert report.ok
    assert told_of_letters(report) == [
        "3 of the 12 (25 in a hundred) members of root were let in by letters with a code.",
        "m0001 and m0002 together let in 3 people by letters with a code; their unit has 12 members.",
    ]
    world.at += 91 * DAY
    more = let_in_by_letter(world, 2, (third, let_in[0]))
    report = audited(world, tmp_path / "further")
    assert report.ok
    assert told_of_letters(report)[2:] == [
        "m0001 vouched for letters with a code by which 3 people came in, and these let in 2 more.",
        "m0002 vouched for letters with a code by which 3 people came in, and these let in 2 more.",
    ]
    world.leave(more[0])
    world.leave(let_in[1])
    assert told_of_letters(audited(world, tmp_path / "left")) == [
        "3 of the 12 (25 in a hundred) members of root were let in by letters with a code.",
        "m0001 vouched for letters with a code by which 2 people came in, and these let in 1 more.",
        "m0002 vouched for letters with a code by which 2 people came in, and these let in 1 more.",
    ]


def test_the_share_of_a_roll_that_was_let_in_by_letters_is_told(tmp_path: Path) -> None:
    world = founded(6)
    let_in_by_letter(world, 3, ("m0001", "m0002"))
    roll = world.accepted("root")
    world.at += HOUR
    issue = world.raise_issue("m0001", needed=2)
    world.support(issue, "m0002")
    world.turn(issue, "answer")
    world.turn(issue, "reply")
    poll = world.open_vote(issue, ["d0001"])
    [sentence] = [one for one in told_of_letters(audited(world, tmp_path)) if poll in one]
    assert sentence.startswith(f"3 of the {len(roll)} (33 in a hundred) people on the roll of {poll}")


def test_a_few_letters_among_many_are_nothing_to_tell(tmp_path: Path) -> None:
    few = founded(6)
    let_in_by_letter(few, 2, ("m0001", "m0002"))
    assert told_of_letters(audited(few, tmp_path / "few")) == []
    many = founded(60)
    one, two, three, four, *_rest = at_root(many)
    let_in_by_letter(many, 2, (one, two))
    let_in_by_letter(many, 1, (three, four))
    assert told_of_letters(audited(many, tmp_path / "many")) == []


# --- coming back ---


def test_who_comes_back_is_the_same_person(tmp_path: Path) -> None:
    world = founded(6)
    world.at += DAY
    world.leave("m0006")
    world.at += DAY
    wait = world.at + 7 * DAY
    made = world.record(_applied("m0006", "root", wait), "m0006", name="Name of m0006")
    world.pointers = [one for one in world.pointers if one[:2] != ["member.name", "m0006"]]
    world.point("member.name", "m0006", made["name"])
    row = world.row("members", member="m0006")
    row.update(standing="applicant", ground="application", unit="root", joined_at=None, left_at=None)
    world.at = wait + MINUTE
    world.admit("m0006", "open", "clock", wait)
    world.at += HOUR
    issue = world.raise_issue("m0006", needed=2)
    world.support(issue, "m0001")
    assert clean(world, tmp_path)


def _applied(member: str, unit: str, wait: object) -> object:
    from kollontai.openrecord.kinds.members import MemberApplied

    return MemberApplied(member, unit, 0, wait)  # type: ignore[arg-type]


# --- small, and grown ---


def test_a_small_house_has_its_short_times(tmp_path: Path) -> None:
    world = founded(4, "small")
    world.at += DAY
    issue = world.raise_issue("m0001", needed=2)
    world.support(issue, "m0002")
    world.turn(issue, "answer")
    world.turn(issue, "reply")
    poll = world.open_vote(issue, ["d0001"])
    for voter in ("m0001", "m0002", "m0003", "m0004"):
        world.vote(poll, voter, "yes")
    world.count(poll, world.at, "yes", {"yes": 4, "no": 0, "abstain": 0})
    world.decide(issue, poll, "d0001")
    assert clean(world, tmp_path)


def test_from_the_fiftieth_member_on_the_normal_floors_hold() -> None:
    one = newest()
    charter = limits("small")
    assert in_force(charter, "small", 49, one)["D1.ordinary"] == charter["D1.ordinary"]
    grown = in_force(charter, "small", 50, one)
    assert grown["D1.ordinary"] == one.limits["normal"]["D1.ordinary"].floor
    assert grown["D4.other"] >= grown["D3.other"]
    assert in_force(limits(), "normal", 50, one) == limits()


def test_an_issue_of_a_grown_house_with_small_limits_is_found(tmp_path: Path) -> None:
    world = founded(54, "small")
    world.at += DAY
    world.raise_issue("m0001", needed=3)
    report = audited(world, tmp_path)
    assert {one.check for one in report.findings} == {"limits_copied"}


@pytest.mark.parametrize(
    ("members", "needed"), [(4, 2), (19, 2), (20, 3), (100, 3), (500, 6), (900, 9), (1_860, 11), (10_000, 25)]
)
def test_the_number_of_supporters(members: int, needed: int) -> None:
    assert supporters_needed(members, limits()) == needed


# --- where nearly everybody leads ---


def committee(founders: int, leaders: int) -> World:
    world = World()
    listed = world.open(founders)
    world.post("table", "root", "m0001", leading=True, seats=leaders)
    for member in listed[:leaders]:
        world.enter("table", member, "m0001", START + 180 * DAY)
    for member in listed:
        world.at += MINUTE
        world.sign(member)
        if world.organisation["founded_at"] and not world.rows["polls"]:
            at, roll = world.at, world.accepted("root")
            for _ in listed[:leaders]:
                world.open_poll("confirmation", "table", "root", roll, evening(at, 5), at)
    due = evening(at, 5)
    polls = [row["poll"] for row in world.rows["polls"]]
    for poll in polls:
        world.vote(poll, roll[0], "yes")
    world.at = due
    for poll, member in zip(polls, listed, strict=False):
        world.count(poll, due, "yes", {"yes": 1, "no": 0, "abstain": 0})
        world.confirm(poll, "table", member, carried=True, ends=START + 180 * DAY)
    return world


@pytest.mark.parametrize(("leaders", "days", "silent"), [(3, 100, False), (2, 100, True), (3, 20, True)])
def test_nobody_is_silenced_where_half_of_the_members_lead_by_posts_that_are_not_new(
    leaders: int, days: int, silent: bool, tmp_path: Path
) -> None:
    world = committee(6, leaders)
    world.nobody_silenced = not silent
    world.at = START + days * DAY
    issue = world.raise_issue("m0006", needed=2)
    world.support(issue, "m0005")
    world.speak(issue, "m0001", "I sit at the table, and I speak.")
    assert [one.check for one in audited(world, tmp_path).findings] == (["leaders_silent"] if silent else [])


def test_more_people_than_seats_are_found(tmp_path: Path) -> None:
    world = committee(6, 3)
    world.change(world.find("post.created"), seats=2)
    world.row("posts", post="table")["seats"] = 2
    report = audited(world, tmp_path)
    third = [number for number, one in enumerate(world.chain) if one.fact.kind_name == "term.begun"][2]
    assert [one.position for one in report.findings] == [third]


def test_an_empty_record_is_told_from_a_broken_one(tmp_path: Path) -> None:
    world = World()
    world.organisation = {}
    report = audited(world, tmp_path)
    assert report.size == 0
    assert report.last_at is None
    assert "none of which tells a time" in report.text()


# --- a draft that found too few supporters ---


def with_a_lonely_draft() -> World:
    world = founded(6)
    world.at += DAY
    issue = world.raise_issue("m0001", needed=2)
    world.support(issue, "m0002")
    lonely = world.put(issue, "m0003", "Something nobody wants.")
    world.turn(issue, "answer")
    world.turn(issue, "reply")
    world.open_vote(issue, ["d0001"])
    world.at += HOUR
    assert lonely == "d0002"
    return world


def test_a_draft_that_came_on_no_ballot_may_be_erased(tmp_path: Path) -> None:
    world = with_a_lonely_draft()
    world.erase("m0003", world.shown("draft.text", "d0002/1"))
    assert clean(world, tmp_path)


def test_the_draft_that_is_voted_on_may_not(tmp_path: Path) -> None:
    world = with_a_lonely_draft()
    world.erase("m0001", world.shown("draft.text", "d0001/1"))
    assert [one.check for one in audited(world, tmp_path).findings] == ["erasure_allowed"]
