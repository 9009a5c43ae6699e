# SPDX-License-Identifier: AGPL-3.0-or-later
"""What forms do, what they refuse, and what they give back."""

from __future__ import annotations

import re
from typing import Any

from kollontai.chapters.deliberation import muting
from kollontai.chapters.deliberation.models import Contribution, Draft, Issue, Mute, Statement
from kollontai.chapters.record.models import Content, EntryRow
from kollontai.chapters.voting.models import OpenBallot
from tests.web.hall import LEADER, Hall, form_key
from tests.web.test_elections import says
from tests.web.test_pages import is_well_set


def test_raising_an_issue_leads_to_it_and_says_where_it_stands_on_the_record(hall: Hall) -> None:
    ada = hall.enter("ada")
    wanted = {
        "unit_id": hall.world.unit().pk, "title": "A shed", "text": "For bicycles.",
        "draft_title": "Build one", "draft_text": "We build a shed.",
    }  # fmt: skip
    answer = ada.post("/tidewater/issues/new/", wanted)
    issue = Issue.objects.get()
    assert answer.headers["Location"] == f"/tidewater/issues/{issue.number}/"
    page = ada.get(answer.headers["Location"]).content.decode()
    entry = EntryRow.objects.filter(kind="issue.raised").get()
    assert f"entry {entry.position}" in page


def test_what_cannot_be_read_is_named_at_its_field_and_everything_typed_is_kept(hall: Hall) -> None:
    answer = hall.enter("ada").post("/tidewater/issues/new/", {"title": "", "text": "For bicycles."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Please give it a title." in page
    assert "For bicycles." in page
    assert 'role="alert"' in page
    is_well_set(page)
    assert not Issue.objects.exists()


def test_a_leader_is_refused_with_article_and_date_and_keeps_the_words(hall: Hall) -> None:
    issue = hall.at_talk()
    words = "I have the keys and I say: no kettle."
    answer = hall.enter(LEADER).post(
        f"/tidewater/issues/{issue.number}/speak/", {"stance": "for", "text": words}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    is_well_set(page)
    assert "Members speak first here; your turn comes" in page
    assert '<span class="count">2</span>' in page
    assert words in page
    assert "Answer a question of fact" in page
    assert not Contribution.objects.exists()


def test_a_leader_reads_beforehand_on_the_page_what_the_act_would_refuse(hall: Hall) -> None:
    issue = hall.at_talk()
    page = hall.enter(LEADER).get(f"/tidewater/issues/{issue.number}/").content.decode()
    assert "Members speak first here; your turn comes" in page
    assert "Put it on the table" not in page
    assert (
        "Put it on the table" in hall.enter("ada").get(f"/tidewater/issues/{issue.number}/").content.decode()
    )


def test_a_leader_finds_every_other_door_closed_too(hall: Hall) -> None:
    issue = hall.at_talk()
    leader, at = hall.enter(LEADER), f"/tidewater/issues/{issue.number}"
    hall.enter("ben").post(f"{at}/drafts/new/", {"title": "Mend it", "text": "We mend it."})
    for path, data in (
        ("drafts/new/", {"title": "Mine", "text": "Mine."}),
        ("drafts/B/support/", {}),
        ("drafts/A/revise/", {"title": "Mine", "text": "Mine."}),
        ("drafts/A/withdraw/", {}),
        ("support/", {}),
    ):
        answer = leader.post(f"{at}/{path}", data)
        assert answer.status_code == 422, path
    assert Draft.objects.count() == 2


def test_a_leader_answers_a_question_of_fact_and_seals_one_statement(hall: Hall) -> None:
    issue = hall.at_talk()
    at = f"/tidewater/issues/{issue.number}"
    hall.enter("ada").post(f"{at}/speak/", {"stance": "question", "text": "What does it cost?"})
    question = Contribution.objects.get()
    leader = hall.enter(LEADER)
    assert leader.post(f"{at}/voices/{question.pk}/fact/", {"text": "19.90."}).status_code == 302
    assert leader.post(f"{at}/voices/{question.pk}/correct/", {"text": "No, 20."}).status_code == 422
    assert leader.post(f"{at}/statement/", {"text": "I like tea."}).status_code == 302
    assert leader.post(f"{at}/statement/", {"text": "Much."}).status_code == 422
    page = hall.enter("ada").get(f"{at}/").content.decode()
    assert "Answer to a question of fact" in page
    assert "A sealed statement is waiting" in page
    assert "I like tea." not in page
    hall.now.pass_to(Issue.objects.get().stage_ends_at)
    assert "I like tea." in hall.enter("ada").get(f"{at}/").content.decode()
    assert Statement.objects.count() == 1


def test_a_form_sent_twice_does_its_thing_once(hall: Hall) -> None:
    issue = hall.at_talk()
    ada, at = hall.enter("ada"), f"/tidewater/issues/{issue.number}"
    sent = {"stance": "for", "text": "Tea!", "form_key": form_key(ada.get(f"{at}/").content.decode())}
    first, second = (ada.post(f"{at}/speak/", sent) for _time in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Contribution.objects.count() == 1


def test_a_form_that_was_refused_may_be_sent_again(hall: Hall) -> None:
    issue = hall.at_talk()
    leader, at = hall.enter(LEADER), f"/tidewater/issues/{issue.number}"
    sent = {"stance": "for", "text": "Tea!", "form_key": "the-same-key"}
    assert leader.post(f"{at}/speak/", sent).status_code == 422
    hall.now.pass_to(issue.stage_ends_at)
    assert leader.post(f"{at}/speak/", sent).status_code == 302
    assert Contribution.objects.count() == 1


def test_the_same_words_from_the_way_back_or_a_second_tab_stand_once(hall: Hall) -> None:
    issue = hall.at_talk()
    ada, at = hall.enter("ada"), f"/tidewater/issues/{issue.number}"
    keys = [form_key(ada.get(f"{at}/").content.decode()) for _tab in range(2)]
    first, second = (
        ada.post(f"{at}/speak/", {"stance": "for", "text": "Tea!", "form_key": key}) for key in keys
    )
    assert keys[0] != keys[1]
    assert first.headers["Location"] == second.headers["Location"]
    assert Contribution.objects.count() == 1
    page = ada.get(second.headers["Location"]).content.decode()
    assert "You sent these very words a moment ago. They stand once." in page
    is_well_set(page)


def test_a_letter_changed_somebody_else_or_another_place_is_another_act(hall: Hall) -> None:
    issue = hall.at_talk()
    at = f"/tidewater/issues/{issue.number}/speak/"
    for name, words in (("ada", "Tea!"), ("ada", "Tea?"), ("ben", "Tea!"), ("ada", "Tea!")):
        assert hall.enter(name).post(at, {"stance": "for", "text": words}).status_code == 302
    assert Contribution.objects.count() == 4


def test_words_may_be_said_again_later(hall: Hall) -> None:
    issue = hall.at_talk()
    ada, at = hall.enter("ada"), f"/tidewater/issues/{issue.number}/speak/"
    for minutes, voices in ((0, 1), (9, 1), (2, 2)):
        hall.now.move(minutes=minutes)
        ada.post(at, {"stance": "for", "text": "Tea!"})
        assert Contribution.objects.count() == voices


def test_what_was_taken_back_can_be_put_again_in_the_same_words(hall: Hall) -> None:
    issue = hall.at_talk()
    ben, at = hall.enter("ben"), f"/tidewater/issues/{issue.number}"
    mend = {"title": "Mend it", "text": "We mend it."}
    ben.post(f"{at}/drafts/new/", mend)
    ben.post(f"{at}/drafts/B/withdraw/")
    ben.post(f"{at}/drafts/new/", mend)
    assert Draft.objects.filter(withdrawn_at=None).count() == 2


def test_a_button_may_be_pressed_again_after_it_was_taken_back(hall: Hall) -> None:
    hall.at_talk()
    page = f"/tidewater/members/{hall.world.people['ada']}/mute/"
    ben = hall.enter("ben")
    for so in ("yes", "no", "yes"):
        assert f'name="so" value="{so}"' in ben.get(page).content.decode()
        for _press in range(2):  # a second press, a second tab, the way back
            ben.post(page, {"so": so})
            assert Mute.objects.exists() is (so == "yes")
    assert ben.post(page, {"so": "perhaps"}).status_code == 422
    assert "You have muted" not in says(ben.get("/tidewater/mine/"))
    assert "Muted, only for you" in says(ben.get(page.replace("mute/", "")))
    assert ben.get(f"/tidewater/members/{hall.world.people['ben']}/mute/").status_code == 404, "oneself"


def test_who_has_muted_as_many_as_there_is_room_for_is_told(hall: Hall, monkeypatch: Any) -> None:
    monkeypatch.setattr(muting, "MOST", 1)
    ben = hall.enter("ben")
    for name, told in (("ada", False), ("cleo", True)):
        answer = ben.post(f"/tidewater/members/{hall.world.people[name]}/mute/", {"so": "yes"}, follow=True)
        assert ("You have muted 1 people" in says(answer)) is told
    assert Mute.objects.count() == 1


def test_own_words_are_put_anew_visibly_and_erased_for_all(hall: Hall) -> None:
    issue = hall.at_talk()
    ada, at = hall.enter("ada"), f"/tidewater/issues/{issue.number}"
    ada.post(f"{at}/speak/", {"stance": "for", "text": "Coffee is dear."})
    voice = Contribution.objects.get()
    ada.post(f"{at}/voices/{voice.pk}/revise/", {"text": "Tea is cheap."})
    page = hall.enter("ben").get(f"{at}/voices/{voice.pk}/versions/").content.decode()
    assert "Coffee is dear." in page
    assert "Tea is cheap." in page
    is_well_set(page)
    assert hall.enter("ben").post(f"{at}/voices/{voice.pk}/erase/").status_code == 422
    ada.post(f"{at}/voices/{voice.pk}/erase/")
    for path in ("", f"voices/{voice.pk}/", f"voices/{voice.pk}/versions/"):
        page = hall.enter("ben").get(f"{at}/{path}").content.decode()
        assert "Coffee is dear." not in page
        assert "Tea is cheap." not in page
        assert "Erased by its author" in page
    assert not Content.objects.filter(
        author=hall.world.people["ada"], kind__startswith="contribution", value__isnull=False
    ).exists()


def test_muting_folds_words_for_oneself_alone_and_leaves_no_entry(hall: Hall) -> None:
    issue = hall.at_talk()
    at = f"/tidewater/issues/{issue.number}"
    hall.enter("ada").post(f"{at}/speak/", {"stance": "for", "text": "Tea!"})
    before = EntryRow.objects.count()
    hall.enter("ben").post(f"/tidewater/members/{hall.world.people['ada']}/mute/", {"so": "yes"})
    assert Mute.objects.count() == 1
    assert EntryRow.objects.count() == before
    assert "Somebody you muted" in hall.enter("ben").get(f"{at}/").content.decode()
    assert "Somebody you muted" not in hall.enter("cleo").get(f"{at}/").content.decode()
    hall.enter("ben").post(f"/tidewater/members/{hall.world.people['ada']}/mute/", {"so": "no"})
    assert not Mute.objects.exists()


def test_a_letter_is_posted_whole_and_an_old_one_refused(hall: Hall) -> None:
    issue = hall.at_talk()
    at = f"/tidewater/issues/{issue.number}"
    local = hall.now.time.strftime("%Y-%m-%dT%H:%M")
    sent = {
        "sender": "Quay Street Estates: the rent",
        "received_at": local,
        "text": "We are obliged to ask for more.",
    }
    assert hall.enter(LEADER).post(f"{at}/letter/", sent).status_code == 302
    page = hall.enter("ada").get(f"{at}/").content.decode()
    assert "Quay Street Estates" in page
    answer = hall.enter("ada").post(f"{at}/letter/", {**sent, "received_at": "2026-01-01T10:00"})
    assert answer.status_code == 422
    assert "within a day of coming in" in answer.content.decode()


def test_a_ballot_is_looked_over_cast_once_and_receipted(hall: Hall) -> None:
    issue = hall.at("vote")
    eva, at = hall.enter("eva"), f"/tidewater/votes/{issue.poll_id}"
    empty = eva.post(f"{at}/look/", {})
    assert empty.status_code == 422
    assert "Choose one of the three" in empty.content.decode()
    review = eva.post(f"{at}/look/", {"choice": "yes"}).content.decode()
    is_well_set(review)
    assert "Is this what you want?" in review
    assert not OpenBallot.objects.filter(poll=issue.poll_id).exists()
    cast = eva.post(f"{at}/cast/", {"choice": "yes", "form_key": form_key(review)})
    receipt = eva.get(cast.headers["Location"]).content.decode()
    is_well_set(receipt)
    assert "It is in the box" in receipt
    assert eva.post(f"{at}/cast/", {"choice": "no"}).status_code == 422
    assert OpenBallot.objects.filter(poll=issue.poll_id).count() == 1
    assert "You have voted" in eva.get(f"{at}/").content.decode()


def test_nobody_sees_how_a_vote_stands_before_it_closes(hall: Hall) -> None:
    issue = hall.at("vote")
    hall.enter("eva").post(f"/tidewater/votes/{issue.poll_id}/cast/", {"choice": "yes"})
    entry = EntryRow.objects.get(kind="ballot.cast", subject=issue.poll_id)
    page = hall.enter("ada").get(f"/tidewater/record/entries/{entry.position}/").content.decode()
    assert "closed until its hour" in page
    assert '"choice":"yes"' not in page.replace("&quot;", '"')
    assert "Opens, and is what was committed to" in (
        hall.enter("eva").get(f"/tidewater/record/entries/{entry.position}/").content.decode()
    )


def test_two_drafts_with_one_number_are_named_and_the_numbers_kept(hall: Hall) -> None:
    issue = hall.at_talk()
    at = f"/tidewater/issues/{issue.number}"
    hall.enter("ben").post(f"{at}/drafts/new/", {"title": "Mend it", "text": "We mend it."})
    for name in ("cleo", "dai", "eva"):
        hall.enter(name).post(f"{at}/drafts/B/support/")
    while Issue.objects.get().stage != "vote":
        hall.now.pass_to(Issue.objects.get().stage_ends_at)
    poll, eva = Issue.objects.get().poll_id, hall.enter("eva")
    page = eva.get(f"/tidewater/votes/{poll}/").content.decode()
    is_well_set(page)
    assert page.count('type="number"') == 3
    clash = eva.post(f"/tidewater/votes/{poll}/look/", {"rank0": "1", "rank1": "1", "rank2": "2"})
    said = clash.content.decode()
    assert clash.status_code == 422
    assert "both carry the number 1" in said
    assert re.findall(r'name="rank\d" value="(\d)"', said) == ["1", "1", "2"]
    review = eva.post(f"/tidewater/votes/{poll}/look/", {"rank0": "2", "rank1": "1"}).content.decode()
    assert "Not numbered, so last and alike:" in review
    assert eva.post(f"/tidewater/votes/{poll}/cast/", {"rank0": "2", "rank1": "1"}).status_code == 302
    hall.now.pass_to(Issue.objects.get().stage_ends_at)
    result = eva.get(f"/tidewater/votes/{poll}/").content.decode()
    is_well_set(result)
    assert "Each against each" in result
    assert "Mend it" in result


def test_a_page_that_is_too_old_is_told_so(hall: Hall) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    for origin, given_back in (("http://testserver", True), ("https://elsewhere.example", False)):
        answer = strict.post("/sign-in/", {"email": "ada has words"}, headers={"Origin": origin})
        assert answer.status_code == 403
        page = answer.content.decode()
        assert "This form came from a page that is too old" in page
        assert ("ada has words" in page) is given_back


def test_nothing_that_members_write_becomes_html(hall: Hall) -> None:
    issue = hall.at_talk()
    at = f"/tidewater/issues/{issue.number}"
    nasty = '<script>x</script> <img src=x onerror=y> [a](javascript:z) <b style="color:red">bold</b>'
    hall.enter("ada").post(f"{at}/speak/", {"stance": "for", "text": nasty})
    page = hall.enter("ben").get(f"{at}/").content.decode()
    assert "<script>x" not in page
    assert "<img" not in page
    assert "javascript:z" not in re.findall(r'href="([^"]*)"', page)
    assert "<b style" not in page
