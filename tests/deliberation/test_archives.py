# SPDX-License-Identifier: AGPL-3.0-or-later
"""Threads from elsewhere: brought along by members, to be read, and by no leader as a speech."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kollontai.chapters.deliberation import archives as rules
from kollontai.chapters.deliberation.acts.erase_archive import erase_archive
from kollontai.chapters.deliberation.acts.import_archive import import_archive
from kollontai.chapters.deliberation.archives import Bringing, Remark, Thread, Vote
from kollontai.chapters.deliberation.models import ArchivedThread
from kollontai.chapters.record.models import Content

THREAD = Thread("The boiler", "It is old.", "Nobody", "2024-03-01T10:00Z", (Remark("Iris", "", "Very old."),))


def bring(hall, name, threads=(THREAD,), source="loomio"):
    return import_archive(hall.world.actor(name), source=source, threads=threads)


KNOWN = Bringing(is_member=True, founded=True, leads_somewhere=False, given=1, last_day=0)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (KNOWN, None),
        (replace(KNOWN, founded=False), "not-founded-yet"),
        (replace(KNOWN, is_member=False), "not-a-member"),
        (replace(KNOWN, leads_somewhere=True), "leaders-bring-nothing"),
        (replace(KNOWN, given=0), "no-threads"),
        (replace(KNOWN, given=200), None),
        (replace(KNOWN, given=201), "too-many-threads"),
        (replace(KNOWN, given=1, last_day=499), None),
        (replace(KNOWN, given=1, last_day=500), "too-many-threads-today"),
    ],
)
def test_who_brings_threads_along(facts, code):
    refusal = rules.may_bring(facts)
    assert (refusal and refusal.code) == code


@pytest.mark.parametrize(
    ("source", "thread", "code"),
    [
        ("loomio", THREAD, None),
        ("memory", THREAD, "source-unknown"),
        ("loomio", replace(THREAD, title=" "), "title-empty"),
        ("loomio", replace(THREAD, text="x" * rules.THREAD_BYTES), "thread-too-long"),
        ("loomio", replace(THREAD, remarks=(Remark("", "", ""),) * 2_001), "thread-too-long"),
        ("loomio", replace(THREAD, remarks=(Remark("", "", "", 1),)), "answers-nothing-here"),
        ("loomio", replace(THREAD, votes=(Vote("A\0B", "", "", "", ""),)), "text-unreadable"),
    ],
)
def test_what_a_thread_may_be(source, thread, code):
    refusal = rules.usable(source, thread)
    assert (refusal and refusal.code) == code


def test_names_that_are_left_out_go_with_their_words_however_they_are_spelt():
    thread = replace(THREAD, who="José", remarks=(Remark("IRIS", "", "Mine."), Remark("Max", "", "His.", 1)))
    left = rules.without(thread, ["iris", "", "  Jose "])
    assert (left.who, left.text) == (rules.LEFT_OUT, rules.LEFT_OUT)
    assert [one.text for one in left.remarks] == [rules.LEFT_OUT, "His."]
    assert rules.without(thread, ["", " "]) == thread


@pytest.mark.django_db
class TestTheActs:
    def test_a_member_brings_threads_along_and_all_members_read_them(self, hall):
        done = bring(hall, "ada", [THREAD, replace(THREAD, title="The roof")])
        assert hall.world.kinds()[-2:] == ["archive.imported"] * 2
        row = ArchivedThread.objects.get(pk=done.value[0].pk)
        assert rules.read(str(row.thread)) == THREAD
        assert row.thread.audience == "members"
        assert list(ArchivedThread.objects.visible_to(None)) == []
        assert ArchivedThread.objects.visible_to(hall.world.member("hal")).count() == 2

    @pytest.mark.parametrize("stage", ["gathering", "talk", "answer", "reply", "vote"])
    def test_who_leads_on_an_open_issue_brings_nothing_in_any_stage(self, hall, stage):
        hall.stood_in(stage)
        assert (
            hall.refused(import_archive, "hal", source="loomio", threads=[THREAD]) == "leaders-bring-nothing"
        )

    def test_a_leader_of_a_branch_is_held_back_by_the_issues_of_that_branch_alone(self, hall):
        hall.talked()
        bring(hall, "iva")
        hall.talked("kit", "Ferry Crews")
        assert (
            hall.refused(import_archive, "iva", source="loomio", threads=[THREAD]) == "leaders-bring-nothing"
        )

    def test_when_nothing_is_open_a_leader_may(self, hall):
        bring(hall, "hal")
        assert ArchivedThread.objects.count() == 1

    def test_one_thread_that_cannot_come_keeps_all_there(self, hall):
        bad = replace(THREAD, title="")
        assert hall.refused(import_archive, "ada", source="loomio", threads=[THREAD, bad]) == "title-empty"
        assert ArchivedThread.objects.count() == 0

    def test_nobody_brings_more_than_five_hundred_in_a_day(self, hall):
        for _ in range(2):
            bring(hall, "ada", [THREAD] * 200)
        many = [THREAD] * 101
        assert hall.refused(import_archive, "ada", source="loomio", threads=many) == "too-many-threads-today"
        bring(hall, "ben")
        hall.now.move(hours=24)
        bring(hall, "ada", many)

    def test_whoever_brought_it_along_erases_it_and_nobody_else(self, hall):
        [one] = bring(hall, "ada").value
        assert hall.refused(erase_archive, "ben", archive_id=one.pk) == "not-brought-by-you"
        assert hall.refused(erase_archive, "hal", archive_id=one.pk) == "not-brought-by-you"
        assert hall.refused(erase_archive, "ada", archive_id="nothing") == "no-such-thread"
        erase_archive(hall.world.actor("ada"), archive_id=one.pk)
        words = Content.objects.get(pk=one.thread_id)
        assert (words.value, words.salt, words.erased) == (None, None, True)
        assert hall.refused(erase_archive, "ada", archive_id=one.pk) == "erased-already"

    def test_a_name_in_it_is_nobody_here(self, hall):
        bring(hall, "ada", [replace(THREAD, who="Hal", remarks=(Remark("Ben", "", "I am for it."),))])
        assert (
            not Content.objects.filter(kind="archive.imported")
            .exclude(author=hall.world.people["ada"])
            .exists()
        )
        assert hall.world.people["ben"] not in str(ArchivedThread.objects.get().thread)
