# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the world and the members get of the published record over HTTP, and nothing beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kollontai.chapters.record import keys, publishing, readers
from kollontai.openrecord.checkpoint import open_checkpoint
from kollontai.openrecord.tiles import unpack_bundle
from tests.faults import house

pytestmark = pytest.mark.django_db
FOR_EVER = "max-age=31536000, immutable"


@pytest.fixture
def doors_open(monkeypatch):
    """Let whoever says so in a header read entries, as sessions and passes do in the chapters above."""
    monkeypatch.setattr(readers, "_readers", [lambda request, _: request.headers.get("X-Pass") == "one"])


@pytest.fixture
def voted(hall):
    """A record of six entries."""
    for number in range(5):
        house.vote(house.member(number), poll=house.poll(0))
    return hall


def test_the_world_gets_the_newest_checkpoint_and_keeps_it_for_a_moment_only(client, voted):
    answer = client.get("/record/hall/checkpoint")
    assert answer.status_code == 200
    assert open_checkpoint(answer.content, keys.load(voted).verifier).size == 6
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Cache-Control"] == "public, max-age=3"


def test_the_world_gets_the_key(client, voted):
    answer = client.get("/record/hall/log.vkey")
    assert answer.content.decode().strip() == str(keys.load(voted).verifier)


def test_the_world_gets_hashes_and_may_keep_them_for_ever(client, voted):
    answer = client.get("/record/hall/tile/0/000.p/6")
    assert (answer.status_code, len(answer.content)) == (200, 6 * 32)
    assert answer["Cache-Control"] == f"public, {FOR_EVER}"
    assert answer["Content-Type"] == "application/octet-stream"


def test_entries_are_refused_to_strangers_and_the_refusal_is_kept_nowhere(client, voted, doors_open):
    answer = client.get("/record/hall/tile/entries/000.p/6")
    assert answer.status_code == 403
    assert "members" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_entries_are_read_by_members_and_kept_by_no_proxy(client, voted, doors_open):
    answer = client.get("/record/hall/tile/entries/000.p/6", headers={"X-Pass": "one"})
    assert answer.status_code == 200
    assert len(unpack_bundle(answer.content)) == 6
    assert answer["Cache-Control"] == f"private, {FOR_EVER}"


def test_a_stranger_learns_nothing_of_which_bundles_there_are(client, voted, doors_open):
    assert client.get("/record/hall/tile/entries/999").status_code == 403
    assert client.get("/record/hall/tile/entries/999", headers={"X-Pass": "one"}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/record/hall/tile/0/001", "/record/hall/tile/0/000.p/7", "/record/hall/tile/1/000",
        "/record/hall/tile/0/000", "/record/hall/tile/0/000.p/256", "/record/hall/tile/0/000.p/06",
        "/record/hall/tile/00/000.p/6", "/record/hall/tile/64/000", "/record/hall/tile/0/0000",
        "/record/hall/tile/0/x000/000", "/record/nobody/checkpoint", "/record/nobody/tile/0/000.p/6",
        "/record/nobody/tile/entries/000", "/record/hall/tile/0/000.p", "/record/hall/tile/",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_there_and_that_is_kept_nowhere(client, voted, doors_open, path):
    answer = client.get(path)
    assert answer.status_code == 404
    if path.startswith("/record/hall/tile/0/001"):
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "../../keys/hall.key", "../../../keys/hall.key", "..%2f..%2fkeys%2fhall.key", "%2e%2e/%2e%2e/keys/hall.key",
        "0/../../checkpoint", "entries/../../../keys/secret", "0/000.p/../../../checkpoint", "/etc/passwd",
        "0/000.p/6%00", "0/000.p/6/", "0//000.p/6", "./0/000.p/6", "0/000.p/6%0a",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_record(client, voted, doors_open, path):
    answer = client.get(f"/record/hall/tile/{path}")
    assert answer.status_code in (301, 400, 404)
    assert b"PRIVATE" not in answer.content


@pytest.mark.parametrize("slug", ["..", ".", "%2e%2e", "../keys", ".lock", "hall/.."])
def test_no_name_of_an_organisation_leads_out_of_the_records(client, voted, slug):
    for rest in ("checkpoint", "log.vkey", "tile/0/000.p/6"):
        assert client.get(f"/record/{slug}/{rest}").status_code in (301, 404)


def test_every_file_that_is_served_is_one_of_the_record(client, voted, doors_open):
    place = publishing.folder(voted)
    served = 0
    for path in sorted(Path(place).rglob("*")):
        if path.is_file():
            name = path.relative_to(place).as_posix()
            answer = client.get(f"/record/hall/{name}", headers={"X-Pass": "one"})
            if name.startswith("."):
                assert answer.status_code == 404, name
            else:
                assert answer.content == path.read_bytes(), name
                served += 1
    assert served == 2 + 2 * 6  # checkpoint, key; a tile and a bundle for each of six sizes


def test_nothing_of_the_record_can_be_posted_to(client, voted):
    for path in ("checkpoint", "log.vkey", "tile/0/000.p/6"):
        assert client.post(f"/record/hall/{path}").status_code == 405
        assert client.head(f"/record/hall/{path}").status_code == 200
