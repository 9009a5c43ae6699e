# SPDX-License-Identifier: AGPL-3.0-or-later
"""Putting forward, saying yes, saying no, taking it back, saying it anew: each success, each refusal."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.rules import PostGiven
from kollontai.chapters.elections.acts.decline_nomination import decline_nomination
from kollontai.chapters.elections.acts.nominate import nominate
from kollontai.chapters.elections.acts.revise_candidacy import revise_candidacy
from kollontai.chapters.elections.acts.stand import stand
from kollontai.chapters.elections.acts.withdraw_candidacy import withdraw_candidacy
from kollontai.chapters.elections.models import Candidacy, CandidacyVersion
from kollontai.chapters.record.act import Refused
from kollontai.chapters.record.models import Content, EntryRow
from tests.elections.hall import candidates, council, election, house, to_the_vote
from tests.world import founders

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(now):
    return house()


def refused(act, actor, **given) -> str:
    before = (EntryRow.objects.count(), Candidacy.objects.count(), Content.objects.count())
    with pytest.raises(Refused) as caught:
        act(actor, **{"election_id": election().pk, **given})
    assert (EntryRow.objects.count(), Candidacy.objects.count(), Content.objects.count()) == before
    return caught.value.refusal.code


def picture(form: str = "PNG", size: tuple[int, int] = (900, 500)) -> str:
    out = io.BytesIO()
    Image.new("RGB", size, (120, 30, 30)).save(out, form)
    return base64.b64encode(out.getvalue()).decode()


def test_who_is_put_forward_stands_only_by_their_own_yes(world):
    one = nominate(world.actor("ada"), election_id=election().pk, nominee=world.people["ben"]).value
    assert (one.state, one.by_id, one.version) == ("asked", world.people["ada"], 0)
    assert not election().candidacies.standing().exists()
    said = stand(world.actor("ben"), election_id=election().pk, statement="I would **count** better.").value
    assert (said.pk, said.state, said.half, said.version) == (one.pk, "stands", False, 1)
    assert said.by_id == world.people["ada"], "who put them forward stays written"
    assert str(CandidacyVersion.objects.get().statement) == "I would **count** better."
    assert world.kinds()[-2:] == ["nomination.made", "candidacy.accepted"]


def test_whoever_puts_themself_forward_accepts_in_the_same_act(world):
    said = stand(world.actor("cleo"), election_id=election().pk, statement="Me.").value
    assert (said.by_id, said.member_id) == (world.people["cleo"], world.people["cleo"])
    assert world.kinds()[-2:] == ["nomination.made", "candidacy.accepted"]


def test_a_picture_is_made_small_and_plain(world):
    image = Image.new("RGB", (640, 480), (10, 20, 30))
    exif = image.getexif()
    exif[0x8825] = {1: "N"}
    exif[0x010E] = "taken at home"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    sent = base64.b64encode(out.getvalue()).decode()
    stand(world.actor("ada"), election_id=election().pk, statement="Me.", picture=sent)
    kept = base64.b64decode(str(CandidacyVersion.objects.get().picture))
    assert b"taken at home" not in kept
    with Image.open(io.BytesIO(kept)) as seen:
        assert (seen.format, seen.size, dict(seen.getexif())) == ("JPEG", (320, 320), {})


@pytest.mark.parametrize(("sent", "code"), [
    ("not base64!", "picture-unusable"),
    (base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode(), "picture-unusable"),
    (base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(200)).decode(), "picture-unusable"),
    (base64.b64encode(bytes(5 * 1024 * 1024 + 1)).decode(), "picture-too-large"),
])  # fmt: skip
def test_what_is_no_picture_is_refused(world, sent, code):
    assert refused(stand, world.actor("ada"), statement="Me.", picture=sent) == code


def test_a_gif_and_a_bomb_of_pixels_are_refused(world):
    assert refused(stand, world.actor("ada"), statement="Me.", picture=picture("GIF")) == "picture-unusable"
    bomb = picture(size=(9_000, 9_000))
    assert refused(stand, world.actor("ada"), statement="Me.", picture=bomb) == "picture-unusable"


@pytest.mark.parametrize(("statement", "code"), [
    ("  \n", "statement-empty"), ("x" * 5_001, "statement-too-long"), ("a\x00b", "statement-too-long"),
])  # fmt: skip
def test_everybody_has_the_same_room_and_says_something_in_it(world, statement, code):
    assert refused(stand, world.actor("ada"), statement=statement) == code


def test_nobody_puts_themself_forward_but_by_standing(world):
    assert refused(nominate, world.actor("ada"), nominee=world.people["ada"]) == "stand-yourself"
    assert not Candidacy.objects.exists()


def test_nobody_is_put_forward_twice_nor_after_a_no(world):
    given = {"nominee": world.people["ben"]}
    nominate(world.actor("ada"), election_id=election().pk, **given)
    assert refused(nominate, world.actor("cleo"), **given) == "already-nominated"
    decline_nomination(world.actor("ben"), election_id=election().pk)
    assert refused(nominate, world.actor("cleo"), **given) == "already-nominated"
    # The person themself may think again.
    stand(world.actor("ben"), election_id=election().pk, statement="I thought again.")
    assert refused(stand, world.actor("ben"), statement="Twice.") == "already-stands"


def test_no_is_said_once_and_only_by_who_was_asked(world):
    assert refused(decline_nomination, world.actor("ben")) == "not-nominated"
    nominate(world.actor("ada"), election_id=election().pk, nominee=world.people["ben"])
    decline_nomination(world.actor("ben"), election_id=election().pk)
    assert refused(decline_nomination, world.actor("ben")) == "already-answered"
    assert world.kinds()[-1] == "nomination.declined"


def test_a_yes_is_taken_back_until_the_vote_opens(world, now):
    of = candidates(world, "ada", "ben")
    withdraw_candidacy(world.actor("ben"), election_id=of.pk)
    assert refused(withdraw_candidacy, world.actor("ben")) == "not-a-candidate"
    now.move(minutes=5)
    stand(world.actor("ben"), election_id=of.pk, statement="After all.")
    to_the_vote(now, of)
    assert refused(withdraw_candidacy, world.actor("ben")) == "nominations-closed"
    assert refused(revise_candidacy, world.actor("ben"), statement="New.") == "nominations-closed"


def test_a_statement_is_put_anew_and_the_old_one_stays_readable(world):
    of = candidates(world, "ada")
    again = revise_candidacy(world.actor("ada"), election_id=of.pk, statement="Better said.").value
    assert again.version == 2
    assert [str(one.statement) for one in again.versions.order_by("version")] == ["I am ada.", "Better said."]
    assert world.kinds()[-1] == "candidacy.revised"
    assert refused(revise_candidacy, world.actor("ben"), statement="Not mine.") == "not-a-candidate"


def test_after_the_close_nobody_is_put_forward_whether_the_clock_came_or_not(world, now):
    of = election()
    now.move(to=of.closes_at)
    for act, given in ((stand, {"statement": "Late."}), (nominate, {"nominee": world.people["ben"]})):
        with pytest.raises(Refused) as caught:
            act(world.actor("ada"), election_id=of.pk, **given)
        assert caught.value.refusal.code == "nominations-closed"
    assert not Candidacy.objects.exists()


def test_who_is_no_member_puts_nobody_forward_and_stands_for_nothing(world):
    leave(world.actor("finn"))
    assert refused(stand, world.actor("finn"), statement="Me.") == "not-a-member"
    assert refused(nominate, world.actor("finn"), nominee=world.people["ben"]) == "not-a-member"
    assert refused(nominate, world.actor("ada"), nominee=world.people["finn"]) == "nominee-cannot-stand"
    assert refused(nominate, world.actor("ada"), nominee="nobodyyyyyyyyyyy") == "nominee-cannot-stand"
    assert (
        refused(nominate, world.actor("ada"), nominee=world.people["ben"], election_id="x")
        == "no-such-election"
    )


def test_the_centre_neither_stands_nor_puts_forward_in_a_section(now):
    listed = (*founders("ada", "ben", "cleo", unit="Kiln Lane"), *founders("dai", "eva"))
    post = council(unit="Kiln Lane")
    world = house(post, listed=listed)
    assert refused(stand, world.actor("dai"), statement="Me.") == "election-of-another-unit"
    assert refused(nominate, world.actor("dai"), nominee=world.people["ada"]) == "election-of-another-unit"
    assert refused(nominate, world.actor("ada"), nominee=world.people["dai"]) == "nominee-cannot-stand"
    stand(world.actor("ada"), election_id=election().pk, statement="Me.")
    poll = to_the_vote(now, election())
    assert poll.voters.count() == 3, "and the section alone votes"


def test_a_newcomer_in_an_old_organisation_neither_stands_nor_votes(now):
    from tests.elections.hall import elected_house

    world, _first = elected_house(now, PostGiven("Council", leading=True, term_days=100, seats=3))
    now.pass_days(50)
    world.move_in(["gus"])
    now.pass_days(30)  # the election before the end of the term is open
    of = election(why="term-over")
    assert (of.opened_at - of.members_since).days == 30
    assert refused(stand, world.actor("gus"), statement="Me.", election_id=of.pk) == "member-too-new"
    assert (
        refused(nominate, world.actor("gus"), nominee=world.people["ben"], election_id=of.pk)
        == "member-too-new"
    )
    poll = to_the_vote(now, candidates(world, "dai", of=of))
    assert world.people["gus"] not in set(poll.voters.values_list("member", flat=True))
