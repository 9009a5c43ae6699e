# SPDX-License-Identifier: AGPL-3.0-or-later
"""Long pages travel compressed; none that holds a secret, and none that repeats its address."""

from __future__ import annotations

import gzip

import pytest
from django.urls import reverse

from kollontai.chapters.bodies.models import Post
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.web.packing import ALIKE, PADDING
from tests.web.hall import Hall

MARK = "quartzmarble"
ASKED = ("as", "before", "draft", "from", "newest", "next", "order", "page", "q", "show", "since", "stance", "to",
    "unit", "version", "words", "anything")  # fmt: skip


def addresses(hall: Hall) -> dict[str, str]:
    """One address of each page that is packed."""
    issue = hall.at_talk()
    for name in ("ada", "ben", "cleo"):
        speak(hall.world.actor(name), issue_id=issue.pk, stance="for", text=f"{name} is for it.")
    of = {
        "draft": [issue.number, "A"],
        "issue": [issue.number],
        "post": [Post.objects.get().pk],
    }
    plain = {"guide": reverse("guide"), "guide-page": reverse("guide-page", args=["voting"])}
    return plain | {name: reverse(name, args=["tidewater", *of.get(name, [])]) for name in ALIKE - set(plain)}


def test_a_page_that_is_packed_repeats_nothing_of_what_its_address_asks(hall: Hall) -> None:
    ada = hall.enter("ada")
    for name, address in addresses(hall).items():
        for asked in ("&".join(f"{one}={MARK}" for one in ASKED), *(f"{one}={MARK}" for one in ASKED)):
            page = ada.get(f"{address}?{asked}")
            assert page.status_code == 200, (name, asked)
            assert MARK.encode() not in page.content, (name, asked)


def test_it_opens_to_the_same_page_and_its_length_is_blurred(hall: Hall) -> None:
    ada = hall.enter("ada")
    for name, address in addresses(hall).items():
        sent = ada.get(address, headers={"accept-encoding": "gzip, deflate, br"})
        assert sent["Content-Encoding"] == "gzip", name
        assert "Accept-Encoding" in sent["Vary"]
        assert int(sent["Content-Length"]) == len(sent.content)
        opened = gzip.decompress(sent.content).decode()
        assert opened.count("</html>") == 1, name
        assert len(sent.content) < len(opened) / 2 + PADDING, name
        plain = ada.get(address)
        assert not plain.has_header("Content-Encoding"), name
        assert "Accept-Encoding" in plain["Vary"]
    lengths = {
        len(ada.get("/tidewater/issues/stages/", headers={"accept-encoding": "gzip"}).content)
        for _ in range(12)
    }
    assert len(lengths) > 1


@pytest.mark.parametrize(
    "path",
    ["votes/{poll}/", "votes/{poll}/turnout/", "mine/", "mine/notices/", "issues/{issue}/search/?q=kettle", "petitions/",
        "petitions/new/", "", "/sign-in/", "/account/"],
)  # fmt: skip
def test_what_is_for_one_reader_alone_is_never_packed(hall: Hall, path: str) -> None:
    issue = hall.at("vote")
    path = path.format(poll=issue.poll_id, issue=issue.number)
    address = path if path.startswith("/") else f"/tidewater/{path}"
    page = hall.enter("ada").get(address, headers={"accept-encoding": "gzip, br"})
    assert page.status_code == 200
    assert not page.has_header("Content-Encoding")
    assert b"</html>" in page.content


def test_a_refusal_is_not_packed(hall: Hall) -> None:
    issue = hall.at_talk()
    page = hall.enter().get(f"/tidewater/issues/{issue.number}/", headers={"accept-encoding": "gzip"})
    assert page.status_code == 403
    assert not page.has_header("Content-Encoding")
