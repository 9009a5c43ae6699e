# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever people do, the auditor finds nothing; what is done behind the acts, it finds."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from django.db import connection, transaction

from kollontai import ids
from kollontai.auditor import Finding, audit_export
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.deliberation.models import (
    ContributionVersion,
    Draft,
    DraftSupporter,
    Issue,
    Letter,
    StageRow,
    Supporter,
)
from kollontai.chapters.members.models import Member, Unit
from kollontai.chapters.record.models import Content
from kollontai.chapters.voting.models import OpenBallot, Poll, Voter
from kollontai.followers.export import export_to
from tests import prepared
from tests.deliberation.hall import opened_hall
from tests.life import LEFT_OUT, Life
from tests.tampering.sql import change, remove

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def lived(now, monkeypatch) -> Callable[[int, int], Life]:
    """A life by its seed, the same every time: names of things come from the seed, too."""

    def live(seed: int, acts: int) -> Life:
        now.stamps = True
        monkeypatch.setattr(ids.secrets, "token_bytes", random.Random(seed).randbytes)
        monkeypatch.setattr(prepared, "_kept", {})
        monkeypatch.setattr(prepared, "SHARED", False)
        life = Life(opened_hall(now), seed)
        life.live(acts)
        return life

    return live


@pytest.fixture
def findings(tmp_path: Path) -> Callable[[Life], list[Finding]]:
    """What the auditor finds in an export of now: each breach; and it must get through all its questions."""
    number = count()

    def find(life: Life) -> list[Finding]:
        folder = tmp_path / f"look{next(number)}"
        export_to(life.hall.world.organisation, folder)
        report = audit_export(folder)
        assert not [answer.unfinished for answer in report.answers if answer.unfinished]
        return [one for answer in report.answers for one in answer.findings if one.severity == "breach"]

    return find


def test_there_is_something_to_try_every_act_with(now):
    life = Life(opened_hall(now), 0)
    for name, act in life.acts.items():
        for parameter in list(inspect.signature(act.__wrapped__).parameters)[1:]:
            life.finder(name, parameter)
    assert not LEFT_OUT.keys() & life.acts.keys()


def breaches() -> Iterator[tuple[str, Callable[[], None]]]:
    """Ways to bend what there is by SQL, whatever that is."""
    issue = Issue.objects.exclude(stage_ends_at=None).order_by("number").last()
    yield "a stage is shortened", lambda: change(issue, stage_ends_at=issue.stage_ends_at - DAY)
    yield "fewer supporters are needed", lambda: change(issue, needed=issue.needed - 1)
    yield (
        "an issue becomes a big one",
        lambda: change(issue, weight="big" if issue.weight != "big" else "unit"),
    )
    yield "a supporter is struck out", lambda: remove(Supporter.objects.first())
    yield "a draft loses a supporter", lambda: remove(DraftSupporter.objects.last())
    yield "a draft changes hands", lambda: change(Draft.objects.exclude(mover=None).last(), mover_id=_other())
    yield (
        "a stage began earlier",
        lambda: change(stage := StageRow.objects.order_by("pk").last(), began_at=stage.began_at - DAY),
    )
    counted = Poll.objects.filter(state="counted", outcome="yes").last() or Poll.objects.last()
    yield "a result is turned round", lambda: change(counted, outcome="no", figures='{"yes": 0, "no": 9}')
    yield "a vote closes later", lambda: change(counted, closes_at=counted.closes_at + DAY)
    yield (
        "a voter is struck off the roll",
        lambda: remove(Voter.objects.order_by("pk").last()),
    )
    yield "a term lasts longer", lambda: change(term := Term.objects.last(), ends_at=term.ends_at + 30 * DAY)
    yield (
        "a member is moved",
        lambda: change(
            person := Member.objects.filter(standing="member").first(),
            unit_id=Unit.objects.exclude(pk=person.unit_id).first().pk,
        ),
    )
    yield (
        "somebody is made a member",
        lambda: change(Member.objects.exclude(standing="member").last(), standing="member"),
    )
    words = ContributionVersion.objects.exclude(text__value=None).last().text
    yield "words are edited", lambda: change(words, value=b"Something else.")
    yield "words are made away with", lambda: change(words, value=None, salt=None)
    letter = Letter.objects.last()
    if letter is not None:  # a short life may have seen none
        yield "a letter came earlier", lambda: change(letter, received_at=letter.received_at - DAY)
    yield "a ballot is lost", lambda: remove(OpenBallot.objects.order_by("pk").first())


def _other() -> str:
    mover = Draft.objects.exclude(mover=None).last().mover_id
    return Member.objects.filter(standing="member").exclude(pk=mover).first().pk


def test_a_life_is_clean_and_each_breach_of_it_is_found(lived, findings):
    """500 acts of anybody; on PostgreSQL, where the same rules run, 150."""
    life = lived(1, 500 if connection.vendor == "sqlite" else 150)
    assert len(life.done) > 20
    assert len(life.refused) > 30
    assert findings(life) == []
    unseen = []
    for name, breach in breaches():
        try:
            with transaction.atomic():
                breach()
                if not findings(life):
                    unseen.append(name)
                raise _Undone
        except _Undone:
            pass
    assert unseen == []
    assert findings(life) == []


class _Undone(Exception):
    pass


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 120))
def test_ten_thousand_acts_in_twenty_lives_are_clean(lived, seed, findings):
    life = lived(seed, 500)
    assert findings(life) == []
    assert Content.objects.count() > 100
