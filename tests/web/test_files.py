# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that come with words: shown where the words are, handed out so that they do nothing."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.attaching import Attached
from kollontai.chapters.deliberation.models import Attachment, Contribution
from tests.deliberation.files import pdf, picture
from tests.web.hall import Hall
from tests.web.test_elections import says, send

pytestmark = pytest.mark.django_db


def upload(one: Attached) -> SimpleUploadedFile:
    return SimpleUploadedFile(one.name, base64.b64decode(one.data))


def spoken(hall: Hall, *files: Attached, text: str = "See for yourselves.") -> Contribution:
    at = f"/tidewater/issues/{hall.at_talk().number}/speak/"
    answer = send(hall.enter("ben"), at, stance="for", text=text, files=[upload(one) for one in files])
    assert answer.status_code == 200, says(answer)
    return Contribution.objects.get()


def test_a_picture_and_a_paper_stand_with_the_words(hall: Hall) -> None:
    said = spoken(hall, picture("Our yard.png"), pdf(name="Offer “A”.pdf"))
    page = hall.enter("cleo").get(f"/tidewater/issues/{said.issue.number}/").content.decode()
    for one in Attachment.objects.all():
        assert f"/tidewater/files/{one.pk}/" in page
    assert "Picture: Our yard.png" in page
    assert "Offer “A”.pdf" in page


def test_who_has_to_mend_a_form_reads_that_its_files_are_to_be_chosen_again(hall: Hall) -> None:
    at = f"/tidewater/issues/{hall.at_talk().number}/speak/"
    for files in ([], [upload(pdf())]):
        answer = hall.enter("ben").post(at, {"text": "No stance is chosen.", "files": files})
        assert answer.status_code == 422
        assert ("Choose your files again" in answer.content.decode()) is bool(files)


def test_a_paper_is_saved_and_a_picture_shown_and_neither_does_anything(hall: Hall) -> None:
    spoken(hall, picture(), pdf(name="Offer “A”.pdf"))
    paper, image = Attachment.objects.order_by("form")
    client = hall.enter("cleo")
    answer = client.get(f"/tidewater/files/{paper.pk}/paper.pdf")
    assert answer.content == base64.b64decode(pdf().data)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        "attachment; filename=\"paper.pdf\"; filename*=UTF-8''Offer%20%E2%80%9CA%E2%80%9D.pdf"
    )
    shown = client.get(f"/tidewater/files/{image.pk}/picture.jpg")
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["Content-Disposition"].startswith("inline;")
    for one in (answer, shown):
        assert one["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
        assert one["X-Content-Type-Options"] == "nosniff"
        assert one["Cache-Control"] == "private, no-store"


def test_nobody_else_gets_it_and_under_no_other_name(hall: Hall) -> None:
    spoken(hall, pdf())
    one = Attachment.objects.get()
    assert hall.enter().get(f"/tidewater/files/{one.pk}/paper.pdf").status_code != 200
    client = hall.enter("cleo")
    assert client.get(f"/tidewater/files/{one.pk}/page.html").status_code == 404
    assert client.get(f"/tidewater/files/{'a' * 16}/paper.pdf").status_code == 404


def test_what_was_erased_with_its_words_is_gone(hall: Hall) -> None:
    said = spoken(hall, pdf())
    erase_contribution(hall.world.actor("ben"), contribution_id=said.pk)
    one = Attachment.objects.get()
    client = hall.enter("cleo")
    assert client.get(f"/tidewater/files/{one.pk}/paper.pdf").status_code == 404
    assert one.pk not in client.get(f"/tidewater/issues/{said.issue.number}/").content.decode()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (pdf(b"9 0 obj<</S/JavaScript>>endobj "), "This PDF does more than be read"),
        (pdf(b"9 0 obj<</Encrypt 8 0 R>>endobj "), "This PDF is locked"),
        (Attached("a.pdf", base64.b64encode(b"none").decode()), "called a PDF and is none"),
        (Attached("a.svg", base64.b64encode(b"<svg/>").decode()), "no picture and no PDF"),
        (Attached("a.png", base64.b64encode(b"x" * (5 * 1024 * 1024 + 1)).decode()), "larger than 5 MB"),
    ],
)
def test_what_cannot_be_kept_is_said_and_the_words_stay(hall: Hall, file: Attached, words: str) -> None:
    at = f"/tidewater/issues/{hall.at_talk().number}/speak/"
    answer = send(hall.enter("ben"), at, stance="for", text="My long words.", files=[upload(file)])
    assert answer.status_code == 422
    page = says(answer)
    assert words in page
    assert "My long words." in page
    assert not Contribution.objects.exists()


def test_a_letter_comes_as_pages_alone_or_as_words_and_not_as_nothing(hall: Hall) -> None:
    issue = hall.at_talk()
    at = f"/tidewater/issues/{issue.number}/letter/"
    came = f"{hall.now.time - timedelta(hours=2):%Y-%m-%dT%H:%M}"
    given = {"sender": "The port authority", "received_at": came, "text": ""}
    assert send(hall.enter("ben"), at, **given).status_code == 422
    answer = send(hall.enter("ben"), at, files=[upload(pdf(name="notice.pdf"))], **given)
    assert answer.status_code == 200, says(answer)
    page = says(hall.enter("cleo").get(f"/tidewater/issues/{issue.number}/"))
    assert "The port authority" in page
    assert "notice.pdf" in page


def test_a_draft_shows_its_drawings(hall: Hall) -> None:
    issue = hall.at_talk()
    at = f"/tidewater/issues/{issue.number}/drafts/new/"
    answer = send(
        hall.enter("ben"), at, title="A ramp", text="1. A ramp.", files=[upload(picture("Ramp.png"))]
    )
    assert answer.status_code == 200, says(answer)
    page = hall.enter("cleo").get(f"/tidewater/issues/{issue.number}/drafts/B/").content.decode()
    assert "Picture: Ramp.png" in page
