# SPDX-License-Identifier: AGPL-3.0-or-later
"""How somebody would try to get more out of writing in than it is for."""

from __future__ import annotations

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.deliberation.acts.erase_name import erase_name
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.ask_contact_change import ask_contact_change
from kollontai.chapters.members.acts.stop_contact_change import stop_contact_change
from kollontai.chapters.record.act import ACTS, Actor, discover
from kollontai.chapters.writing_in import queries, rules
from kollontai.chapters.writing_in.acts.end_naming import end_naming
from kollontai.chapters.writing_in.acts.name_writer import name_writer
from kollontai.chapters.writing_in.acts.undo_writing import undo_writing
from kollontai.openrecord.facts import KINDS
from tests.bodies.test_leaders import seated
from tests.deliberation.hall import opened_hall
from tests.world import founders, held_by
from tests.writing_in.street import Street, move_in_without_mail

pytestmark = pytest.mark.django_db


def test_a_writer_who_comes_to_lead_writes_in_nothing_while_they_do(now):
    hall = opened_hall(now, seated=False)
    move_in_without_mail(hall.world, ("rosa",))
    street = Street(hall.world, now)
    street.name("rosa", "hal")  # the members have not confirmed hal yet
    before = street.talked()
    street.words("hal", "rosa", before)
    now.pass_days(8)
    assert Term.objects.filter(member=street.who("hal")).running_at(now.time).exists()
    issue = street.talked()
    assert street.refused_words("hal", "rosa", issue) == "naming-rests"
    assert street.refused_words("hal", "rosa", street.talked("kit", "Ferry Crews")) == "naming-rests"
    assert street.refused_support("hal", "rosa", "draft", issue.drafts.get()) == "naming-rests"
    resign(street.world.actor("hal"), term_id=Term.objects.get(member=street.who("hal")).pk)
    assert street.refused_words("hal", "rosa", issue) == "leaders-after-members"  # led when it was raised
    now.move(minutes=1)
    street.words("hal", "rosa", street.talked())


def test_naming_for_one_evening_shows_who_wrote_and_frees_nobody_for_another(street):
    issue = street.talked()
    for name in ("rosa", "sam", "tess"):
        naming = street.name(name, "ben")
        street.words("ben", name, issue)
        street.end(name, naming)
        assert street.refused_words("ben", name, issue) == "not-named-by-them"
    refusal = street.refusal(name_writer, "uli", writer_id=street.who("ben"))
    assert refusal.code == "writer-for-enough"
    assert refusal.until == street.now.time + rules.RESTS
    again = street.name("rosa", "ben")  # who had named them may again: it is no fourth
    street.end("ben", again)
    street.now.pass_to(refusal.until)
    street.name("uli", "ben")


def test_a_writer_who_collects_thirty_neighbours_gets_three(street):
    move_in_without_mail(street.world, tuple(f"n{number}" for number in range(6)))
    for name in ("rosa", "sam", "tess"):
        street.name(name, "ben")
    for name in ("uli", *(f"n{number}" for number in range(6))):
        refusal = street.refusal(name_writer, name, writer_id=street.who("ben"))
        assert (refusal.code, refusal.until) == ("writer-for-enough", None)
    assert queries.written_for_by(street.world.member("ben")).count() == 3


@pytest.mark.parametrize("who", ["rosa", "kit"])
def test_when_either_has_left_nothing_is_written_in_and_coming_back_revives_nothing(street, who):
    naming = street.name("rosa", "kit")
    made = street.words("kit", "rosa", street.talked())
    leave(street.world.actor(who))
    code = "not-named-by-them" if who == "rosa" else "not-a-member"
    assert street.refused_words("kit", "rosa", street.talked()) == code
    other = "kit" if who == "rosa" else "rosa"
    assert street.refused(end_naming, other, naming_id=naming.pk) == "naming-over"
    if who == "rosa":
        street.undo("rosa", made, slip=made.slip)  # what stands under their name they still undo
    street.now.move(minutes=1)
    apply(
        Actor(street.world.id, street.who(who), "code"),
        unit_id=street.world.unit().pk, name=who.title(), email="",
    )  # fmt: skip
    street.now.pass_days(9)
    assert street.world.member(who).standing == "member"
    assert street.refused_words("kit", "rosa", street.talked()) == "not-named-by-them"


def test_who_has_a_mailbox_again_acts_themself(street):
    street.name("rosa", "ben")
    issue = street.talked()
    ask_contact_change(street.world.actor("rosa"), email="rosa@example.org")
    assert street.refused_words("ben", "rosa", issue) == "they-are-reached-by-mail"
    assert street.refused(name_writer, "rosa", writer_id=street.who("cleo")) == "reached-by-mail"
    stop_contact_change(street.world.actor("rosa"))
    made = street.words("ben", "rosa", issue)
    ask_contact_change(street.world.actor("rosa"), email="rosa@example.org")
    street.now.pass_days(8)
    assert street.refused_words("ben", "rosa", street.fresh(issue)) == "they-are-reached-by-mail"
    assert street.undo("rosa", made).undone_at == street.now.time


def test_a_writer_cannot_undo_or_end_for_the_other_what_is_theirs(street):
    naming = street.name("rosa", "ben")
    made = street.words("ben", "rosa", street.talked())
    assert street.refused(undo_writing, "ben", write_in_id=made.pk, slip=made.slip) == "not-written-for-you"
    assert street.refused(end_naming, "hal", naming_id=naming.pk) == "not-your-naming"


def test_no_act_and_no_entry_lets_anybody_vote_sign_stand_or_vouch_for_another():
    discover()
    by_hand = {name for name in ACTS if name.startswith("writing_in.")}
    assert by_hand == {
        "writing_in.name_writer", "writing_in.end_naming", "writing_in.write_in_words",
        "writing_in.write_in_support", "writing_in.undo_writing",
    }  # fmt: skip
    in_anothers_name = {name for name, kind in KINDS.items() if "write_in" in kind.shapes}
    assert in_anothers_name == {"words.written_in", "support.written_in", "writing.undone"}


def test_in_a_house_where_half_lead_a_neighbour_on_the_committee_writes_in(now):
    world = seated(
        now, listed=founders("ada", "ben", "cleo"), posts=[held_by("ada ben", title="Committee", seats=2)]
    )
    move_in_without_mail(world, ("rosa",))
    street = Street(world, now)
    # Two of four lead; but the posts were made in the last ninety days, and do not count.
    assert street.refused(name_writer, "rosa", writer_id=street.who("ben")) == "writer-leads"
    now.pass_days(91)
    street.name("rosa", "ben")
    issue = street.raised("ada")
    street.support("ben", "rosa", "issue", issue)
    for name in ("ben", "cleo"):
        if street.fresh(issue).stage == "gathering":
            support_issue(world.actor(name), issue_id=issue.pk)
    made = street.words("ben", "rosa", issue)
    # A fifth and a sixth move in: two of six are a minority, and speak after the others again.
    street.world.move_in(["eve", "finn"])
    now.pass_days(8)
    assert street.refused_words("ben", "rosa", issue) == "naming-rests"
    street.undo("rosa", made)


def test_once_the_name_is_erased_only_the_slip_undoes(street):
    issue = street.talked()
    street.name("rosa", "ben")
    first, second = street.words("ben", "rosa", issue), street.words("ben", "rosa", issue, text="And dark.")
    leave(street.world.actor("rosa"))
    erase_name(street.world.actor("rosa"))
    assert street.refused(undo_writing, "rosa", write_in_id=first.pk) == "not-written-for-you"
    assert street.undo("rosa", second, second.slip).undone_how == "slip"
