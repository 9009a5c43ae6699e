# SPDX-License-Identifier: AGPL-3.0-or-later
"""What breaks no rule and is told all the same; and what could not be counted again."""

from __future__ import annotations

from pathlib import Path

from kollontai.auditor import Report, audit_export

from .stories import seats_given_back_one_after_the_other as given_back
from .story import CHAIR, honest
from .world import DAY

SPEECH = (
    "We should buy the kettle now because the old one leaks every morning and the whole kitchen floor "
    "is wet before anybody has had a cup of tea which is no way to begin a day of work in this house."
)


def told(report: Report, check: str) -> list[tuple[int | None, str]]:
    assert not [answer.unfinished for answer in report.answers if answer.unfinished]
    return [(one.position, one.sentence) for one in report.observations if one.check == check]


def test_a_leader_who_repeats_a_member_nearly_word_for_word_is_told(tmp_path: Path) -> None:
    world = honest()
    world.speak("i0004", "m0007", SPEECH)
    said = world.here
    world.turn("i0004", "answer")
    world.speak("i0004", CHAIR, SPEECH.replace("kettle", "samovar") + " I have always said so.", "for")
    report = audit_export(world.export(tmp_path))
    assert report.findings == []
    assert report.ok
    assert [position for position, _ in told(report, "texts_echoed")] == [world.here]
    assert f"entry {said}" in told(report, "texts_echoed")[0][1]


def test_a_leader_who_says_something_else_is_not(tmp_path: Path) -> None:
    world = honest()
    world.speak("i0004", "m0007", SPEECH)
    world.turn("i0004", "answer")
    world.speak("i0004", CHAIR, " ".join(reversed(SPEECH.split())), "for")
    assert told(audit_export(world.export(tmp_path)), "texts_echoed") == []


def test_a_draft_that_never_moved_while_members_argued_is_told(tmp_path: Path) -> None:
    world = honest()
    for number in range(6):
        world.speak("i0004", "m0007", f"Word {number}.")
    world.turn("i0004", "answer")
    world.turn("i0004", "reply")
    draft = next(row["draft"] for row in world.rows["drafts"] if row["issue"] == "i0004")
    world.open_vote("i0004", [draft])
    report = audit_export(world.export(tmp_path))
    assert report.findings == []
    assert len(told(report, "drafts_never_changed")) == 1


def test_a_clock_that_came_days_late_is_told_and_nobody_lost_time(tmp_path: Path) -> None:
    world = honest()
    world.turn("i0004", "answer", late=3 * DAY)
    report = audit_export(world.export(tmp_path))
    assert report.findings == []
    assert [position for position, _ in told(report, "clock_not_early")] == [
        world.find("stage.begun", issue="i0004", stage="answer"),
        world.find("statement.opened", statement="s0002"),
    ]


def test_a_stage_counted_from_its_due_time_after_an_outage_is_cut_short(tmp_path: Path) -> None:
    world = honest()
    due = world.ends("i0004")
    world.turn("i0004", "answer", late=3 * DAY)
    position = world.find("stage.begun", issue="i0004", stage="answer")
    fact = world.chain[position].fact
    world.change(position, ends_at=fact.ends_at - 3 * DAY)  # type: ignore[attr-defined]
    assert due < world.at
    report = audit_export(world.export(tmp_path))
    assert position in {one.position for one in report.findings if one.check == "stages_full_length"}


def test_what_is_held_and_what_was_erased_is_said_to_be_unseen(tmp_path: Path) -> None:
    report = audit_export(honest().export(tmp_path))
    assert any("What was erased: 3" in line for line in report.not_seen)
    assert any("statement opens: 1" in line for line in report.not_seen)


def test_the_report_for_the_world_says_what_it_could_not_count(tmp_path: Path) -> None:
    world = honest()
    for one in world.contents.values():
        one.held_until = one.held_until or ""
    export = world.export(tmp_path)
    for key, one in world.contents.items():
        if one.audience == "members":
            (export / f"content/{key}.json").unlink(missing_ok=True)
    manifest = (export / "manifest").read_bytes()
    (export / "manifest").write_bytes(manifest.replace(b"\nmembers\n", b"\nworld\n", 1))
    report = audit_export(export)
    assert any("only members may read" in line for line in report.not_seen)
    assert len(told(report, "counts_recomputed")) == 6
    assert not [one for one in report.findings if one.check == "content_opens"]


def test_seats_of_a_body_that_are_filled_apart_are_told(tmp_path: Path) -> None:
    world = given_back()
    report = audit_export(world.export(tmp_path))
    assert report.findings == []
    position = world.find("election.opened", election="e0003")
    assert told(report, "elections_on_time") == [
        (
            position,
            "The seat of t0003 fell vacant when the vote of e0002 on another seat of table had begun: the two "
            "are counted apart.",
        )
    ]
