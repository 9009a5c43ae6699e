# SPDX-License-Identifier: AGPL-3.0-or-later
"""The API performs the same acts, by keys with scopes, and refuses with code, article and sentence."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from kollontai.chapters.accounts import paper, tokens
from kollontai.chapters.accounts.models import Mail
from kollontai.chapters.accounts.steps import account_for
from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.record.act import Actor
from kollontai.chapters.record.models import Content, EntryRow
from kollontai.chapters.voting.models import Poll
from kollontai.ids import new_id
from tests import prepared
from tests.elections.hall import candidates, council, elected_house, house, to_the_vote
from tests.world import founded, founders, held_by

pytestmark = pytest.mark.django_db
HERE = "/api/v1/tidewater"


class Program:
    """A program that holds somebody's key."""

    def __init__(self, client, email, now, *scopes, days=30):
        account = account_for(email, at=now.time)
        _, self.secret = tokens.make(account, label="test", scopes=scopes, days=days, at=now.time)
        self.client = client

    def post(self, path, **data):
        return self.client.post(
            f"{HERE}/acts/{path}", json.dumps(data), content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}"},
        )  # fmt: skip

    def get(self, path):
        return self.client.get(f"{HERE}/{path}", headers={"Authorization": f"Bearer {self.secret}"})


@prepared.once
def eight_days_old(now):
    world = founded(listed=founders("ada", "ben", "cleo", "dai", "eva"), posts=(held_by("dai"),), units=())
    now.pass_days(8)
    return world


@pytest.fixture
def world(now):
    return eight_days_old(now)


@pytest.fixture
def ada(client, now, world):
    return Program(client, "ada@example.org", now, "read", "act", "vote")


def raised(program, world):
    return program.post(
        "deliberation/raise_issue", unit_id=world.unit().pk, title="A kettle", text="It leaks.",
        draft_title="Buy one", draft_text="We buy a kettle.",
    )  # fmt: skip


def test_an_act_is_done_and_its_place_on_the_record_is_told(ada, world):
    answer = raised(ada, world)
    assert answer.status_code == 200
    said = answer.json()
    issue = Issue.objects.get()
    assert said["id"] == issue.pk
    row = EntryRow.objects.get(organisation=world.id, kind="issue.raised")
    assert row.position in said["positions"]
    assert json.loads(bytes(row.data))["auth"] == "token"


def test_a_refusal_carries_its_code_article_and_sentence(ada, world, client, now):
    raised(ada, world)
    answer = ada.post("deliberation/support_issue", issue_id=Issue.objects.get().pk)
    assert answer.status_code == 409
    said = answer.json()
    assert (said["code"], said["article"]) == ("already-supports", 2)
    assert said["sentence"].endswith(".")


def test_a_key_does_what_it_was_made_for_and_no_more(client, now, world):
    reader = Program(client, "ben@example.org", now, "read")
    assert raised(reader, world).status_code == 403
    assert reader.get("me").status_code == 200
    actor = Program(client, "ben@example.org", now, "act")
    assert actor.get("me").status_code == 403
    assert actor.post("voting/cast_ballot", poll_id="x", choice="yes").status_code == 403


def test_without_a_key_or_with_a_spent_one_nothing_is_said(client, now, world):
    assert client.get(f"{HERE}/me").status_code == 401
    program = Program(client, "ada@example.org", now, "read", days=1)
    now.move(days=2)
    assert program.get("me").status_code == 401


def test_somebody_elses_organisation_is_not_there(client, now, world):
    stranger = Program(client, "stranger@example.org", now, "read", "act")
    assert stranger.get("me").status_code == 404
    assert stranger.get("lists/members").status_code == 404
    assert raised(stranger, world).status_code == 404


def test_whoever_asks_to_join_was_asked_in_or_has_left_reads_nothing_of_what_members_read(client, now, world):
    said = Content.objects.filter(organisation=world.id, audience="members").exclude(value=None)[0].commitment
    apply(Actor(world.id, new_id(), "code"), unit_id=world.unit().pk, name="Spy", email="spy@example.org")
    invite(world.actor("ada"), invitees=[Invitee("Mia", "mia@example.org", world.unit().pk)])
    leave(world.actor("eva"))
    member = Program(client, "ada@example.org", now, "read")
    shut = ("lists", "lists/members", f"contents/{said}", "record", "record/entries/0")
    assert {member.get(path).status_code for path in shut} == {200}
    for name, standing in (("spy", "applicant"), ("mia", "invited"), ("eva", "left")):
        program = Program(client, f"{name}@example.org", now, "read")
        assert program.get("me").json()["standing"] == standing
        assert {path: program.get(path).status_code for path in shut} == dict.fromkeys(shut, 403)
        key = {"Authorization": f"Bearer {program.secret}"}
        size = EntryRow.objects.filter(organisation=world.id).count()
        bundle = f"/record/tidewater/tile/entries/000.p/{size}"
        assert client.get(bundle, headers=key).status_code == 403
        assert client.get(bundle, headers={"Authorization": f"Bearer {member.secret}"}).status_code == 200


def test_whoever_is_asked_in_by_a_program_is_written_to_as_well(ada, world):
    mia = {"name": "Mia", "email": "mia@example.org", "unit_id": world.unit().pk}
    assert ada.post("members/invite", invitees=[mia]).status_code == 200
    letter = Mail.objects.get(to="mia@example.org")
    assert "http://localhost:8000/tidewater/" in letter.body


def test_nobody_asks_to_join_with_an_address_that_was_only_said(client, now, world):
    on_paper, at = paper.without_mailbox(at=now.time), now.time
    _, secret = tokens.make(on_paper, label="test", scopes=("act",), days=1, at=at)
    for said in ("ben@example.org", "nobody@example.org"):
        answer = client.post(
            f"{HERE}/acts/members/apply",
            json.dumps({"unit_id": world.unit().pk, "name": "Spy", "email": said}),
            content_type="application/json", headers={"Authorization": f"Bearer {secret}"},
        )  # fmt: skip
        assert (answer.status_code, answer.json()["code"]) == (409, "email-unusable")


def test_unknown_and_missing_fields_are_refused_by_name(ada, world):
    answer = ada.post("deliberation/speak", issue_id="x", stance="for", text="y", as_member="ben")
    assert answer.status_code == 422
    assert "as_member" in json.dumps(answer.json())
    answer = ada.post("deliberation/speak", issue_id="x")
    assert answer.status_code == 422


def test_nobody_acts_with_another_persons_account(ada):
    answer = ada.post("members/accept_invitation", account_id="somebody")
    assert answer.status_code == 422


def test_a_vote_goes_through_the_same_rule(client, now, world):
    programs = {
        name: Program(client, f"{name}@example.org", now, "act", "vote", "read") for name in world.people
    }
    raised(programs["ada"], world)
    issue = Issue.objects.get()
    assert programs["ben"].post("deliberation/support_issue", issue_id=issue.pk).status_code == 200
    leader = programs["dai"].post("deliberation/speak", issue_id=issue.pk, stance="for", text="I lead.")
    if leader.status_code == 409:
        assert leader.json()["code"] == "leaders-after-members"
        assert leader.json()["until"]
    now.pass_days(17)
    poll = Poll.objects.get(about="issue")
    first = programs["ada"].post("voting/cast_ballot", poll_id=poll.pk, choice="yes")
    assert first.status_code == 200
    second = programs["ada"].post("voting/cast_ballot", poll_id=poll.pk, choice="no")
    assert (second.status_code, second.json()["code"]) == (409, "already-voted")
    wrong = programs["ben"].post("voting/cast_ballot", poll_id=poll.pk, choice="maybe")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "not-on-the-paper")


def test_every_list_and_entry_can_be_read(ada, world):
    names = ada.get("lists").json()
    for name in names:
        page = ada.get(f"lists/{name}?most=2").json()
        assert page["name"] == name
        assert len(page["rows"]) == min(2, page["total"])
    assert ada.get("lists/secrets").status_code == 404
    entry = ada.get("record/entries/0").json()
    assert entry["entry"]["kind"] == "founding.opened"
    assert ada.get("record/entries/999999999999999999999999").status_code in (404, 422)
    assert ada.get("record").json()["size"] == EntryRow.objects.filter(organisation=world.id).count()


def test_words_are_read_with_the_salt_that_opens_them(ada, world):
    raised(ada, world)
    title = Issue.objects.get().title
    said = ada.get(f"contents/{title.commitment}").json()
    assert said["value"] == "A kettle"
    assert said["salt"] == bytes(title.salt).hex()


def test_bundles_of_entries_are_given_to_a_key_that_may_read(client, now, world, ada):
    from kollontai.openrecord import tiles

    size = ada.get("record").json()["size"]
    path = f"/record/tidewater/{tiles.bundle_path(0, size)}"
    assert client.get(path).status_code == 403
    allowed = client.get(path, headers={"Authorization": f"Bearer {ada.secret}"})
    assert allowed.status_code == 200
    assert len(tiles.unpack_bundle(allowed.content)) == size


def test_the_description_of_the_api_names_every_status(client):
    schema = client.get("/api/v1/openapi.json").json()
    for path, methods in schema["paths"].items():
        for method in methods.values():
            assert {"200", "403", "404"} <= set(method["responses"]), path
            assert method["summary"]


def test_the_days_of_a_key_are_counted(now, world):
    account = account_for("ada@example.org", at=now.time)
    with pytest.raises(ValueError, match="between one day and a year"):
        tokens.make(account, label="x", scopes=("read",), days=400, at=now.time)
    token, _ = tokens.make(account, label="x", scopes=("read",), days=5, at=now.time)
    assert token.expires_at == now.time + timedelta(days=5)


def test_a_secret_ballot_answers_with_its_receipt_once_and_keeps_none_of_it(client, now):
    world = house(council())
    poll = to_the_vote(now, candidates(world, "ada", "ben"))
    ada = Program(client, "ada@example.org", now, "read", "act", "vote")
    order = [[world.people["ben"]], ["ron"]]
    answer = ada.post("voting/cast_ballot", poll_id=poll.pk, ranking=order, code="tram")
    receipt = answer.json()["receipt"]
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert receipt["code"].startswith("tram")
    assert len(receipt["code"]) == 9
    assert receipt["promise"].startswith("kollontai/promise/v1\n")
    assert len(receipt["commitment"]) == 64
    assert answer.json()["positions"] == []
    again = ada.post("voting/cast_ballot", poll_id=poll.pk, ranking=order, code="tram")
    assert (again.status_code, again.json()["code"]) == (409, "already-voted")
    assert ada.post("voting/cast_ballot", poll_id=poll.pk, ranking=order, code="TRAM").status_code == 409
    told = client.get("/api/v1/openapi.json").content.decode()
    assert "kept nowhere, and comes in this answer alone" in told


def test_elections_candidates_petitions_posts_and_results_are_read_as_lists(client, now):
    world, _done = elected_house(now)
    ada = Program(client, "ada@example.org", now, "read", "act", "vote")
    rows = {name: ada.get(f"lists/{name}").json()["rows"] for name in ada.get("lists").json()}
    for name in ("posts", "terms", "elections", "nominations", "polls", "boxes"):
        assert rows[name], name
    assert "petitions" in rows
    petition = ada.post(
        "petitions/open_petition", about="recall", term_id=Term.objects.all()[0].pk, title="Why", text="So."
    )
    assert petition.status_code == 200, petition.content
    assert ada.get("lists/petitions").json()["total"] == 1
    assert world.people["ada"] not in json.dumps(ada.get("lists/signatures").json())
