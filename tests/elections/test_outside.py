# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballots that law has a scrutineer hold outside: taken along, brought back by two, counted here."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.charter.models import LawNote
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.elections import outside, rules
from kollontai.chapters.elections.acts.enter_outside_count import enter_outside_count
from kollontai.chapters.elections.acts.take_back_outside_count import take_back_outside_count
from kollontai.chapters.elections.models import Election, Offer
from kollontai.chapters.record.act import Actor, tick
from kollontai.chapters.record.models import EntryRow
from kollontai.chapters.record.refusal import Refusal, Refused
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import OutsideEntry, Poll, Voter
from kollontai.counting.ballots import Ballots
from kollontai.counting.files import blt
from kollontai.counting.stv import count as stv
from tests import prepared
from tests.deliberation.test_law_notes import NOTE
from tests.elections.hall import agreed_to, candidates, election, house, raised
from tests.world import World, day, founded, founders, held_by

AT = day("2026-03-01")
SCRUTINEER = rules.Outside(
    is_member=True, is_scrutineer=True, is_candidate=False, held_outside=True, is_open=True, closes_at=AT,
    entered=False,
)  # fmt: skip
PAPER = rules.Paper(("Ada", "Ben", "Re-open nominations"), 1, 10)
THREE = Ballots(PAPER.names, 1, (((0, 1), 4), ((1,), 2)))


def code(refusal: Refusal | None) -> str:
    return refusal.code if refusal else ""


@pytest.mark.parametrize(
    ("changes", "at", "said"),
    [
        ({}, AT, ""),
        ({"is_member": False}, AT, "not-a-member"),
        ({"held_outside": False}, AT, "vote-held-here"),
        ({"is_scrutineer": False}, AT, "not-a-scrutineer"),
        ({"is_candidate": True}, AT, "scrutineer-stands"),
        ({}, AT - timedelta(minutes=1), "outside-not-closed"),
        ({"is_open": False}, AT, "counted-already"),
        ({"entered": True}, AT, "entered-already"),
        ({"last_entered_at": AT}, AT, "entered-just-now"),
        ({"last_entered_at": AT}, AT + timedelta(minutes=1), ""),
    ],
)
def test_who_may_enter_and_when(changes, at, said):
    assert code(rules.may_enter_count(replace(SCRUTINEER, **changes), at=at)) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"entered": True}, ""),
        ({}, "nothing-entered"),
        ({"entered": True, "is_member": False}, "not-a-member"),
        ({"entered": True, "held_outside": False}, "vote-held-here"),
        ({"entered": True, "is_scrutineer": False}, "not-a-scrutineer"),
        ({"entered": True, "is_open": False}, "counted-already"),
    ],
)
def test_who_may_take_back(changes, said):
    assert code(rules.may_take_back_count(replace(SCRUTINEER, **changes))) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"papers": ()}, ""),
        ({"candidates": ("A. Ada", "B. Ben", "None of them")}, ""),
        ({"candidates": ("Ada", "Ben")}, "ballot-file-other-paper"),
        ({"candidates": ("Ben", "Ada", "Re-open nominations")}, "ballot-file-other-order"),
        ({"candidates": ("X", "Y", " ada")}, "ballot-file-other-order"),
        ({"seats": 2}, "ballot-file-other-seats"),
        ({"withdrawn": frozenset({1})}, "ballot-file-changes-paper"),
        ({"tie_order": (0, 1, 2)}, "ballot-file-changes-paper"),
        ({"papers": (((), 1),)}, "ballot-file-not-votes"),
        ({"papers": ((((0, 1),), 1),)}, "ballot-file-not-votes"),
        ({"papers": (((0,), 10),)}, ""),
        ({"papers": (((0,), 11),)}, "more-ballots-than-voters"),
    ],
)
def test_the_ballots_are_those_of_the_paper(changes, said):
    assert code(rules.usable_ballots(replace(THREE, **changes), PAPER)) == said


def test_the_second_is_told_what_differs():
    assert rules.same_count(THREE, replace(THREE, papers=(((1,), 2), ((0, 1), 1), ((0, 1), 3)))) is None
    fewer = rules.same_count(THREE, replace(THREE, papers=(((0, 1), 4),)))
    assert fewer == Refusal("counts-differ-in-number", 12, facts={"yours": 6, "theirs": 4})
    other = rules.same_count(THREE, replace(THREE, papers=(((0, 1), 3), ((1,), 2), ((1, 0), 1))))
    assert other == Refusal(
        "counts-differ", 12, facts={"ranking": "1 2", "yours": 4, "theirs": 3, "rankings": 2}
    )


# --- A vote held outside -----------------------------------------------------------------------------

NAMES = ("ada", "ben", "cleo", "dai", "eva", "finn", "gus")
BOARD = Effect("create_post", title="Board", leading=False, seats=2, term_days=365, box="outside")
BY_LAW = replace(
    NOTE,
    touches="form",
    text="A notary holds the ballot on the board.",
    change="A notary holds it, we count.",
)


@prepared.once
def outside_house(now: Any) -> World:
    """Eva, finn and gus are scrutineers, dai one of a branch; a board is voted, its ballots held outside."""
    made = founded(
        listed=(*founders("ada", "ben", "cleo"), *founders("dai", unit="Kiln Lane"), *founders(*NAMES[4:])),
        posts=(
            held_by("eva finn gus", title="Scrutineers", leading=False, duty="scrutineer", seats=3),
            held_by("dai", title="Watch", leading=False, duty="scrutineer", unit="Kiln Lane"),
        ),
        units=("Ferry Crews", "Kiln Lane"),
    )
    now.move(minutes=1)
    now.pass_to(now.time)
    for voter in Voter.objects.filter(poll__about="confirmation"):
        cast_ballot(Actor(made.id, voter.member_id, "code"), poll_id=voter.poll_id, choice="yes")
    now.pass_days(6)
    carried(made, now, BY_LAW)
    carried(made, now, BOARD)
    return made


def carried(world: World, now: Any, effect: Effect) -> Issue:
    """Everybody votes for something that a law wants."""
    issue = agreed_to(world, now, raised(world, effect, text="1. As the law wants it."), by=NAMES)
    now.pass_to(now.time)
    issue.refresh_from_db()
    return issue


@prepared.once
def at_the_vote(now: Any) -> tuple[World, Poll]:
    """Ada, ben and cleo stand for two seats; the vote is held outside, and runs."""
    world = outside_house(now)
    of = candidates(world, "ada", "ben", "cleo", of=Election.objects.get(post__seats=2))
    return world, Poll.objects.get(pk=to_the_vote_outside(now, of))


@pytest.fixture
def world(db, now, request) -> World:
    """The organisation; at the vote where the test asks for the poll."""
    return request.getfixturevalue("voting")[0] if "poll" in request.fixturenames else outside_house(now)


@pytest.fixture
def voting(db, now) -> tuple[World, Poll]:
    """The organisation and its poll."""
    return at_the_vote(now)


@pytest.fixture
def poll(voting) -> Poll:
    """The vote that is held outside."""
    return voting[1]


def to_the_vote_outside(now, of: Election) -> str:
    now.pass_to(of.closes_at)
    of.refresh_from_db()
    return of.poll


def file_of(world: World, poll: Poll, *papers: str, seats: int = 2, mixed: bool = False) -> str:
    """A ballot file: "3 ada ben" is three ballots; names in the order of the paper."""
    numbers = {option: str(at) for at, option in enumerate(poll.options, 1)}
    lines = []
    for paper in papers:
        times, *names = paper.split()
        lines.append(" ".join([times, *(numbers[world.people.get(name, name)] for name in names), "0"]))
    if mixed:
        lines = [f"1 {line.partition(' ')[2]}" for line in lines for _ in range(int(line.partition(" ")[0]))]
        lines.reverse()
    names = outside.names_on_paper(poll)
    return "\n".join([f"{len(names)} {seats}", *lines, "0", *(f'"{name}"' for name in names), '"Board"', ""])


BALLOTS = ("3 ada ben", "2 ben", "1 cleo ron")


def enter(
    world: World, poll: Poll, by: str, ballots: str, report: str = "Held at the town hall."
) -> OutsideEntry:
    entry: OutsideEntry = enter_outside_count(
        world.actor(by), poll_id=poll.pk, report=report, ballots=ballots
    ).value
    return entry


def refusal(act, world: World, by: str, poll_id: str, **given) -> Refusal:
    """What an act refused with; nothing was changed by it."""
    tick()
    before = EntryRow.objects.count()
    with pytest.raises(Refused) as refused:
        act(world.actor(by), poll_id=poll_id, **given)
    assert EntryRow.objects.count() == before
    return refused.value.refusal


def refused(world: World, by: str, poll: Poll, ballots: str, report: str = "Held.") -> Refusal:
    return refusal(enter_outside_count, world, by, poll.pk, report=report, ballots=ballots)


@pytest.mark.django_db
def test_two_scrutineers_enter_the_same_and_the_count_seats(world, poll, now):
    now.pass_to(poll.closes_at + timedelta(days=3))
    first = enter(world, poll, "eva", file_of(world, poll, *BALLOTS))
    poll.refresh_from_db()
    assert (poll.state, first.cast, world.kinds()[-1]) == ("open", 6, "outside.entered")
    second = enter(world, poll, "finn", file_of(world, poll, *BALLOTS, mixed=True), "As eva says.")
    poll.refresh_from_db()
    assert (first.sha256, str(first.ballots)) == (second.sha256, str(second.ballots))
    assert first.sha256 == sha256(str(first.ballots).encode()).hexdigest()
    assert "Ada" not in str(first.ballots)  # the world may read it
    assert (poll.state, poll.cast, poll.closed_at, poll.box) == ("counted", 6, now.time, "outside")
    assert poll.figures[f"{world.people['ada']}.first"] == 3
    assert json.loads(str(poll.count))["rule"]
    election = Election.objects.get(poll=poll.pk)
    assert (election.state, election.elected) == ("decided", [world.people["ada"], world.people["ben"]])
    assert {term.member_id for term in Term.objects.filter(post=election.post)} == set(election.elected)
    kinds = world.kinds()
    assert kinds[-5:] == [
        "outside.entered", "poll.counted", "election.decided", "term.begun", "term.begun"
    ]  # fmt: skip
    assert refused(world, "gus", poll, file_of(world, poll, *BALLOTS)).code == "counted-already"
    assert refusal(take_back_outside_count, world, "eva", poll.pk).code == "counted-already"


@pytest.mark.django_db
def test_a_tie_goes_by_the_lot_that_the_ballots_give(world, poll, now):
    now.pass_to(poll.closes_at)
    ballots = file_of(world, poll, "2 ada", "2 ben", "2 cleo")
    enter(world, poll, "eva", ballots)
    entry = enter(world, poll, "finn", ballots)
    elected = Election.objects.get(poll=poll.pk).elected
    again = stv(
        replace(blt.read(str(entry.ballots)), title=""), "scottish-stv", seed=entry.sha256,
        reopen=len(poll.options) - 1, leave_out_unranked=True,
    )  # fmt: skip
    assert [poll.options[at] for at in again.elected] == elected
    assert len(elected) == 2


@pytest.mark.django_db
def test_the_next_in_line_is_asked_by_a_recount_of_what_was_entered(world, poll, now):
    now.pass_to(poll.closes_at)
    ballots = file_of(world, poll, "3 ada cleo", "3 ben", "1 cleo")
    for name in ("eva", "finn"):
        enter(world, poll, name, ballots)
    term = Term.objects.get(poll=poll.pk, member=world.people["ada"])
    resign(world.actor("ada"), term_id=term.pk)
    now.pass_to(now.time)
    assert Offer.objects.get().member_id == world.people["cleo"]
    now.pass_days(4)


@pytest.mark.django_db
def test_where_nobody_voted_outside_nobody_is_elected(world, poll, now):
    now.pass_to(poll.closes_at)
    for name in ("eva", "gus"):
        enter(world, poll, name, outside.empty_ballot_file(poll))
    election = Election.objects.get(poll=poll.pk)
    assert (election.elected, election.reopened, election.unfilled) == ([], 0, 2)
    now.pass_days(31)
    assert Election.objects.filter(after=election.pk, why="again", seats=2).exists()


@pytest.mark.django_db
def test_unequal_counts_are_refused_to_the_second_until_one_is_taken_back(world, poll, now):
    now.pass_to(poll.closes_at)
    enter(world, poll, "eva", file_of(world, poll, *BALLOTS))
    assert (
        refused(world, "finn", poll, file_of(world, poll, *BALLOTS, "1 ada")).code
        == "counts-differ-in-number"
    )
    right = file_of(world, poll, "3 ada ben", "2 cleo", "1 cleo ron")
    assert refused(world, "finn", poll, right).code == "counts-differ"
    poll.refresh_from_db()
    assert poll.state == "open"
    assert refused(world, "eva", poll, right).code == "entered-already"
    back = take_back_outside_count(world.actor("eva"), poll_id=poll.pk).value
    assert (back.taken_back_at, world.kinds()[-1]) == (now.time, "outside.taken_back")
    assert refusal(take_back_outside_count, world, "eva", poll.pk).code == "nothing-entered"
    just_now = refused(world, "eva", poll, right)
    assert (just_now.code, just_now.until) == ("entered-just-now", now.time + timedelta(minutes=1))
    now.move(minutes=1)
    enter(world, poll, "eva", right)
    enter(world, poll, "finn", right)
    poll.refresh_from_db()
    assert (poll.state, OutsideEntry.objects.count()) == ("counted", 3)


@pytest.mark.django_db
@pytest.mark.parametrize("goes", [resign, leave])
def test_nobody_blocks_a_count_by_entering_something_false_and_going(world, poll, now, goes):
    now.pass_to(poll.closes_at)
    enter(world, poll, "eva", file_of(world, poll, "6 cleo"))
    right = file_of(world, poll, "1 cleo", "3 ada", "2 ben")
    assert refused(world, "finn", poll, right).code == "counts-differ"
    term = Term.objects.get(member=world.people["eva"], ended_at=None)
    goes(world.actor("eva"), **({"term_id": term.pk} if goes is resign else {}))
    assert goes is leave or refusal(take_back_outside_count, world, "eva", poll.pk).code == "not-a-scrutineer"
    enter(world, poll, "finn", right)
    poll.refresh_from_db()
    assert poll.state == "open"
    assert refused(world, "gus", poll, file_of(world, poll, "6 cleo")).code == "counts-differ"
    enter(world, poll, "gus", right)
    poll.refresh_from_db()
    of = Election.objects.get(poll=poll.pk)
    assert (poll.state, poll.figures[f"{world.people['ada']}.first"]) == ("counted", 3)
    assert of.elected == [world.people["ada"], world.people["ben"]]
    counted = outside.counted_ballots(poll)
    assert counted is not None
    assert counted[1] == sha256(str(OutsideEntry.objects.latest("pk").ballots).encode()).hexdigest()


@pytest.mark.django_db
def test_what_somebody_entered_who_holds_the_post_no_more_holds_beside_the_same(world, poll, now):
    now.pass_to(poll.closes_at)
    enter(world, poll, "eva", file_of(world, poll, *BALLOTS))
    resign(world.actor("eva"), term_id=Term.objects.get(member=world.people["eva"], ended_at=None).pk)
    enter(world, poll, "finn", file_of(world, poll, *BALLOTS))
    poll.refresh_from_db()
    assert poll.state == "counted"


@pytest.mark.django_db
def test_only_scrutineers_who_do_not_stand_enter_and_only_after_the_close(world, poll, now):
    ballots = file_of(world, poll, *BALLOTS)
    early = refused(world, "eva", poll, ballots)
    assert (early.code, early.until) == ("outside-not-closed", poll.closes_at)
    now.pass_to(poll.closes_at)
    assert refused(world, "dai", poll, ballots).code == "not-a-scrutineer"
    assert refusal(take_back_outside_count, world, "dai", poll.pk).code == "not-a-scrutineer"
    confirmation = Poll.objects.filter(about="confirmation").first()
    assert refused(world, "eva", confirmation, ballots).code == "vote-held-here"
    assert (
        refusal(enter_outside_count, world, "eva", "nothing", report="x", ballots="").code == "no-such-vote"
    )
    resign(world.actor("eva"), term_id=Term.objects.get(member=world.people["eva"], ended_at=None).pk)
    assert refused(world, "eva", poll, ballots).code == "not-a-scrutineer"
    leave(world.actor("eva"))
    assert refused(world, "eva", poll, ballots).code == "not-a-member"


@pytest.mark.django_db
def test_a_scrutineer_who_stands_does_not_enter(world, now):
    of = candidates(world, "ada", "eva", of=Election.objects.get(post__seats=2))
    poll = Poll.objects.get(pk=to_the_vote_outside(now, of))
    now.pass_to(poll.closes_at)
    ballots = file_of(world, poll, "3 ada eva")
    assert refused(world, "eva", poll, ballots).code == "scrutineer-stands"
    enter(world, poll, "finn", ballots)
    enter(world, poll, "gus", ballots)
    assert Election.objects.get(pk=of.pk).elected == [world.people["ada"], world.people["eva"]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "said", "facts"),
    [
        ("", "ballot-file-wrong", {"line": 1, "column": 1}),
        ("4 2\n3 1 x 0\n0\n", "ballot-file-wrong", {"line": 2, "column": 5, "found": "x"}),
        ("4 2\n3 1 9 0\n0\n", "ballot-file-wrong", {"line": 2, "column": 5, "found": "9"}),
        ("4 2\n3 1 1 0\n0\n", "ballot-file-wrong", {"line": 2, "column": 5}),
        ('4 2\n0\n"Ada\n', "ballot-file-wrong", {"line": 3, "column": 1}),
        ("4 2\n1" + "0" * 5000 + " 1 0\n0\n", "ballot-file-wrong", {"line": 2, "column": 1}),
        ("3 2\n0\n", "ballot-file-other-paper", {"found": "3", "expected": 4}),
        ("999999999 2\n[tie 1]\n0\n", "ballot-file-other-paper", {"found": "999999999"}),
        ("x", "ballot-file-other-paper", {"found": "x"}),
        ("4 1\n0\n" + '"a"\n"b"\n"c"\n"d"\n', "ballot-file-other-seats", {"found": 1, "expected": 2}),
        ("#" * 2_000_001, "ballot-file-too-long", {"most": 2_000_000}),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_place(world, poll, now, text, said, facts):
    now.pass_to(poll.closes_at)
    answer = refused(world, "eva", poll, text)
    assert answer.code == said
    assert {name: answer.facts[name] for name in facts} == facts


@pytest.mark.django_db
def test_the_report_belongs_to_it(world, poll, now):
    now.pass_to(poll.closes_at)
    ballots = file_of(world, poll, *BALLOTS)
    assert refused(world, "eva", poll, ballots, " ").code == "report-missing"
    assert refused(world, "eva", poll, ballots, "x" * 100_001).code == "text-unusable"


@pytest.mark.django_db
@pytest.mark.parametrize("note", [None, NOTE])
def test_no_ballot_is_held_outside_without_a_law_note_on_the_form(now, note):
    world = house(names=NAMES)
    now.move(minutes=1)
    if note is not None:
        carried(world, now, note)
    with pytest.raises(Refused, match="box-needs-law-note"):
        carried(world, now, BOARD)
    carried(world, now, BY_LAW)
    assert carried(world, now, BOARD).outcome == "carried"
    assert Post.objects.filter(box="outside").count() == 1


@pytest.mark.django_db
def test_when_the_law_note_is_over_the_ballots_of_the_post_are_held_here(world, now):
    note = LawNote.objects.get()
    now.pass_to(note.until + timedelta(days=1))
    assert LawNote.objects.get().lapsed_at == note.until
    assert Post.objects.get(title__value=b"Board").box == "outside"
    of = candidates(world, "ada", "ben", of=election(post__title__value=b"Board", state="nominations"))
    assert Poll.objects.get(pk=to_the_vote_outside(now, of)).box == "separated"


@pytest.mark.django_db
def test_scrutineers_take_roll_and_paper_along_and_nobody_else_does(world, poll, now):
    roll = outside.roll_of(poll.pk, world.member("eva"), at=now.time)
    assert sorted(line.name for line in roll or ()) == [name.title() for name in NAMES]
    assert {line.name for line in roll or () if line.unit == "Kiln Lane"} == {"Dai"}
    for name in ("ada", "dai"):
        assert outside.roll_of(poll.pk, world.member(name), at=now.time) is None
    assert outside.roll_of(poll.pk, None, at=now.time) is None
    issue = Poll.objects.filter(about="issue").order_by("opens_at")[0]
    assert outside.roll_of(issue.pk, world.member("eva"), at=now.time) is None
    assert outside.roll_of("nothing", world.member("eva"), at=now.time) is None
    rows = list(csv.reader(io.StringIO(outside.paper_as_csv(poll))))
    assert rows[0] == ["number", "name"]
    assert rows[-1] == ["4", "Re-open nominations"]
    assert {row[1] for row in rows[1:-1]} == {"Ada", "Ben", "Cleo"}
    empty = blt.read(outside.empty_ballot_file(poll))
    assert (list(empty.candidates), empty.seats, empty.total) == (outside.names_on_paper(poll), 2, 0)


def test_no_cell_of_the_roll_is_a_formula():
    roll = [outside.OnRoll("=1+1", "@unit"), outside.OnRoll("Ada, B.", "-")]
    rows = list(csv.reader(io.StringIO(outside.roll_as_csv(roll))))
    assert rows == [["name", "unit"], ["'=1+1", "'@unit"], ["Ada, B.", "'-"]]
