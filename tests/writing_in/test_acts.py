# SPDX-License-Identifier: AGPL-3.0-or-later
"""Naming, writing in and undoing, through the acts."""

from __future__ import annotations

import pytest

from kollontai.chapters.accounts import slips, tries
from kollontai.chapters.accounts.models import SlipCode
from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.acts.revise_contribution import revise_contribution
from kollontai.chapters.deliberation.acts.support_amendment import support_amendment
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.acts.withdraw_support import withdraw_support
from kollontai.chapters.deliberation.models import Contribution, Supporter
from kollontai.chapters.writing_in import queries
from kollontai.chapters.writing_in.acts.end_naming import end_naming
from kollontai.chapters.writing_in.acts.name_writer import name_writer
from kollontai.chapters.writing_in.acts.undo_writing import undo_writing
from kollontai.chapters.writing_in.acts.write_in_support import write_in_support
from kollontai.chapters.writing_in.models import WriteIn
from tests.deliberation.amended import moved

pytestmark = pytest.mark.django_db


# --- Naming ------------------------------------------------------------------------------------------


def test_a_member_without_mail_names_two_and_ends_it_again(street):
    one, two = street.name("rosa", "ben"), street.name("rosa", "cleo")
    named = {row.writer_id for row in queries.writers_of(street.world.member("rosa"))}
    assert named == {street.who("ben"), street.who("cleo")}
    street.end("rosa", one)
    street.end("cleo", two)
    assert street.world.kinds()[-4:] == ["writer.named", "writer.named", "naming.ended", "naming.ended"]
    assert not queries.writers_of(street.world.member("rosa"))


@pytest.mark.parametrize(
    ("by", "writer", "code"),
    [
        ("ada", "ben", "reached-by-mail"),
        ("rosa", "rosa", "writer-is-another"),
        ("rosa", "hal", "writer-leads"),
        ("rosa", "iva", "writer-leads"),
    ],
)
def test_whom_nobody_names(street, by, writer, code):
    assert street.refused(name_writer, by, writer_id=street.who(writer)) == code


def test_nobody_names_somebody_unknown_or_twice_or_a_third(street):
    assert street.refused(name_writer, "rosa", writer_id="nobodynobodynobo") == "writer-no-member"
    street.name("rosa", "ben")
    assert street.refused(name_writer, "rosa", writer_id=street.who("ben")) == "writer-named-already"
    street.name("rosa", "cleo")
    assert street.refused(name_writer, "rosa", writer_id=street.who("dai")) == "enough-writers"


def test_a_naming_is_ended_by_the_two_alone_and_once(street):
    naming = street.name("rosa", "ben")
    assert street.refused(end_naming, "cleo", naming_id=naming.pk) == "not-your-naming"
    assert street.refused(end_naming, "rosa", naming_id="nobodynobodynobo") == "not-your-naming"
    street.end("ben", naming)
    assert street.refused(end_naming, "rosa", naming_id=naming.pk) == "naming-over"


# --- Writing in --------------------------------------------------------------------------------------


def test_words_stand_under_the_others_name_by_the_writers_hand(street):
    street.name("rosa", "ben")
    issue = street.talked()
    question = street.said("cleo", issue, "question", "Where shall it stand?")
    made = street.words("ben", "rosa", issue, "other", "By the window.\r\nNo.", answers=question.pk)
    said = Contribution.objects.get(written_by=street.who("ben"))
    assert (said.author_id, said.stance, said.stage) == (street.who("rosa"), "other", "talk")
    assert (said.answers_id, said.as_leader) == (question.pk, False)
    text = said.versions.get().text
    assert (str(text), text.author) == ("By the window.\nNo.", street.who("rosa"))
    entry = street.last()
    assert (entry.fact.kind_name, entry.actor) == ("words.written_in", street.who("ben"))
    assert (entry.fact.member, entry.fact.write_in) == (street.who("rosa"), made.pk)


def test_support_of_an_issue_counts_and_with_the_last_of_it_the_talk_begins(street):
    street.name("rosa", "ben")
    issue = street.raised("ada")
    while issue.needed - issue.supporters.filter(withdrawn_at=None).count() > 1:
        name = next(n for n in ("cleo", "dai", "eva") if not issue.supporters.filter(member=street.who(n)))
        support_issue(street.world.actor(name), issue_id=issue.pk)
    made = street.support("ben", "rosa", "issue", issue)
    assert street.fresh(issue).stage == "talk"
    assert Supporter.objects.get(issue=issue, member=street.who("rosa")).write_in == made.pk
    assert street.world.kinds()[-2:] == ["support.written_in", "stage.begun"]


def test_support_of_a_draft_and_of_an_amendment_counts(street):
    street.name("rosa", "ben")
    issue = street.talked()
    draft = street.drafted("ada", issue)
    amendment = moved(street, "cleo", draft, 1, 1, "1. We mend it well.")
    street.support("ben", "rosa", "draft", draft)
    street.support("ben", "rosa", "amendment", amendment)
    for rows in (draft.supporters, amendment.supporters):
        assert rows.filter(member=street.who("rosa")).exclude(write_in="").count() == 1


def test_nothing_else_can_be_written_in(street):
    street.name("rosa", "ben")
    issue = street.talked()
    for to in ("poll", "petition", "words", "shortening", ""):
        assert street.refused_support("ben", "rosa", to, issue) == "support-of-nothing"
    assert street.refused_support("ben", "rosa", "draft", issue) == "no-such-draft"
    assert street.refused_support("ben", "rosa", "amendment", issue) == "no-such-amendment"


def test_only_who_was_named_writes_in_and_only_for_who_named_them(street):
    street.name("rosa", "ben")
    issue = street.talked()
    assert street.refused_words("cleo", "rosa", issue) == "not-named-by-them"
    assert street.refused_words("ben", "sam", issue) == "not-named-by-them"
    assert street.refused_words("rosa", "ben", issue) == "not-named-by-them"
    assert street.refused_support("cleo", "rosa", "draft", issue.drafts.get()) == "not-named-by-them"


def test_it_has_to_be_the_turn_of_both(street):
    street.name("rosa", "ben")
    street.name("rosa", "lou")
    gathering = street.raised("ada")
    assert street.refused_words("ben", "rosa", gathering) == "still-gathering"
    issue = street.stood_in("answer")
    assert street.refused_words("ben", "rosa", issue) == "leaders-answer-now"
    street.words("ben", "rosa", issue, "question", "What does it cost?")
    issue = street.turned(issue)
    street.words("ben", "rosa", issue, "against")
    issue = street.turned(issue)
    assert street.refused_words("ben", "rosa", issue) == "vote-is-on"
    ferry = street.talked("kit", "Ferry Crews")
    assert street.refused_words("ben", "rosa", ferry) == "another-unit"
    assert street.refused_words("lou", "rosa", ferry) == "not-their-turn"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"stance": "shrug"}, "stance-unknown"),
        ({"answers": "nobodynobodynobo"}, "answers-nothing-here"),
        ({"text": "  "}, "text-empty"),
        ({"text": "a\x07"}, "text-unreadable"),
    ],
)
def test_words_have_to_be_words_as_anybodys(street, changes, code):
    street.name("rosa", "ben")
    assert street.refused_words("ben", "rosa", street.talked(), **changes) == code


def test_a_writer_writes_in_no_more_in_an_hour_than_anybody_says(street):
    issue = street.talked()
    for name in ("rosa", "sam", "tess"):
        street.name(name, "ben")
    for number in range(30):
        street.words("ben", ("rosa", "sam", "tess")[number % 3], issue)
    assert street.refused_words("ben", "sam", issue) == "too-many-contributions"
    street.said("ben", issue)
    street.now.move(hours=1)
    street.words("ben", "sam", issue)


# --- Undoing -----------------------------------------------------------------------------------------


def test_words_that_are_undone_stay_and_are_marked(street):
    street.name("rosa", "ben")
    issue = street.talked()
    made = street.words("ben", "rosa", issue)
    street.now.move(days=3)
    gone = street.undo("rosa", made)
    said = Contribution.objects.get(pk=gone.of)
    assert (gone.undone_at, gone.undone_how, said.disowned_at) == (street.now.time, "member", street.now.time)
    assert str(said.versions.get().text) == "It is cold."
    assert (street.last().fact.kind_name, street.last().actor) == ("writing.undone", street.who("rosa"))
    revise = {"contribution_id": said.pk, "text": "I am cold."}
    assert street.refused(revise_contribution, "rosa", **revise) == "said-not-to-be-yours"
    erase_contribution(street.world.actor("rosa"), contribution_id=said.pk)


def test_words_that_were_put_anew_have_become_ones_own(street):
    street.name("rosa", "ben")
    made = street.words("ben", "rosa", street.talked())
    said = Contribution.objects.get(author=street.who("rosa"))
    assert (
        street.refused(revise_contribution, "ben", contribution_id=said.pk, text="Mine.") == "not-your-words"
    )
    assert street.refused(erase_contribution, "ben", contribution_id=said.pk) == "not-your-words"
    revise_contribution(street.world.actor("rosa"), contribution_id=said.pk, text="I am cold.")
    assert street.refused(undo_writing, "rosa", write_in_id=made.pk) == "nothing-left-to-undo"


def test_support_that_is_undone_while_it_gathers_no_longer_counts(street):
    street.name("rosa", "ben")
    issue = street.raised("hal")  # a leader is no supporter, so it still gathers
    made = street.support("ben", "rosa", "issue", issue)
    before = issue.supporters.filter(withdrawn_at=None).count()
    street.undo("rosa", made)
    assert issue.supporters.filter(withdrawn_at=None).count() == before - 1
    support_issue(street.world.actor("rosa"), issue_id=issue.pk)
    assert Supporter.objects.get(issue=issue, member=street.who("rosa")).write_in == ""
    assert street.refused(undo_writing, "rosa", write_in_id=made.pk) == "undone-already"


def test_the_talk_goes_on_when_support_is_undone_after_it_began(street):
    street.name("rosa", "ben")
    issue = street.raised("ada")
    made = street.support("ben", "rosa", "issue", issue)
    for name in ("cleo", "dai", "eva"):
        if street.fresh(issue).stage == "gathering":
            support_issue(street.world.actor(name), issue_id=issue.pk)
    street.undo("rosa", made)
    assert street.fresh(issue).stage == "talk"


def test_support_that_is_undone_before_the_paper_is_frozen_brings_no_draft_onto_it(street):
    street.name("rosa", "ben")
    issue = street.talked()
    draft = street.drafted("dai", issue)
    amendment = moved(street, "dai", draft, 1, 1, "1. We mend it well.")
    made = [
        street.support("ben", "rosa", "draft", draft),
        street.support("ben", "rosa", "amendment", amendment),
    ]
    assert draft.supporters.count() == issue.needed
    street.undo("rosa", made[0])
    street.undo("rosa", made[1])
    assert not amendment.supporters.filter(member=street.who("rosa")).exists()
    while issue.stage != "vote":
        issue = street.turned(issue)
    assert issue.poll.form == "yes_no"  # the first draft alone


def test_support_that_is_undone_after_the_paper_was_frozen_changes_no_paper(street):
    street.name("rosa", "ben")
    issue = street.talked()
    draft = street.drafted("dai", issue, "eva")
    while issue.stage != "reply":
        issue = street.turned(issue)
    street.now.move(minutes=5)
    made = street.support("ben", "rosa", "draft", draft)
    issue = street.turned(issue)
    assert draft.pk in issue.poll.options
    assert street.undo("rosa", made).undone_at == street.now.time
    assert draft.supporters.filter(write_in=made.pk).exists()
    street.turned(issue)


def test_who_stepped_back_themself_has_nothing_left_to_undo(street):
    street.name("rosa", "ben")
    issue = street.raised("hal")  # a leader is no supporter, so it still gathers
    first = street.support("ben", "rosa", "issue", issue)
    withdraw_support(street.world.actor("rosa"), issue_id=issue.pk)
    assert street.refused(undo_writing, "rosa", write_in_id=first.pk) == "nothing-left-to-undo"
    second = street.support("ben", "rosa", "issue", issue)
    assert street.refused(undo_writing, "rosa", write_in_id=first.pk) == "nothing-left-to-undo"
    street.undo("rosa", second)


def test_nobody_else_undoes_it_and_not_after_four_weeks(street):
    street.name("rosa", "ben")
    made = street.words("ben", "rosa", street.talked())
    for name in ("ben", "cleo", "hal"):
        assert street.refused(undo_writing, name, write_in_id=made.pk) == "not-written-for-you"
    assert street.refused(undo_writing, "rosa", write_in_id="nobodynobodynobo") == "not-written-for-you"
    street.now.pass_days(28)
    assert street.refused(undo_writing, "rosa", write_in_id=made.pk) == "too-late-to-undo"


# --- By the slip -------------------------------------------------------------------------------------


def test_with_the_slip_it_is_undone_without_signing_in(street):
    street.name("rosa", "ben")
    made = street.words("ben", "rosa", street.talked())
    assert [len(part) for part in made.slip.split()] == [4, 4, 4]
    assert made.slip.replace(" ", "")[4:] not in SlipCode.objects.get().code
    assert slips.enter(made.slip.lower(), network="127.0.0.1", at=street.now.time) == made.pk
    assert street.undo("rosa", made, slip=made.slip).undone_how == "slip"
    assert street.last().fact.how == "slip"
    assert slips.enter(made.slip, network="127.0.0.1", at=street.now.time) == ""


def test_a_slip_undoes_its_own_write_in_and_no_other(street):
    street.name("rosa", "ben")
    issue = street.talked()
    one, two = street.words("ben", "rosa", issue), street.words("ben", "rosa", issue)
    assert street.refused(undo_writing, "rosa", write_in_id=two.pk, slip=one.slip) == "slip-fits-nothing"
    assert (
        street.refused(undo_writing, "rosa", write_in_id=two.pk, slip="ABCD EFGH JKLM") == "slip-fits-nothing"
    )
    assert street.refused(undo_writing, "sam", write_in_id=two.pk, slip=two.slip) == "not-written-for-you"


def test_guessing_slips_is_held_back(street):
    street.name("rosa", "ben")
    made = street.words("ben", "rosa", street.talked())
    wrong = f"{made.slip[:4]} AAAA AAAA"
    for _try in range(5):
        assert slips.enter(wrong, network="127.0.0.1", at=street.now.time) == ""
    assert slips.enter(made.slip, network="127.0.0.2", at=street.now.time) == ""
    for _try in range(55):
        tries.count(tries.MISS_BY_NETWORK, "127.0.0.1", at=street.now.time)
    with pytest.raises(tries.TooMany):
        slips.enter("2222 2222 2222", network="127.0.0.1", at=street.now.time)


def test_a_slip_is_good_for_four_weeks(street):
    street.name("rosa", "ben")
    made = street.words("ben", "rosa", street.talked())
    street.now.pass_days(28)
    assert slips.enter(made.slip, network="127.0.0.1", at=street.now.time) == ""


def test_what_the_member_sees_of_it(street):
    street.name("rosa", "ben")
    issue = street.talked()
    made = [street.words("ben", "rosa", issue), street.support("ben", "rosa", "draft", issue.drafts.get())]
    rosa = street.world.member("rosa")
    assert {one.pk for one in queries.written_for(rosa)} == {one.pk for one in made}
    street.undo("rosa", made[0])
    assert [one.pk for one in queries.lately(rosa, at=street.now.time)] == [made[1].pk]
    assert [one.pk for one in queries.support_on(issue)] == [made[1].pk]
    assert WriteIn.objects.visible_to(street.world.member("hal")).count() == 2
    assert not WriteIn.objects.visible_to(None)


@pytest.mark.parametrize("to", ["issue", "draft", "amendment"])
def test_support_by_a_writer_and_by_oneself_counts_once(street, to):
    street.name("rosa", "ben")
    issue = street.raised("hal") if to == "issue" else street.talked()
    what, act, name = issue, support_issue, "issue_id"
    if to != "issue":
        draft = street.drafted("dai", issue)
        what, act, name = draft, support_draft, "draft_id"
        if to == "amendment":
            what = moved(street, "cleo", draft, 1, 1, "1. We mend it well.")
            act, name = support_amendment, "amendment_id"
    made = street.support("ben", "rosa", to, what)
    assert street.refused(act, "rosa", **{name: what.pk}) == "already-supports"
    assert street.refused(write_in_support, "ben", member_id=street.who("rosa"), to=to, of_id=what.pk) == (
        "they-support-already"
    )
    street.undo("rosa", made)
    act(street.world.actor("rosa"), **{name: what.pk})
    assert street.refused_support("ben", "rosa", to, what) == "they-support-already"
    assert what.supporters.filter(member=street.who("rosa")).count() == 1
