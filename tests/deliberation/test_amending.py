# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lines, runs and changes: laws that hold for any text, and that server and auditor work out alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kollontai.auditor import amending as outside
from kollontai.chapters.deliberation import amending
from kollontai.chapters.deliberation.amending import (
    GONE,
    Candidate,
    Change,
    Motion,
    Run,
    Versions,
    applied,
    carried_lines,
    lines_of,
    options,
    stand,
    text_of,
)
from kollontai.chapters.deliberation.rules import tidy

LINE = st.sampled_from(["", "a", "b", "c", "d", "e", "f", "g"])
TEXT = st.lists(LINE, min_size=1, max_size=14)
NEW = st.lists(LINE, max_size=4)


@st.composite
def run_in(draw: st.DrawFn, lines: list[str]) -> Run:
    first = draw(st.integers(1, len(lines) + 1))
    return Run(first, draw(st.integers(first - 1, len(lines))))


@st.composite
def changed(draw: st.DrawFn) -> tuple[list[str], Change]:
    lines = draw(TEXT)
    return lines, Change(draw(run_in(lines)), tuple(draw(NEW)))


# --- The difference ----------------------------------------------------------------------------------


@given(TEXT, TEXT)
def test_what_stays_is_equal_and_in_order(old: list[str], new: list[str]) -> None:
    stays = carried_lines(old, new)
    assert (stays[0], stays[-1]) == (0, len(new) + 1)
    there = [place for place in stays if place != GONE]
    assert there == sorted(set(there))
    for number, place in enumerate(stays[1:-1]):
        assert place == GONE or old[number] == new[place - 1]


@given(TEXT, TEXT)
def test_server_and_auditor_find_the_same_difference(old: list[str], new: list[str]) -> None:
    stays = carried_lines(old, new)[1:-1]
    assert outside.kept(old, new) == {
        number: place - 1 for number, place in enumerate(stays) if place != GONE
    }


@given(TEXT)
def test_a_text_that_is_not_changed_stays_whole(lines: list[str]) -> None:
    assert carried_lines(lines, lines) == list(range(len(lines) + 2))


@pytest.mark.parametrize(
    ("old", "new", "stays"),
    [
        ("a b c d", "a x c d", [1, GONE, 3, 4]),
        ("a b c d", "b c d a", [GONE, 1, 2, 3]),  # the longer run stays, the moved line does not
        ("b a", "a b", [GONE, 1]),  # of two runs equally long, the one that ends later in the old text
        ("a x a y a", "a z a", [1, GONE, GONE, GONE, 3]),  # repeated lines stay at the ends alone
        ("p a q a r", "q a p", [GONE, GONE, 1, 2, GONE]),  # once within a part, though not in the whole
    ],
)
def test_the_difference_is_the_one_that_the_decision_describes(old: str, new: str, stays: list[int]) -> None:
    assert carried_lines(old.split(), new.split())[1:-1] == stays


# --- Changes -----------------------------------------------------------------------------------------


@given(changed())
def test_what_is_applied_stands_where_it_says_and_nothing_else_moves(given: tuple[list[str], Change]) -> None:
    lines, change = given
    made = applied(lines, change)
    after = change.after
    assert made[after.first - 1 : after.last] == list(change.lines)
    assert made[: change.run.first - 1] == lines[: change.run.first - 1]
    assert made[after.last :] == lines[change.run.last :]
    edit = outside.Edit(1, (change.run.first - 1, change.run.last), change.lines)
    assert outside.edited(lines, [edit]) == made


@given(st.data())
def test_two_changes_without_conflict_give_one_text_in_either_order(data: st.DataObject) -> None:
    lines, one = data.draw(changed())
    two = Change(data.draw(run_in(lines)), tuple(data.draw(NEW)))
    edits = [outside.Edit(1, (c.run.first - 1, c.run.last), c.lines) for c in (one, two)]
    assert one.conflicts(two) == two.conflicts(one) == edits[0].clashes(edits[1])
    if not one.conflicts(two):
        made = applied(lines, one, two)
        assert made == applied(lines, two, one) == outside.edited(lines, edits)
        assert len(made) == len(lines) + sum(
            len(c.lines) - (c.run.last - c.run.first + 1) for c in (one, two)
        )


@given(st.data())
def test_a_change_is_carried_past_another_that_does_not_touch_it(data: st.DataObject) -> None:
    """Lines that are all different: the difference then is what was done, and nothing else."""
    lines = [f"line {number}" for number in range(data.draw(st.integers(1, 12)))]
    one = Change(data.draw(run_in(lines)), ("new of one",))
    two = Change(data.draw(run_in(lines)), ("new of two", "and more"))
    versions = Versions([lines, applied(lines, two)])
    carried = versions.carried(one.run, 1, 2)
    apart = two.run.last + 1 < one.run.first or one.run.last + 1 < two.run.first
    if apart and not one.run.is_place and not two.run.is_place:
        assert carried is not None
        assert applied(versions.lines(2), Change(carried, one.lines)) == applied(lines, one, two)
    if one.conflicts(two) and not two.run.is_place:
        assert carried is None


@given(st.data())
def test_server_and_auditor_carry_a_run_alike(data: st.DataObject) -> None:
    texts = data.draw(st.lists(TEXT, min_size=2, max_size=5))
    run = data.draw(run_in(texts[0]))
    mine = Versions(texts).carried(run, 1, len(texts))
    theirs = outside.History([text_of(text) for text in texts]).follow(
        (run.first - 1, run.last), 1, len(texts)
    )
    assert (None if mine is None else (mine.first - 1, mine.last)) == theirs


def test_lines_come_and_go_as_they_were() -> None:
    assert lines_of("") == [""]
    assert lines_of(tidy("a\r\nb\rc\n")) == ["a", "b", "c", ""]
    assert text_of(lines_of("a\n\nb")) == "a\n\nb"


def test_new_lines_go_in_at_the_beginning_and_after_the_last_line() -> None:
    lines = ["a", "b"]
    assert applied(lines, Change(Run(1, 0), ("x",))) == ["x", "a", "b"]
    assert applied(lines, Change(Run(3, 2), ("x", "y"))) == ["a", "b", "x", "y"]
    assert applied([], Change(Run(1, 0), ("x",))) == ["x"]
    assert Run(3, 2).fits(lines)
    assert not Run(4, 3).fits(lines)
    assert not Run(2, 3).fits(lines)
    assert not Run(0, 0).fits(lines)


def test_a_place_is_carried_by_the_lines_around_it() -> None:
    old = ["a", "b", "c"]
    end, between = Run(4, 3), Run(2, 1)
    assert Versions([old, ["x", "a", "b", "c"]]).carried(end, 1, 2) == Run(5, 4)
    assert Versions([old, ["a", "b", "c", "x"]]).carried(end, 1, 2) is None
    assert Versions([old, ["x", "a", "b"]]).carried(between, 1, 2) == Run(3, 2)
    assert Versions([old, ["a", "x", "b", "c"]]).carried(between, 1, 2) is None


# --- Where amendments stand --------------------------------------------------------------------------


def motion(
    number: int, run: tuple[int, int], *texts: str, version: int = 1, parent: str = "", accepted: int = 0,
    withdrawn: bool = False,
) -> Motion:  # fmt: skip
    lines = Versions([text.split() for text in texts] or [[]])
    return Motion(f"m{number}", number, version, Run(*run), lines, parent, withdrawn, accepted)


def draft(*texts: str) -> Versions:
    return Versions([text.split() for text in texts])


def test_an_overtaken_amendment_stays_on_the_version_it_was_moved_to() -> None:
    texts = draft("a b c", "x a b c", "x a y c")
    stands = stand(motion(1, (2, 2), "B"), texts)
    assert (stands.version, stands.change.run, stands.overtaken) == (1, Run(2, 2), True)
    assert stand(motion(2, (3, 3), "C"), texts).change.run == Run(4, 4)


def test_a_child_speaks_of_the_version_of_its_parent_that_it_was_moved_to() -> None:
    texts = draft("a b c")
    parent = motion(1, (2, 2), "p q r")
    child = motion(2, (2, 2), "Q", parent="m1")
    assert stand(child, texts, parent).change == Change(Run(2, 2), ("p", "Q", "r"))
    shrunk = motion(1, (2, 2), "p q r", "r")
    stands = stand(child, texts, shrunk)
    assert (stands.change, stands.overtaken) == (Change(Run(2, 2), ("p", "Q", "r")), True)


def test_a_child_of_a_withdrawn_parent_goes_on() -> None:
    parent = motion(1, (1, 1), "p q", withdrawn=True)
    stands = stand(motion(2, (2, 2), "Q", parent="m1"), draft("a b"), parent)
    assert stands.goes_on
    assert stands.change == Change(Run(1, 1), ("p", "Q"))


def test_when_its_parent_is_accepted_a_child_speaks_of_the_lines_in_the_draft() -> None:
    parent = motion(1, (2, 2), "p q", accepted=2)
    child = motion(2, (2, 2), "Q", parent="m1")
    stands = stand(child, draft("a b c", "a p q c", "x a p q c"), parent)
    assert (stands.version, stands.change, stands.overtaken) == (3, Change(Run(4, 4), ("Q",)), False)
    gone = stand(child, draft("a b c", "a p q c", "a c"), parent)
    assert (gone.version, gone.change, gone.overtaken) == (2, Change(Run(3, 3), ("Q",)), True)


def test_what_was_accepted_and_revised_away_is_open_again() -> None:
    taken = motion(1, (2, 2), "B", accepted=2)
    assert stand(taken, draft("a b c", "a B c", "x a B c")).done
    stands = stand(taken, draft("a b c", "a B c", "a z c"))
    assert (stands.done, stands.undone, stands.goes_on) == (False, True, True)
    assert (stands.version, stands.change) == (1, Change(Run(2, 2), ("B",)))


def test_conflicts_are_told_on_both_sides_and_a_parent_is_none_of_its_child() -> None:
    texts = draft("a b c d")
    moved = [
        motion(1, (2, 3), "x y"),
        motion(2, (3, 4), "z"),
        motion(3, (1, 1), parent="m1"),
        motion(4, (2, 1), "n"),
        motion(5, (1, 1), "k", withdrawn=True),
    ]
    found = amending.conflicts(amending.stand_all(moved, texts))
    assert found == {"m1": [2], "m2": [1, 3], "m3": [2], "m4": [], "m5": []}


# --- What comes to the vote --------------------------------------------------------------------------


def candidate(name: str, texts: Versions, *motions: Motion, **given: object) -> Candidate:
    known = {
        "effects": "", "first": name == "A", "supporters": 3, "qualifies": True, "combined": (),
        "backed": {one.id: 3 for one in motions},
    }  # fmt: skip
    return Candidate(draft=name, texts=texts, motions=motions, **{**known, **given})  # type: ignore[arg-type]


def shown(*candidates: Candidate, most: int = 12) -> list[tuple[str, tuple[int, ...], str]]:
    return [
        (one.draft, one.numbers, " ".join(one.text.split("\n")))
        for one in options(candidates, needed=2, most=most)
    ]


def test_each_draft_is_followed_by_its_alternatives_in_the_order_of_their_numbers() -> None:
    a = candidate("A", draft("a b"), motion(2, (2, 2), "B"), motion(4, (1, 1), "X"))
    b = candidate("B", draft("c d"), motion(1, (1, 1), "C"), motion(3, (3, 2), "E"), qualifies=False)
    assert shown(a, b) == [
        ("A", (), "a b"), ("A", (2,), "a B"), ("A", (4,), "X b"), ("B", (1,), "C d"), ("B", (3,), "c d E"),
    ]  # fmt: skip


def test_what_lacks_supporters_or_was_withdrawn_or_stands_in_the_text_makes_none() -> None:
    texts = draft("a b", "a B")
    moved = (
        motion(1, (2, 2), "B", accepted=2), motion(2, (1, 1), "X", withdrawn=True), motion(3, (1, 1), "Y"),
    )  # fmt: skip
    assert shown(candidate("A", texts, *moved, backed={"m1": 9, "m2": 9, "m3": 1})) == [("A", (), "a B")]


def test_an_overtaken_amendment_is_applied_to_the_version_it_was_moved_to() -> None:
    assert shown(candidate("A", draft("a b", "a z"), motion(1, (2, 2), "B"))) == [
        ("A", (), "a z"), ("A", (1,), "a B"),
    ]  # fmt: skip


def test_combined_amendments_are_one_alternative_with_the_support_of_the_lesser() -> None:
    moved = (motion(1, (2, 2), "B"), motion(2, (1, 1), "X"), motion(3, (1, 1), "Y"))
    both = (("m1", "m2"),)
    a = candidate("A", draft("a b"), *moved, combined=both)
    assert shown(a) == [("A", (), "a b"), ("A", (2, 1), "X B"), ("A", (3,), "Y b")]
    weak = candidate("A", draft("a b"), *moved, combined=both, backed={"m1": 5, "m2": 1, "m3": 0})
    assert shown(weak) == [("A", (), "a b"), ("A", (1,), "a B")]  # it falls apart: nobody's support is lost
    clashing = candidate("A", draft("a b"), *moved, combined=(("m2", "m3"),))
    assert [numbers for _, numbers, _ in shown(clashing)] == [(), (1,), (2,), (3,)]


def test_what_is_equal_to_another_option_is_left_out_and_its_support_counts_there() -> None:
    a = candidate("A", draft("a b"), motion(1, (2, 2), "B"), motion(2, (2, 2), "B"), motion(3, (1, 1), "c"))
    b = candidate("B", draft("c b"), supporters=2)
    assert shown(a, b) == [("A", (), "a b"), ("A", (1,), "a B"), ("B", (), "c b")]
    offered = options([a, b], needed=2, most=12)
    assert [one.supporters for one in offered] == [3, 3, 3]
    other = candidate("B", draft("c b"), effects='[{"effect": "end_post"}]')
    assert len(shown(a, other)) == 4  # the same words with other effects are another question


def test_of_too_many_the_first_draft_and_the_best_supported_stay_the_earlier_among_equals() -> None:
    moved = [motion(number, (1, 1), f"x{number}") for number in range(1, 6)]
    backed = {"m1": 2, "m2": 4, "m3": 2, "m4": 4, "m5": 2}
    a = candidate("A", draft("a b"), *moved, backed=backed, supporters=0)
    assert [numbers for _, numbers, _ in shown(a, most=4)] == [(), (1,), (2,), (4,)]


def test_of_more_than_twelve_drafts_the_best_supported_come_to_the_vote() -> None:
    many = [candidate("A", draft("a"), supporters=0)]
    many += [candidate(f"D{n}", draft(f"d{n}"), supporters=2 + n % 7) for n in range(1, 20)]
    chosen = [name for name, _, _ in shown(*many)]
    assert len(chosen) == 12
    assert chosen[0] == "A", "the question that was asked stays on its ballot"
    least = min(one.supporters for one in many if one.draft in chosen[1:])
    assert all(one.supporters <= least for one in many if one.draft not in chosen)
    assert chosen == sorted(chosen, key=[one.draft for one in many].index)


@given(st.data())
def test_server_and_auditor_place_motions_alike_through_any_history(data: st.DataObject) -> None:
    texts = Versions(data.draw(st.lists(TEXT, min_size=1, max_size=4)))
    version = data.draw(st.integers(1, texts.newest))
    run = data.draw(run_in(texts.lines(version)))
    one = Motion("m", 1, version, run, Versions([data.draw(NEW)]))
    stands = stand(one, texts)
    history = outside.History([text_of(texts.lines(n)) for n in range(1, texts.newest + 1)])
    span = history.follow((run.first - 1, run.last), version, history.last)
    assert stands.overtaken == (span is None)
    if span is not None:
        assert (stands.change.run.first - 1, stands.change.run.last) == span
    made = applied(texts.lines(stands.version), stands.change)
    assert len(made) == len(texts.lines(stands.version)) + len(one.lines) - (run.last - run.first + 1)
