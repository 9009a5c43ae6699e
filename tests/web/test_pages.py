# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page shows itself, to members, to a leader and to strangers, in every stage."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from kollontai import clock
from kollontai.chapters.deliberation.acts.answer_fact import answer_fact
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.models import FactCover
from kollontai.chapters.members.models import Member
from kollontai.chapters.voting.models import Poll
from kollontai.followers import packing
from tests.web.hall import LEADER, Hall, form_key

STAGES = ("gathering", "talk", "answer", "reply", "vote", "decided")
MEMBERS_ONLY = ("issues", "issue-new", "members", "mine", "my-data", "invite", "invite-list", "leave")
OPEN = ("home", "votes", "posts", "charter", "record", "export", "who-sees-what", "who-runs-this")


def is_well_set(page: str) -> None:
    """One main heading, no script or style inside, every field with a label, no template left open."""
    assert len(re.findall(r"<h1\b", page)) == 1
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "{{" not in page
    assert "{%" not in page
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)
    labels = set(re.findall(r'<label[^>]*\sfor="([^"]+)"', page))
    for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        if 'type="hidden"' in field or 'type="checkbox"' in field:
            continue
        named = re.search(r'\sid="([^"]+)"', field)
        assert named, field
        assert named[1] in labels, field


def test_a_member_sees_every_page(hall: Hall) -> None:
    ada = hall.enter("ada")
    for name in MEMBERS_ONLY + OPEN:
        answer = ada.get(reverse(name, args=["tidewater"]))
        assert answer.status_code == 200, name
        if answer["Content-Type"].startswith("text/html"):
            is_well_set(answer.content.decode())


def test_a_stranger_sees_what_the_world_sees(hall: Hall) -> None:
    for name in OPEN:
        answer = hall.enter().get(reverse(name, args=["tidewater"]))
        assert answer.status_code == 200, name
        is_well_set(answer.content.decode())


def test_a_stranger_is_told_kindly_that_a_page_is_for_members(hall: Hall) -> None:
    for name in MEMBERS_ONLY:
        answer = hall.enter().get(reverse(name, args=["tidewater"]))
        assert answer.status_code == 403, name
        assert "This page is for members" in answer.content.decode()


def test_an_issue_shows_itself_in_every_stage_and_never_to_strangers(hall: Hall) -> None:
    issue = hall.issue()
    browsers = [hall.enter(name) for name in ("ada", "eva", LEADER)]
    at = f"/tidewater/issues/{issue.number}/"
    for stage in STAGES:
        issue = hall.move_on(issue, stage)
        for browser in browsers:
            for address in (at, f"{at}drafts/A/", "/tidewater/", "/tidewater/issues/"):
                answer = browser.get(address)
                assert answer.status_code == 200, (stage, address)
                is_well_set(answer.content.decode())
            assert "We buy a kettle." in browser.get(at).content.decode()
        for address in (at, f"{at}speak/", f"{at}drafts/A/"):
            answer = hall.enter().get(address)
            assert answer.status_code == 403, (stage, address)
            assert "A kettle" not in answer.content.decode()


def test_an_issue_that_is_not_there_is_not_there(hall: Hall) -> None:
    assert hall.enter("ada").get("/tidewater/issues/99/").status_code == 404
    assert hall.enter("ada").get("/elsewhere/").status_code == 404


def test_a_vote_and_its_result_show_themselves(hall: Hall) -> None:
    issue = hall.at("vote")
    for name in ("ada", LEADER):
        ballot = hall.enter(name).get(f"/tidewater/votes/{issue.poll_id}/")
        assert ballot.status_code == 200
        is_well_set(ballot.content.decode())
    assert hall.enter().get(f"/tidewater/votes/{issue.poll_id}/").status_code == 403


def test_the_result_of_a_vote_names_voters_to_members_alone(hall: Hall) -> None:
    issue = hall.at("decided")
    seen = hall.enter("eva").get(f"/tidewater/votes/{issue.poll_id}/").content.decode()
    is_well_set(seen)
    assert "Who voted what" in seen
    assert "Cleo" in seen
    # four ballots are too few for the world
    assert hall.enter().get(f"/tidewater/votes/{issue.poll_id}/").status_code == 403


def test_ten_ballots_are_enough_for_the_world_and_name_nobody(hall: Hall) -> None:
    poll = Poll.objects.get(about="confirmation")
    page = hall.enter().get(f"/tidewater/votes/{poll.pk}/")
    assert page.status_code == 403
    from kollontai.chapters.record.guard import opened_for

    with opened_for("all"):
        Poll.objects.filter(pk=poll.pk).update(cast=10)
    try:
        page = hall.enter().get(f"/tidewater/votes/{poll.pk}/").content.decode()
        is_well_set(page)
        assert "Who voted what" not in page
        assert "Cleo" not in page
    finally:
        with opened_for("all"):
            Poll.objects.filter(pk=poll.pk).update(cast=3)


def test_a_member_sees_each_entry_and_its_proof_and_a_stranger_none(hall: Hall) -> None:
    size = hall.world.organisation.head.size
    for position in (0, 1, size // 2, size - 1):
        page = hall.enter("ada").get(f"/tidewater/record/entries/{position}/")
        assert page.status_code == 200
        is_well_set(page.content.decode())
        proof = hall.enter("ada").get(f"/tidewater/record/entries/{position}/receipt/")
        assert proof.content.startswith(b"c2sp.org/tlog-proof@v1")
        assert hall.enter().get(f"/tidewater/record/entries/{position}/").status_code == 403
        assert hall.enter().get(f"/tidewater/record/entries/{position}/receipt/").status_code == 403
    assert hall.enter("ada").get(f"/tidewater/record/entries/{size + 5}/").status_code == 404


def test_a_receipt_proves_its_entry_with_the_key_of_the_record(hall: Hall) -> None:
    from kollontai.chapters.record import keys
    from kollontai.openrecord.policy import Policy
    from kollontai.openrecord.receipt import Carried, Receipt

    proof = Receipt.parse(hall.enter("ada").get("/tidewater/record/entries/3/receipt/").content)
    carried = Carried.unpack(proof.extra)
    proof.verify(carried.entry, Policy.trusting(keys.load(hall.world.organisation).verifier))


def test_one_member_and_the_list_of_members(hall: Hall) -> None:
    issue = hall.at_talk()
    page = hall.enter("eva").get(f"/tidewater/members/{hall.world.people['ada']}/").content.decode()
    is_well_set(page)
    assert str(issue.title) in page
    assert Member.objects.count() == 12


def test_a_whole_export_is_the_same_for_all_members(hall: Hall) -> None:
    organisation, file = hall.world.organisation, "/tidewater/export/file/"
    assert hall.enter().get(file).status_code == 403
    waits = hall.enter("ada").get(file)
    assert waits.status_code == 202
    assert "It is being packed." in waits.content.decode()
    again = waits["Refresh"].partition("url=")[2]
    assert hall.enter("ada").get(again).status_code == 202  # nobody has packed it yet
    first = packing.pack(organisation)
    assert first is not None
    assert packing.pack(organisation) is None  # it is there
    hall.at_talk()  # something newer; whoever asked before does not wait again
    places = {hall.enter(name).get(again)["Location"] for name in ("ada", LEADER)}
    assert places == {f"/exports/{first.parent.name}/tidewater.zip"}
    assert hall.enter("ada").get(file).status_code == 202
    second = packing.pack(organisation)
    assert second is not None
    copy = second.read_bytes()
    packing.clear()
    third = packing.pack(organisation)
    assert third is not None
    assert third != second  # under an address that nobody could guess
    assert third.read_bytes() == copy


def test_a_packed_export_goes_when_there_is_something_newer_and_after_a_day(
    hall: Hall, monkeypatch: Any
) -> None:
    organisation, file = hall.world.organisation, "/tidewater/export/file/"
    hall.enter("ada").get(file)
    packed = packing.pack(organisation)
    assert packed is not None
    begun = clock.machine_time()
    for hours, there in ((23, True), (25, False)):
        monkeypatch.setattr(clock, "machine_time", lambda at=begun + timedelta(hours=hours): at)
        packing.sweep()
        assert packed.exists() == there
    monkeypatch.undo()
    packed = packing.pack(organisation)
    assert packed is not None
    hall.at_talk()
    for minutes, there in ((9, True), (11, False)):
        monkeypatch.setattr(clock, "machine_time", lambda at=begun + timedelta(minutes=minutes): at)
        packing.sweep()
        assert packed.exists() == there


def test_on_a_full_disk_nothing_is_packed_and_nothing_half_packed_stays(hall: Hall, monkeypatch: Any) -> None:
    organisation, file = hall.world.organisation, "/tidewater/export/file/"
    monkeypatch.setattr(packing, "LEAST_FREE", 2**62)
    full = hall.enter("ada").get(file)
    assert full.status_code == 503
    assert "The disk is too full" in full.content.decode()
    assert not full.has_header("Refresh")
    monkeypatch.setattr(packing, "LEAST_FREE", 0)
    hall.enter("ada").get(file)

    def no_room(*given: Any) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(packing.export, "write_at_one_moment", no_room)
        with pytest.raises(OSError, match="No space"):
            packing.pack(organisation)
    assert [one.name for one in packing.folder().iterdir()] == [".packing"]


def test_every_page_carries_a_strict_content_policy(hall: Hall) -> None:
    answer = hall.enter("ada").get("/tidewater/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_door_founding_and_account_show_themselves(hall: Hall) -> None:
    for address in ("/", "/sign-in/", "/sign-in/code/"):
        page = hall.enter().get(address)
        assert page.status_code == 200
        is_well_set(page.content.decode())
    for address in ("/account/", "/found/", "/found/name/"):
        assert hall.enter().get(address).status_code == 302
        page = hall.enter("ada").get(address)
        assert page.status_code == 200
        is_well_set(page.content.decode())


def test_the_demonstration_has_no_address_in_a_real_house(hall: Hall) -> None:
    for address in ("/demo/", "/demo/outbox/"):
        assert hall.enter("ada").get(address).status_code == 404
    for address in ("/demo/clock/", "/demo/enter/", "/demo/refused/", "/demo/again/"):
        assert hall.enter("ada").post(address).status_code == 404


def test_the_ballot_of_one_draft_shows_its_words_before_the_answers(hall):
    issue = hall.at("vote")
    page = hall.enter("ada").get(f"/tidewater/votes/{issue.poll_id}/").content.decode()
    assert "It costs 30 at most." in page
    assert page.index("It costs 30 at most.") < page.index('name="choice"')


def test_a_fact_that_argues_is_covered_by_three_and_opens_with_the_next_stage(hall):
    issue = hall.at_talk()
    page = f"/tidewater/issues/{issue.number}/"
    asked = speak(hall.world.actor("ben"), issue_id=issue.pk, text="The price?", stance="question").value
    fact = answer_fact(hall.world.actor("hal"), contribution_id=asked.pk, text="30, a bargain!").value
    cover = f"{page}voices/{fact.pk}/cover/"
    for number, name in enumerate(("ada", "cleo", "dai"), 1):
        browser = hall.enter(name)
        assert cover in browser.get(page).content.decode()
        form = browser.get(cover).content.decode()
        assert "If three members say" in form
        browser.post(cover, {"form_key": form_key(form)})
        assert FactCover.objects.filter(contribution=fact).count() == number
    seen = hall.enter("ben").get(page).content.decode()
    assert '<details class="covered"><summary>Covered by three members' in seen
    assert "30, a bargain!" in seen
    assert cover not in hall.enter("hal").get(page).content.decode()
    hall.move_on(issue, "answer")
    assert "Covered by three members" not in hall.enter("ben").get(page).content.decode()


def test_a_browser_keeps_words_for_their_author_and_no_sealed_statement(hall: Hall) -> None:
    issue = hall.at_talk()
    page = f"/tidewater/issues/{issue.number}/"
    ada = hall.world.member("ada").pk
    assert f'data-keep="{ada}"' in hall.enter("ada").get(f"{page}speak/").content.decode()
    sealing = hall.enter("hal").get(reverse("seal", args=["tidewater", issue.number]))
    assert sealing.status_code == 200
    assert "data-keep" not in sealing.content.decode()


def test_whoever_was_signed_out_meanwhile_gets_their_words_back(hall: Hall) -> None:
    issue = hall.at_talk()
    words = {"stance": "for", "text": "I wrote for <an> hour.\nAnd more."}
    answer = hall.enter().post(f"/tidewater/issues/{issue.number}/speak/", words)
    assert answer.status_code == 403
    assert "I wrote for &lt;an&gt; hour.\nAnd more.</textarea>" in answer.content.decode()
    assert "no longer signed in" in answer.content.decode()
    assert (
        "no longer signed in" not in hall.enter().get(f"/tidewater/issues/{issue.number}/").content.decode()
    )
