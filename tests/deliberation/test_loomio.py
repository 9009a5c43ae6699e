# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Loomio group export is read, old or new, and nothing in a file makes the reading fall over."""

from __future__ import annotations

import json
import random

import pytest

from kollontai.chapters.deliberation import archives, loomio
from kollontai.chapters.deliberation.archives import Choice, Remark
from tests.deliberation.loomio_export import NEW, OLD, export


def test_an_export_of_today_is_read_whole() -> None:
    found = loomio.preview(export(NEW))
    assert (found.group, found.problems, found.left) == ("Fictional Allotments", (), 1)
    butts, sunday = found.threads
    assert (butts.title, butts.who, butts.at) == ("The water butts", "Orla Fictional", "2024-03-01T10:20Z")
    assert butts.text == "Two leak & one is gone.\n\n- Mend"
    assert butts.remarks == (
        Remark("Émile Fictional", "2024-03-02T08:00Z", "Mend them first."),
        Remark("Orla Fictional", "2024-03-02T09:00Z", "Agreed.", 1),
    )
    [vote] = butts.votes
    assert (vote.title, vote.form, vote.closed_at, vote.voters) == (
        "Mend or buy?",
        "proposal",
        "2024-03-09T18:00Z",
        9,
    )
    assert vote.options == (Choice("Mend", 5, 5), Choice("Buy", 2, 2))
    assert vote.outcomes == (Remark("Émile Fictional", "2024-03-10T07:00Z", "We mend."),)
    assert (sunday.title, sunday.votes[0].options, sunday.votes[0].closed_at) == ("Which Sunday?", (), "")


def test_an_export_of_ten_years_ago_is_read_too() -> None:
    found = loomio.preview(export(OLD))
    assert found.problems == ()
    [hedge] = found.threads
    assert hedge.at == ""
    assert hedge.remarks == (
        Remark("Orla Fictional", "2016-05-01T09:00Z", "No."),
        Remark("", "2016-05-01T10:00Z", "Yes."),
    )
    assert hedge.votes[0].options == (Choice("yes", 1, 1), Choice("no"))


def test_neither_mail_addresses_nor_how_somebody_voted_come_along() -> None:
    said = "".join(archives.write(thread) for thread in loomio.preview(export(NEW)).threads)
    assert "@" not in said
    assert "Cheaper" not in said


def test_what_is_written_is_read_again() -> None:
    for thread in loomio.preview(export(NEW)).threads:
        assert archives.read(archives.write(thread)) == thread


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "This line is no JSON."),
        (b"[" * 100_000, "This line is no JSON."),
        (b"[1]", "names no table and record"),
        (b'{"table": "users", "record": 3}', "names no table and record"),
        (b'{"table": "users", "record": {"id": {}}}', "A record of users has no number."),
        (b'{"table": "users", "record": {"id": 1e999}}', "A record of users has no number."),
        (b'{"table": "users", "record": {"id": true}}', "A record of users has no number."),
        (b'{"table": "users", "record": {"id": 1}}', "Number 1 of users stands in the file twice."),
        (b'{"table": "users", "record": "\xff"}', "This line is not UTF-8"),
        (b'{"table": "comments", "record": {"id": 9, "discussion_id": 404}}', "belongs to no discussion"),
        (
            b'{"table": "comments", "record": {"id": 9, "parent_type": "Comment", "parent_id": 9}}',
            "no discussion",
        ),
        (b'{"table": "discussions", "record": {"id": 9, "title": " "}}', "This thread has no title."),
        (b'{"table": "x", "record": {"y": "' + b"z" * loomio.LONGEST_LINE + b'"}}', "longer than 2 MB"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_read(line: bytes, reason: str) -> None:
    data = export(NEW) + line + b"\n"
    found = loomio.preview(data)
    assert len(found.threads) == 2
    [problem] = found.problems
    assert problem.line == len(NEW) + 1
    assert reason in problem.reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04 and more", "packed archive"),
        (b" " * (loomio.MOST_BYTES + 1), "larger than 50 MB"),
        (b'{"table": "notifications", "record": {}}', "There is no discussion in this file"),
    ],
)
def test_a_file_that_is_none_of_these_is_named(data: bytes, reason: str) -> None:
    found = loomio.preview(data)
    assert (found.threads, len(found.problems)) == ((), 1)
    assert reason in found.problems[0].reason


def test_a_thread_that_is_too_long_is_left_there_and_named() -> None:
    long = [("comments", {"id": n, "body": "x", "discussion_id": 11}) for n in range(1000, 3001)]
    found = loomio.preview(export([*NEW, *long]))
    assert [one.title for one in found.threads] == ["Which Sunday?"]
    assert "more than 2,000 comments" in found.problems[0].reason
    huge = ("comments", {"id": 1000, "body": "x" * archives.THREAD_BYTES, "discussion_id": 11})
    assert "longer than 500 kB" in loomio.preview(export([*NEW, huge])).problems[0].reason


def test_of_very_many_threads_the_oldest_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loomio, "MOST_THREADS", 1)
    found = loomio.preview(export(NEW))
    assert [one.title for one in found.threads] == ["The water butts"]
    assert found.problems[0].reason == "Of 2 threads the oldest 1 are shown."
    monkeypatch.setattr(loomio, "MOST_KEPT", 10)
    assert loomio.preview(export(NEW)).threads == ()
    assert "larger than 0 MB" in loomio.preview(export(NEW), most=100).problems[0].reason


def test_problems_do_not_grow_without_end() -> None:
    found = loomio.preview(b"{\n" * 5_000)
    assert len(found.problems) == loomio.MOST_PROBLEMS + 1


@pytest.mark.parametrize("seed", range(60))
def test_no_file_of_odd_values_makes_it_fall_over(seed: int) -> None:
    """Any field may hold anything that JSON can spell; what comes out is a thread all the same, or named."""
    chance = random.Random(seed)
    odd = [
        None,
        True,
        -1,
        10**40,
        1.5,
        "",
        "x" * 500,
        "\0\x1b",
        [],
        {},
        [{}],
        "9" * 30,
        "0001-01-01T00:00:00Z",
    ]
    rows = []
    for table, record in chance.sample(NEW, len(NEW)):
        bent = {key: chance.choice(odd) if chance.random() < 0.3 else value for key, value in record.items()}
        rows.append((table, bent))
    found = loomio.preview(export(rows))
    for thread in found.threads:
        assert archives.usable("loomio", thread) is None
        assert archives.read(archives.write(thread)) == thread
        json.loads(archives.write(thread))
