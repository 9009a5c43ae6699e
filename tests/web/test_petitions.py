# SPDX-License-Identifier: AGPL-3.0-or-later
"""Petitions as people walk through them: opened, signed by one tap, taken back, reached; nobody is named."""

from __future__ import annotations

import pytest

from kollontai.chapters.accounts.models import FormKey
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.petitions.models import Petition, Sample, Signature, SignatureLink
from kollontai.chapters.record.act import tick
from kollontai.chapters.voting.models import Poll
from tests.petitions.street import asked, fresh, in_units, recall_vote, seated, signed
from tests.petitions.test_sample import scrutineers
from tests.web.hall import Hall, form_key
from tests.web.test_cost import queries
from tests.web.test_elections import says, send

pytestmark = pytest.mark.django_db
WHY = {"title": "The wet boxes", "text": "Three winters, and they are *still* wet."}


def test_a_recall_is_asked_for_from_the_holders_own_line(now) -> None:
    world, term = seated(now)
    hall = Hall(world, now)
    cleo = hall.enter("cleo")
    assert f"/tidewater/terms/{term.pk}/recall/" in cleo.get("/tidewater/posts/").content.decode()
    answer = send(cleo, f"/tidewater/terms/{term.pk}/recall/", **WHY)
    assert "It is open, and you have signed it." in says(answer)
    assert "1 member has signed; 2 are needed, of the 6" in says(answer)
    assert "<em>still</em>" in answer.content.decode()
    assert cleo.get(f"/tidewater/terms/{term.pk}/recall/").status_code == 403
    assert "a recall gathers signatures" in says(hall.enter("ada").get("/tidewater/posts/"))
    assert "Gathers signatures" in says(hall.enter("ada").get(f"/tidewater/posts/{term.post_id}/"))
    assert "gathers" not in says(hall.enter().get("/tidewater/posts/"))


def test_a_form_with_nothing_in_it_comes_back(now) -> None:
    world, term = seated(now)
    answer = send(Hall(world, now).enter("cleo"), f"/tidewater/terms/{term.pk}/recall/", title="", text="")
    assert answer.status_code == 422
    assert "Please say it in a line." in says(answer)
    assert not Petition.objects.exists()


def test_it_is_signed_by_one_tap_taken_back_and_signed_anew_an_hour_later(now) -> None:
    world, term = seated(now)
    hall, petition = Hall(world, now), asked(world, term)
    address, dai = f"/tidewater/petitions/{petition.pk}/", hall.enter("dai")
    assert "Petition" in says(dai.get("/tidewater/"))
    signed(world, petition)  # nobody else
    page = dai.get(address)
    assert f'action="{address}sign/"' in page.content.decode()
    world_needed = fresh(petition).needed
    assert world_needed == 2
    assert dai.get(address + "take-back/").status_code == 403
    answer = dai.post(address + "sign/", {"form_key": form_key(page.content.decode())}, follow=True)
    assert "You have signed." in says(answer)
    tick()
    assert fresh(petition).state == "reached"


def test_a_signature_is_found_by_its_owner_alone_and_taken_back(now) -> None:
    world, term = seated(now)
    hall, petition = Hall(world, now), asked(world, term, by="cleo")
    address, cleo = f"/tidewater/petitions/{petition.pk}/", hall.enter("cleo")
    page = says(cleo.get(address))
    assert "under an alias that only you can tell is yours" in page
    entry = cleo.get(address).context["page"].entry
    for name in ("cleo", "dai"):
        shown = says(hall.enter(name).get(f"/tidewater/record/entries/{entry}/"))
        assert "an alias, made for this alone" in shown
        assert "Cleo" not in shown.replace("You are signed in as Cleo", "")
    assert "What we ask" in says(cleo.get("/tidewater/mine/"))
    assert "What I signed" not in says(hall.enter("dai").get("/tidewater/mine/"))
    assert "Your signature is taken back." in says(send(cleo, address + "take-back/"))
    assert Signature.objects.get().withdrawn_at is not None
    again = cleo.get(address + "sign/")
    assert again.status_code == 403
    now.pass_days(0.1)
    assert "You have signed." in says(send(cleo, address + "sign/"))


def test_nobody_is_named_on_any_page_of_a_petition(now) -> None:
    world, term = seated(now, "ada", "ben")
    hall, petition = Hall(world, now), asked(world, term, by="cleo")
    for address in ("/tidewater/petitions/", f"/tidewater/petitions/{petition.pk}/"):
        page = says(hall.enter("dai").get(address))
        for name in ("Cleo", "Eva", "Finn"):
            assert name not in page
        assert hall.enter().get(address).status_code == 403


def test_reached_the_recall_is_voted_on_in_secret_and_the_holder_loses_the_post(now) -> None:
    world, term = seated(now)
    hall, petition = Hall(world, now), signed(world, asked(world, term), "dai")
    poll = Poll.objects.get(pk=petition.poll)
    address = f"/tidewater/votes/{poll.pk}/"
    assert "at the vote" in says(hall.enter("eva").get("/tidewater/posts/"))
    assert "Ada as Treasurer: recalled?" in says(hall.enter("eva").get("/tidewater/"))
    page = says(hall.enter("eva").get(address))
    assert "Shall Ada lose the post of Treasurer" in page
    assert "if at least 3 of 6 vote" in page
    assert "Secret (server trusted)" in page
    look = hall.enter("eva").post(address + "look/", {"choice": "yes", "code": "eva1"})
    assert "Your check code will begin with eva1" in says(look)
    receipt = hall.enter("eva").post(address + "cast/", {"choice": "yes", "code": "eva1"})
    assert "eva1" in receipt.content.decode()
    assert receipt["Cache-Control"] == "no-store"
    recall_vote(now, world, petition, ben="yes", cleo="yes", dai="no")
    result = says(hall.enter("eva").get(address))
    for words in (
        "Recalled",
        "More yes than no were needed: there were 3 yes and 1 no.",
        "the term ended with the count",
    ):
        assert words in result, words
    post = says(hall.enter("eva").get(f"/tidewater/posts/{term.post_id}/"))
    assert "recalled" in post


def test_too_few_voters_keep_the_holder(now) -> None:
    world, term = seated(now)
    hall, petition = Hall(world, now), signed(world, asked(world, term), "dai")
    recall_vote(now, world, petition, ben="yes", cleo="yes")
    result = says(hall.enter("eva").get(f"/tidewater/votes/{petition.poll}/"))
    assert "Not recalled" in result
    assert "Only 2 did, so nothing changes." in result
    assert "All who voted said the same." in result


def test_a_question_becomes_an_issue_that_the_clock_puts(now) -> None:
    world, _term = seated(now)
    hall = Hall(world, now)
    answer = send(
        hall.enter("cleo"), "/tidewater/petitions/new/", title="A shed", text="We build a shed.\nOf wood."
    )
    assert "It is open, and you have signed it." in says(answer)
    petition = Petition.objects.get()
    signed(
        world,
        petition,
        *[name for name in ("dai", "eva", "finn") if fresh(petition).needed > 1][: petition.needed - 1],
    )
    assert fresh(petition).state == "reached"
    issue = Issue.objects.get()
    page = hall.enter("eva").get(f"/tidewater/issues/{issue.number}/")
    assert "by the clock, because the articles say so" in says(page)
    assert "Moved by nobody" in says(page)
    assert "put by the clock" in says(hall.enter("eva").get("/tidewater/issues/"))
    shown = says(hall.enter("eva").get(f"/tidewater/petitions/{petition.pk}/"))
    assert "The issue it became" in shown
    assert hall.enter("eva").get(f"/tidewater/issues/{issue.number}/drafts/A/").status_code == 200


def test_a_question_shows_where_its_signers_belong_and_whoever_is_of_another_part_reads_along(now) -> None:
    world, _term = seated(now, listed=in_units(ferry=("ada", "ben", "cleo"), kiln=("dai", "eva", "finn")))
    hall, petition = Hall(world, now), asked(world)
    page = says(hall.enter("eva").get(f"/tidewater/petitions/{petition.pk}/"))
    if fresh(petition).units_needed > 1:
        assert "Kiln Lane" in page


def test_whoever_signs_by_unit_is_told_before_how_few_their_unit_has(now) -> None:
    named = in_units(whole=("ada", "ben", "cleo"), ferry=("dai", "eva"), kiln=("finn",))
    world, _term = seated(now, listed=named)
    hall = Hall(world, now)
    finn, told = (
        hall.enter("finn"),
        "Where you belong stands beside it, for signatures are counted by it: Kiln Lane, with 1 member.",
    )
    assert told in says(finn.get("/tidewater/petitions/new/"))
    petition = asked(world)
    assert fresh(petition).units_needed == 3
    assert told in says(finn.get(f"/tidewater/petitions/{petition.pk}/"))
    assert told in says(finn.get(f"/tidewater/petitions/{petition.pk}/sign/"))


def test_pages_of_petitions_take_few_queries(now) -> None:
    world, term = seated(now)
    hall, petition = Hall(world, now), asked(world, term)
    dai = hall.enter("dai")
    few = queries(dai, "/tidewater/petitions/")
    asked(world, by="eva")
    assert queries(dai, "/tidewater/petitions/") == few <= 14
    assert queries(dai, f"/tidewater/petitions/{petition.pk}/") <= 26


def test_nothing_that_is_kept_of_a_form_tells_who_signed_or_asked(now) -> None:
    world, term = seated(now)
    hall = Hall(world, now)
    cleo, dai = hall.enter("cleo"), hall.enter("dai")
    FormKey.objects.all().delete()
    send(cleo, f"/tidewater/terms/{term.pk}/recall/", **WHY)
    petition = Petition.objects.get()
    address = f"/tidewater/petitions/{petition.pk}/"
    key = form_key(dai.get(address).content.decode())
    for _twice in range(2):
        assert dai.post(address + "sign/", {"form_key": key}, follow=True).status_code == 200
    assert Signature.objects.count() == 2
    kept = FormKey.objects.values_list("sender", "words", "location")
    assert list(kept) == [("", "", "")] * 2
    for name, value in (*cleo.session.items(), *dai.session.items()):
        assert petition.pk not in f"{name}{value}"


def test_a_scrutineer_draws_asks_and_reports_and_everybody_reads_the_numbers(now) -> None:
    world, _term = seated(now, post=scrutineers())
    hall, petition = Hall(world, now), asked(world)
    address, ada = f"/tidewater/petitions/{petition.pk}/", hall.enter("ada")
    assert ada.get(address + "draw/").status_code == 403
    signed(world, petition, "dai")
    assert "Draw signatures by lot" in says(ada.get(address))
    assert "Draw signatures by lot" not in says(hall.enter("ben").get(address))
    assert hall.enter("ben").get(address + "draw/").status_code == 403
    shown = send(ada, address + "draw/", sentence="Gulls over the quay.")
    assert "For your eyes alone." in says(shown)
    sample = Sample.objects.get()
    who = SignatureLink.objects.get(alias__in=sample.aliases).member
    assert str(who.name) in says(shown)
    name = next(name for name, pk in world.people.items() if pk == who.pk)
    other = "dai" if name == "cleo" else "cleo"
    assert "Your signature was drawn. Ada may ask you" in says(hall.enter(name).get(address))
    assert "Your signature was drawn." not in says(hall.enter(other).get(address))
    assert hall.enter(other).get(address + "sample/").status_code == 403
    assert "Ada drew 1 signature, and has not reported yet." in says(hall.enter("ben").get(address))
    refused = send(ada, address + "sample/", signed="2", denied="0", silent="0")
    assert "You drew 1; the three numbers together must be that many." in says(refused)
    answer = send(ada, address + "sample/", signed="1", denied="0", silent="0")
    assert "Ada asked 1: 1 had signed, 0 had not, 0 did not say." in says(answer)
    assert ada.get(address + "sample/").status_code == 403, "the names are shown no more"
