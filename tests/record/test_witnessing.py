# SPDX-License-Identifier: AGPL-3.0-or-later
"""This installation as a witness: every answer; and its own record before witnesses, kind and unkind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kollontai.chapters.record import keys, publishing, witnessing
from kollontai.chapters.record.models import Cosignature, Head, WitnessedLog
from kollontai.openrecord.checkpoint import Checkpoint, open_checkpoint
from kollontai.openrecord.cosignature import cosign, verify_cosignature
from kollontai.openrecord.keys import COSIGNATURE, SigningKey
from kollontai.openrecord.note import Signature, open_note, parse_note
from kollontai.openrecord.tree import EMPTY_ROOT, consistency_proof, leaf_hash, root_of
from kollontai.openrecord.witness import LARGEST_REQUEST, Request
from tests.faults import house

pytestmark = pytest.mark.django_db
LEAVES = [leaf_hash(bytes([number])) for number in range(60)]
OTHER = SigningKey.generate("other.example/record")


def request(
    old: int,
    new: int,
    *,
    key: SigningKey = OTHER,
    root: bytes | None = None,
    proof: list[bytes] | None = None,
) -> bytes:
    """What a record of `new` leaves sends to a witness that knows `old` of them."""
    checkpoint = Checkpoint(key.name, new, root if root is not None else root_of(LEAVES[:new]))
    if proof is None:
        proof = consistency_proof(LEAVES[:new], old) if 0 < old <= new else []
    return Request(old, tuple(proof), checkpoint.sign(key), checkpoint).format()


@pytest.fixture
def post(client):
    """Send a request as it goes over the wire."""

    def send(body: bytes):
        return client.post("/witness/add-checkpoint", body, content_type="text/plain")

    return send


@pytest.fixture
def followed(db):
    """We follow the other record."""
    return witnessing.follow(OTHER.verifier)


def state() -> tuple[int, bytes | None]:
    """What we have signed last of the other record."""
    log = WitnessedLog.objects.get(pk=OTHER.name)
    return log.size, None if log.root is None else bytes(log.root)


def test_200_the_first_checkpoint_and_every_one_that_only_grew(post, followed):
    for old, new in ((0, 5), (5, 5), (5, 6), (6, 40)):
        answer = post(request(old, new))
        assert answer.status_code == 200, answer.content
        line = Signature.parse(answer.content.decode().removesuffix("\n"))
        text = Checkpoint(OTHER.name, new, root_of(LEAVES[:new])).format()
        seen = verify_cosignature(witnessing.witness_key().verifier, text, line)
        assert abs((datetime.now(UTC) - seen).total_seconds()) < 60
        assert state() == (new, root_of(LEAVES[:new]))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"old\n", b"old 0\n\n", b"hello", b"old -1\n\n" + request(0, 5).partition(b"\n\n")[2],
        b"old 00\n\n" + request(0, 5).partition(b"\n\n")[2], request(0, 5)[:-20], b"\xff" * 100,
        b"old 0\n" + b"A" * 43 + b"=\n" * 64 + request(0, 5), b"x" * (LARGEST_REQUEST + 1),
        request(0, 5).replace(b"\n\n", b"\n", 1),
    ],
)  # fmt: skip
def test_400_what_cannot_be_read(post, followed, body):
    assert post(body).status_code == 400
    assert state() == (0, None)


def test_400_an_old_size_above_the_new(post, followed):
    assert post(request(0, 9)).status_code == 200
    assert post(request(9, 5)).status_code == 400


def test_403_no_trusted_key_has_signed(post, followed):
    assert post(request(0, 5, key=SigningKey.generate(OTHER.name))).status_code == 403
    damaged = request(0, 5)
    assert post(damaged[:-10] + (b"A" if damaged[-10:-9] != b"A" else b"B") + damaged[-9:]).status_code in (
        400,
        403,
    )
    assert state() == (0, None)


def test_404_nobody_here_knows_this_origin(post, followed):
    answer = post(request(0, 5, key=SigningKey.generate("third.example/record")))
    assert answer.status_code == 404


def test_409_says_the_size_from_which_to_go_on(post, followed):
    post(request(0, 7))
    for body in (request(0, 7), request(6, 9), request(0, 9)):
        answer = post(body)
        assert (answer.status_code, answer.content) == (409, b"7\n")
        assert answer["Content-Type"] == "text/x.tlog.size"


@pytest.mark.parametrize(
    "body",
    [
        request(7, 9, proof=[]),
        request(7, 9, proof=[bytes(32)] * 3),
        request(7, 9, root=bytes(32)),
        request(7, 7, root=root_of(LEAVES[1:8])),
        request(7, 7, proof=[bytes(32)]),
    ],
)
def test_422_what_did_not_only_grow(post, followed, body):
    post(request(0, 7))
    assert post(body).status_code == 422
    assert state() == (7, root_of(LEAVES[:7]))


def test_422_a_beginning_that_needs_no_proof_has_none(post, followed):
    assert post(request(0, 5, proof=[bytes(32)])).status_code == 422
    assert state() == (0, None)


def test_an_empty_record_has_one_root(post, followed):
    assert post(request(0, 0, root=EMPTY_ROOT)).status_code == 200
    assert state() == (0, EMPTY_ROOT)


def test_only_posting_asks(client, followed):
    assert client.get("/witness/add-checkpoint").status_code == 405


def test_what_a_witness_has_seen_is_shown_with_both_signatures(client, post, followed):
    place = f"/witness/{witnessing.hash_of(OTHER.name)}/checkpoint"
    assert client.get(place).status_code == 404
    post(request(0, 7))
    answer = client.get(place)
    opened = open_note(answer.content, [OTHER.verifier, witnessing.witness_key().verifier])
    assert len(opened.verified) == 2
    assert Checkpoint.parse(opened.text).size == 7
    assert client.get(f"/witness/{witnessing.hash_of('nobody')}/checkpoint").status_code == 404


def test_to_follow_again_forgets_nothing(post, followed):
    post(request(0, 7))
    witnessing.follow(OTHER.verifier)
    assert state() == (7, root_of(LEAVES[:7]))


# --- Our own record before a witness --------------------------------------------------------------------

WITNESS = SigningKey.generate("witness.example", COSIGNATURE)


SECOND = SigningKey.generate("second.example", COSIGNATURE)


class Replies:
    """A witness that answers what a test wants it to."""

    def __init__(self, *replies) -> None:
        self.replies = list(replies)
        self.asked: list[Request] = []

    def __call__(self, url: str, body: bytes) -> tuple[int, bytes]:
        asked = Request.parse(body)
        self.asked.append(asked)
        reply = self.replies.pop(0)
        return reply(asked) if callable(reply) else reply


def cosigned(asked: Request) -> tuple[int, bytes]:
    """Sign as a witness does."""
    return 200, cosign(WITNESS, parse_note(asked.note)[0], time=1_770_000_000).line().encode()


@pytest.fixture
def ask(hall, monkeypatch):
    """Ask one witness, whose answers are given; say how it took it."""
    Cosignature.objects.create(
        organisation=hall, witness=WITNESS.name, url="https://witness.example/w", vkey=str(WITNESS.verifier)
    )

    def asking(*replies):
        witness = Replies(*replies)
        monkeypatch.setattr(witnessing, "_post", witness)
        ((_, how),) = witnessing.ask_all(hall)
        return how, witness.asked

    return asking


def test_a_cosignature_appears_under_the_published_checkpoint(hall, ask, client):
    how, _ = ask(cosigned)
    assert how == "cosigned 1 entries"
    note = client.get("/record/hall/checkpoint").content
    opened = open_note(note, [keys.load(hall).verifier, WITNESS.verifier])
    assert {signature.name for signature in opened.verified} == {hall.origin, WITNESS.name}
    assert open_checkpoint(note, keys.load(hall).verifier).size == 1


def test_the_next_act_is_published_without_lines_that_are_not_for_it(hall, ask, client):
    ask(cosigned)
    house.vote(house.member(0), poll=house.poll(0))
    note = client.get("/record/hall/checkpoint").content
    assert WITNESS.name.encode() not in note
    assert open_checkpoint(note, keys.load(hall).verifier).size == 2


def test_what_witnesses_have_seen_is_kept_while_the_record_goes_on(hall, ask, client):
    ask(cosigned)
    seen = publishing.witnessed(hall)
    assert seen == client.get("/record/hall/checkpoint").content
    house.vote(house.member(0), poll=house.poll(0))
    assert publishing.witnessed(hall) == seen
    ask(cosigned)
    assert Checkpoint.parse(parse_note(publishing.witnessed(hall))[0]).size == 2


def test_a_checkpoint_with_fewer_witnesses_does_not_take_the_place_of_one_with_more(hall, ask, monkeypatch):
    assert publishing.witnessed(hall) is None
    second = Cosignature.objects.create(
        organisation=hall, witness="second.example", url="http://second.example",
        vkey=str(SECOND.verifier),
    )  # fmt: skip
    answering = {"second.example"}

    def reply(url: str, body: bytes) -> tuple[int, bytes]:
        asked = Request.parse(body)
        if "second" not in url:
            return cosigned(asked)
        if not answering:
            raise witnessing.WitnessUnreachable("gone")
        return 200, cosign(SECOND, parse_note(asked.note)[0], time=1_770_000_000).line().encode()

    monkeypatch.setattr(witnessing, "_post", reply)
    witnessing.ask_all(hall)
    by_both = publishing.witnessed(hall)
    house.vote(house.member(0), poll=house.poll(0))
    answering.clear()
    witnessing.ask_all(hall)
    assert publishing.witnessed(hall) == by_both
    second.delete()  # no witness any more: nobody waits for its line
    witnessing.ask_all(hall)
    assert Checkpoint.parse(parse_note(publishing.witnessed(hall))[0]).size == 2


def test_every_witness_is_asked_about_the_same_checkpoint(hall, ask, monkeypatch):
    Cosignature.objects.create(
        organisation=hall, witness="second.example", url="http://second.example", vkey=str(SECOND.verifier)
    )
    asked = []

    def reply(url: str, body: bytes) -> tuple[int, bytes]:
        house.vote(house.member(len(asked)), poll=house.poll(0))  # acts go on meanwhile
        asked.append(Request.parse(body).checkpoint.size)
        raise witnessing.WitnessUnreachable("gone")

    monkeypatch.setattr(witnessing, "_post", reply)
    witnessing.ask_all(hall)
    assert asked == [1, 1]


def test_a_witness_that_knows_another_size_is_asked_again_from_there_with_a_proof(hall, ask):
    for number in range(6):
        house.vote(house.member(number), poll=house.poll(0))
    how, asked = ask((409, b"3\n"), cosigned)
    assert how == "cosigned 7 entries"
    assert [request.old for request in asked] == [0, 3]
    assert asked[1].proof
    assert Cosignature.objects.get().size == 7


def test_the_proof_comes_from_the_rows_when_the_files_are_behind(hall, ask):
    for number in range(6):
        house.vote(house.member(number), poll=house.poll(0))
    for path in publishing.folder(hall).glob("tile/0/*/*"):
        path.unlink()
    assert ask((409, b"3\n"), cosigned)[0] == "cosigned 7 entries"


def test_a_witness_ahead_of_us_is_told_and_nothing_is_kept(hall, ask):
    how, _ = ask((409, b"50\n"))
    assert "has seen 50 entries, more than the 1 here" in how
    assert "older copy" in how
    assert Cosignature.objects.get().line == ""


def another_tree(asked: Request) -> tuple[int, bytes]:
    text = Checkpoint(asked.checkpoint.origin, asked.checkpoint.size, bytes(32)).format()
    return 200, cosign(WITNESS, text, time=1_770_000_000).line().encode()


def with_lines_of_others(asked: Request) -> tuple[int, bytes]:
    stranger = SigningKey.generate("stranger.example", COSIGNATURE)
    return 200, cosign(stranger, parse_note(asked.note)[0], time=1).line().encode() + cosigned(asked)[1]


def of_somebody_else(asked: Request) -> tuple[int, bytes]:
    stranger = SigningKey.generate(WITNESS.name, COSIGNATURE)
    return 200, cosign(stranger, parse_note(asked.note)[0], time=1).line().encode()


@pytest.mark.parametrize(
    "replies",
    [
        [(409, b"not a size")], [(409, b"-5\n")], [(409, b"")], [(409, b"1\n")] * 3, [(409, "３\n".encode())],
        [(200, b"")], [(200, b"\xff\xfe")], [(200, b"<html>welcome</html>")], [another_tree], [of_somebody_else],
        [(500, b"sorry")], [(404, b"who?")], [(302, b"")],
    ],
)  # fmt: skip
def test_a_witness_that_answers_nonsense_changes_nothing_and_is_told_in_one_sentence(hall, ask, replies):
    before = publishing.checkpoint_path(hall).read_bytes()
    how, _ = ask(*replies)
    assert not how.startswith("cosigned")
    assert "\n" not in how.strip()
    assert Cosignature.objects.get().line == ""
    assert publishing.checkpoint_path(hall).read_bytes() == before


def test_lines_by_keys_we_do_not_know_are_left_aside(hall, ask):
    assert ask(with_lines_of_others)[0] == "cosigned 1 entries"
    assert b"stranger" not in publishing.checkpoint_path(hall).read_bytes()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/witness", "file:///etc/passwd", "https://", "ftp://x/y", "http://[", "//x"]
)
def test_a_witness_that_cannot_be_reached_is_told(hall, url):
    Cosignature.objects.create(organisation=hall, witness=WITNESS.name, url=url, vkey=str(WITNESS.verifier))
    ((_, how),) = witnessing.ask_all(hall)
    assert "could not be reached" in how or "is no web address" in how


def test_one_witness_that_fails_does_not_keep_the_others_from_signing(hall, ask, monkeypatch):
    Cosignature.objects.create(
        organisation=hall, witness="a.example", url="http://127.0.0.1:9", vkey=str(WITNESS.verifier)
    )

    def reply(url: str, body: bytes) -> tuple[int, bytes]:
        if "127.0.0.1" in url:
            raise witnessing.WitnessUnreachable("gone")
        return cosigned(Request.parse(body))

    monkeypatch.setattr(witnessing, "_post", reply)
    assert [how for _, how in witnessing.ask_all(hall)] == ["gone", "cosigned 1 entries"]
    assert WITNESS.name.encode() in publishing.checkpoint_path(hall).read_bytes()


@pytest.mark.django_db(transaction=True)
def test_one_installation_asks_another_over_http(live_server, hall):
    """Our own installation plays both parts: the record asks, the witness answers, over a real socket."""
    witnessing.follow(keys.load(hall).verifier)
    Cosignature.objects.create(
        organisation=hall, witness=witnessing.witness_key().name, url=f"{live_server.url}/witness",
        vkey=str(witnessing.witness_key().verifier),
    )  # fmt: skip
    assert [how for _, how in witnessing.ask_all(hall)] == ["cosigned 1 entries"]
    for number in range(5):
        house.vote(house.member(number), poll=house.poll(0))
    Cosignature.objects.update(size=0)  # we forgot how far it went: it says so, and we go on from there
    assert [how for _, how in witnessing.ask_all(hall)] == ["cosigned 6 entries"]
    note = publishing.checkpoint_path(hall).read_bytes()
    assert len(open_note(note, [keys.load(hall).verifier, witnessing.witness_key().verifier]).verified) == 2

    WitnessedLog.objects.update(size=Head.objects.get().size + 30)
    ((_, how),) = witnessing.ask_all(hall)
    assert "has seen 36 entries, more than the 6 here" in how
